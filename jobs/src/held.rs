//! What one worker holds of the queue beside the jobs that it runs: those that it leased ahead and has not begun,
//! and those that are done and not yet written down as such. Both are there because a commit is most of what a
//! small job costs: many are leased and many are ended by one.
//!
//! Nobody waits for a slow neighbour because of it. A worker leases ahead only while it is quick: no more than twice
//! what it last began within [`BRISK`], and only where half of that is done. It gives back what it could not begin
//! within [`PATIENCE`]. A job that is done leaves its place; until its end is written its lease is still ours, so nobody
//! else runs it. A worker that is killed in between runs it again, which does no harm.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Stopwatch};

use tokio::sync::Notify;

use crate::table::{Lease, Leased};

/// Who began all that it leased within this time may lease more the next time.
const BRISK: Duration = Duration::from_millis(100);
/// What was leased and not begun for so long is given back.
const PATIENCE: Duration = Duration::from_millis(250);
/// More than this is never leased at once.
const MOST: usize = 256;

/// What a worker holds.
#[derive(Default)]
pub(crate) struct Held {
    inner: Mutex<Inner>,
    /// Told when a job is done.
    pub(crate) done: Notify,
}

#[derive(Default)]
struct Inner {
    ahead: VecDeque<Leased>,
    ended: Vec<Lease>,
    last: Option<Batch>,
}

/// What was leased last.
struct Batch {
    leased: Stopwatch,
    count: usize,
    /// Whether there was as much as was asked for.
    full: bool,
    /// What of it is not done.
    open: BTreeSet<Lease>,
}

impl Batch {
    fn is_brisk(&self) -> bool {
        self.full && 2 * self.open.len() <= self.count && self.leased.elapsed() < BRISK
    }
}

impl Held {
    /// Takes what is to be begun now, at most `free`.
    pub(crate) fn begin(&self, free: usize) -> Vec<Leased> {
        let mut inner = self.lock();
        let count = free.min(inner.ahead.len());
        inner.ahead.drain(..count).collect()
    }

    /// How many to lease by who has so many places free and nothing left that was leased ahead.
    pub(crate) fn room(&self, free: usize) -> usize {
        let inner = self.lock();
        let brisk = inner.last.as_ref().filter(|last| last.is_brisk());
        brisk.map_or(free, |last| free.max(2 * last.count).min(MOST))
    }

    /// Keeps what was leased when `asked` were asked for.
    pub(crate) fn keep(&self, jobs: Vec<Leased>, asked: usize) {
        let mut inner = self.lock();
        let (count, full) = (jobs.len(), jobs.len() == asked);
        let open = jobs.iter().map(Leased::lease).collect();
        inner.last = Some(Batch { leased: Stopwatch::now(), count, full, open });
        inner.ahead.extend(jobs);
    }

    /// Takes what was leased too long ago and is not begun, to give it back.
    pub(crate) fn stale(&self) -> Vec<Lease> {
        let mut inner = self.lock();
        let fresh = inner.last.as_ref().is_some_and(|last| last.leased.elapsed() < PATIENCE);
        if fresh {
            return Vec::new();
        }
        inner.ahead.drain(..).map(|job| job.lease()).collect()
    }

    /// Remembers that a job is done.
    pub(crate) fn ended(&self, job: &Leased) {
        let mut inner = self.lock();
        inner.ended.push(job.lease());
        if let Some(last) = &mut inner.last {
            last.open.remove(&job.lease());
        }
        drop(inner);
        self.done.notify_one();
    }

    /// Takes what is done, to write it down.
    pub(crate) fn take_ended(&self) -> Vec<Lease> {
        std::mem::take(&mut self.lock().ended)
    }

    /// What could not be written down waits again.
    pub(crate) fn put_back(&self, mut ended: Vec<Lease>) {
        self.lock().ended.append(&mut ended);
    }

    /// A panic can leave nothing half done in here.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jobs(ids: std::ops::Range<i64>) -> Vec<Leased> {
        ids.map(Leased::sample).collect()
    }

    fn ids(jobs: &[Leased]) -> Vec<i64> {
        jobs.iter().map(|job| job.id).collect()
    }

    /// Leases, begins all and ends so many of it.
    fn did(held: &Held, (leased, asked): (i64, usize), done: i64) {
        held.keep(jobs(0..leased), asked);
        held.begin(usize::MAX);
        jobs(0..done).iter().for_each(|job| held.ended(job));
    }

    #[test]
    fn who_is_quick_leases_twice_as_many_the_next_time() {
        let held = Held::default();
        assert_eq!(held.room(4), 4, "at first no more than there are places");
        for (count, next) in [(4, 8), (8, 16), (128, 256), (256, 256)] {
            did(&held, (count, usize::try_from(count).unwrap()), count / 2);
            assert_eq!(held.room(4), next);
        }
        did(&held, (3, 4), 3);
        assert_eq!(held.room(4), 4, "there were fewer than asked for");
        did(&held, (4, 4), 1);
        assert_eq!(held.room(1), 1, "they are begun, and not done");
        jobs(100..120).iter().for_each(|job| held.ended(job));
        assert_eq!(held.room(1), 1, "what took its time was of another batch");
        did(&held, (4, 4), 4);
        std::thread::sleep(BRISK);
        assert_eq!(held.room(1), 1, "they took their time");
    }

    #[test]
    fn what_is_not_begun_in_time_is_given_back() {
        let held = Held::default();
        held.keep(jobs(1..6), 8);
        assert_eq!(ids(&held.begin(2)), [1, 2]);
        assert_eq!(held.stale(), []);
        std::thread::sleep(PATIENCE);
        assert_eq!(held.stale(), [(3, 1), (4, 1), (5, 1)]);
        assert!(held.begin(2).is_empty());
    }

    #[test]
    fn what_could_not_be_written_down_waits_again() {
        let held = Held::default();
        held.ended(&Leased::sample(1));
        let ended = held.take_ended();
        held.ended(&Leased::sample(2));
        held.put_back(ended);
        assert_eq!(held.take_ended(), [(2, 1), (1, 1)]);
        assert_eq!(held.take_ended(), []);
    }
}
