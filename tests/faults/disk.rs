//! P9: a disk that is full. Nothing accepted is lost, new submissions are refused in plain words, and once there is room
//! again the portal goes on by itself.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::Store;
use domain::notifications::State;
use reqwest::blocking::multipart::{Form, Part};
use test_support::{Kind, On};

use super::calls::Failing;
use super::kill::{Known, all_cases, report_once};
use super::mail::states;
use super::workers::until_within;
use crate::harness::{App, Community, HOME, Page, Program, Visitor, photo};

/// A real file system of a few megabytes, which only root can mount; elsewhere the same is told with calls that fail.
#[test]
fn p9_a_small_disk_that_is_filled_loses_nothing_and_recovers_by_itself() {
    let app = Community::on(Kind::Sqlite);
    app.with_worker();
    app.stop();
    let Some(disk) = Disk::mount(app.database.folder()) else {
        eprintln!("not shown here: mounting a file system needs root");
        return;
    };
    app.start();
    survives_a_full_disk(&app, || disk.fill(), || disk.free());
    // The worker, too, has gone on: every mail was sent, also of what was reported while there was room for little else.
    let store = Store::open(app.database.url()).unwrap();
    assert!(!states(&store, 0).is_empty());
    // One whose sending could not be written down waits a minute, as after any failure, and five if there is no room again.
    let patience = Duration::from_secs(7 * 60);
    until_within(patience, "every mail is sent", || {
        states(&store, 0).iter().all(|state| *state == State::Sent)
    });
    drop(store);
    is_whole(&app);
}

#[test]
fn p9_writes_that_find_no_room_lose_nothing_and_are_done_once_there_is_room() {
    let failing = Failing::start();
    survives_a_full_disk(&failing.app, || failing.tell("full"), || failing.tell(""));
    is_whole(&failing.app);
}

fn survives_a_full_disk(app: &App, fill: impl Fn(), free: impl Fn()) {
    let (desk, resident) = (app.api("desk"), app.visitor("resident"));
    let mut known = Known::new();
    for n in 0..3 {
        let check = filled_in(&resident, &format!("page {n}: the tap drips"));
        fill();
        let refused = until_refused(&desk, n, &mut known);
        let page = send(&resident, &check).status(503);
        assert!(
            page.words().contains("存储已满") && page.words().contains("the tap drips"),
            "{}",
            page.words()
        );
        let part = Part::bytes(photo()).file_name("a.jpg").mime_str("image/jpeg").unwrap();
        desk.upload("/attachments", Form::new().part("file", part)).status(503);
        // What was accepted is there to be read, also now.
        assert_eq!(all_cases(&desk), known);

        free();
        let again = until_accepted(&desk, &refused);
        known.insert(refused, again);
        let sent = send(&resident, &check).status(200);
        known.insert(
            format!("page {n}: the tap drips"),
            sent.texts("h1")[0].split_whitespace().next().unwrap().to_owned(),
        );
    }
    assert_eq!(all_cases(&desk), known);
}

fn is_whole(app: &App) {
    app.stop();
    app.linli(&["check"]).ok();
    app.database.assert_intact();
}

/// Reports until there is no room; gives the report that was refused. Room that was set aside is used up first.
fn until_refused(desk: &Program, round: usize, known: &mut Known) -> String {
    for n in 0..200 {
        let text = format!("round {round}, report {n}: the tap drips");
        let answer = report_once(desk, &text, &text).unwrap();
        if answer.status != 201 {
            assert_eq!((answer.status, answer.problem().as_str()), (503, "unavailable"), "{answer:?}");
            return text;
        }
        known.insert(text, answer.json()["number"].as_str().unwrap().to_owned());
    }
    panic!("two hundred reports were accepted by a full disk");
}

fn until_accepted(desk: &Program, text: &str) -> String {
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        let answer = report_once(desk, text, text).unwrap();
        if answer.status == 201 {
            return answer.json()["number"].as_str().unwrap().to_owned();
        }
        assert!(Instant::now() < patience, "there is room, and still: {answer:?}");
        sleep(Duration::from_millis(50));
    }
}

/// The resident's report, up to the page that is sent: nothing of it is kept yet.
fn filled_in(resident: &Visitor, text: &str) -> Page {
    let form = |page: &Page| page.form("form[action='/repairs/new']");
    let what = form(&resident.see("/repairs/new")).forge("home", HOME).set("category", "water.leak");
    let describe = form(&resident.submit(what.forge("go", "next")).status(200)).set("text", text);
    let when = form(&resident.submit(describe.forge("go", "next")).status(200)).set("available", "晚上");
    resident.submit(when.forge("go", "next")).status(200)
}

fn send(resident: &Visitor, check: &Page) -> Page {
    resident.submit(check.form("form[action='/repairs/new']").forge("go", "send"))
}

/// A small file system over a folder, with what was in the folder.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    /// Room for what is there, a log of the usual length, and little more. None where one may not mount.
    fn mount(folder: &'a Path) -> Option<Self> {
        let aside = tempfile::tempdir().unwrap();
        let copy = |from: &Path, to: &Path| {
            assert!(Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap().success());
        };
        copy(folder, aside.path());
        let size = std::fs::metadata(folder.join("linli.db")).unwrap().len() + 12 * 1024 * 1024;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder);
        if !mount.status().is_ok_and(|status| status.success()) {
            return None;
        }
        let disk = Self(folder);
        copy(aside.path(), folder);
        Some(disk)
    }

    fn fill(&self) {
        let mut filler = std::fs::File::create(self.0.join("filler")).unwrap();
        while filler.write_all(&[1; 4096]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        // Lazily: the server of a test that failed still has its files open.
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}
