//! The register of homes 房屋台账: read, held against what is known, checked for what only the whole can
//! tell.

use std::collections::HashSet;

use super::homes_now::{Known, load};
use super::homes_plan::plan;
use super::homes_rows::{HomeRow, read};
use super::table::Table;
use super::{Place, Prepared, RowError, Work};
use crate::{Db, FieldError, HomeId, Result};

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let (mut rows, mut errors) = read(table, place.today);
    let known = load(db, place.community)?;
    while let Some(fault) = taken_bay(&known, &rows, table) {
        rows.retain(|row| row.at != fault.0);
        errors.push(fault.1);
    }
    let plan = plan(&known, &rows, place.today);
    let (added, changed) = (plan.homes.len(), plan.changed);
    Ok(Prepared { added, changed, errors, work: Work::Homes(rows, plan) })
}

/// The first row that claims a bay which a home outside the good rows holds. Leaving it out can make
/// another row's claim a bad one, so the caller asks again.
fn taken_bay(known: &Known, rows: &[HomeRow], table: &Table) -> Option<(usize, RowError)> {
    let ids: HashSet<HomeId> = rows.iter().filter_map(|row| Some(known.homes.get(&row.code)?.id)).collect();
    for row in rows {
        for (bay, _) in &row.bays {
            let holder = known.bays.get(bay).filter(|home| !ids.contains(home));
            if let (Some(holder), Some(line)) = (holder, table.rows.get(row.at)) {
                let home = known.homes.values().find(|home| home.id == *holder);
                let code = home.map_or("", |home| home.code.as_str());
                let why = FieldError::new("bays", "bay_taken").with("bay", bay).with("home", code);
                return Some((row.at, table.fault(line, "bays", why)));
            }
        }
    }
    None
}
