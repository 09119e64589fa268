//! What a month's run bills of meters: the readings of the month as they come, night after night; when the month is
//! over, what was not read is estimated by the last three readings, marked, and put right by the next.

use std::collections::{HashMap, HashSet};

use diesel::dsl;
use diesel::prelude::*;

use super::readings::{Reading, Source, State, known};
use super::register::{Kind, Meter};
use super::rules::{Before, Metered, by_tiers, undone_until};
use crate::billing::items::{By, FeeItem};
use crate::billing::{LeftOut, Reason};
use crate::db::schema::{fee_items, homes, measured, meter_readings, meters, tariff_tiers, tariffs};
use crate::{CommunityId, Db, FeeItemId, HomeId, Instant, LocalDate, Month, Rate, Result, community, db};

/// Works out what is read of a month and not yet worked out, in one transaction. Whether there was anything.
pub(crate) fn prepare(tx: &mut Db, community: CommunityId, period: Month, now: Instant) -> Result<bool> {
    let (items, mut any) = (items(tx, community)?, false);
    if !items.is_empty() {
        // A reading that is put right at this moment is worked out as it was, or as it is.
        db::lock_rows(tx, &format!("SELECT id FROM meters WHERE community_id = {community} ORDER BY id"))?;
    }
    for item in items {
        if community::by_id(tx, community)?.today(now)? > period.last_day() {
            any |= estimate(tx, &item, period, now)?;
        }
        any |= measure(tx, &item, (period, now), None)?;
    }
    Ok(any)
}

fn items(db: &mut Db, community: CommunityId) -> Result<Vec<FeeItem>> {
    let rows = fee_items::table
        .filter(fee_items::community_id.eq(community.0).and(fee_items::basis.eq(By::Meter)))
        .order(fee_items::register_order);
    Ok(rows.select(FeeItem::as_select()).load(db)?)
}

/// The meters that an item is charged for and that are there in a month, or whose last reading closes it, with their
/// homes' places in the register.
fn charged(db: &mut Db, item: &FeeItem, period: Month, only: Option<HomeId>) -> Result<Vec<(Meter, i64)>> {
    let ended = item.ends_on.is_some_and(|day| day < period.first_day());
    let (Some(kind), false) = (item.meter, ended) else { return Ok(Vec::new()) };
    let closes = meter_readings::table
        .filter(meter_readings::community_id.eq(item.community_id.0).and(meter_readings::period.eq(period)))
        .filter(meter_readings::state.eq_any(State::COUNTS))
        .select(meter_readings::meter_id);
    let gone = meters::removed_on.lt(period.first_day()).and(meters::id.ne_all(closes));
    let mut rows = meters::table
        .inner_join(homes::table.on(homes::id.eq(meters::home_id)))
        .filter(homes::community_id.eq(item.community_id.0).and(homes::use_kind.eq(item.applies_to.as_str())))
        .filter(homes::delivered_on.le(period.last_day()))
        .filter(meters::kind.eq(kind).and(meters::installed_on.le(period.last_day())))
        .filter(meters::removed_on.is_null().or(dsl::not(gone)))
        .into_boxed();
    if let Some(only) = only {
        rows = rows.filter(homes::id.eq(only.0));
    }
    let rows = rows.order((homes::register_order, meters::installed_on, meters::id));
    Ok(rows.select((Meter::as_select(), homes::register_order)).load(db)?)
}

/// The readings of a month that count, by meter; of one home, where one is given.
fn of_month(
    db: &mut Db,
    community: CommunityId,
    period: Month,
    only: Option<HomeId>,
) -> Result<HashMap<i64, Reading>> {
    let mut rows = meter_readings::table
        .filter(meter_readings::community_id.eq(community.0).and(meter_readings::period.eq(period)))
        .filter(meter_readings::state.eq(State::Good))
        .into_boxed();
    if let Some(only) = only {
        let theirs = meters::table.filter(meters::home_id.eq(only.0)).select(meters::id);
        rows = rows.filter(meter_readings::meter_id.eq_any(theirs));
    }
    let rows: Vec<Reading> = rows.select(Reading::as_select()).load(db)?;
    Ok(rows.into_iter().map(|reading| (reading.meter_id.0, reading)).collect())
}

/// What nobody has read of a month, with what to estimate by; what waits to be looked at, was never read before, or
/// was taken out is left alone.
fn missing(db: &mut Db, item: &FeeItem, period: Month) -> Result<Vec<(Meter, Before, i64)>> {
    let mut missing = Vec::new();
    for (meter, _) in charged(db, item, period, None)? {
        let latest: Vec<Reading> = meter_readings::table
            .filter(meter_readings::meter_id.eq(meter.id.0).and(meter_readings::state.eq_any(State::COUNTS)))
            .order((meter_readings::period.desc(), meter_readings::id.desc()))
            .limit(12)
            .select(Reading::as_select())
            .load(db)?;
        let before = known(&meter, &latest);
        let settled = |reading: &Reading| reading.period >= period || reading.state == State::Held;
        if let (false, None, Some(usual)) =
            (latest.first().is_some_and(settled), meter.removed_on, before.usual)
        {
            missing.push((meter, before, usual));
        }
    }
    Ok(missing)
}

/// Whether a month that is over has something to estimate.
pub(crate) fn unread(db: &mut Db, community: CommunityId, period: Month, today: LocalDate) -> Result<bool> {
    if today <= period.last_day() {
        return Ok(false);
    }
    for item in items(db, community)? {
        if !missing(db, &item, period)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn estimate(tx: &mut Db, item: &FeeItem, period: Month, now: Instant) -> Result<bool> {
    let missing = missing(tx, item, period)?;
    for (meter, before, usual) in &missing {
        let upto = before.upto + usual;
        let row = (
            meter_readings::community_id.eq(meter.community_id),
            meter_readings::meter_id.eq(meter.id),
            meter_readings::period.eq(period),
            meter_readings::read_on.eq(period.last_day()),
            meter_readings::value.eq(upto),
            meter_readings::since.eq(before.upto),
            meter_readings::upto.eq(upto),
            meter_readings::dial.eq(usual),
            meter_readings::source.eq(Source::Estimate),
            meter_readings::state.eq(State::Good),
            meter_readings::at.eq(now),
        );
        diesel::insert_into(meter_readings::table).values(row).execute(tx)?;
    }
    Ok(!missing.is_empty())
}

/// Works out what a home has used in a month, by every item that is charged for its meters, as far as it was read and
/// cannot be taken back.
pub fn measure_home(
    tx: &mut Db,
    (community, home): (CommunityId, HomeId),
    period: Month,
    now: Instant,
) -> Result<()> {
    db::lock_rows(tx, &format!("SELECT id FROM meters WHERE home_id = {home} ORDER BY id"))?;
    for item in items(tx, community)? {
        measure(tx, &item, (period, now), Some(home))?;
    }
    Ok(())
}

/// Where residents sent what could be taken back and now cannot, and was not worked out: homes and months, those of the
/// month before and later.
pub fn to_measure(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<(HomeId, Month)>> {
    let since = Month::of(community::by_id(db, community)?.today(now)?).prev();
    let sent: Vec<(HomeId, String, Month, Kind, Instant)> = meter_readings::table
        .inner_join(meters::table.on(meters::id.eq(meter_readings::meter_id)))
        .filter(meter_readings::community_id.eq(community.0).and(meter_readings::period.ge(since)))
        .filter(meter_readings::source.eq(Source::Resident).and(meter_readings::state.eq(State::Good)))
        .order(meter_readings::id)
        .select((meters::home_id, meters::number, meter_readings::period, meters::kind, meter_readings::at))
        .load(db)?;
    let mut left = Vec::new();
    for item in items(db, community)? {
        let done = measured::table
            .filter(measured::community_id.eq(community.0).and(measured::fee_item_id.eq(item.id.0)))
            .filter(measured::period.ge(since))
            .select((measured::home_id, measured::subject, measured::period));
        let done: HashSet<(HomeId, String, Month)> = done.load(db)?.into_iter().collect();
        let waits = sent.iter().filter(|one| item.meter == Some(one.3) && now > undone_until(one.4));
        let waits = waits.filter(|one| !done.contains(&(one.0, one.1.clone(), one.2)));
        left.extend(waits.map(|one| (one.0, one.2)));
    }
    left.sort_unstable();
    left.dedup();
    Ok(left)
}

/// Whether a month's reading of a meter was worked out.
pub(super) fn was_measured(db: &mut Db, meter: &Meter, period: Month) -> Result<bool> {
    let rows = measured::table
        .filter(measured::community_id.eq(meter.community_id.0).and(measured::period.eq(period)))
        .filter(measured::home_id.eq(meter.home_id.0).and(measured::subject.eq(&meter.number)))
        .filter(measured::basis.like("meter:%"));
    Ok(rows.count().get_result::<i64>(db)? > 0)
}

/// Works out the amounts of the readings that count and were not worked out yet.
fn measure(
    tx: &mut Db,
    item: &FeeItem,
    (period, now): (Month, Instant),
    only: Option<HomeId>,
) -> Result<bool> {
    let tiers = tiers(tx, item.id, period)?;
    if tiers.is_empty() {
        return Ok(false);
    }
    let readings = of_month(tx, item.community_id, period, only)?;
    let (done, mut used) = measured_before(tx, item, period, only)?;
    let mut any = false;
    for (meter, order) in charged(tx, item, period, only)? {
        let known = done.contains(&(meter.home_id.0, meter.number.clone()));
        let reading = readings.get(&meter.id.0).filter(|reading| reading.is_final(now));
        let (Some(reading), false) = (reading, known) else { continue };
        let quantity = reading.dial * meter.multiplier;
        let used = used.entry(meter.home_id.0).or_default();
        let basis = Metered {
            from: reading.since,
            to: if reading.source == Source::Estimate { reading.upto } else { reading.value },
            multiplier: meter.multiplier,
            parts: by_tiers(*used, quantity, &tiers),
            estimated: reading.source == Source::Estimate,
        };
        *used += quantity;
        keep(tx, item, (&meter, order, period), (quantity, &basis))?;
        any = true;
    }
    Ok(any)
}

/// What was worked out before: of which home and meter, and how much each home has used of the month's tiers.
type Known = (HashSet<(i64, String)>, HashMap<i64, i64>);

fn measured_before(db: &mut Db, item: &FeeItem, period: Month, only: Option<HomeId>) -> Result<Known> {
    let mut rows = measured::table
        .filter(measured::community_id.eq(item.community_id.0).and(measured::period.eq(period)))
        .filter(measured::fee_item_id.eq(item.id.0))
        .into_boxed();
    if let Some(only) = only {
        rows = rows.filter(measured::home_id.eq(only.0));
    }
    let rows: Vec<(i64, String, i64)> =
        rows.select((measured::home_id, measured::subject, measured::quantity)).load(db)?;
    let mut used: HashMap<i64, i64> = HashMap::new();
    for (home, _, quantity) in &rows {
        *used.entry(*home).or_default() += quantity;
    }
    Ok((rows.into_iter().map(|(home, subject, _)| (home, subject)).collect(), used))
}

fn keep(
    tx: &mut Db,
    item: &FeeItem,
    (meter, order, period): (&Meter, i64, Month),
    (quantity, basis): (i64, &Metered),
) -> Result<()> {
    let row = (
        measured::community_id.eq(item.community_id),
        measured::period.eq(period),
        measured::fee_item_id.eq(item.id),
        measured::home_order.eq(order),
        measured::subject.eq(&meter.number),
        measured::home_id.eq(meter.home_id),
        measured::quantity.eq(quantity),
        measured::amount_fen.eq(basis.amount()),
        measured::basis.eq(basis.to_string()),
    );
    diesel::insert_into(measured::table).values(row).execute(tx)?;
    Ok(())
}

/// The rates of the tariff that holds on a month's first day, above which quantity; nothing where there is none.
fn tiers(db: &mut Db, item: FeeItemId, period: Month) -> Result<Vec<(i64, Rate)>> {
    let holds = tariffs::table
        .filter(tariffs::fee_item_id.eq(item.0).and(tariffs::starts_on.le(period.first_day())))
        .order(tariffs::starts_on.desc());
    let Some((tariff, first)) =
        holds.select((tariffs::id, tariffs::rate)).first::<(i64, Rate)>(db).optional()?
    else {
        return Ok(Vec::new());
    };
    let above = tariff_tiers::table.filter(tariff_tiers::tariff_id.eq(tariff)).order(tariff_tiers::above);
    let above: Vec<(i64, Rate)> = above.select((tariff_tiers::above, tariff_tiers::rate)).load(db)?;
    Ok(std::iter::once((0, first)).chain(above).collect())
}

/// The meters that a month bills nothing of: with nothing to estimate by, for they were never read or are gone
/// without a last reading; or with a reading, of this month or one before, that waits.
pub(crate) fn left_out(db: &mut Db, community: CommunityId, period: Month) -> Result<Vec<LeftOut>> {
    let theirs = || meter_readings::table.filter(meter_readings::community_id.eq(community.0));
    let held = theirs().filter(meter_readings::state.eq(State::Held).and(meter_readings::period.le(period)));
    let held: HashSet<i64> = held.select(meter_readings::meter_id).load(db)?.into_iter().collect();
    let read = theirs().filter(meter_readings::state.eq_any(State::COUNTS)).select(meter_readings::meter_id);
    let read: HashSet<i64> = read.distinct().load(db)?.into_iter().collect();
    let of_month = of_month(db, community, period, None)?;
    let mut left = Vec::new();
    for item in items(db, community)? {
        for (meter, _) in charged(db, &item, period, None)? {
            let id = meter.id.0;
            let known = of_month.contains_key(&id) || (read.contains(&id) && meter.removed_on.is_none());
            let reason = match (held.contains(&id), known) {
                (true, _) => Reason::Held,
                (false, false) => Reason::NotRead,
                (false, true) => continue,
            };
            if left.len() == MOST {
                return Ok(left);
            }
            let home = homes::table.find(meter.home_id.0).select(homes::code);
            left.push(LeftOut { home: home.first(db)?, what: meter.number, reason });
        }
    }
    Ok(left)
}

/// How many meters that were left out a report names.
const MOST: usize = 500;
