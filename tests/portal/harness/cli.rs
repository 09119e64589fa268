//! The portal's commands, run to their end.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The binary under test with settings of the test's own and none from around it.
pub(crate) fn command(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    let ours =
        |name: &str| name.starts_with("LINLI_") || name.starts_with("SMTP_") || name.starts_with("DATABASE_");
    for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
        command.env_remove(name);
    }
    command.envs(settings.iter().copied());
    command
}

/// Runs `linli … --json`.
pub(crate) fn linli(settings: &[(&str, &str)], words: &[&str], input: &str) -> Ran {
    let mut command = command(settings);
    command.args(words).arg("--json").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("linli starts");
    // A command that asks nothing may have ended before it reads.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    Ran { words: words.join(" "), output: child.wait_with_output().expect("linli ends") }
}

/// Starts `linli … --json` and leaves it alone: what it says is not kept.
pub(crate) fn spawn(settings: &[(&str, &str)], words: &[&str]) -> Child {
    let mut command = command(settings);
    command.args(words).arg("--json").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("linli starts")
}

/// A command that ended.
#[derive(Debug)]
pub(crate) struct Ran {
    words: String,
    output: Output,
}

impl Ran {
    /// It did its work (exit 0).
    pub(crate) fn ok(self) -> Self {
        self.ended(0)
    }

    /// It refused (exit 1).
    pub(crate) fn refused(self) -> Self {
        self.ended(1)
    }

    /// It ended with this code.
    pub(crate) fn ended(self, code: i32) -> Self {
        let (out, log) = (self.out(), String::from_utf8_lossy(&self.output.stderr));
        assert_eq!(self.output.status.code(), Some(code), "linli {}\n{out}\n{log}", self.words);
        self
    }

    /// What it wrote to standard output.
    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    /// What it said, as data.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.out()))
    }
}
