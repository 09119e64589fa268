//! When each building passed its completion acceptance 竣工验收: the developer's warranty counts from it.

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::buildings;
use crate::{CommunityId, Db, Error, Instant, LocalDate, Result};

/// Each building with its completion acceptance, in register order.
pub fn completions(db: &mut Db, community: CommunityId) -> Result<Vec<(String, Option<LocalDate>)>> {
    Ok(buildings::table
        .filter(buildings::community_id.eq(community.0))
        .order(buildings::register_order)
        .select((buildings::code, buildings::completed_on))
        .load(db)?)
}

/// Keeps when buildings passed it; those that stay as they are leave no trace.
///
/// # Errors
/// Not found for a building that is not there; the field of a day that lies ahead.
pub fn complete(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    all: &[(String, Option<LocalDate>)],
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let today = crate::community::by_id(tx, community)?.today(now)?;
    let held = completions(tx, community)?;
    for (code, day) in all {
        let (_, before) = held.iter().find(|(known, _)| known == code).ok_or(Error::NotFound)?;
        if day.is_some_and(|day| day > today) {
            return Err(Error::field(format!("completed.{code}"), "in_the_future"));
        }
        if before == day {
            continue;
        }
        let row =
            buildings::table.filter(buildings::community_id.eq(community.0).and(buildings::code.eq(code)));
        diesel::update(row).set(buildings::completed_on.eq(*day)).execute(tx)?;
        let line = Line::new(community, "building.completed", "community", community.0);
        audit::write(
            tx,
            actor,
            now,
            &line.fields(format!("{code}={}", day.map_or_else(String::new, |d| d.to_string()))),
        )?;
    }
    Ok(())
}
