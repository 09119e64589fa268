//! What CI runs, in the order in which it fails cheapest. Every section runs even when one before it failed, so
//! that one look shows all there is to mend.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::run::{Counts, cargo, output, program, run, tests};
use crate::{Result, advisories, assets, needs, root, say};

/// A part of `cargo xtask test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Fmt,
    Lint,
    Licences,
    Rust,
    Fuzz,
    Browser,
}

/// cargo-deny at one version, so that CI judges today as it did yesterday.
const CARGO_DENY: &str = "0.20.2";

/// What makes requests from the API's description, with what it makes them by, at one version each for the same reason.
const SCHEMATHESIS: [(&str, &str); 2] = [("schemathesis", "4.32.5"), ("hypothesis", "6.170.17")];

impl Section {
    pub(crate) const ALL: [Self; 6] =
        [Self::Fmt, Self::Lint, Self::Licences, Self::Rust, Self::Fuzz, Self::Browser];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Lint => "lint",
            Self::Licences => "licences",
            Self::Rust => "rust",
            Self::Fuzz => "fuzz",
            Self::Browser => "browser",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    fn run(self, counts: &mut Counts) -> Result<()> {
        match self {
            Self::Fmt => run(cargo().args(["fmt", "--all", "--check"])),
            Self::Lint => lint(),
            Self::Licences => licences(),
            Self::Rust => rust(counts),
            Self::Fuzz => fuzz(counts),
            Self::Browser => browser(counts),
        }
    }
}

/// Runs the sections, says how long each took, and ends with one line of counts.
pub(crate) fn run_all(sections: &[Section]) -> ExitCode {
    let mut counts = Counts::default();
    let mut lines = Vec::new();
    let mut failures = 0;
    for section in sections {
        say(&format!("\n=== {}", section.name()));
        let begun = Instant::now();
        let outcome = section.run(&mut counts);
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        lines.push(format!("{:<9} {:>7.1} s  {word}", section.name(), begun.elapsed().as_secs_f64()));
        if let Err(failure) = outcome {
            failures += 1;
            say(&format!("error: {failure}"));
        }
    }
    say(&format!("\n{}", lines.join("\n")));
    say(&format!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped));
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lint() -> Result<()> {
    needs::install(&[needs::BUILD])?;
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

/// Licences, duplicates and sources by cargo-deny; advisories and the vendored files by ourselves.
fn licences() -> Result<()> {
    assets::check()?;
    advisories::check()?;
    let tools = root().join("target/tools");
    let deny = tools.join("bin/cargo-deny");
    let present = output(program(&deny.to_string_lossy()).arg("--version"));
    if !present.is_ok_and(|version| version.contains(CARGO_DENY)) {
        let mut install = cargo();
        install.args(["install", "cargo-deny", "--locked", "--debug", "--version", CARGO_DENY, "--root"]);
        run(install.arg(&tools).arg("--target-dir").arg(tools.join("target")))?;
    }
    run(cargo().args(["fetch", "--locked"]))?;
    let mut check = program(&deny.to_string_lossy());
    run(check.args(["--offline", "check", "--deny", "unmatched-skip", "licenses", "bans", "sources"]))
}

fn rust(counts: &mut Counts) -> Result<()> {
    needs::install(&[needs::BUILD, needs::POSTGRES])?;
    tests(cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]), counts)
}

/// The API against its own description, on both databases.
fn fuzz(counts: &mut Counts) -> Result<()> {
    needs::install(&[needs::BUILD, needs::POSTGRES, needs::PYTHON])?;
    let mut test = cargo();
    test.args(["test", "--workspace", "--locked", "--test", "portal", "--", "--ignored", "gates::fuzz"]);
    tests(test.env("SCHEMATHESIS", schemathesis()?), counts)
}

/// Schemathesis in an environment of its own below `target/`, made where it is not there at its version.
fn schemathesis() -> Result<PathBuf> {
    let folder = root().join("target/tools/schemathesis");
    let bin = folder.join("bin");
    let [(_, version), _] = SCHEMATHESIS;
    let present = output(program(&bin.join("schemathesis").to_string_lossy()).arg("--version"));
    if !present.is_ok_and(|said| said.trim_end().ends_with(version)) {
        run(program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut pip = program(&bin.join("pip").to_string_lossy());
        pip.args(["install", "--quiet", "--disable-pip-version-check"]);
        run(pip.args(SCHEMATHESIS.map(|(name, version)| format!("{name}=={version}"))))?;
    }
    Ok(bin.join("schemathesis"))
}

fn browser(counts: &mut Counts) -> Result<()> {
    tests(node()?.args(["--test", "--test-reporter=spec"]), counts)
}

/// Takes the manuals' pictures of a demo.
pub(crate) fn pictures() -> Result<()> {
    run(node()?.args(["pictures.js", &root().join("docs/manual/pictures").to_string_lossy()]))
}

/// Node in the folder of the browser's tests, with everything there that it needs.
fn node() -> Result<Command> {
    needs::install(&[needs::BUILD, needs::CHROMIUM, needs::FONTS, needs::NODE])?;
    // Not `build`: that would compile the dependencies anew, without the features that the tests turn on.
    run(cargo().args(["test", "--workspace", "--locked", "--no-run"]))?;
    let folder = root().join("tests/browser");
    run(program("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder))?;
    let mut node = program("node");
    node.current_dir(&folder).env("LINLI_BINARY", linli_binary());
    Ok(node)
}

fn linli_binary() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    target.join("debug/linli")
}
