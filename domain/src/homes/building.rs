//! Buildings 楼栋: their list, and one as the grid of its homes.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use serde::Serialize;

use super::list::{Filter, list, sees_all};
use super::records::HomeLine;
use super::status::status_sql;
use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Error, Instant, Result, community};

/// A building with how its homes stand today.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct BuildingLine {
    /// Its code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// How many homes it has.
    #[diesel(sql_type = BigInt)]
    pub homes: i64,
    /// How many are lived in.
    #[diesel(sql_type = BigInt)]
    pub occupied: i64,
    /// How many stand empty.
    #[diesel(sql_type = BigInt)]
    pub vacant: i64,
    /// In how many a renovation runs.
    #[diesel(sql_type = BigInt)]
    pub renovating: i64,
    /// How many are not delivered.
    #[diesel(sql_type = BigInt)]
    pub undelivered: i64,
}

/// Every building in register order, with how many of its homes stand how.
///
/// # Errors
/// Not allowed to who sees single homes only.
pub fn buildings(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
) -> Result<Vec<BuildingLine>> {
    allow(db, actor, now, Action::ReadHomes, Object::Community(community))?;
    if !sees_all(actor, community) {
        return Err(Error::NotAllowed);
    }
    let day = community::by_id(db, community)?.today(now)?;
    let count = |status: &str| format!("COUNT(CASE WHEN status = '{status}' THEN 1 END) AS {status}");
    let sql = format!(
        "SELECT b.code, COUNT(*) AS homes, {}, {}, {}, {} FROM \
         (SELECT homes.building_id, {} AS status FROM homes WHERE homes.community_id = $2) AS h \
         JOIN buildings b ON b.id = h.building_id GROUP BY b.id, b.code, b.register_order \
         ORDER BY b.register_order",
        count("occupied"),
        count("vacant"),
        count("renovating"),
        count("undelivered"),
        status_sql()
    );
    Ok(diesel::sql_query(sql).bind::<Date, _>(day).bind::<BigInt, _>(community.0).load(db)?)
}

/// A building as people see it from the street: floors from the top, each with its homes in register order.
///
/// # Errors
/// Not found where the building has no home that the asker may see.
pub fn grid(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    building: &str,
) -> Result<Vec<(i32, Vec<HomeLine>)>> {
    let filter = Filter { building: Some(building.trim().to_uppercase()), ..Filter::default() };
    let mut homes = list(db, actor, now, community, &filter, 10_000)?;
    if homes.is_empty() {
        return Err(Error::NotFound);
    }
    homes.sort_by_key(|home| (-home.floor, home.register_order));
    let mut floors: Vec<(i32, Vec<HomeLine>)> = Vec::new();
    for home in homes {
        match floors.last_mut() {
            Some((floor, row)) if *floor == home.floor => row.push(home),
            _ => floors.push((home.floor, vec![home])),
        }
    }
    Ok(floors)
}
