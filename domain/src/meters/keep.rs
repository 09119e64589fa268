//! The register kept by hand: a meter is put in, exchanged 换表 or taken out, each with what its dial said on the day.

use diesel::prelude::*;

use super::bill::measure_home;
use super::readings::{self, Judged, NewReading, Reading, Source, State, known};
use super::register::{Meter, NewMeter, by_number, write};
use super::rules::usage;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{homes, meter_readings, meters};
use crate::{
    CommunityId, Db, Error, FieldError, HomeId, Instant, LocalDate, MeterId, Month, Result, community, db,
};

/// What the dial of a meter said when it was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// On which day.
    pub day: LocalDate,
    /// What it said, in hundredths.
    pub value: i64,
    /// Whether it has run past its end since it was last read.
    pub turned: bool,
}

/// The meter that comes in another's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// The number on it.
    pub number: String,
    /// By what its dial is multiplied.
    pub multiplier: i64,
    /// Where its dial begins again, in hundredths.
    pub turns_at: i64,
    /// What it said when it was put in.
    pub first_reading: i64,
}

/// The highest multiplier.
const MOST_TIMES: i64 = 100_000;
/// The longest dial, in hundredths.
const LONGEST: i64 = 10_000_000_000;

/// The home of a code, for who keeps the register of meters.
///
/// # Errors
/// On the field `home` where there is none.
pub fn home(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, code: &str) -> Result<HomeId> {
    allow(db, actor, now, Action::KeepMeters, Object::Community(community))?;
    let found = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(code.trim())));
    let found: Option<HomeId> = found.select(homes::id).first(db).optional()?;
    found.ok_or_else(|| Error::field("home", "unknown_home"))
}

/// Registers a meter of a home.
///
/// # Errors
/// By field: a number that is there already, a day to come, a dial that cannot be.
pub fn add(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewMeter,
) -> Result<MeterId> {
    allow(tx, actor, now, Action::KeepMeters, Object::Community(community))?;
    let home = homes::table.find(new.home.0).filter(homes::community_id.eq(community.0));
    home.select(homes::id).first::<i64>(tx)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let mut wrong = fit(new);
    if by_number(tx, community, new.kind, &new.number)?.is_some() {
        wrong.push(FieldError::new("number", "meter_known"));
    }
    if new.installed_on > today {
        wrong.push(FieldError::new("installed_on", "reading_future"));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    write(tx, community, None, new)?;
    let made = by_number(tx, community, new.kind, &new.number)?.ok_or(Error::NotFound)?.id;
    audit::write(tx, actor, now, &Line::new(community, "meter.add", "meter", made.0))?;
    Ok(made)
}

/// What of a meter cannot be.
fn fit(new: &NewMeter) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.number.trim().is_empty() {
        wrong.push(FieldError::new("number", "required"));
    }
    if !(1..=MOST_TIMES).contains(&new.multiplier) {
        wrong.push(FieldError::new("multiplier", "between").with("least", 1).with("most", MOST_TIMES));
    }
    if !(1..=LONGEST).contains(&new.turns_at) {
        wrong.push(FieldError::new("turns_at", "out_of_bounds"));
    }
    if new.first_reading < 0 || new.first_reading >= new.turns_at {
        wrong.push(FieldError::new("first_reading", "reading_beyond"));
    }
    wrong
}

/// Takes a meter out for good, with what its dial said last.
///
/// # Errors
/// Gone already (`meter.gone`); by field: a day before it was put in or last read, or to come (`day`); below the last
/// reading or beyond the dial, or while one waits (`last`).
pub fn end(tx: &mut Db, actor: &Actor, now: Instant, id: MeterId, last: Last) -> Result<Meter> {
    let meter = take_out(tx, actor, now, id, last)?;
    audit::write(tx, actor, now, &Line::new(meter.community_id, "meter.end", "meter", id.0))?;
    Ok(meter)
}

/// Exchanges a meter: the old one is taken out with what it said last, the new one goes on from the same day.
///
/// # Errors
/// As [`end`] for the old one; by field what cannot be of the new one.
pub fn exchange(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: MeterId,
    (last, next): (Last, &Successor),
) -> Result<MeterId> {
    let meter = take_out(tx, actor, now, id, last)?;
    let new = NewMeter {
        home: meter.home_id,
        kind: meter.kind,
        number: next.number.trim().to_owned(),
        multiplier: next.multiplier,
        turns_at: next.turns_at,
        installed_on: last.day,
        first_reading: next.first_reading,
        removed_on: None,
    };
    let made = add(tx, actor, now, meter.community_id, &new)?;
    audit::write(tx, actor, now, &Line::new(meter.community_id, "meter.exchange", "meter", id.0))?;
    Ok(made)
}

fn take_out(tx: &mut Db, actor: &Actor, now: Instant, id: MeterId, last: Last) -> Result<Meter> {
    let meter: Meter = meters::table.find(id.0).select(Meter::as_select()).first(tx)?;
    allow(tx, actor, now, Action::KeepMeters, Object::Community(meter.community_id)).map_err(hidden)?;
    db::lock(tx, "meters", id.0)?;
    let meter: Meter = meters::table.find(id.0).select(Meter::as_select()).first(tx)?;
    if meter.removed_on.is_some() {
        return Err(Error::refused("meter.gone", vec![]));
    }
    let today = community::by_id(tx, meter.community_id)?.today(now)?;
    if last.day > today {
        return Err(Error::field("day", "reading_future"));
    }
    if last.day < meter.installed_on {
        return Err(Error::field("day", "meter_not_there"));
    }
    read_last(tx, actor, (now, today), &meter, last)?;
    diesel::update(meters::table.find(id.0)).set(meters::removed_on.eq(last.day)).execute(tx)?;
    Ok(meter)
}

/// The last reading closes its month; where that was read before, what ran through since is billed with the next, as
/// its bill may be out.
fn read_last(
    tx: &mut Db,
    actor: &Actor,
    (now, today): (Instant, LocalDate),
    meter: &Meter,
    last: Last,
) -> Result<()> {
    let all = meter_readings::table
        .filter(meter_readings::meter_id.eq(meter.id.0).and(meter_readings::state.eq_any(State::COUNTS)))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .limit(12)
        .select(Reading::as_select());
    let all: Vec<Reading> = all.load(tx)?;
    let latest = all.first();
    if latest.is_some_and(|one| one.state == State::Held) {
        return Err(Error::field("last", "reading_waits"));
    }
    if latest.is_some_and(|one| one.read_on > last.day) {
        return Err(Error::field("day", "read_after"));
    }
    let before = known(meter, &all);
    if last.value >= meter.turns_at {
        return Err(Error::field("last", "reading_beyond"));
    }
    let used = usage(before, last.value, last.turned.then_some(meter.turns_at));
    let used = used.map_err(|code| Error::field("last", code))?;
    let own = Month::of(last.day);
    let period = latest.map_or(own, |one| own.max(one.period.next()));
    if period > own && used.dial == 0 {
        return Ok(());
    }
    // Taken out within a month it has run through little; only much of it is odd.
    let much = used.odd && before.usual.is_some_and(|usual| used.dial > usual);
    let state = if much { State::Held } else { State::Good };
    let judged = Judged { since: before.upto, upto: used.upto, dial: used.dial, state, instead_of: None };
    let (day, value, turned) = (last.day, last.value, last.turned);
    let new = NewReading { meter: meter.id, period, read_on: day, value, turned, source: Source::Hand };
    readings::insert(tx, actor, now, (meter, &new), judged)?;
    if state == State::Good && period <= Month::of(today) {
        measure_home(tx, (meter.community_id, meter.home_id), period, now)?;
    }
    Ok(())
}

/// What the asker has no business with does not exist.
pub(super) fn hidden(error: Error) -> Error {
    match error {
        Error::NotAllowed => Error::NotFound,
        other => other,
    }
}
