//! A year beside the one before: what came in of each month's due, against the same month of the year before.

use std::collections::BTreeMap;

use super::figures::{Figure, between};
use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Instant, Month, Result};

/// The same month of the year before.
pub fn year_ago(month: Month) -> Month {
    (0..12).fold(month, |month, _| month.prev())
}

/// A month with the same one of the year before; none of them where nothing was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The month.
    pub month: Month,
    /// Its figures.
    pub now: Option<Figure>,
    /// Those of the year before.
    pub year_ago: Option<Figure>,
}

/// The twelve months up to one, each with that of the year before: one range of the summary rows.
///
/// # Errors
/// Not allowed to who may not see the collection.
pub fn twelve(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    last: Month,
) -> Result<Vec<Pair>> {
    allow(db, actor, now, Action::ReadCollection, Object::Community(community))?;
    let first = year_ago(last).next();
    let found = between(db, community, (year_ago(first), last))?;
    let mut found: BTreeMap<String, Figure> = found.into_iter().map(|one| (one.key.clone(), one)).collect();
    let months = std::iter::successors(Some(first), |month| Some(month.next())).take(12);
    let mut of = |month: Month| found.remove(month.as_str());
    Ok(months.map(|month| Pair { month, now: of(month), year_ago: of(year_ago(month)) }).collect())
}
