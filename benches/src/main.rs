//! How fast the portal is. Each figure is held against its promise: where it can, as a ratio to the bare work
//! of the same size, measured in the same run. `cargo xtask bench [NAME…]` builds the portal and this and runs
//! it; the table goes to standard output.

mod bank;
mod bare;
mod billing;
mod books;
mod collection;
mod estate;
mod figures;
mod floor;
mod history;
mod load;
mod pages;
mod process;
mod queue;
mod register;
mod reminders;
mod search;
mod shared;

use std::process::ExitCode;

use figures::{Figure, Result, say};

type Bench = fn() -> Result<Vec<Figure>>;

const BENCHES: &[(&str, Bench)] = &[
    ("process", process::run),
    ("import", register::run),
    ("queue", queue::run),
    ("pages", pages::run),
    ("billing", billing::run),
    ("floor", floor::run),
    ("shared", shared::run),
    ("reminders", reminders::run),
    ("search", search::run),
    ("collection", collection::run),
    ("books", books::run),
    ("bank", bank::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // Parts that need a process of their own, for its memory.
        ["billing-run", url, period] => end(billing::in_this_process(url, period)),
        ["bare-server", file, port] => end(bare::serve(file, port)),
        names => measure(names),
    }
}

fn measure(names: &[&str]) -> ExitCode {
    say("| what | promise | measured | |");
    say("| --- | --- | --- | --- |");
    let mut kept = true;
    for (name, bench) in BENCHES.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        match bench() {
            Ok(figures) => {
                for figure in figures {
                    kept &= figure.kept;
                    say(&figure.row());
                }
            }
            Err(error) => {
                kept = false;
                say(&format!("| {name} | | {error} | failed |"));
            }
        }
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn end(outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
