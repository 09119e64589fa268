//! The register as people look at it: the meters of a building or a home, one meter with its readings, one reading with
//! what can be decided on it.

use diesel::prelude::*;

use super::keep::hidden;
use super::readings::{Reading, Source, State, by_id};
use super::register::{Kind, Meter};
use super::rules::{Before, Decision, decisions};
use super::{decide, register};
use crate::access::{Action, Actor, Object, allow, may};
use crate::audit;
use crate::db::schema::{buildings, homes, meter_readings, meters};
use crate::{CommunityId, Db, Error, Instant, LocalDate, MeterId, MeterReadingId, Month, PersonId, Result};

/// A meter of the register.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The meter.
    pub meter: Meter,
    /// The home's code.
    pub home: String,
    /// What it was last read at, and in which month; none where it never was.
    pub last: Option<(i64, Month)>,
}

/// Which meters are listed.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Those of a home, by its code.
    Home(String),
    /// Those of a building, by its code.
    Building(String),
    /// So many behind this one, by their ids.
    Part(MeterId, i64),
}

/// The meters of a home or a building, or a part of them all, in register order; of one kind, where one is given.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (wanted, kind): (&Wanted, Option<Kind>),
) -> Result<Vec<Listed>> {
    allow(db, actor, now, Action::ReadMeter, Object::Community(community))?;
    let mut rows = meters::table
        .inner_join(homes::table.on(homes::id.eq(meters::home_id)))
        .inner_join(buildings::table.on(buildings::id.eq(homes::building_id)))
        .filter(meters::community_id.eq(community.0))
        .into_boxed();
    rows = match wanted {
        Wanted::Home(code) => rows.filter(homes::code.eq(code)),
        Wanted::Building(code) => rows.filter(buildings::code.eq(code)),
        Wanted::Part(after, limit) => rows.filter(meters::id.gt(after.0)).order(meters::id).limit(*limit),
    };
    if let Some(kind) = kind {
        rows = rows.filter(meters::kind.eq(kind));
    }
    let rows = rows.then_order_by((homes::register_order, meters::kind, meters::installed_on, meters::id));
    let rows: Vec<(Meter, String)> = rows.select((Meter::as_select(), homes::code)).load(db)?;
    let ids: Vec<i64> = rows.iter().map(|(meter, _)| meter.id.0).collect();
    let read: Vec<(MeterId, i64, Month)> = meter_readings::table
        .filter(meter_readings::meter_id.eq_any(ids).and(meter_readings::state.eq(State::Good)))
        .filter(meter_readings::source.ne(Source::Estimate))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .select((meter_readings::meter_id, meter_readings::value, meter_readings::period))
        .load(db)?;
    let last = |id: MeterId| read.iter().find(|one| one.0 == id).map(|one| (one.1, one.2));
    Ok(rows.into_iter().map(|(meter, home)| Listed { last: last(meter.id), meter, home }).collect())
}

/// A reading that was made, whatever became of it.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its id.
    pub id: MeterReadingId,
    /// The month that it closes.
    pub period: Month,
    /// When it was read.
    pub read_on: LocalDate,
    /// What the dial said.
    pub value: i64,
    /// What it comes to, by the multiplier.
    pub used: i64,
    /// How it came.
    pub source: Source,
    /// Whether it counts.
    pub state: State,
    /// The reading that it stands in place of.
    pub instead_of: Option<MeterReadingId>,
    /// The name of who read it.
    pub by: Option<String>,
    /// When it was written down.
    pub at: Instant,
}

/// A meter with its readings, newest first.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The meter.
    pub meter: Meter,
    /// The home's code.
    pub home: String,
    /// Its readings.
    pub readings: Vec<Past>,
    /// Whether the asker keeps the register.
    pub keeps: bool,
}

/// How many readings of a meter are shown.
const READINGS: i64 = 60;

/// A meter with its readings, for who reads meters.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn meter(db: &mut Db, actor: &Actor, now: Instant, id: MeterId) -> Result<Looked> {
    let meter: Meter = meters::table.find(id.0).select(Meter::as_select()).first(db)?;
    let place = Object::Community(meter.community_id);
    allow(db, actor, now, Action::ReadMeter, place).map_err(hidden)?;
    let rows = meter_readings::table
        .filter(meter_readings::meter_id.eq(id.0))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .limit(READINGS)
        .select(Reading::as_select());
    let rows: Vec<Reading> = rows.load(db)?;
    Ok(Looked {
        home: homes::table.find(meter.home_id.0).select(homes::code).first(db)?,
        readings: past(db, &meter, rows)?,
        keeps: may(db, actor, now, Action::KeepMeters, place)?,
        meter,
    })
}

/// A reading with what can be decided on it.
#[derive(Debug, Clone)]
pub struct ToDecide {
    /// The meter.
    pub meter: Meter,
    /// The home's code.
    pub home: String,
    /// The reading.
    pub reading: Past,
    /// What was known before it.
    pub before: Before,
    /// What the asker can say to it.
    pub decisions: &'static [Decision],
}

/// A reading, for who reads meters.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn reading(db: &mut Db, actor: &Actor, now: Instant, id: MeterReadingId) -> Result<ToDecide> {
    let found = by_id(db, id)?;
    let meter = register::by_id(db, found.meter_id)?;
    let place = Object::Community(meter.community_id);
    allow(db, actor, now, Action::ReadMeter, place).map_err(hidden)?;
    let before = decide::before(db, &meter, &found)?;
    let standing = decide::standing(db, &found, before)?;
    let decides = may(db, actor, now, Action::Bill, place)?;
    let reading = past(db, &meter, vec![found])?.pop().ok_or(Error::NotFound)?;
    let home = homes::table.find(meter.home_id.0).select(homes::code).first(db)?;
    Ok(ToDecide { meter, home, reading, before, decisions: if decides { decisions(standing) } else { &[] } })
}

/// Whether somebody may see a reading with its photo: who reads meters by their post, and who may send readings of the
/// home.
///
/// # Errors
/// Not found where they may not.
pub fn seen(db: &mut Db, actor: &Actor, now: Instant, id: MeterReadingId) -> Result<()> {
    let meter_id = by_id(db, id)?.meter_id;
    let meter = register::by_id(db, meter_id)?;
    let (community, home) = (meter.community_id, meter.home_id);
    if may(db, actor, now, Action::ReadMeter, Object::Community(community))? {
        return Ok(());
    }
    allow(db, actor, now, Action::SendReading, Object::Home(community, home)).map_err(hidden)
}

fn past(db: &mut Db, meter: &Meter, rows: Vec<Reading>) -> Result<Vec<Past>> {
    let people: Vec<PersonId> = rows.iter().filter_map(|one| one.by_id).collect();
    let names = audit::names(db, &people)?;
    let past = |one: Reading| Past {
        id: one.id,
        period: one.period,
        read_on: one.read_on,
        value: one.value,
        used: one.dial * meter.multiplier,
        source: one.source,
        state: one.state,
        instead_of: one.instead_of,
        by: one.by_id.and_then(|person| names.get(&person).cloned()),
        at: one.at,
    };
    Ok(rows.into_iter().map(past).collect())
}
