//! What a run charges the developer: before it, in it, and what it leaves out.

use chrono::Datelike;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::terms::{Terms, of_month};
use crate::access::{Action, Actor, Object, allow};
use crate::billing::candidates::{ALL, Candidates};
use crate::billing::differences::{Difference, between};
use crate::billing::items::{By, Tariffed, items};
use crate::billing::preview::{ItemTotal, LeftOut, Preview};
use crate::db::directly;
use crate::db::schema::fee_items;
use crate::ledger::Book;
use crate::{CommunityId, Db, Error, FeeItemId, Fen, Instant, LocalDate, Month, Result, community, settings};

/// How many rows a preview lists.
const LISTED: i64 = 500;

/// Refuses a month that is not over, or has no terms.
///
/// # Errors
/// `billing.month_not_over`, `billing.no_terms`.
pub fn may_run(db: &mut Db, now: Instant, community: CommunityId, period: Month) -> Result<Terms> {
    let today = community::by_id(db, community)?.today(now)?;
    if today <= period.last_day() {
        return Err(Error::refused("billing.month_not_over", vec![]));
    }
    of_month(db, community, period)?.ok_or_else(|| Error::refused("billing.no_terms", vec![]))
}

/// The month that the worker bills on a day: the last one that is over, from the billing day on, where there are terms
/// and something is not charged yet.
pub fn month_to_bill(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Option<Month>> {
    let period = Month::of(today).prev();
    if i64::from(today.day()) < settings::get(db, community, settings::BILLING_DAY)? {
        return Ok(None);
    }
    let Some(terms) = of_month(db, community, period)? else { return Ok(None) };
    let totals = totals(db, community, (period, &terms), today)?;
    Ok(totals.iter().any(|one| one.charges > 0).then_some(period))
}

/// What a run of a month would charge the developer.
///
/// # Errors
/// As [`may_run`].
pub fn preview(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    period: Month,
) -> Result<Preview> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    let terms = may_run(tx, now, community, period)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let by_item = totals(tx, community, (period, &terms), today)?;
    let left_out = left_out(tx, community, period, LISTED)?;
    let (differences, differences_total) = stands_out(tx, community, (period, &terms), today)?;
    Ok(Preview { period, by_item, differences, differences_total, given_back: Vec::new(), left_out })
}

/// What stands out against what the developer was charged the month before.
fn stands_out(
    db: &mut Db,
    community: CommunityId,
    (period, terms): (Month, &Terms),
    today: LocalDate,
) -> Result<(Vec<Difference>, i64)> {
    let bases = bases(db, community)?;
    let candidates = Candidates::of_developer(db.kind(), community, (period, terms), &bases, (today, 0));
    let Some(wanted) = candidates.sql(ALL) else { return Ok((Vec::new(), 0)) };
    let was = format!(
        "SELECT c.home_id, i.in_place_of AS fee_item_id, c.subject, CAST(SUM(c.amount_fen) AS BIGINT) AS fen \
         FROM charges c JOIN fee_items i ON i.id = c.fee_item_id WHERE c.community_id = {community} \
         AND c.period = '{}' AND NOT c.reversed AND i.in_place_of IS NOT NULL \
         GROUP BY c.home_id, i.in_place_of, c.subject",
        period.prev()
    );
    let will = format!("SELECT home_id, fee_item_id, subject, amount_fen AS fen FROM ({wanted}) w");
    between(db, &was, &will)
}

/// The items that a run charges by, made where they are not there yet.
pub(in crate::billing) fn charged_by(tx: &mut Db, community: CommunityId) -> Result<Vec<Tariffed>> {
    for base in bases(tx, community)? {
        let row = (
            fee_items::community_id.eq(community),
            fee_items::code.eq(code(&base)),
            fee_items::name.eq(name(&base)),
            fee_items::basis.eq(base.item.basis),
            fee_items::applies_to.eq(base.item.applies_to),
            fee_items::unit.eq(&base.item.unit),
            fee_items::due_day.eq(base.item.due_day),
            fee_items::register_order.eq(base.item.register_order),
            fee_items::periodic.eq(false),
            fee_items::in_place_of.eq(base.item.id.0),
        );
        let new = diesel::insert_into(fee_items::table).values(row).on_conflict_do_nothing();
        directly!(tx, tx => new.execute(tx))?;
    }
    own_items(tx, community)
}

/// The community's items that a developer pays for: by area and by home, in the book of fees.
fn bases(db: &mut Db, community: CommunityId) -> Result<Vec<Tariffed>> {
    let mut all = items(db, community)?;
    all.retain(|one| matches!(one.item.basis, By::Area | By::Home) && one.item.basis.book() == Book::Fees);
    // Which day a home is handed over on is known when the month is over: it is billed month by month.
    all.iter_mut().for_each(|one| one.intervals.clear());
    Ok(all)
}

/// The developer's own items, each with the tariffs of the one in whose place it stands.
fn own_items(db: &mut Db, community: CommunityId) -> Result<Vec<Tariffed>> {
    let ids: Vec<(FeeItemId, Option<FeeItemId>)> = fee_items::table
        .filter(fee_items::community_id.eq(community.0).and(fee_items::in_place_of.is_not_null()))
        .select((fee_items::id, fee_items::in_place_of))
        .load(db)?;
    let own = bases(db, community)?.into_iter().filter_map(|mut base| {
        let (id, _) = ids.iter().find(|(_, of)| *of == Some(base.item.id))?;
        base.item.id = *id;
        Some(base)
    });
    Ok(own.collect())
}

/// So many charges of an item, and their sum.
#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    id: FeeItemId,
    #[diesel(sql_type = BigInt)]
    charges: i64,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

/// What each item comes to: what is still to be charged in place of it, and what was.
fn totals(
    db: &mut Db,
    community: CommunityId,
    (period, terms): (Month, &Terms),
    today: LocalDate,
) -> Result<Vec<ItemTotal>> {
    let bases = bases(db, community)?;
    let candidates = Candidates::of_developer(db.kind(), community, (period, terms), &bases, (today, 0));
    let Some(wanted) = candidates.sql(ALL) else { return Ok(Vec::new()) };
    let of_month = format!("c.community_id = {community} AND c.period = '{period}'");
    let open = format!(
        "SELECT w.fee_item_id AS id, COUNT(*) AS charges, CAST(SUM(w.amount_fen) AS BIGINT) AS fen FROM ({wanted}) w \
         WHERE NOT EXISTS (SELECT 1 FROM charges c JOIN fee_items i ON i.id = c.fee_item_id WHERE {of_month} \
         AND c.home_id = w.home_id AND i.in_place_of = w.fee_item_id) GROUP BY w.fee_item_id"
    );
    let made = format!(
        "SELECT i.in_place_of AS id, COUNT(*) AS charges, CAST(SUM(c.amount_fen) AS BIGINT) AS fen FROM charges c \
         JOIN fee_items i ON i.id = c.fee_item_id WHERE {of_month} AND i.in_place_of IS NOT NULL AND NOT c.reversed \
         GROUP BY i.in_place_of"
    );
    let (open, made): (Vec<Sum>, Vec<Sum>) =
        (diesel::sql_query(open).load(db)?, diesel::sql_query(made).load(db)?);
    let of = |sums: &[Sum], id| {
        sums.iter().find(|sum| sum.id == id).map_or((0, Fen::ZERO), |sum| (sum.charges, sum.fen))
    };
    let total = |base: Tariffed| {
        let ((charges, amount), (charged, charged_amount)) =
            (of(&open, base.item.id), of(&made, base.item.id));
        let (item, name) = (code(&base), name(&base));
        ItemTotal { item, name, charges, amount, charged, charged_amount }
    };
    Ok(bases.into_iter().map(total).collect())
}

fn code(base: &Tariffed) -> String {
    format!("developer:{}", base.item.code)
}

fn name(base: &Tariffed) -> String {
    format!("{}（开发商）", base.item.name)
}

/// Homes that nobody pays for: not handed over, of a building whose completion acceptance is not known.
pub(in crate::billing) fn left_out(
    db: &mut Db,
    community: CommunityId,
    period: Month,
    limit: i64,
) -> Result<Vec<LeftOut>> {
    let sql = "SELECT h.code AS home, '' AS what, 'not_finished' AS reason FROM homes h \
               JOIN buildings b ON b.id = h.building_id WHERE h.community_id = $1 \
               AND (h.delivered_on IS NULL OR h.delivered_on > $2) AND (b.completed_on IS NULL OR b.completed_on > $3) \
               ORDER BY h.register_order LIMIT $4";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(period.first_day())
        .bind::<Date, _>(period.last_day())
        .bind::<BigInt, _>(limit)
        .load(db)?)
}

/// How many charges stand against the developer, and their sum in fen, by month, the latest first.
pub fn charges(db: &mut Db, community: CommunityId, limit: i64) -> Result<Vec<(String, i64, i64)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        period: String,
        #[diesel(sql_type = BigInt)]
        charges: i64,
        #[diesel(sql_type = BigInt)]
        fen: i64,
    }
    let sql = "SELECT c.period, COUNT(*) AS charges, CAST(SUM(c.amount_fen) AS BIGINT) AS fen FROM charges c \
               JOIN fee_items i ON i.id = c.fee_item_id WHERE c.community_id = $1 AND i.in_place_of IS NOT NULL \
               AND NOT c.reversed GROUP BY c.period ORDER BY c.period DESC LIMIT $2";
    let rows: Vec<Row> =
        diesel::sql_query(sql).bind::<BigInt, _>(community.0).bind::<BigInt, _>(limit).load(db)?;
    Ok(rows.into_iter().map(|row| (row.period, row.charges, row.fen)).collect())
}
