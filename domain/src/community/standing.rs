//! How each community stands, for who runs the installation.

use diesel::dsl::max;
use diesel::prelude::*;

use super::{Community, all};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{accounts, homes, imports, people, staff};
use crate::{CommunityId, Db, Instant, LocalDate, Result};

/// A community in numbers.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The community.
    pub community: Community,
    /// Its homes.
    pub homes: i64,
    /// Who works there today.
    pub staff: i64,
    /// Who can sign in: accounts of residents and staff.
    pub accounts: i64,
    /// When a register was imported last.
    pub imported_at: Option<Instant>,
}

/// Every community, by id.
///
/// # Errors
/// Only an admin may.
pub fn standings(db: &mut Db, actor: &Actor, now: Instant) -> Result<Vec<Standing>> {
    allow(db, actor, now, Action::Administer, Object::Installation)?;
    all(db)?.into_iter().map(|community| standing(db, community, now)).collect()
}

/// The community of a code.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown code; only an admin may.
pub fn standing_of(db: &mut Db, actor: &Actor, now: Instant, code: &str) -> Result<Standing> {
    allow(db, actor, now, Action::Administer, Object::Installation)?;
    let community = super::by_code(db, code)?;
    standing(db, community, now)
}

fn standing(db: &mut Db, community: Community, now: Instant) -> Result<Standing> {
    let (id, today) = (community.id, community.today(now)?);
    Ok(Standing {
        homes: homes::table.filter(homes::community_id.eq(id.0)).count().get_result(db)?,
        staff: working(db, id, today)?,
        accounts: accounts::table
            .inner_join(people::table.on(people::id.eq(accounts::person_id)))
            .filter(people::community_id.eq(id.0).and(accounts::disabled_at.is_null()))
            .count()
            .get_result(db)?,
        imported_at: imports::table
            .filter(imports::community_id.eq(id.0))
            .select(max(imports::at))
            .get_result(db)?,
        community,
    })
}

fn working(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<i64> {
    let here = staff::community_id.eq(community.0).and(staff::joined_on.le(today));
    let still = staff::left_on.is_null().or(staff::left_on.ge(today));
    Ok(staff::table.filter(here).filter(still).count().get_result(db)?)
}
