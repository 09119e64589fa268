//! P11 and P13: everything in one file, from a portal that goes on taking reports, and back again: on the same
//! database and on the other. What is damaged is named and refused.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use serde_json::{Value, json};
use test_support::{Database, Kind, both};

use crate::harness::{self, App, Community, HOME, Program, Ran};

both! {
    fn a_running_portal_is_backed_up_while_it_works_and_comes_back_whole(app: Community) {
        let desk = app.api("desk");
        let photo = desk.upload_photo();
        let reported = report(&desk, 0, &[photo]);
        let file = app.database.folder().join("all.tar");
        let during = while_reporting(&desk, || {
            let made = app.linli(&["backup", path(&file)]).ok().json();
            assert_eq!((&made["missing"], made["files"].as_u64() > Some(0)), (&json!(0), true), "{made}");
        });
        assert!(during > 0, "reports came in during the backup");
        app.linli(&["backup", path(&file)]).refused();
        for kind in [Kind::Sqlite, Kind::Postgres] {
            let there = elsewhere(kind);
            ran(&there, &["restore", path(&file)]).ok();
            ran(&there, &["check"]).ok();
            assert_same_rows(&file, &there);
            let restored = App::with(there);
            restored.start();
            let desk = restored.api("desk");
            let case = desk.get(&format!("/cases/{reported}")).status(200).json();
            assert_eq!(case["text"], "report 0");
            assert!(!desk.get(&format!("/attachments/{photo}")).status(200).body.is_empty());
            let again = report(&desk, 1, &[]);
            assert_ne!(again, reported, "numbers go on where they were");
        }
    }

    fn a_database_in_use_and_a_folder_with_files_are_not_written_into(app: Community) {
        let file = app.database.folder().join("all.tar");
        app.api("desk").upload_photo();
        app.linli(&["backup", path(&file)]).ok();
        let refused = app.linli(&["restore", path(&file)]).refused().json();
        assert_eq!(refused["code"], "backup.not_empty");
        let there = elsewhere(app.database.kind());
        let files = there.folder().join("files");
        std::fs::create_dir_all(&files).unwrap();
        std::fs::write(files.join("somebody's"), "file").unwrap();
        let refused = ran(&there, &["restore", path(&file)]).refused().json();
        assert_eq!(refused["code"], "backup.files_not_empty");
    }

    fn a_damaged_backup_is_refused_and_its_part_named(app: Community) {
        let file = app.database.folder().join("all.tar");
        app.api("desk").upload_photo();
        app.linli(&["backup", path(&file)]).ok();
        let whole = std::fs::read(&file).unwrap();
        let there = elsewhere(app.database.kind());
        for part in ["rows/homes.jsonl.gz", "files/attachments/", "manifest.json"] {
            let mut bytes = whole.clone();
            let at = find(&bytes, part.as_bytes()) + 512 + 100;
            bytes[at] ^= 0x10;
            std::fs::write(&file, bytes).unwrap();
            let refused = ran(&there, &["restore", path(&file)]).refused().json();
            assert_eq!(refused["code"], "backup.damaged", "{refused}");
            assert!(refused["errors"][0]["detail"].as_str().unwrap().contains(part), "{refused}");
        }
        std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(ran(&there, &["restore", path(&file)]).refused().json()["code"], "backup.damaged");
        std::fs::write(&file, &whole).unwrap();
        ran(&there, &["restore", path(&file)]).ok();
    }

    fn the_worker_backs_up_each_night_and_keeps_the_newest(app: Community) {
        app.set("LINLI_BACKUP_KEEP", "2");
        let folder = app.database.folder().join("backups");
        for day in 23..=25 {
            app.clock_to(&format!("2026-11-{day}T03:05:00+08:00"));
            app.worker_once();
        }
        assert_eq!(names(&folder), ["linli-2026-11-24.tar", "linli-2026-11-25.tar"]);
        app.linli(&["check"]).ok();
        let there = elsewhere(app.database.kind());
        ran(&there, &["restore", path(&folder.join("linli-2026-11-25.tar"))]).ok();
    }

    fn every_row_moves_to_the_other_database(app: Community) {
        report(&app.api("desk"), 0, &[]);
        app.stop();
        let other = if app.database.kind() == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite };
        let there = elsewhere(other);
        let moved = app.linli(&["move", "--to", there.url()]).ok().json();
        assert_eq!(moved["faults"], json!([]));
        let file = app.database.folder().join("all.tar");
        app.linli(&["backup", path(&file)]).ok();
        assert_same_rows(&file, &there);
        assert_eq!(app.linli(&["move", "--to", there.url()]).refused().json()["code"], "backup.not_empty");
    }

    fn a_trail_that_was_written_anew_is_not_what_the_backup_saw(app: Community) {
        app.set("LINLI_BACKUP_KEEP", "2");
        app.clock_to("2026-11-23T03:05:00+08:00");
        app.worker_once();
        app.stop();
        let store = domain::Store::open(app.database.url()).unwrap();
        // Who owns the database can forge a whole chain; the head in a backup is out of reach.
        store.write_now(|tx| {
            use diesel::connection::SimpleConnection;
            let triggers = match tx.kind() {
                domain::db::Kind::Sqlite => {
                    "DROP TRIGGER audit_lines_no_update; DROP TRIGGER audit_lines_no_delete;"
                }
                domain::db::Kind::Postgres => "DROP TRIGGER audit_lines_append_only ON audit_lines;",
            };
            tx.batch_execute(triggers)?;
            Ok(tx.batch_execute("DELETE FROM audit_lines; DELETE FROM audit_heads;")?)
        }).unwrap();
        let said = app.linli(&["check"]).refused().out();
        assert!(said.contains("is not what the backup of"), "{said}");
    }
}

/// Reports repairs until `work` is done; returns how many were answered meanwhile.
fn while_reporting(desk: &Program, work: impl FnOnce()) -> usize {
    let over = AtomicBool::new(false);
    scope(|scope| {
        let reporting = scope.spawn(|| {
            (100..)
                .take_while(|n| {
                    report(desk, *n, &[]);
                    !over.load(Ordering::Relaxed)
                })
                .count()
        });
        work();
        over.store(true, Ordering::Relaxed);
        reporting.join().unwrap()
    })
}

fn report(desk: &Program, n: usize, attachments: &[i64]) -> String {
    let body = json!({
        "kind": "repair", "home": HOME, "category": "water.leak", "text": format!("report {n}"),
        "channel": "phone", "attachments": attachments,
    });
    desk.post("/cases", &body).status(201).json()["number"].as_str().unwrap().to_owned()
}

/// A database without a table, with a folder beside it.
fn elsewhere(kind: Kind) -> Database {
    Database::empty(kind)
}

/// Runs a command on a database that no portal serves.
fn ran(there: &Database, words: &[&str]) -> Ran {
    let folder = there.folder().display().to_string();
    harness::linli(&[("DATABASE_URL", there.url()), ("LINLI_DATA_DIR", &folder)], words, "")
}

/// A backup of the other database has the same tables, each with the same sum over its lines.
#[track_caller]
fn assert_same_rows(file: &Path, there: &Database) {
    let again = there.folder().join("again.tar");
    ran(there, &["backup", path(&again)]).ok();
    let (first, second) = (manifest(file), manifest(&again));
    let (first, second) = (first["tables"].as_array().unwrap(), second["tables"].as_array().unwrap());
    assert_eq!(first.len(), second.len());
    for (table, other) in first.iter().zip(second) {
        assert_eq!(table, other);
    }
}

fn manifest(file: &Path) -> Value {
    let out = Command::new("tar").arg("-xOf").arg(file).arg("manifest.json").output().unwrap();
    serde_json::from_slice(&out.stdout).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn find(bytes: &[u8], words: &[u8]) -> usize {
    bytes.windows(words.len()).position(|window| window == words).unwrap()
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}
