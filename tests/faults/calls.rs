//! Calls on the database that fail: a library of ours (`failing_calls.c`) stands between the portal and the C library.
//! A C compiler is there wherever the portal itself was compiled: SQLite and libpq are C.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use test_support::{Kind, On};

use super::kill::{Known, all_cases, report_once};
use crate::harness::Community;

/// A portal on SQLite whose calls can be told to fail.
pub(super) struct Failing {
    pub(super) app: Community,
    told: PathBuf,
}

impl Failing {
    pub(super) fn start() -> Self {
        let app = Community::on(Kind::Sqlite);
        let told = app.file("told", "");
        app.set("LD_PRELOAD", library().to_str().unwrap());
        app.set("FAULT_FILE", told.to_str().unwrap());
        app.restart();
        Self { app, told }
    }

    /// Tells what is to fail from the next call on; see `failing_calls.c`.
    pub(super) fn tell(&self, what: &str) {
        // Put there in one step, so that it is never read by halves.
        let new = self.told.with_extension("new");
        std::fs::write(&new, what).unwrap();
        std::fs::rename(new, &self.told).unwrap();
    }
}

#[test]
fn p2_calls_that_fail_one_after_the_other_lose_nothing_that_was_accepted() {
    let failing = Failing::start();
    let desk = failing.app.api("desk");
    let mut known = Known::new();
    // One submission is some dozen writes and a sync; later ones belong to the next.
    for (call, count, least) in [("write", 40, 10), ("sync", 6, 1)] {
        let mut refused = 0;
        for n in 1..=count {
            let (key, text) = (format!("{call} {n}"), format!("{call} {n} failed: the tap drips"));
            failing.tell(&key);
            let first = report_once(&desk, &key, &text).unwrap();
            let answer = if first.status == 201 {
                first
            } else {
                refused += 1;
                assert_eq!((first.status, first.problem().as_str()), (503, "unavailable"), "{key}");
                report_once(&desk, &key, &text).unwrap()
            };
            known.insert(text, answer.status(201).json()["number"].as_str().unwrap().to_owned());
        }
        assert!(refused >= least, "only {refused} of {count} met the {call} that fails");
    }
    failing.tell("");
    failing.app.kill();
    failing.app.start();
    assert_eq!(all_cases(&desk), known);
    failing.app.stop();
    failing.app.linli(&["check"]).ok();
    failing.app.database.assert_intact();
}

/// The library, compiled once per process.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("failing_calls.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/failing_calls.c");
        let mut cc = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        cc.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(cc.status().expect("a C compiler").success());
        (folder, library)
    });
    library
}
