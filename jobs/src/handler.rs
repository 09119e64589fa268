//! What a handler is: a plain async function that is given ids, reads the present state and does what is
//! due. Run twice, late or by two workers it comes to the same end, so a failure can always be repeated.

use std::fmt;

use domain::{Error, Instant};
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;

use crate::{App, Leased, Pauses};

/// Does one kind of job.
pub struct Handler {
    /// The kind, as `domain::job::Job` names it.
    pub kind: &'static str,
    /// How long it waits after a failure, and how often it is tried.
    pub pauses: Pauses,
    /// The work.
    pub run: for<'a> fn(&'a App, &'a Leased) -> BoxFuture<'a, Outcome>,
}

/// How a handler ends.
pub type Outcome = Result<Report, Failure>;

/// Why a handler did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// Something went wrong that may pass: tried again after the handler's pause, until they are used up.
    Again(Error),
    /// Not a failure: to be run again when the portal's clock shows this. The attempt does not count.
    Later(Instant),
    /// No repetition can help; shown to an admin at once.
    Never(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Again(error)
    }
}

impl Leased {
    /// The payload as the handler understands it.
    ///
    /// # Errors
    /// One that cannot be read fails this job at once, and no other.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.payload)
            .map_err(|error| Failure::Never(format!("unreadable payload: {error}")))
    }
}

/// What a handler did, in numbers; for the log and the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    counts: Vec<(&'static str, usize)>,
}

impl Report {
    /// Nothing was to be done.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// So many of something.
    pub fn of(what: &'static str, count: usize) -> Self {
        Self::default().and(what, count)
    }

    /// And so many of something else.
    #[must_use]
    pub fn and(mut self, what: &'static str, count: usize) -> Self {
        self.counts.push((what, count));
        self
    }

    /// How many of something.
    pub fn count(&self, what: &str) -> usize {
        self.counts.iter().filter(|(name, _)| *name == what).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut done = self.counts.iter().filter(|(_, count)| *count > 0).peekable();
        if done.peek().is_none() {
            return f.write_str("nothing");
        }
        let words: Vec<_> = done.map(|(what, count)| format!("{count} {what}")).collect();
        f.write_str(&words.join(", "))
    }
}
