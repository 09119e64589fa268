//! How many requests there were, and how long they took, by route and status.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds in milliseconds; the last bucket has none.
pub(super) const BOUNDS: [u64; 10] = [2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000];

/// What was answered since the start.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    seen: Mutex<BTreeMap<Answered, Durations>>,
}

/// A kind of answer. Routes are patterns, so there are few.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answered {
    pub(super) route: String,
    pub(super) method: String,
    pub(super) status: u16,
}

/// How long answers of a kind took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Durations {
    /// How many fell within each bound, and above the one before.
    pub(super) within: [u64; BOUNDS.len()],
    pub(super) count: u64,
    pub(super) total: Duration,
}

impl Requests {
    /// Counts an answer; `route` is the pattern, `-` where none matched.
    pub(crate) fn saw(&self, method: &str, route: &str, status: u16, took: Duration) {
        let answered = Answered { route: route.to_owned(), method: known(method).to_owned(), status };
        self.lock().entry(answered).or_default().add(took);
    }

    pub(super) fn all(&self) -> Vec<(Answered, Durations)> {
        self.lock().iter().map(|(answered, durations)| (answered.clone(), *durations)).collect()
    }

    /// Counting cannot leave anything half done.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Answered, Durations>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A method is a word that anybody can make up; those that no route has are one.
fn known(method: &str) -> &str {
    if ["GET", "HEAD", "POST", "DELETE"].contains(&method) { method } else { "OTHER" }
}

impl Durations {
    fn add(&mut self, took: Duration) {
        let bucket = BOUNDS.iter().position(|bound| took <= Duration::from_millis(*bound));
        if let Some(within) = bucket.and_then(|bucket| self.within.get_mut(bucket)) {
            *within += 1;
        }
        self.count += 1;
        self.total += took;
    }
}
