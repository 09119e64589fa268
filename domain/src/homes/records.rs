//! The rows of the register as the tables have them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use serde::Serialize;

use super::rules::{BayKind, OccupancyKind, Status, UseKind};
use crate::db::schema::{bays, homes, occupancies, people};
use crate::{Area, CommunityId, Db, HomeId, LocalDate, PersonId, Result};

/// A home with what lists show of it.
#[derive(Debug, Clone, QueryableByName, Serialize)]
pub struct HomeLine {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    #[serde(skip)]
    pub id: HomeId,
    /// What people call it: `3-2-1501`.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// Its building's code.
    #[diesel(sql_type = Text)]
    pub building: String,
    /// Its entrance, empty where there is none.
    #[diesel(sql_type = Text)]
    pub entrance: String,
    /// The floor.
    #[diesel(sql_type = Integer)]
    pub floor: i32,
    /// The room within the entrance.
    #[diesel(sql_type = Text)]
    pub room: String,
    /// What it is for.
    #[diesel(sql_type = Text)]
    #[serde(rename = "use")]
    pub use_kind: UseKind,
    /// Floor area, hundredths of a square metre.
    #[diesel(sql_type = BigInt)]
    pub area: Area,
    /// When the developer handed it over.
    #[diesel(sql_type = Nullable<Date>)]
    pub delivered_on: Option<LocalDate>,
    /// Its position in the register.
    #[diesel(sql_type = BigInt)]
    pub register_order: i64,
    /// How it stands on the day asked for.
    #[diesel(sql_type = Text)]
    pub status: Status,
    /// The owner's name.
    #[diesel(sql_type = Nullable<Text>)]
    pub owner: Option<String>,
    /// The owner's phone, unmasked: whoever shows it masks it.
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip)]
    pub owner_phone: Option<String>,
    /// The steward's name on that day.
    #[diesel(sql_type = Nullable<Text>)]
    pub steward: Option<String>,
}

/// A tie of a person to a home.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct Occupant {
    /// Who.
    #[serde(skip)]
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their phone, unmasked: whoever shows it masks it.
    #[serde(skip)]
    pub phone: Option<String>,
    /// As what.
    pub kind: OccupancyKind,
    /// Whether they live there.
    pub lives_there: bool,
    /// Whether they pay.
    pub pays: bool,
    /// From which day.
    pub starts_on: LocalDate,
    /// Until which day.
    pub ends_on: Option<LocalDate>,
}

/// A parking bay of a home.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct Bay {
    /// Its code.
    pub code: String,
    /// How it is held.
    pub kind: BayKind,
    /// Since when, where it is not since the delivery.
    pub starts_on: Option<LocalDate>,
}

/// The ids of a home by its code.
pub(super) fn id_of(db: &mut Db, community: CommunityId, code: &str) -> Result<HomeId> {
    let code = code.trim().to_uppercase();
    let by_code = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(code)));
    Ok(by_code.select(homes::id).first(db)?)
}

/// Everybody who is or was tied to a home: those of today first, then the newest.
pub(super) fn occupants(db: &mut Db, home: HomeId) -> Result<Vec<Occupant>> {
    let rows = occupancies::table
        .inner_join(people::table.on(people::id.eq(occupancies::person_id)))
        .filter(occupancies::home_id.eq(home.0))
        .order((occupancies::ends_on.is_not_null(), occupancies::starts_on.desc(), occupancies::id))
        .select((
            people::id,
            people::name,
            people::phone,
            occupancies::kind,
            occupancies::lives_there,
            occupancies::pays,
            occupancies::starts_on,
            occupancies::ends_on,
        ));
    Ok(rows.load(db)?)
}

/// The bays of a home on a day, in the register's order.
pub(super) fn bays_of(db: &mut Db, home: HomeId, day: LocalDate) -> Result<Vec<Bay>> {
    let rows = bays::table
        .filter(bays::home_id.eq(home.0))
        .filter(bays::ends_on.is_null().or(bays::ends_on.ge(day)))
        .order((bays::position, bays::id))
        .select((bays::code, bays::kind, bays::starts_on));
    Ok(rows.load(db)?)
}
