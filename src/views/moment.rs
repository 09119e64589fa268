//! An instant as a page shows it: local to the community, with the exact one behind it.

use domain::{Instant, Zone};
use serde::Serialize;

/// A moment in a community's own time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Moment {
    /// RFC 3339, for machines.
    pub(crate) utc: String,
    /// The local date, `2026-11-22`.
    pub(crate) date: String,
    /// The local time, `14:05`.
    pub(crate) time: String,
}

impl Moment {
    /// An instant, as the clocks of `zone` show it.
    pub(crate) fn new(zone: Zone, at: Instant) -> Self {
        let local = zone.local(at);
        Self {
            utc: at.to_string(),
            date: local.format("%Y-%m-%d").to_string(),
            time: local.format("%H:%M").to_string(),
        }
    }
}
