//! Charging what has grown: looked at in the night, one charge after the other, each in a transaction of its own, as
//! often as one likes.

use chrono::Days;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Timestamp};

use super::rules::{Course, Late, Terms, grown};
use super::terms::holding;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::items::{By, FeeItem, unbilled};
use crate::billing::rules::due_on;
use crate::db::schema::{charges, fee_items, late_charges, late_looks};
use crate::ledger::{self, Charge, NewCharge};
use crate::{
    ChargeId, CommunityId, Db, FeeItemId, Fen, Instant, LocalDate, Month, Result, Zone, community, settings,
};

/// The day of its month on which a late fee is due, at the earliest.
const DUE_DAY: u32 = 25;

/// The charges that have to be looked at: late at the end of the last month, or paid off late since the last look.
pub fn due(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<ChargeId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: ChargeId,
    }
    let today = community::by_id(db, community)?.today(now)?;
    let sql = "SELECT c.id FROM charges c LEFT JOIN late_looks s ON s.charge_id = c.id \
               WHERE c.community_id = $1 AND NOT c.reversed AND c.due_on < $2 AND c.due_on >= \
               (SELECT MIN(t.starts_on) FROM late_terms t WHERE t.fee_item_id = c.fee_item_id) \
               AND ((c.paid_fen + c.waived_fen < c.amount_fen AND (s.to_on IS NULL OR s.to_on < $3)) \
               OR (c.paid_fen + c.waived_fen = c.amount_fen AND EXISTS (SELECT 1 FROM allocations a \
                   WHERE a.charge_id = c.id AND a.freed_at IS NULL AND a.at >= c.due_on \
                   AND (s.looked_at IS NULL OR a.at > s.looked_at)))) ORDER BY c.account_id, c.id";
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(today)
        .bind::<Date, _>(Month::of(today).prev().last_day())
        .load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Charges what has grown on a charge and was not charged yet; none where nothing has.
pub fn charge(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId) -> Result<Option<ChargeId>> {
    let found = ledger::charge_of(tx, id)?;
    allow(tx, actor, now, Action::Bill, Object::Community(found.community_id))?;
    ledger::lock(tx, found.account_id)?;
    let base = ledger::charge_of(tx, id)?;
    let terms = holding(tx, base.fee_item_id, base.due_on)?;
    let Some(terms) = terms.filter(|_| !base.reversed) else { return Ok(None) };
    let here = community::by_id(tx, base.community_id)?;
    let (zone, today) = (here.zone()?, here.today(now)?);
    let to = if base.open() > Fen::ZERO { Month::of(today).prev().last_day() } else { today - Days::new(1) };
    let before = charged(tx, id)?;
    // One a month: what comes behind it goes on with the next month's.
    if before.iter().any(|one| one.period == Month::of(to)) {
        return Ok(None);
    }
    let late = uncharged(tx, (&base, &terms), &before, (zone, to))?;
    look(tx, now, id, to)?;
    let Some(late) = late else { return Ok(None) };
    let made = enter(tx, actor, now, &base, (late, to))?;
    ledger::use_prepayments(tx, &[base.account_id], now)?;
    audit::write(tx, actor, now, &Line::new(base.community_id, "late_fee.charge", "charge", made.0))?;
    Ok(Some(made))
}

/// What has grown on open charges up to yesterday and is charged on the first night of the next month, or when they are
/// paid.
pub fn growing(db: &mut Db, open: &[&Charge], zone: Zone, today: LocalDate) -> Result<Fen> {
    let mut sum = Fen::ZERO;
    for base in open.iter().filter(|base| base.due_on < today && base.open() > Fen::ZERO) {
        let Some(terms) = holding(db, base.fee_item_id, base.due_on)? else { continue };
        let before = charged(db, base.id)?;
        let late = uncharged(db, (base, &terms), &before, (zone, today - Days::new(1)))?;
        sum += late.map_or(Fen::ZERO, |late| late.amount());
    }
    Ok(sum)
}

/// What has grown on a charge up to a day, beside what was charged before.
fn uncharged(
    db: &mut Db,
    (base, terms): (&Charge, &Terms),
    before: &[Charge],
    (zone, to): (Zone, LocalDate),
) -> Result<Option<Late>> {
    let looked: Option<LocalDate> =
        late_looks::table.find(base.id.0).select(late_looks::to_on).first(db).optional()?;
    let from = looked
        .map_or(terms.first_day(base.due_on), |day| terms.first_day(base.due_on).max(day + Days::new(1)));
    let already = before.iter().filter(|one| !one.reversed).map(|one| one.amount).sum();
    Ok(grown(terms, &course(db, base, zone)?, (from, to), already))
}

/// The late fees that grew on a charge, the oldest first.
pub(crate) fn grown_on(db: &mut Db, base: ChargeId) -> Result<Vec<ChargeId>> {
    let rows = late_charges::table.filter(late_charges::base_id.eq(base.0));
    Ok(rows.order(late_charges::charge_id).select(late_charges::charge_id).load(db)?)
}

fn charged(db: &mut Db, base: ChargeId) -> Result<Vec<Charge>> {
    let own: Vec<i64> = grown_on(db, base)?.into_iter().map(|id| id.0).collect();
    let rows = charges::table.filter(charges::id.eq_any(own)).order(charges::id);
    Ok(rows.select(Charge::as_select()).load(db)?)
}

fn look(tx: &mut Db, now: Instant, base: ChargeId, to: LocalDate) -> Result<()> {
    let sql = "INSERT INTO late_looks (charge_id, to_on, looked_at) VALUES ($1, $2, $3) \
               ON CONFLICT (charge_id) DO UPDATE SET to_on = excluded.to_on, looked_at = excluded.looked_at";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(base.0)
        .bind::<Date, _>(to)
        .bind::<Timestamp, _>(now)
        .execute(tx)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Move {
    #[diesel(sql_type = Timestamp)]
    at: Instant,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

#[derive(QueryableByName)]
struct Quiet {
    #[diesel(sql_type = Timestamp)]
    since: Instant,
    #[diesel(sql_type = Nullable<Timestamp>)]
    until: Option<Instant>,
    #[diesel(sql_type = Nullable<Date>)]
    missed_on: Option<LocalDate>,
}

/// What happened to a charge: paid, freed, waived; disputed, in a plan that held until an instalment was missed.
fn course(db: &mut Db, base: &Charge, zone: Zone) -> Result<Course> {
    let id = base.id;
    let moves = format!(
        "SELECT at, -amount_fen AS fen FROM allocations WHERE charge_id = {id} \
         UNION ALL SELECT freed_at, amount_fen FROM allocations WHERE charge_id = {id} AND freed_at IS NOT NULL \
         UNION ALL SELECT at, amount_fen FROM ledger_entries WHERE charge_id = {id} AND kind = 'waiver'"
    );
    let quiet = format!(
        "SELECT noted_at AS since, ended_at AS until, NULL AS missed_on FROM disputes WHERE charge_id = {id} \
         UNION ALL SELECT p.made_at, p.ended_at, p.missed_on FROM plans p \
         JOIN plan_charges k ON k.plan_id = p.id WHERE k.charge_id = {id}"
    );
    let moves: Vec<Move> = diesel::sql_query(moves).load(db)?;
    let quiet: Vec<Quiet> = diesel::sql_query(quiet).load(db)?;
    let end = |one: &Quiet| one.missed_on.or(one.until.map(|at| zone.date(at)));
    Ok(Course {
        amount: base.amount,
        moves: moves.iter().map(|one| (zone.date(one.at), one.fen)).collect(),
        quiet: quiet.iter().map(|one| (zone.date(one.since), end(one))).collect(),
    })
}

fn enter(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    base: &Charge,
    (late, to): (Late, LocalDate),
) -> Result<ChargeId> {
    let today = community::by_id(tx, base.community_id)?.today(now)?;
    let least = settings::get(tx, base.community_id, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let due = due_on(Month::of(to), DUE_DAY, today, least);
    let new = NewCharge {
        community_id: base.community_id,
        account_id: base.account_id,
        home_id: base.home_id,
        building_id: base.building_id,
        payer_id: base.payer_id,
        fee_item_id: item(tx, base)?,
        subject: subject(base),
        period: Month::of(to),
        revision: 0,
        from_on: late.stretches.first().map_or(to, |one| one.from),
        to_on: late.stretches.last().map_or(to, |one| one.to()),
        amount: late.amount(),
        basis: late.to_string(),
        due_on: due,
        due_month: Month::of(due),
        made_at: now,
    };
    let id = ledger::charge(tx, actor, &new)?;
    let row = (late_charges::charge_id.eq(id), late_charges::base_id.eq(base.id));
    diesel::insert_into(late_charges::table).values(row).execute(tx)?;
    Ok(id)
}

/// What it grew on, as bills say it: the month, the bay, and how often it was charged anew.
fn subject(base: &Charge) -> String {
    let bay = if base.subject.is_empty() { String::new() } else { format!(" {}", base.subject) };
    let anew = if base.revision == 0 { String::new() } else { format!(" ({})", base.revision + 1) };
    format!("{}{bay}{anew}", base.period)
}

/// The item of late fees on another, made with the first of them. No run bills it.
fn item(tx: &mut Db, base: &Charge) -> Result<FeeItemId> {
    let of: FeeItem = fee_items::table.find(base.fee_item_id.0).select(FeeItem::as_select()).first(tx)?;
    let (code, name) = (format!("late:{}", of.code), format!("{}违约金", of.name));
    unbilled(tx, base.community_id, (&code, &name), (By::Late, of.applies_to, "%/日"))
}
