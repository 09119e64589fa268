//! Readings: entered from a sheet of homes or from a file, and judged against those before.

use diesel::prelude::*;

use super::bill::measure_home;
use super::register::{Kind, Meter};
use super::rules::{Before, Usage, undone_until, usage, usual};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{buildings, homes, meter_readings, meters};
use crate::{
    CommunityId, Db, Error, FieldError, Instant, LocalDate, MeterId, MeterReadingId, Month, PersonId, Result,
    community, db,
};

crate::words! {
    /// How a reading came.
    Source {
        /// Somebody of the office read it.
        Hand = "hand",
        /// It stood in a file.
        Import = "import",
        /// Nobody read it: it was estimated.
        Estimate = "estimate",
        /// Somebody of the home sent it with a photo.
        Resident = "resident",
    }
}

crate::words! {
    /// Whether a reading counts.
    State {
        /// It does.
        Good = "good",
        /// It is odd, and waits for somebody to look at it.
        Held = "held",
        /// Somebody looked, and it does not.
        Refused = "refused",
        /// Who sent it took it back.
        TakenBack = "taken_back",
    }
}

impl State {
    /// Those of what stands, though it may wait: one in a month.
    pub(super) const COUNTS: [Self; 2] = [Self::Good, Self::Held];
}

/// A reading as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meter_readings)]
pub(super) struct Reading {
    pub(super) id: MeterReadingId,
    pub(super) meter_id: MeterId,
    pub(super) period: Month,
    pub(super) value: i64,
    pub(super) since: i64,
    pub(super) upto: i64,
    pub(super) dial: i64,
    pub(super) source: Source,
    pub(super) state: State,
    pub(super) read_on: LocalDate,
    pub(super) by_id: Option<PersonId>,
    pub(super) at: Instant,
    pub(super) instead_of: Option<MeterReadingId>,
}

impl Reading {
    /// Whether it can be billed: what a resident sent stands once it cannot be taken back any more.
    pub(super) fn is_final(&self, now: Instant) -> bool {
        self.source != Source::Resident || now > undone_until(self.at)
    }
}

pub(super) fn by_id(db: &mut Db, id: MeterReadingId) -> Result<Reading> {
    Ok(meter_readings::table.find(id.0).select(Reading::as_select()).first(db)?)
}

/// The community of a reading.
pub fn community_of(db: &mut Db, id: MeterReadingId) -> Result<CommunityId> {
    Ok(meter_readings::table.find(id.0).select(meter_readings::community_id).first(db)?)
}

/// A reading that somebody brings.
#[derive(Debug, Clone)]
pub struct NewReading {
    /// The meter.
    pub meter: MeterId,
    /// The month that it closes.
    pub period: Month,
    /// When it was read.
    pub read_on: LocalDate,
    /// What the dial said, in hundredths.
    pub value: i64,
    /// Whether the dial has run past its end since.
    pub turned: bool,
    /// How it came.
    pub source: Source,
}

/// Takes readings, all of them or none; one that is odd is held until somebody looks at it.
///
/// # Errors
/// Of each, at `value_<meter>`: below the last or beyond the dial; a day in the future, or when the meter was not
/// there; a month that was read already.
pub fn read_all(tx: &mut Db, actor: &Actor, now: Instant, all: &[NewReading]) -> Result<()> {
    let mut wrong: Vec<FieldError> = Vec::new();
    for new in all {
        match read(tx, actor, now, new) {
            Ok(_) => {}
            Err(Error::Invalid(fields)) => wrong.extend(
                fields.into_iter().map(|one| FieldError { field: format!("value_{}", new.meter), ..one }),
            ),
            Err(other) => return Err(other),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Takes one reading.
///
/// # Errors
/// As [`read_all`], at `value`.
pub fn read(tx: &mut Db, actor: &Actor, now: Instant, new: &NewReading) -> Result<State> {
    let meter: Meter = meters::table.find(new.meter.0).select(Meter::as_select()).first(tx)?;
    allow(tx, actor, now, Action::ReadMeter, Object::Community(meter.community_id))?;
    db::lock(tx, "meters", meter.id.0)?;
    let today = community::by_id(tx, meter.community_id)?.today(now)?;
    let (before, judged) = judge(tx, &meter, today, new)?;
    let state = if judged.odd { State::Held } else { State::Good };
    let judged = Judged { since: before.upto, upto: judged.upto, dial: judged.dial, state, instead_of: None };
    let id = insert(tx, actor, now, (&meter, new), judged)?;
    audit::write(tx, actor, now, &Line::new(meter.community_id, "meter.read", "meter_reading", id.0))?;
    if state == State::Good {
        measure_home(tx, (meter.community_id, meter.home_id), new.period, now)?;
    }
    Ok(state)
}

/// What a reading comes to, as its row says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub(super) since: i64,
    pub(super) upto: i64,
    pub(super) dial: i64,
    pub(super) state: State,
    /// The reading that it stands in place of.
    pub(super) instead_of: Option<MeterReadingId>,
}

/// Writes a reading down. The meter has to be locked.
pub(super) fn insert(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (meter, new): (&Meter, &NewReading),
    judged: Judged,
) -> Result<MeterReadingId> {
    let row = (
        meter_readings::community_id.eq(meter.community_id),
        meter_readings::meter_id.eq(meter.id),
        meter_readings::period.eq(new.period),
        meter_readings::read_on.eq(new.read_on),
        meter_readings::value.eq(new.value),
        meter_readings::since.eq(judged.since),
        meter_readings::upto.eq(judged.upto),
        meter_readings::dial.eq(judged.dial),
        meter_readings::source.eq(new.source),
        meter_readings::state.eq(judged.state),
        meter_readings::by_id.eq(actor.person),
        meter_readings::at.eq(now),
        meter_readings::instead_of.eq(judged.instead_of),
    );
    let made = diesel::insert_into(meter_readings::table).values(row);
    Ok(made.returning(meter_readings::id).get_result(tx)?)
}

/// What a reading would come to.
///
/// # Errors
/// As [`read`].
pub(crate) fn judge(
    db: &mut Db,
    meter: &Meter,
    today: LocalDate,
    new: &NewReading,
) -> Result<(Before, Usage)> {
    if new.read_on > today || new.period > Month::of(today) {
        return Err(Error::field("value", "reading_future"));
    }
    if new.read_on < meter.installed_on || meter.removed_on.is_some_and(|day| new.read_on > day) {
        return Err(Error::field("value", "meter_not_there"));
    }
    if new.value >= meter.turns_at {
        return Err(Error::field("value", "reading_beyond"));
    }
    let before = before(db, meter, new.period)?;
    let judged = usage(before, new.value, new.turned.then_some(meter.turns_at));
    Ok((before, judged.map_err(|code| Error::field("value", code))?))
}

/// What is known of a meter before a month's reading.
fn before(db: &mut Db, meter: &Meter, period: Month) -> Result<Before> {
    let theirs = || meter_readings::table.filter(meter_readings::meter_id.eq(meter.id.0));
    let counts = || theirs().filter(meter_readings::state.eq_any(State::COUNTS));
    let later = counts().filter(meter_readings::period.ge(period)).count().get_result::<i64>(db)?;
    if later > 0 {
        return Err(Error::field("value", "read_already"));
    }
    let held = theirs().filter(meter_readings::state.eq(State::Held)).count().get_result::<i64>(db)?;
    if held > 0 {
        return Err(Error::field("value", "reading_waits"));
    }
    let latest: Vec<Reading> = counts()
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .limit(12)
        .select(Reading::as_select())
        .load(db)?;
    Ok(known(meter, &latest))
}

/// What the latest readings, newest first, say before the next.
pub(super) fn known(meter: &Meter, latest: &[Reading]) -> Before {
    let real = || latest.iter().filter(|reading| reading.source != Source::Estimate);
    let dials: Vec<i64> = real().map(|reading| reading.dial).collect();
    Before {
        upto: latest.first().map_or(meter.first_reading, |reading| reading.upto),
        actual: real().next().map_or(meter.first_reading, |reading| reading.value),
        usual: usual(&dials),
    }
}

/// A reading as lists show it.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Its id.
    pub id: MeterReadingId,
    /// What the dial said.
    pub value: i64,
    /// Whether it counts.
    pub state: State,
    /// How it came.
    pub source: Source,
}

impl From<&Reading> for Seen {
    fn from(one: &Reading) -> Self {
        Self { id: one.id, value: one.value, state: one.state, source: one.source }
    }
}

/// A meter on a sheet, with what is known of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The meter.
    pub meter: Meter,
    /// The home's code.
    pub home: String,
    /// Its reading of the month, where it was read.
    pub reading: Option<Seen>,
    /// What the dial said last.
    pub last: i64,
}

/// The meters of a kind and building that are there in a month, in register order.
pub fn sheet(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (kind, building, period): (Kind, &str, Month),
) -> Result<Vec<Row>> {
    allow(db, actor, now, Action::ReadMeter, Object::Community(community))?;
    let rows = meters::table
        .inner_join(homes::table.on(homes::id.eq(meters::home_id)))
        .inner_join(buildings::table.on(buildings::id.eq(homes::building_id)))
        .filter(meters::community_id.eq(community.0).and(meters::kind.eq(kind)))
        .filter(buildings::code.eq(building).and(meters::installed_on.le(period.last_day())))
        .filter(meters::removed_on.is_null().or(meters::removed_on.ge(period.first_day())))
        .order((homes::register_order, meters::id))
        .select((Meter::as_select(), homes::code));
    let rows = rows.load(db)?;
    with_readings(db, rows, period)
}

fn with_readings(db: &mut Db, meters: Vec<(Meter, String)>, period: Month) -> Result<Vec<Row>> {
    let ids: Vec<i64> = meters.iter().map(|(meter, _)| meter.id.0).collect();
    let rows = meter_readings::table
        .filter(meter_readings::meter_id.eq_any(ids).and(meter_readings::state.eq_any(State::COUNTS)))
        .order((meter_readings::period.desc(), meter_readings::id.desc()))
        .select(Reading::as_select());
    let readings: Vec<Reading> = rows.load(db)?;
    let row = |(meter, home): (Meter, String)| {
        let own = || readings.iter().filter(|reading| reading.meter_id == meter.id);
        let of_month = own().find(|reading| reading.period == period);
        let real = own().find(|reading| reading.source != Source::Estimate && reading.period < period);
        Row {
            reading: of_month.map(Seen::from),
            last: real.map_or(meter.first_reading, |reading| reading.value),
            meter,
            home,
        }
    };
    Ok(meters.into_iter().map(row).collect())
}

/// The readings of a community that wait for somebody to look at them.
pub fn waiting(db: &mut Db, community: CommunityId) -> Result<Vec<Row>> {
    let rows = meter_readings::table
        .inner_join(meters::table.on(meters::id.eq(meter_readings::meter_id)))
        .inner_join(homes::table.on(homes::id.eq(meters::home_id)))
        .filter(meter_readings::community_id.eq(community.0).and(meter_readings::state.eq(State::Held)))
        .order(meter_readings::id)
        .select((Meter::as_select(), homes::code, Reading::as_select()));
    let rows: Vec<(Meter, String, Reading)> = rows.load(db)?;
    let row = |(meter, home, reading): (Meter, String, Reading)| Row {
        meter,
        home,
        last: reading.since,
        reading: Some(Seen::from(&reading)),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Whether a meter was read at just this in a month.
pub(crate) fn was_read(db: &mut Db, meter: MeterId, period: Month, value: i64) -> Result<bool> {
    let same = meter_readings::table
        .filter(meter_readings::meter_id.eq(meter.0).and(meter_readings::period.eq(period)))
        .filter(meter_readings::value.eq(value).and(meter_readings::state.eq_any(State::COUNTS)));
    Ok(same.count().get_result::<i64>(db)? > 0)
}

/// The buildings that have meters, in register order.
pub fn buildings(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let rows = buildings::table
        .inner_join(homes::table.on(homes::building_id.eq(buildings::id)))
        .inner_join(meters::table.on(meters::home_id.eq(homes::id)))
        .filter(meters::community_id.eq(community.0))
        .order(buildings::register_order)
        .select((buildings::code, buildings::register_order))
        .distinct();
    let rows: Vec<(String, i64)> = rows.load(db)?;
    Ok(rows.into_iter().map(|(code, _)| code).collect())
}
