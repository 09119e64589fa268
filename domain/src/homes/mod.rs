//! Homes 房屋 (shops 商铺 included): what fees attach to and cases happen in. A home's status follows
//! from who lives there, its delivery and its renovation; its register order is kept for good.

mod building;
mod completion;
mod export;
mod list;
mod records;
pub mod rules;
mod status;

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use serde::Serialize;

pub use building::{BuildingLine, buildings, grid};
pub use completion::{complete, completions};
pub use export::{TABLE, export};
pub(crate) use list::containing;
pub use list::{Filter, list};
pub use records::{Bay, HomeLine, Occupant};
pub use rules::{BayKind, OccupancyKind, Status, UseKind, spoken_code};

use crate::access::{Action, Actor, Object, allow};
use crate::db::directly;
use crate::db::schema::{home_stewards, homes, people};
use crate::{CommunityId, Db, HomeId, Instant, LocalDate, PersonId, Result, community};

/// Everything about one home.
#[derive(Debug, Clone, Serialize)]
pub struct HomePage {
    /// The home.
    #[serde(flatten)]
    pub home: HomeLine,
    /// Who is tied to it today, or will be.
    pub people: Vec<Occupant>,
    /// Who was.
    pub former: Vec<Occupant>,
    /// Its bays today.
    pub bays: Vec<Bay>,
}

/// A home by its code.
///
/// # Errors
/// Not found where there is none, or the asker may not see it.
pub fn find(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, code: &str) -> Result<HomeId> {
    let home = records::id_of(db, community, code)?;
    allow(db, actor, now, Action::ReadHomes, Object::Home(community, home))?;
    Ok(home)
}

/// Opens a home's page. Phones in it are unmasked; see [`crate::people::masked`].
///
/// # Errors
/// Not found where there is none, or the asker may not see it.
pub fn open(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
) -> Result<HomePage> {
    let id = find(db, actor, now, community, code)?;
    let day = community::by_id(db, community)?.today(now)?;
    let home = line(db, community, id, day)?;
    let everybody = records::occupants(db, id)?;
    let past = |occupant: &Occupant| occupant.ends_on.is_some_and(|end| end < day);
    let (former, people) = everybody.into_iter().partition(past);
    Ok(HomePage { home, people, former, bays: records::bays_of(db, id, day)? })
}

/// A home as lists show it, on a day.
pub fn line(db: &mut Db, community: CommunityId, home: HomeId, day: LocalDate) -> Result<HomeLine> {
    let sql = format!(
        "SELECT {} FROM homes JOIN buildings b ON b.id = homes.building_id \
         WHERE homes.community_id = $2 AND homes.id = $3",
        list::columns()
    );
    let query = diesel::sql_query(sql).bind::<Date, _>(day).bind::<BigInt, _>(community.0);
    Ok(query.bind::<BigInt, _>(home.0).get_result(db)?)
}

/// Who looks after a home on a day: id, name, phone.
pub fn steward(
    db: &mut Db,
    home: HomeId,
    day: LocalDate,
) -> Result<Option<(PersonId, String, Option<String>)>> {
    let found = home_stewards::table
        .inner_join(people::table.on(people::id.eq(home_stewards::steward_id)))
        .filter(home_stewards::home_id.eq(home.0).and(home_stewards::starts_on.le(day)))
        .filter(home_stewards::ends_on.is_null().or(home_stewards::ends_on.ge(day)))
        .order(home_stewards::starts_on.desc())
        .select((people::id, people::name, people::phone));
    Ok(directly!(db, db => found.get_result(db)).optional()?)
}

/// The codes of homes.
pub fn codes(db: &mut Db, ids: &[HomeId]) -> Result<BTreeMap<HomeId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<i64> = ids.iter().map(|home| home.0).collect();
    let rows: Vec<(HomeId, String)> =
        homes::table.filter(homes::id.eq_any(ids)).select((homes::id, homes::code)).load(db)?;
    Ok(rows.into_iter().collect())
}
