//! Running other programs: their output passes through, and the closing lines of test runners are counted.

use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use crate::{Result, root, say};

/// How many tests ran, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Counts {
    /// What one line of a runner's output adds: `test result: ok. 9 passed; 0 failed; 1 ignored; …` of cargo,
    /// `ℹ pass 3` of node.
    fn of_line(line: &str) -> Self {
        let mut counts = Self::default();
        if let Some(result) = line.strip_prefix("test result: ") {
            let parts = result.split(['.', ';']).map(str::trim);
            for (number, word) in parts.filter_map(|part| part.split_once(' ')) {
                counts.add(word, number);
            }
        } else if let Some((word, number)) = line.strip_prefix("ℹ ").and_then(|rest| rest.split_once(' ')) {
            counts.add(word, number);
        }
        counts
    }

    fn add(&mut self, word: &str, number: &str) {
        let Ok(number) = number.parse::<u64>() else { return };
        match word {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }
}

/// `cargo`, the one that runs us.
pub(crate) fn cargo() -> Command {
    program(std::env::var("CARGO").as_deref().unwrap_or("cargo"))
}

/// A program that runs in the repository's folder and is asked nothing.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Runs it to its end with its output passing through.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| format!("{}: {error}", words(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", words(command)).into()) }
}

/// Runs it quietly and gives what it wrote; on failure the complaint goes into the error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let out = command.output().map_err(|error| format!("{}: {error}", words(command)))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&out.stderr).into_owned();
    Err(format!("{}: {}\n{complaint}", words(command), out.status).into())
}

/// Runs a test runner: its output passes through, its counts are added to `counts`.
pub(crate) fn tests(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let named = words(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{named}: {error}"))?;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line?;
        *counts += Counts::of_line(&line);
        say(&line);
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("{named}: {status}").into()) }
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(std::ffi::OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let table = [
            (
                "test result: ok. 9 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 3.19s",
                (9, 0, 1),
            ),
            ("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", (1, 2, 0)),
            ("ℹ pass 3", (3, 0, 0)),
            ("ℹ fail 1", (0, 1, 0)),
            ("ℹ duration_ms 812.3", (0, 0, 0)),
            ("test a_test_that_passed ... ok", (0, 0, 0)),
        ];
        for (line, (passed, failed, skipped)) in table {
            assert_eq!(Counts::of_line(line), Counts { passed, failed, skipped }, "{line}");
        }
    }
}
