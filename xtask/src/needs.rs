//! What a bare Debian lacks, and how to get it: looked for first, installed only when missing.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::{output, program};
use crate::{Result, say};

/// Something that the tests need from the system.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

pub(crate) const BUILD: Need = Need {
    what: "a C compiler, make and perl",
    packages: &["build-essential", "perl"],
    present: || ["cc", "make", "perl"].into_iter().all(on_path),
};

pub(crate) const POSTGRES: Need = Need {
    what: "a PostgreSQL server",
    packages: &["postgresql"],
    present: || has_entries("/usr/lib/postgresql", "bin/initdb") || on_path("initdb"),
};

pub(crate) const PYTHON: Need = Need {
    what: "Python 3 with venv",
    packages: &["python3", "python3-venv"],
    present: || output(program("python3").args(["-c", "import ensurepip, venv"])).is_ok(),
};

pub(crate) const CHROMIUM: Need =
    Need { what: "Chromium", packages: &["chromium"], present: || Path::new("/usr/bin/chromium").exists() };

pub(crate) const FONTS: Need = Need {
    what: "fonts with Chinese characters",
    packages: &["fontconfig", "fonts-noto-cjk"],
    present: || output(program("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.trim().is_empty()),
};

pub(crate) const NODE: Need = Need {
    what: "Node 20 or newer with npm",
    packages: &["nodejs", "npm"],
    present: || node_major().is_some_and(|major| major >= 20) && on_path("npm"),
};

/// Makes sure that all of it is there: installs what is missing as root, else says what to do.
pub(crate) fn install(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
    say(&format!("missing: {}", what.join("; ")));
    let advice = format!("apt-get update && apt-get install --no-install-recommends {}", packages.join(" "));
    if !on_path("apt-get") {
        return Err(format!("install it with your system's packages; on Debian: {advice}").into());
    }
    if !is_root() {
        return Err(format!("as root, run: {advice}").into());
    }
    say(&format!("installing {}", packages.join(" ")));
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat())?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still missing after: {advice}", need.what).into()),
    }
}

fn apt(words: &[&str]) -> Result<()> {
    let mut apt = program("apt-get");
    output(apt.args(["--quiet"]).args(words).env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
}

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

fn has_entries(folder: &str, inside: &str) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.path().join(inside).exists())
}

fn node_major() -> Option<u32> {
    let version = output(program("node").arg("--version")).ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    id.is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}
