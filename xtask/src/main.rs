//! The project's own chores. `cargo xtask test` is everything that CI runs; `cargo xtask assets` refreshes the
//! third-party scripts and icons that are kept in the repository; `cargo xtask demo` makes the year of the demo anew.

mod advisories;
mod assets;
mod demo;
mod needs;
mod run;
mod sections;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sections::Section;

/// Why a chore stopped, in words for the person who ran it.
type Failure = Box<dyn std::error::Error>;
type Result<T, E = Failure> = std::result::Result<T, E>;

const USAGE: &str = "\
usage: cargo xtask test [SECTION…]   everything that CI runs, or only: fmt lint licences rust fuzz browser
       cargo xtask bench [NAME…]     how fast the portal is: process import queue pages billing collection
       cargo xtask assets            fetches the third-party files of static/vendor/manifest.toml
       cargo xtask demo              makes the demo's year anew and keeps it in demo/year.gz
       cargo xtask pictures          takes the manuals' pictures of the demo anew";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test", names @ ..] => test(names),
        ["bench", names @ ..] => report(bench(names)),
        ["assets"] => report(assets::refresh()),
        ["demo"] => report(demo::keep()),
        ["pictures"] => report(sections::pictures()),
        _ => {
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

fn test(names: &[&str]) -> ExitCode {
    let chosen: Option<Vec<Section>> = names.iter().map(|name| Section::named(name)).collect();
    match chosen {
        None => {
            say(USAGE);
            ExitCode::from(2)
        }
        Some(chosen) if chosen.is_empty() => sections::run_all(&Section::ALL),
        Some(chosen) => sections::run_all(&chosen),
    }
}

/// Builds what is measured and what measures, then measures.
fn bench(names: &[&str]) -> Result<()> {
    run::run(run::cargo().args([
        "build",
        "--release",
        "--locked",
        "--package",
        "linli",
        "--package",
        "benches",
    ]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    run::run(run::program(&target.join("release/benches").to_string_lossy()).args(names))
}

fn report(outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// The repository's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// One line to whoever watches.
#[expect(clippy::print_stdout, reason = "a chore talks to the terminal")]
fn say(line: &str) {
    println!("{line}");
}
