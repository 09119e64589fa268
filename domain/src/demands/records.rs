//! Demands as rows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};

use super::Candidate;
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{demand_batches, demand_charges, demands};
use crate::{
    ChargeId, CommunityId, Db, DemandBatchId, DemandId, Fen, Instant, LedgerAccountId, LocalDate, Month,
    Result,
};

/// A demand as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = demands)]
pub struct Demand {
    /// Its id.
    pub id: DemandId,
    /// The community.
    pub community_id: CommunityId,
    /// The batch that it was made in.
    pub batch_id: DemandBatchId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// Its number.
    pub number: String,
    /// The day that stands on it.
    pub day: LocalDate,
    /// Until when to pay.
    pub term_on: LocalDate,
    /// In which language.
    pub language: String,
    /// To whom.
    pub addressee: String,
    /// What it says.
    pub body: String,
    /// What is demanded.
    #[diesel(column_name = total_fen)]
    pub total: Fen,
}

pub(super) struct New<'c> {
    pub(super) community: CommunityId,
    pub(super) batch: DemandBatchId,
    pub(super) one: &'c Candidate,
    pub(super) number: String,
    pub(super) day: LocalDate,
    pub(super) term: LocalDate,
    pub(super) body: String,
}

pub(super) fn insert_batch(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    day: LocalDate,
) -> Result<DemandBatchId> {
    let row = (
        demand_batches::community_id.eq(community),
        demand_batches::day.eq(day),
        demand_batches::made_by.eq(actor.person),
        demand_batches::made_at.eq(now),
    );
    Ok(diesel::insert_into(demand_batches::table).values(row).returning(demand_batches::id).get_result(tx)?)
}

pub(super) fn insert(tx: &mut Db, new: &New<'_>, charges: &[(ChargeId, Fen)]) -> Result<DemandId> {
    let row = (
        demands::community_id.eq(new.community),
        demands::batch_id.eq(new.batch),
        demands::account_id.eq(new.one.account),
        demands::number.eq(&new.number),
        demands::day.eq(new.day),
        demands::term_on.eq(new.term),
        demands::language.eq(if new.one.language == "en" { "en" } else { "zh" }),
        demands::addressee.eq(&new.one.name),
        demands::body.eq(&new.body),
        demands::total_fen.eq(charges.iter().map(|(_, fen)| *fen).sum::<Fen>()),
    );
    let id: DemandId =
        diesel::insert_into(demands::table).values(row).returning(demands::id).get_result(tx)?;
    for (charge, fen) in charges {
        let row = (
            demand_charges::demand_id.eq(id),
            demand_charges::charge_id.eq(charge),
            demand_charges::open_fen.eq(fen),
        );
        diesel::insert_into(demand_charges::table).values(row).execute(tx)?;
    }
    Ok(id)
}

/// The demand of an id.
pub fn by_id(db: &mut Db, id: DemandId) -> Result<Demand> {
    Ok(demands::table.find(id.0).select(Demand::as_select()).first(db)?)
}

/// The community of a demand.
pub(crate) fn community_of(db: &mut Db, id: DemandId) -> Result<CommunityId> {
    Ok(demands::table.find(id.0).select(demands::community_id).first(db)?)
}

/// The demands of a batch, by their numbers.
pub fn of_batch(db: &mut Db, batch: DemandBatchId) -> Result<Vec<Demand>> {
    let rows = demands::table.filter(demands::batch_id.eq(batch.0)).order(demands::id);
    Ok(rows.select(Demand::as_select()).load(db)?)
}

/// The demands of accounts, newest first.
pub fn of_accounts(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Demand>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let rows = demands::table.filter(demands::account_id.eq_any(ids)).order(demands::id.desc());
    Ok(rows.select(Demand::as_select()).load(db)?)
}

/// The demands of a community, newest first, from behind the last that was seen, at most so many: for who keeps debts.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (before, limit): (Option<DemandId>, i64),
) -> Result<Vec<Demand>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    let rows = demands::table
        .filter(demands::community_id.eq(community.0))
        .filter(demands::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .order(demands::id.desc())
        .limit(limit);
    Ok(rows.select(Demand::as_select()).load(db)?)
}

/// A charge that a demand names.
#[derive(Debug, Clone, QueryableByName)]
pub struct Line {
    /// What bills call the item.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// The bay, or nothing.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// The month it is for.
    #[diesel(sql_type = Text)]
    pub period: Month,
    /// When it was due.
    #[diesel(sql_type = Date)]
    pub due_on: LocalDate,
    /// What was open of it.
    #[diesel(sql_type = BigInt)]
    pub open: Fen,
}

/// The charges that a demand names, oldest first.
pub fn lines(db: &mut Db, id: DemandId) -> Result<Vec<Line>> {
    let sql = "SELECT i.name AS item, c.subject, c.period, c.due_on, d.open_fen AS open FROM demand_charges d \
               JOIN charges c ON c.id = d.charge_id JOIN fee_items i ON i.id = c.fee_item_id \
               WHERE d.demand_id = $1 ORDER BY c.due_on, c.period, i.register_order, c.subject, c.id";
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(id.0).load(db)?)
}

/// A batch, with what it holds.
#[derive(Debug, Clone, QueryableByName)]
pub struct Batch {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: DemandBatchId,
    /// The day that stands on its letters.
    #[diesel(sql_type = Date)]
    pub day: LocalDate,
    /// Who made it, as they are called.
    #[diesel(sql_type = Nullable<Text>)]
    pub maker: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub made_at: Instant,
    /// How many letters.
    #[diesel(sql_type = BigInt)]
    pub letters: i64,
    /// How many of them are proved delivered.
    #[diesel(sql_type = BigInt)]
    pub delivered: i64,
    /// What they demand together.
    #[diesel(sql_type = BigInt)]
    pub total: Fen,
}

fn batches_where(db: &mut Db, which: &str) -> Result<Vec<Batch>> {
    let sql = format!(
        "SELECT b.id, b.day, p.name AS maker, b.made_at, COUNT(*) AS letters, \
         CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM demand_proofs f WHERE f.demand_id = d.id AND f.kind <> 'returned') \
         THEN 1 ELSE 0 END) AS BIGINT) AS delivered, CAST(SUM(d.total_fen) AS BIGINT) AS total \
         FROM demand_batches b JOIN demands d ON d.batch_id = b.id LEFT JOIN people p ON p.id = b.made_by \
         WHERE {which} GROUP BY b.id, b.day, p.name, b.made_at ORDER BY b.id DESC"
    );
    Ok(diesel::sql_query(sql).load(db)?)
}

/// The batches of a community, newest first, for who keeps debts.
pub fn batches(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Batch>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    batches_where(db, &format!("b.community_id = {community}"))
}

/// A batch with its community.
pub(super) fn batch(db: &mut Db, id: DemandBatchId) -> Result<(Batch, CommunityId)> {
    let community = demand_batches::table.find(id.0).select(demand_batches::community_id).first(db)?;
    let found = batches_where(db, &format!("b.id = {id}"))?.pop();
    Ok((found.ok_or(crate::Error::NotFound)?, community))
}
