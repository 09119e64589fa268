//! What residents read themselves 住户自报: of the meters of a home that they live in or own, for the present month, with
//! a photo. What cannot be or is odd waits for the office; all of it can be taken back for ten minutes, and is not
//! billed before.

use diesel::prelude::*;

use super::readings::{self, Judged, NewReading, Reading, Source, State, by_id, known};
use super::register::Meter;
use super::rules::{Usage, sent, undone_until};
use crate::access::{Action, Actor, Object, allow};
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::db::schema::{meter_readings, meters};
use crate::{
    AttachmentId, CommunityId, Db, Error, HomeId, Instant, LocalDate, MeterId, MeterReadingId, Month, Result,
    community, db, homes,
};

/// A meter of one's home, with what is known of it.
#[derive(Debug, Clone)]
pub struct OwnMeter {
    /// The meter.
    pub meter: Meter,
    /// The month that a reading closes now.
    pub period: Month,
    /// What the dial said last, before this month.
    pub last: i64,
    /// In which month; none where it was never read.
    pub last_period: Option<Month>,
    /// What stands in the way of another reading: the one of this month, or one that waits.
    pub reading: Option<Sent>,
    /// What the office did not take of this month, where nothing came since.
    pub refused: Option<i64>,
    before: super::rules::Before,
}

/// A reading as residents see it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its id.
    pub id: MeterReadingId,
    /// What the dial said.
    pub value: i64,
    /// What it comes to, by the multiplier.
    pub used: i64,
    /// How it came.
    pub source: Source,
    /// Whether it counts.
    pub state: State,
    /// Until when who asks can take it back.
    pub undo_until: Option<Instant>,
}

/// A reading that a resident sends.
#[derive(Debug, Clone)]
pub struct NewOwn {
    /// The meter.
    pub meter: MeterId,
    /// What the dial says, in hundredths.
    pub value: i64,
    /// The dial, so that the office can see what is odd without coming.
    pub photos: Vec<AttachmentId>,
}

impl OwnMeter {
    /// What a figure would come to.
    pub fn would_be(&self, value: i64) -> Usage {
        sent(self.before, value)
    }
}

/// The meters of a home that are there today, for who may send what they read.
///
/// # Errors
/// Not found where the home is none of theirs.
pub fn own_meters(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
) -> Result<Vec<OwnMeter>> {
    allow(db, actor, now, Action::SendReading, Object::Home(community, home))?;
    let today = community::by_id(db, community)?.today(now)?;
    let rows = meters::table
        .filter(meters::home_id.eq(home.0).and(meters::installed_on.le(today)))
        .filter(meters::removed_on.is_null().or(meters::removed_on.gt(today)))
        .order((meters::kind, meters::id));
    let rows: Vec<Meter> = rows.select(Meter::as_select()).load(db)?;
    rows.into_iter().map(|meter| own(db, (actor, now), today, meter)).collect()
}

/// A meter of one's own home.
///
/// # Errors
/// Not found where it is none of theirs.
pub fn own_meter(db: &mut Db, actor: &Actor, now: Instant, id: MeterId) -> Result<OwnMeter> {
    let meter: Meter = meters::table.find(id.0).select(Meter::as_select()).first(db)?;
    let all = own_meters(db, actor, now, (meter.community_id, meter.home_id))?;
    all.into_iter().find(|one| one.meter.id == id).ok_or(Error::NotFound)
}

/// The code of the home whose meter somebody has read, for who may send its readings.
///
/// # Errors
/// Not found where it is none of theirs.
pub fn home_of_sent(db: &mut Db, actor: &Actor, now: Instant, id: MeterReadingId) -> Result<String> {
    let meter = by_id(db, id)?.meter_id;
    let home = own_meter(db, actor, now, meter)?.meter.home_id;
    homes::codes(db, &[home])?.into_values().next().ok_or(Error::NotFound)
}

/// Whether a home has a meter that its residents can read.
pub fn has_meters(db: &mut Db, home: HomeId, today: LocalDate) -> Result<bool> {
    let there = meters::table
        .filter(meters::home_id.eq(home.0).and(meters::installed_on.le(today)))
        .filter(meters::removed_on.is_null().or(meters::removed_on.gt(today)));
    Ok(there.count().get_result::<i64>(db)? > 0)
}

fn own(db: &mut Db, (actor, now): (&Actor, Instant), today: LocalDate, meter: Meter) -> Result<OwnMeter> {
    let period = Month::of(today);
    let all = meter_readings::table
        .filter(meter_readings::meter_id.eq(meter.id.0))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .limit(24)
        .select(Reading::as_select());
    let mut all: Vec<Reading> = all.load(db)?;
    let refused = all.first().filter(|one| one.period == period && one.state == State::Refused);
    let refused = refused.filter(|one| one.source == Source::Resident).map(|one| one.value);
    all.retain(|reading| State::COUNTS.contains(&reading.state));
    let stands = |one: &Reading| one.period >= period || one.state == State::Held;
    let reading = all.iter().find(|one| stands(one)).map(|one| seen(&meter, actor, now, one));
    all.retain(|one| one.period < period);
    let read = all.iter().find(|one| one.source != Source::Estimate);
    Ok(OwnMeter {
        last: read.map_or(meter.first_reading, |one| one.value),
        last_period: read.map(|one| one.period),
        before: known(&meter, &all),
        period,
        reading,
        refused,
        meter,
    })
}

fn seen(meter: &Meter, actor: &Actor, now: Instant, one: &Reading) -> Sent {
    let mine = one.source == Source::Resident && one.by_id.is_some() && one.by_id == actor.person;
    Sent {
        id: one.id,
        value: one.value,
        used: one.dial * meter.multiplier,
        source: one.source,
        state: one.state,
        undo_until: Some(undone_until(one.at)).filter(|until| mine && now <= *until),
    }
}

/// Sends what one has read.
///
/// # Errors
/// Not found where the meter is none of theirs; by field: no photo, beyond the dial, a month that was read already or
/// a reading before that still waits.
pub fn send(tx: &mut Db, actor: &Actor, now: Instant, new: &NewOwn) -> Result<MeterReadingId> {
    let meter = own_meter(tx, actor, now, new.meter)?.meter;
    db::lock(tx, "meters", meter.id.0)?;
    let found = own_meter(tx, actor, now, new.meter)?;
    match found.reading.as_ref().map(|reading| reading.state) {
        Some(State::Held) => return Err(Error::field("value", "reading_looked_at")),
        Some(_) => return Err(Error::field("value", "read_already")),
        None => {}
    }
    if new.value >= meter.turns_at {
        return Err(Error::field("value", "reading_beyond"));
    }
    if new.photos.is_empty() {
        return Err(Error::field("files", "photo_of_dial"));
    }
    let used = found.would_be(new.value);
    let judged = Judged {
        since: found.before.upto,
        upto: used.upto,
        dial: used.dial,
        state: if used.odd { State::Held } else { State::Good },
        instead_of: None,
    };
    let today = community::by_id(tx, meter.community_id)?.today(now)?;
    let reading = NewReading {
        meter: meter.id,
        period: found.period,
        read_on: today,
        value: new.value,
        turned: false,
        source: Source::Resident,
    };
    let id = readings::insert(tx, actor, now, (&meter, &reading), judged)?;
    attachments::attach(tx, actor, Subject::MeterReading(id), "reading", &new.photos)?;
    audit::write(tx, actor, now, &Line::new(meter.community_id, "meter.send", "meter_reading", id.0))?;
    Ok(id)
}

/// Takes back what one has sent, within ten minutes: the meter can be read again. Gives the home.
///
/// # Errors
/// Not found where they did not send it; decided on meanwhile (`meter.decided`), read again since (`meter.read_since`),
/// or too late (`meter.undo_time`).
pub fn take_back(tx: &mut Db, actor: &Actor, now: Instant, id: MeterReadingId) -> Result<HomeId> {
    let found = by_id(tx, id)?;
    let meter = own_meter(tx, actor, now, found.meter_id)?.meter;
    if found.source != Source::Resident || found.by_id.is_none() || found.by_id != actor.person {
        return Err(Error::NotFound);
    }
    db::lock(tx, "meters", meter.id.0)?;
    let found = by_id(tx, id)?;
    let before = super::decide::before(tx, &meter, &found)?;
    let refusal = if !State::COUNTS.contains(&found.state) {
        "meter.decided"
    } else if !super::decide::standing(tx, &found, before)?.last {
        "meter.read_since"
    } else if now > undone_until(found.at) {
        "meter.undo_time"
    } else {
        let row = diesel::update(meter_readings::table.find(id.0));
        row.set(meter_readings::state.eq(State::TakenBack)).execute(tx)?;
        audit::write(
            tx,
            actor,
            now,
            &Line::new(meter.community_id, "meter.take_back", "meter_reading", id.0),
        )?;
        return Ok(meter.home_id);
    };
    Err(Error::refused(refusal, vec![]))
}
