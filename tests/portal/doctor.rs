//! `linli doctor` tries what it speaks of: a word with the mail server, without a mail; a small file in the storage.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use test_support::{Fault, Kind};

use crate::harness::App;

/// A sandbox that nobody serves.
fn portal() -> App {
    App::stopped(Kind::Sqlite)
}

/// What the doctor found about something. It ends with 1, as no worker runs.
fn found(app: &App, what: &str) -> Value {
    let said = app.linli(&["doctor"]).refused().out();
    assert!(!said.contains("hush"), "a secret is in what it says: {said}");
    let said: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    let found = said["findings"].as_array().unwrap().iter().find(|one| one["what"] == what);
    found.unwrap_or_else(|| panic!("no {what} in {said}")).clone()
}

fn advice(found: &Value) -> &str {
    found["advice"].as_str().unwrap_or_default()
}

#[test]
fn a_mail_server_that_is_well_is_spoken_to_and_gets_no_mail() {
    let app = portal();
    let mail = found(&app, "mail");
    assert!(
        mail["well"] == true && mail["seen"].as_str().unwrap().ends_with("answers, without TLS"),
        "{mail}"
    );
    assert_eq!((app.smtp.sessions(), app.smtp.mails().len()), (1, 0));
    let signed_in = app.smtp.url().replace("smtp://", "smtp://office:hush@") + "?tls=none";
    app.set("SMTP_URL", signed_in);
    assert_eq!(found(&app, "mail")["well"], true);
}

#[test]
fn a_mail_server_that_does_not_take_us_is_told_from_one_that_is_not_there() {
    let app = portal();
    app.smtp.next([Some(Fault::Greeting(554))]);
    let refused = found(&app, "mail");
    assert!(
        advice(&refused) == "smtp_refused" && refused["seen"].as_str().unwrap().contains("554"),
        "{refused}"
    );

    app.smtp.refuse();
    let closed = found(&app, "mail");
    assert_eq!(advice(&closed), "smtp_unreachable", "{closed}");
    app.smtp.listen();

    // With a password, and a server that offers no encryption, nothing is sent in the clear.
    app.set("SMTP_URL", app.smtp.url().replace("smtp://", "smtp://office:hush@"));
    let open = found(&app, "mail");
    assert_eq!(advice(&open), "smtp_refused", "{open}");
}

#[test]
fn a_mail_server_that_says_nothing_is_not_waited_for() {
    let app = portal();
    app.smtp.always(Some(Fault::Hang));
    let begun = Instant::now();
    let silent = found(&app, "mail");
    assert_eq!(advice(&silent), "smtp_unreachable", "{silent}");
    assert!(begun.elapsed() < Duration::from_secs(18), "{:?}", begun.elapsed());
}

#[test]
fn the_storage_is_written_read_and_left_as_it_was() {
    let app = portal();
    let storage = found(&app, "storage");
    assert_eq!(storage["well"], true, "{storage}");
    assert_eq!(files(&app.database.folder().join("files")), 0);

    // A folder in which nobody makes a file, whoever asks.
    app.set("LINLI_STORAGE_URL", "file:/sys");
    assert_eq!(advice(&found(&app, "storage")), "storage");
    app.set("LINLI_STORAGE_URL", format!("file:{}/below", app.file("no-folder", "").display()));
    assert_eq!(advice(&found(&app, "storage")), "storage");
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}
