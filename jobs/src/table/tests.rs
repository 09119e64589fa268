use domain::Store;
use domain::job::{Job, enqueue};
use test_support::{Database, Kind, On, both};

use super::*;

/// `store` comes first: its connections are closed before the database is dropped.
struct Queue {
    store: Store,
    _db: Database,
}

impl On for Queue {
    fn on(kind: Kind) -> Self {
        let db = Database::prepared(kind, "queue", |url| {
            Store::open(url).unwrap().migrate().unwrap();
        });
        Self { store: Store::open(db.url()).unwrap(), _db: db }
    }
}

fn at(second: u32) -> Instant {
    format!("2026-11-22T00:00:{second:02}Z").parse().unwrap()
}

impl Queue {
    fn with_one_job(self) -> Self {
        self.store.write_now(|tx| enqueue(tx, &Job::new("a", serde_json::json!({})), at(0), at(0))).unwrap();
        self
    }

    fn lease(&self, worker: &str, now: Instant) -> Option<Leased> {
        self.store.write_now(|tx| lease(tx, worker, now, 9)).unwrap().pop()
    }

    fn take_back(&self, now: Instant) -> usize {
        self.store.write_now(|tx| take_back(tx, now)).unwrap()
    }

    fn settle(&self, worker: &str, job: &Leased, end: End) -> bool {
        self.store.write_now(|tx| settle(tx, worker, job, at(59), &end)).unwrap()
    }
}

both! {
    fn a_heartbeat_prolongs_a_lease_and_only_ones_own(queue: Queue) {
        let queue = queue.with_one_job();
        queue.lease("one", at(0)).unwrap();
        assert_eq!(queue.lease("two", at(0)).map(|job| job.id), None);
        queue.store.write_now(|tx| heartbeat(tx, "one", at(30))).unwrap();
        queue.store.write_now(|tx| heartbeat(tx, "two", at(59))).unwrap();
        assert_eq!(queue.take_back(at(59)), 0);
        assert_eq!(queue.take_back(at(59).plus(TimeDelta::seconds(12))), 1);
    }

    fn who_was_taken_for_dead_settles_nothing(queue: Queue) {
        let queue = queue.with_one_job();
        let slept = queue.lease("one", at(0)).unwrap();
        assert_eq!(queue.take_back(at(41)), 1);
        let over = queue.lease("two", at(42)).unwrap();
        assert_eq!(over.attempts, 2);
        assert!(!queue.settle("one", &slept, End::Done));
        assert!(queue.settle("two", &over, End::Done));
        assert!(!queue.settle("two", &over, End::Done));
    }

    fn of_many_that_are_done_only_those_still_leased_are_settled(queue: Queue) {
        let queue = queue.with_one_job().with_one_job().with_one_job();
        let leased = queue.store.write_now(|tx| lease(tx, "one", at(0), 9)).unwrap();
        queue.settle("one", &leased[1], End::Later(at(1)));
        let over = queue.lease("two", at(1)).unwrap();
        let all: Vec<_> = leased.iter().map(Leased::lease).collect();
        assert_eq!(queue.store.write_now(|tx| settle_done(tx, "one", &all, at(2))).unwrap(), 1);
        assert_eq!(over.id, leased[1].id);
        for (job, ours) in [(&leased[0], false), (&leased[2], false)] {
            assert_eq!(queue.settle("one", job, End::Done), ours, "it is written down already");
        }
        assert!(queue.settle("two", &over, End::Done), "what another has taken over is left to it");
    }

    fn a_job_that_kills_its_workers_ends_in_failed(queue: Queue) {
        let queue = queue.with_one_job();
        let mut now = at(0);
        for attempt in 1..=8 {
            assert_eq!(queue.lease("one", now).unwrap().attempts, attempt);
            now = now.plus(TimeDelta::seconds(41));
            assert_eq!(queue.take_back(now), 1);
        }
        assert!(queue.lease("one", now).is_none());
    }

    fn what_was_not_begun_is_left_to_another_and_is_no_attempt(queue: Queue) {
        let queue = queue.with_one_job().with_one_job();
        let leased = queue.store.write_now(|tx| lease(tx, "one", at(0), 9)).unwrap();
        let back = [leased[1].lease(), (leased[0].id, 7)];
        assert_eq!(queue.store.write_now(|tx| give_back(tx, "one", &back)).unwrap(), 1);
        assert_eq!(queue.store.write_now(|tx| give_back(tx, "one", &[])).unwrap(), 0);
        let over = queue.lease("two", at(0)).unwrap();
        assert_eq!((over.id, over.attempts), (leased[1].id, 1));
        assert!(queue.settle("one", &leased[0], End::Done), "what is run stays ours");
    }

    fn what_is_given_back_is_no_attempt(queue: Queue) {
        let queue = queue.with_one_job();
        queue.lease("one", at(0)).unwrap();
        assert_eq!(queue.store.write_now(|tx| release(tx, "one")).unwrap(), 1);
        assert_eq!(queue.lease("two", at(0)).unwrap().attempts, 1);
    }
}
