//! P8, and two workers on one database: a worker that is killed leaves its work to the others, and each job is done once.

use std::collections::BTreeSet;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use domain::Store;
use domain::db::schema::{jobs, workers};
use domain::notifications::State;
use test_support::{Fault, both};

use super::kill::report_once;
use super::mail::{newest, states};
use crate::harness::{App, Community};

const REPORTS: usize = 30;
const MINUTE: Duration = Duration::from_secs(60);

both! {
    fn p8_what_a_killed_worker_was_at_goes_on_within_a_minute(app: Community) {
        let store = Store::open(app.database.url()).unwrap();
        let before = newest(&store);
        report_once(&app.api("desk"), "one", "the tap drips").unwrap().status(201);
        let mails = states(&store, before).len();
        app.smtp.always(Some(Fault::Hang));
        let killed = Worker::start(&app);
        until("it is being sent", || states(&store, before).contains(&State::Sending));
        let _other = Worker::start(&app);
        until("both are there", || seen(&store) == 2);
        app.smtp.always(None);
        drop(killed);
        let begun = Instant::now();
        until("the mail is sent", || states(&store, before) == vec![State::Sent; mails]);
        assert!(begun.elapsed() < MINUTE);
        assert_eq!(app.smtp.mails().len(), mails);
    }

    fn p8_two_workers_of_one_database_do_each_job_once(app: Community) {
        let (desk, store) = (app.api("desk"), Store::open(app.database.url()).unwrap());
        let report = |n: usize| report_once(&desk, &format!("report {n}"), "the tap drips").unwrap().status(201);
        (0..REPORTS).for_each(|n| drop(report(n)));
        let before = newest(&store);
        let _both = [Worker::start(&app), Worker::start(&app)];
        until("both are there", || seen(&store) == 2);
        // These come while both are awake.
        (REPORTS..2 * REPORTS).for_each(|n| drop(report(n)));
        until("all is sent", || states(&store, 0).iter().all(|state| *state == State::Sent));
        assert!(newest(&store) > before && jobs_in(&store, "failed") == 0);
        let mails = app.smtp.mails();
        let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
        assert_eq!((mails.len(), ids.len()), (states(&store, 0).len(), mails.len()), "each mail once");
        assert_eq!(repeated(&store), 0, "no job was begun twice");
    }
}

/// `linli worker`, ended by SIGKILL when it is dropped.
struct Worker(Child);

impl Worker {
    fn start(app: &App) -> Self {
        Self(app.spawn(&["worker"]))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits a minute for something to be so.
pub(super) fn until(what: &str, is_so: impl Fn() -> bool) {
    until_within(MINUTE, what, is_so);
}

/// Waits so long for something to be so.
pub(super) fn until_within(patience: Duration, what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + patience;
    while !is_so() {
        assert!(Instant::now() < end, "not within {} s: {what}", patience.as_secs());
        sleep(Duration::from_millis(50));
    }
}

/// How many workers have said that they live.
fn seen(store: &Store) -> i64 {
    store.read_now(|db| Ok(workers::table.count().get_result(db)?)).unwrap()
}

fn jobs_in(store: &Store, state: &str) -> i64 {
    store.read_now(|db| Ok(jobs::table.filter(jobs::state.eq(state)).count().get_result(db)?)).unwrap()
}

fn repeated(store: &Store) -> i64 {
    store.read_now(|db| Ok(jobs::table.filter(jobs::attempts.gt(1)).count().get_result(db)?)).unwrap()
}
