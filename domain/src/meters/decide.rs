//! What the office says to a reading that waits, or that a resident sent: it counts, it counts with the figure that the
//! photo shows, or it does not count.

use diesel::prelude::*;

use super::bill::{measure_home, was_measured};
use super::readings::{self, Judged, NewReading, Reading, Source, State, by_id, known};
use super::register::Meter;
use super::rules::{Before, Decision, Standing, decisions, usage};
use super::tell;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{meter_readings, meters};
use crate::{CommunityId, Db, Error, Instant, MeterReadingId, Result, db};

/// What is decided on a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It counts as it is.
    Confirm,
    /// It counts: the dial has run past its end.
    Turned,
    /// The dial says this, as the photo shows.
    PutRight(i64),
    /// It does not count: the meter is read again.
    Refuse,
}

impl Act {
    fn decision(self) -> Decision {
        match self {
            Self::Confirm => Decision::Confirm,
            Self::Turned => Decision::Turned,
            Self::PutRight(_) => Decision::PutRight,
            Self::Refuse => Decision::Refuse,
        }
    }

    fn audited(self) -> &'static str {
        match self {
            Self::Confirm => "meter.confirm",
            Self::Turned => "meter.turned",
            Self::PutRight(_) => "meter.put_right",
            Self::Refuse => "meter.refuse",
        }
    }
}

/// Decides on a reading, and tells the resident who sent it.
///
/// What a bill was worked out from stays billed: a figure put right then bills the rest with the next reading, or
/// nothing until the dial has passed what was billed, as after an estimate.
///
/// # Errors
/// Refused where it has been decided on, or was not for the office to decide (`meter.not_held`); at `value` a figure
/// below the last, or beyond the dial.
pub fn decide(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, MeterReadingId),
    act: Act,
) -> Result<()> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    let found = by_id(tx, id)?;
    let meter: Meter = meters::table.find(found.meter_id.0).select(Meter::as_select()).first(tx)?;
    if meter.community_id != community {
        return Err(Error::NotFound);
    }
    db::lock(tx, "meters", meter.id.0)?;
    let found = by_id(tx, id)?;
    let before = before(tx, &meter, &found)?;
    if !decisions(standing(tx, &found, before)?).contains(&act.decision()) {
        return Err(Error::refused("meter.not_held", vec![]));
    }
    match act {
        Act::Confirm => become_(tx, id, (State::Good, found.upto, found.dial))?,
        Act::Refuse => become_(tx, id, (State::Refused, found.upto, found.dial))?,
        Act::Turned => {
            let used = usage(before, found.value, Some(meter.turns_at));
            let used = used.map_err(|code| Error::field("value", code))?;
            become_(tx, id, (State::Good, used.upto, used.dial))?;
        }
        Act::PutRight(value) => put_right(tx, actor, now, (&meter, &found, before), value)?,
    }
    if act != Act::Refuse {
        measure_home(tx, (community, meter.home_id), found.period, now)?;
    }
    tell::sender(tx, now, (&meter, &found), act)?;
    audit::write(tx, actor, now, &Line::new(community, act.audited(), "meter_reading", id.0))
}

/// What is known of a meter before a reading of it.
pub(super) fn before(db: &mut Db, meter: &Meter, reading: &Reading) -> Result<Before> {
    let latest: Vec<Reading> = meter_readings::table
        .filter(meter_readings::meter_id.eq(meter.id.0).and(meter_readings::state.eq_any(State::COUNTS)))
        .filter(meter_readings::period.lt(reading.period))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .limit(12)
        .select(Reading::as_select())
        .load(db)?;
    Ok(known(meter, &latest))
}

/// How a reading stands.
pub(super) fn standing(db: &mut Db, reading: &Reading, before: Before) -> Result<Standing> {
    let later = meter_readings::table
        .filter(
            meter_readings::meter_id.eq(reading.meter_id.0).and(meter_readings::period.gt(reading.period)),
        )
        .filter(meter_readings::state.eq_any(State::COUNTS));
    Ok(Standing {
        state: reading.state,
        sent: reading.source == Source::Resident,
        last: later.count().get_result::<i64>(db)? == 0,
        below: reading.value < before.actual && reading.upto != reading.value,
    })
}

fn become_(tx: &mut Db, id: MeterReadingId, (state, upto, dial): (State, i64, i64)) -> Result<()> {
    let set = (meter_readings::state.eq(state), meter_readings::upto.eq(upto), meter_readings::dial.eq(dial));
    diesel::update(meter_readings::table.find(id.0)).set(set).execute(tx)?;
    Ok(())
}

/// The reading stands refused, with its photo, and another in its place.
fn put_right(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (meter, old, before): (&Meter, &Reading, Before),
    value: i64,
) -> Result<()> {
    if value > meter.turns_at {
        return Err(Error::field("value", "reading_beyond"));
    }
    let used = usage(before, value, None).map_err(|code| Error::field("value", code))?;
    // What was worked out from it stands.
    let billed = old.state == State::Good && was_measured(tx, meter, old.period)?;
    let (upto, dial) = if billed { (old.upto, old.dial) } else { (used.upto, used.dial) };
    become_(tx, old.id, (State::Refused, old.upto, old.dial))?;
    let judged = Judged { since: old.since, upto, dial, state: State::Good, instead_of: Some(old.id) };
    let new = NewReading {
        meter: meter.id,
        period: old.period,
        read_on: old.read_on,
        value,
        turned: false,
        source: Source::Hand,
    };
    readings::insert(tx, actor, now, (meter, &new), judged).map(|_| ())
}
