//! The figures of managers and supervisors, and the rows that each opens to.

pub(crate) mod export;
pub(crate) mod manager;
pub(crate) mod rows;
pub(crate) mod supervisor;

use std::collections::BTreeMap;

use domain::access::Actor;
use domain::community::Community;
use domain::figures::Span;
use domain::visits::quota;
use domain::{Db, Error, Instant, Month, Result, audit};

use crate::views::figures::QuotaRow;

/// The month that was asked for, else the present one.
fn month(asked: Option<&str>, community: &Community, now: Instant) -> Result<Month> {
    match asked {
        Some(text) => text.parse().map_err(|_| Error::field("month", "month")),
        None => Ok(Month::of(community.today(now)?)),
    }
}

/// From the month's first moment to before the next one's, as the community's days run.
fn span(community: &Community, month: Month) -> Result<Span> {
    let zone = community.zone()?;
    Ok((zone.start_of(month.first_day()), zone.start_of(month.next().first_day())))
}

/// The quota of every steward of a month, with their names.
fn quotas(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: &Community,
    month: Month,
) -> Result<Vec<QuotaRow>> {
    let figures = quota::all(db, actor, now, community.id, month)?;
    let names: BTreeMap<_, _> = audit::names(db, &figures.iter().map(|one| one.steward).collect::<Vec<_>>())?;
    let name = |one: &quota::Figure| names.get(&one.steward).cloned().unwrap_or_default();
    Ok(figures.iter().map(|one| QuotaRow::new(one, name(one))).collect())
}
