//! Known vulnerabilities, looked up without a network: every locked crate against a copy of the RustSec advisory
//! database in the folder that `RUSTSEC_DB` names. cargo-deny would want a git clone of it.

use std::path::{Path, PathBuf};

use semver::{Version, VersionReq};
use serde::Deserialize;

use crate::{Result, root, say};

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Version,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    advisory: Advisory,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    informational: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Deserialize, Default)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

impl Entry {
    fn concerns(&self, version: &Version) -> bool {
        let safe = self.versions.patched.iter().chain(&self.versions.unaffected);
        self.advisory.withdrawn.is_none() && !safe.into_iter().any(|range| range.matches(version))
    }

    /// Nobody can be attacked through a notice that a crate has lost its maintainer.
    fn is_notice(&self) -> bool {
        matches!(self.advisory.informational.as_deref(), Some("unmaintained" | "notice"))
    }
}

#[derive(Deserialize)]
struct Deny {
    advisories: Ignored,
}

#[derive(Deserialize)]
struct Ignored {
    ignore: Vec<Ignore>,
}

/// An advisory that does not concern us, with why.
#[derive(Deserialize)]
struct Ignore {
    id: String,
    #[expect(dead_code, reason = "its presence is what counts: the file is read by people")]
    reason: String,
}

/// Fails on a vulnerable or unsound crate; says which ones are unmaintained.
pub(crate) fn check() -> Result<()> {
    let Some(database) = std::env::var_os("RUSTSEC_DB").map(PathBuf::from).filter(|folder| folder.is_dir())
    else {
        say("advisories: not looked at, as RUSTSEC_DB names no folder");
        return Ok(());
    };
    let lock: Lock = toml::from_str(&std::fs::read_to_string(root().join("Cargo.lock"))?)?;
    let deny: Deny = toml::from_str(&std::fs::read_to_string(root().join("deny.toml"))?)?;
    let mut bad = Vec::new();
    for package in lock.package.iter().filter(|package| package.source.is_some()) {
        for entry in entries(&database.join("crates").join(&package.name))? {
            let ignored = deny.advisories.ignore.iter().any(|ignore| ignore.id == entry.advisory.id);
            if ignored || !entry.concerns(&package.version) {
                continue;
            }
            let line = format!("{} {}: {}", package.name, package.version, entry.advisory.id);
            if entry.is_notice() { say(&format!("notice: {line}")) } else { bad.push(line) }
        }
    }
    say(&format!("advisories: {} crates looked up, {} with a vulnerability", lock.package.len(), bad.len()));
    if bad.is_empty() { Ok(()) } else { Err(bad.join("\n").into()) }
}

/// The advisories of one crate; none is the usual case.
fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let Ok(files) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    files.map(|file| parse(&std::fs::read_to_string(file?.path())?)).collect()
}

/// An advisory is Markdown that begins with a block of TOML.
fn parse(text: &str) -> Result<Entry> {
    let block = text.split_once("```toml").and_then(|(_, rest)| rest.split_once("```"));
    let (head, _) = block.ok_or("an advisory without its block of TOML")?;
    Ok(toml::from_str(head)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2000-0001\"\npackage = \"a\"\n\
        [versions]\npatched = [\">= 1.2.0\"]\nunaffected = [\"< 0.5\"]\n```\n\n# A hole\n";

    #[test]
    fn only_versions_between_unaffected_and_patched_are_concerned() {
        let entry = parse(ADVISORY).unwrap();
        for (version, concerned) in [("0.4.9", false), ("0.5.0", true), ("1.1.9", true), ("1.2.0", false)] {
            assert_eq!(entry.concerns(&version.parse().unwrap()), concerned, "{version}");
        }
    }
}
