//! P6 and P7: mail servers as they are. Each mail is sent, once as far as one can know, and nobody waits for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use domain::Store;
use domain::db::schema::{notifications, people};
use domain::notifications::{Channel, State};
use test_support::{Fault, SmtpServer, both};

use super::kill::report_once;
use crate::harness::{Community, Program};

/// What may pass; none: the server takes no connection.
const PASSING: [Option<Fault>; 8] = [
    None,
    Some(Fault::Close),
    Some(Fault::Greeting(421)),
    Some(Fault::Greeting(554)),
    Some(Fault::Recipient(450)),
    Some(Fault::DropBeforeData),
    Some(Fault::AfterDot(452)),
    Some(Fault::DropAfterDot),
];
const SUBMISSIONS: usize = 100;

both! {
    fn p6_whatever_the_mail_server_does_each_mail_goes_out_and_a_repetition_carries_its_id(app: Community) {
        let (desk, store) = (app.api("desk"), Store::open(app.database.url()).unwrap());
        for fault in PASSING {
            let before = newest(&store);
            report_once(&desk, &format!("{fault:?}"), "the tap drips").unwrap().status(201);
            fails(&app.smtp, fault);
            app.worker_once();
            let sessions = app.smtp.sessions();
            let states = states(&store, before);
            assert!(!states.is_empty() && states.iter().all(|state| *state == State::Waiting), "{fault:?}: {states:?}");
            works(&app.smtp);
            app.worker_once();
            assert_eq!(app.smtp.sessions(), sessions, "{fault:?}: no repetition before its pause is over");

            pauses_are_over(&store);
            app.worker_once();
            assert_eq!(self::states(&store, before), vec![State::Sent; states.len()], "{fault:?}");
            let times = if fault == Some(Fault::DropAfterDot) { 2 } else { 1 };
            assert_eq!(by_id(&app.smtp), vec![times; states.len()], "{fault:?}");
        }
        for (fault, bad) in [(Fault::AfterDot(554), false), (Fault::Recipient(550), true)] {
            let before = newest(&store);
            report_once(&desk, &format!("{fault:?}"), "the tap drips").unwrap().status(201);
            fails(&app.smtp, Some(fault));
            app.worker_once();
            works(&app.smtp);
            pauses_are_over(&store);
            app.worker_once();
            let states = states(&store, before);
            assert!(!states.is_empty() && states.iter().all(|state| *state == State::Failed), "{fault:?}: {states:?}");
            assert_eq!(app.smtp.take().len(), 0, "{fault:?}: what is refused for good is not repeated");
            assert_eq!(bad_addresses(&store), if bad { states.len() } else { 0 }, "{fault:?}");
        }
        app.linli(&["check"]).ok();
    }

    fn p7_a_mail_server_that_never_answers_slows_no_submission(app: Community) {
        app.with_worker();
        app.restart();
        let desk = app.api("desk");
        let good = slowest_but_one(&desk, "good");
        app.smtp.always(Some(Fault::Hang));
        let sessions = app.smtp.sessions();
        // Connections that were kept would go on; the new process has none, and falls in with its first.
        app.restart();
        app.smtp.take();
        let hanging = slowest_but_one(&desk, "hanging");
        assert!(app.smtp.sessions() > sessions && app.smtp.mails().is_empty(), "nobody fell into the black hole");
        // What waits for a mail waits 20 s; a machine at work may take some time all the same.
        assert!(hanging < good * 3 + Duration::from_millis(500), "{hanging:?} beside {good:?}");
    }
}

/// The 99th percentile of a hundred submissions, one after the other.
fn slowest_but_one(desk: &Program, name: &str) -> Duration {
    let one = |n| {
        let begun = Instant::now();
        report_once(desk, &format!("{name} {n}"), "the tap drips").unwrap().status(201);
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..SUBMISSIONS).map(one).collect();
    times.sort_unstable();
    times[SUBMISSIONS - 2]
}

fn fails(smtp: &SmtpServer, fault: Option<Fault>) {
    match fault {
        Some(fault) => smtp.always(Some(fault)),
        None => smtp.refuse(),
    }
}

fn works(smtp: &SmtpServer) {
    smtp.always(None);
    smtp.listen();
}

/// How often each mail came, by its Message-ID.
fn by_id(smtp: &SmtpServer) -> Vec<usize> {
    let mut times = BTreeMap::new();
    for mail in smtp.take() {
        *times.entry(mail.message_id).or_insert(0) += 1;
    }
    times.into_values().collect()
}

pub(super) fn newest(store: &Store) -> i64 {
    let newest = notifications::table.select(diesel::dsl::max(notifications::id));
    store.read_now(|db| Ok(newest.first::<Option<i64>>(db)?)).unwrap().unwrap_or(0)
}

/// The states of the mails that were asked for after one.
pub(super) fn states(store: &Store, after: i64) -> Vec<State> {
    let mails = notifications::table
        .filter(notifications::channel.eq(Channel::Email).and(notifications::id.gt(after)));
    store.read_now(|db| Ok(mails.select(notifications::state).load(db)?)).unwrap()
}

fn bad_addresses(store: &Store) -> usize {
    let bad = people::table.filter(people::email_bad_at.is_not_null());
    let count: i64 = store.read_now(|db| Ok(bad.count().get_result(db)?)).unwrap();
    usize::try_from(count).unwrap()
}

fn pauses_are_over(store: &Store) {
    let sql = "UPDATE jobs SET run_at = created_at WHERE state = 'waiting'";
    store.write_now(|tx| Ok(sql_query(sql).execute(tx)?)).unwrap();
}
