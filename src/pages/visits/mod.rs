//! Visits and the quota: a steward's day, logging a visit, a household before ringing, the months.

pub(crate) mod decide;
pub(crate) mod door;
pub(crate) mod log;
pub(crate) mod month;
pub(crate) mod paper;
pub(crate) mod team;
pub(crate) mod today;

use std::collections::BTreeMap;

use domain::visits::{self, Visit};
use domain::{Db, HomeId, PersonId, Result, audit};

use crate::views::visits::VisitRow;

/// Visits as lists show them, with the homes' codes and the visitors' names.
fn rows(db: &mut Db, all: &[Visit]) -> Result<Vec<VisitRow>> {
    let homes: Vec<HomeId> = all.iter().map(|visit| visit.row.home_id).collect();
    let people: Vec<PersonId> = all.iter().map(|visit| visit.row.steward_id).collect();
    let codes = visits::codes(db, &homes)?;
    let names: BTreeMap<PersonId, String> = audit::names(db, &people)?;
    let row = |visit: &Visit| {
        let code = codes.get(&visit.row.home_id).map(|(code, _)| code.clone()).unwrap_or_default();
        VisitRow::of(visit, code, names.get(&visit.row.steward_id).cloned().unwrap_or_default())
    };
    Ok(all.iter().map(row).collect())
}
