//! P2, first half: after a power loss the log (`linli.db-wal`) may end anywhere. Wherever it is cut, the database opens
//! to a prefix of what was accepted: every case answered before the cut, none of it by halves.

use std::path::Path;

use diesel::prelude::*;
use domain::db::schema::cases;
use domain::{CommunityId, Store, check};
use test_support::{Database, Kind, On};

use super::kill::{random, report_once};
use crate::harness::{App, Community, Program};

const REPORTS: usize = 20;
const CUTS: usize = 60;
/// SQLite begins its log anew after so much; what was in it is in the file then.
const LOG_IS_WHOLE: u64 = 1_000 * 4_096;

/// A case's number, and how long the log was when it was answered.
type Answered = (String, u64);

#[test]
fn p2_a_log_cut_anywhere_opens_to_a_prefix_of_what_was_accepted() {
    let app = Community::on(Kind::Sqlite);
    let answered = report(&app);
    app.kill();
    let whole = log_length(app.database.folder());
    assert!(whole < LOG_IS_WHOLE, "no part of the log has gone into the file: {whole}");
    let first = answered[0].1;
    // Right before, at and after each answer's end, and anywhere.
    let ends = answered.iter().flat_map(|(_, end)| [end - 1, *end, end + 1]);
    let anywhere = (0..CUTS).map(|_| first + random() % (whole - first));
    for (n, cut) in ends.chain(anywhere).chain([0, 31, 32]).enumerate() {
        let copy = Database::empty(Kind::Sqlite);
        copy_cut(app.database.folder(), copy.folder(), cut.min(whole), n % 2 == 0);
        let found = opens_to(&copy);
        let due = answered.iter().filter(|(_, end)| *end <= cut).count();
        assert!(found.len() >= due, "cut at {cut}: {due} were answered, {} found", found.len());
        let numbers: Vec<&String> = answered.iter().map(|(number, _)| number).take(found.len()).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), numbers, "cut at {cut}");
    }
    // The portal itself goes on from such a state.
    let copy = Database::empty(Kind::Sqlite);
    copy_cut(app.database.folder(), copy.folder(), answered[REPORTS / 2].1 + 1_000, false);
    let again = App::with(copy);
    again.start();
    let number = post(&again.api("desk"), "after the loss");
    assert!(
        answered.iter().skip(REPORTS / 2 + 1).any(|(lost, _)| *lost == number),
        "{number} is the next one"
    );
    again.stop();
    again.linli(&["check"]).ok();
    again.database.assert_intact();
}

fn report(app: &App) -> Vec<Answered> {
    let desk = app.api("desk");
    let answer = |n| (post(&desk, &format!("report {n}: the tap drips")), log_length(app.database.folder()));
    let answered: Vec<Answered> = (0..REPORTS).map(answer).collect();
    assert!(answered.is_sorted_by(|(_, earlier), (_, later)| earlier < later), "{answered:?}");
    answered
}

fn post(desk: &Program, text: &str) -> String {
    let case = report_once(desk, text, text).unwrap().status(201).json();
    case["number"].as_str().unwrap().to_owned()
}

fn log_length(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("linli.db-wal")).map_or(0, |log| log.len())
}

/// The database with its log cut; `zeros` as some file systems leave it: the length is there, what was in it is not.
fn copy_cut(from: &Path, to: &Path, cut: u64, zeros: bool) {
    std::fs::copy(from.join("linli.db"), to.join("linli.db")).unwrap();
    let mut log = std::fs::read(from.join("linli.db-wal")).unwrap();
    let (whole, cut) = (log.len(), usize::try_from(cut).unwrap());
    log.truncate(cut);
    if zeros {
        log.resize(whole, 0);
    }
    std::fs::write(to.join("linli.db-wal"), log).unwrap();
}

/// The numbers of the cases, once everything else was found in order.
fn opens_to(database: &Database) -> Vec<String> {
    let store = Store::open(database.url()).unwrap();
    let faults = store.read_now(|db| check::community(db, CommunityId(1))).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    database.assert_intact();
    let numbers = cases::table.order(cases::id).select(cases::number.assume_not_null());
    store.read_now(|db| Ok(numbers.load(db)?)).unwrap()
}
