//! Plans as rows, and what moved on their charges.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamp};

use super::rules::{self, Part, State};
use crate::db::schema::{charges, disputes, plan_charges, plan_parts, plans};
use crate::ledger::Charge;
use crate::{
    ChargeId, CommunityId, Db, Error, Fen, Instant, LedgerAccountId, LocalDate, PersonId, PlanId, Result,
};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub(super) struct Row {
    id: PlanId,
    pub(super) community_id: CommunityId,
    pub(super) account_id: LedgerAccountId,
    total_fen: Fen,
    agreed_by: String,
    agreed_on: LocalDate,
    note: String,
    made_by: Option<PersonId>,
    made_at: Instant,
    pub(super) state: State,
    pub(super) missed_on: Option<LocalDate>,
    pub(super) end_reason: String,
    pub(super) ended_by: Option<PersonId>,
    pub(super) ended_at: Option<Instant>,
}

/// An agreement on instalments, with what has come in of it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The community.
    pub community_id: CommunityId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// What was open of its charges when it was agreed on.
    pub total: Fen,
    /// What is open of them now.
    pub open: Fen,
    /// Which charges.
    pub charges: Vec<ChargeId>,
    /// The instalments.
    pub parts: Vec<Part>,
    /// What of each is settled by now, oldest first.
    pub settled: Vec<Fen>,
    /// Who agreed for the payer.
    pub agreed_by: String,
    /// When.
    pub agreed_on: LocalDate,
    /// What else was said.
    pub note: String,
    /// Who wrote it down.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Instant,
    /// How far it has come.
    pub state: State,
    /// The day of the first instalment that was not there in time.
    pub missed_on: Option<LocalDate>,
    /// Why it was ended.
    pub end_reason: String,
    /// Who ended it.
    pub ended_by: Option<PersonId>,
    /// When it was kept, broken or ended.
    pub ended_at: Option<Instant>,
}

pub(super) fn by_id(db: &mut Db, id: PlanId) -> Result<Row> {
    Ok(plans::table.find(id.0).select(Row::as_select()).first(db)?)
}

/// A plan with its charges and instalments.
pub(super) fn whole(db: &mut Db, id: PlanId) -> Result<Plan> {
    let row = by_id(db, id)?;
    wholes(db, vec![row])?.pop().ok_or(Error::NotFound)
}

/// Plans with their charges and instalments, in the same order.
pub(super) fn wholes(db: &mut Db, rows: Vec<Row>) -> Result<Vec<Plan>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let mut charges = charges_of(db, &ids)?;
    let mut parts = parts_of(db, &ids)?;
    let whole = |row: Row| {
        let (charges, parts) = (charges.remove(&row.id), parts.remove(&row.id));
        with(row, &charges.unwrap_or_default(), parts.unwrap_or_default())
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// The charges of each plan, what was due first first.
fn charges_of(db: &mut Db, plans: &[i64]) -> Result<BTreeMap<PlanId, Vec<Charge>>> {
    let found: Vec<(PlanId, Charge)> = charges::table
        .inner_join(plan_charges::table.on(plan_charges::charge_id.eq(charges::id)))
        .filter(plan_charges::plan_id.eq_any(plans.to_vec()))
        .order((charges::due_on, charges::id))
        .select((plan_charges::plan_id, Charge::as_select()))
        .load(db)?;
    Ok(by_plan(found))
}

/// The instalments of each plan, in their order.
fn parts_of(db: &mut Db, plans: &[i64]) -> Result<BTreeMap<PlanId, Vec<Part>>> {
    let found: Vec<(PlanId, LocalDate, Fen)> = plan_parts::table
        .filter(plan_parts::plan_id.eq_any(plans.to_vec()))
        .order(plan_parts::number)
        .select((plan_parts::plan_id, plan_parts::due_on, plan_parts::amount_fen))
        .load(db)?;
    Ok(by_plan(found.into_iter().map(|(plan, due_on, amount)| (plan, Part { due_on, amount }))))
}

fn by_plan<T>(rows: impl IntoIterator<Item = (PlanId, T)>) -> BTreeMap<PlanId, Vec<T>> {
    let mut each: BTreeMap<PlanId, Vec<T>> = BTreeMap::new();
    for (plan, row) in rows {
        each.entry(plan).or_default().push(row);
    }
    each
}

fn with(row: Row, charges: &[Charge], parts: Vec<Part>) -> Plan {
    let open = charges.iter().map(Charge::open).sum();
    Plan {
        settled: rules::settled(row.total_fen, &parts, open),
        charges: charges.iter().map(|charge| charge.id).collect(),
        id: row.id,
        community_id: row.community_id,
        account_id: row.account_id,
        total: row.total_fen,
        open,
        parts,
        agreed_by: row.agreed_by,
        agreed_on: row.agreed_on,
        note: row.note,
        made_by: row.made_by,
        made_at: row.made_at,
        state: row.state,
        missed_on: row.missed_on,
        end_reason: row.end_reason,
        ended_by: row.ended_by,
        ended_at: row.ended_at,
    }
}

/// What is open of charges of an account.
///
/// # Errors
/// On the field `charges`: none, one of another account, one with nothing open.
pub(super) fn open_of(
    db: &mut Db,
    account: LedgerAccountId,
    named: &[ChargeId],
) -> Result<Vec<(ChargeId, Fen)>> {
    if named.is_empty() {
        return Err(Error::field("charges", "required"));
    }
    let ids: Vec<i64> = named.iter().map(|id| id.0).collect();
    let found: Vec<Charge> = charges::table
        .filter(charges::account_id.eq(account.0).and(charges::id.eq_any(ids)))
        .order((charges::due_on, charges::id))
        .select(Charge::as_select())
        .load(db)?;
    let open: Vec<_> = found.iter().map(|charge| (charge.id, charge.open())).collect();
    if open.len() != named.len() || open.iter().any(|(_, fen)| *fen <= Fen::ZERO) {
        return Err(Error::field("charges", "unknown_charge"));
    }
    Ok(open)
}

/// Refuses charges that are disputed, or in a plan that holds.
pub(super) fn not_quiet(db: &mut Db, named: &[ChargeId]) -> Result<()> {
    let ids: Vec<i64> = named.iter().map(|id| id.0).collect();
    let disputed = disputes::table
        .filter(disputes::charge_id.eq_any(ids.clone()).and(disputes::ended_at.is_null()))
        .count();
    if disputed.get_result::<i64>(db)? > 0 {
        return Err(Error::refused("debt.disputed", vec![]));
    }
    let planned = plan_charges::table
        .inner_join(plans::table.on(plans::id.eq(plan_charges::plan_id)))
        .filter(plan_charges::charge_id.eq_any(ids).and(plans::state.eq(State::Running)))
        .count();
    if planned.get_result::<i64>(db)? > 0 {
        return Err(Error::refused("debt.planned", vec![]));
    }
    Ok(())
}

pub(super) fn insert_charges(tx: &mut Db, id: PlanId, open: &[(ChargeId, Fen)]) -> Result<()> {
    for (charge, fen) in open {
        let row = (
            plan_charges::plan_id.eq(id),
            plan_charges::charge_id.eq(charge),
            plan_charges::open_fen.eq(fen),
        );
        diesel::insert_into(plan_charges::table).values(row).execute(tx)?;
    }
    Ok(())
}

pub(super) fn insert_parts(tx: &mut Db, id: PlanId, parts: &[Part]) -> Result<()> {
    for (number, part) in (1_i32..).zip(parts) {
        let row = (
            plan_parts::plan_id.eq(id),
            plan_parts::number.eq(number),
            plan_parts::due_on.eq(part.due_on),
            plan_parts::amount_fen.eq(part.amount),
        );
        diesel::insert_into(plan_parts::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// What a plan's charges were made for, and everything that moved on them since, each with its moment: the sum up to
/// a moment is what was open then.
pub(super) fn moves(db: &mut Db, id: PlanId) -> Result<Vec<(Option<Instant>, Fen)>> {
    #[derive(QueryableByName)]
    struct Move {
        #[diesel(sql_type = Nullable<Timestamp>)]
        at: Option<Instant>,
        #[diesel(sql_type = BigInt)]
        fen: Fen,
    }
    let of = format!("IN (SELECT charge_id FROM plan_charges WHERE plan_id = {id})");
    let sql = format!(
        "SELECT NULL AS at, amount_fen AS fen FROM charges WHERE id {of} \
         UNION ALL SELECT at, -amount_fen FROM allocations WHERE charge_id {of} \
         UNION ALL SELECT freed_at, amount_fen FROM allocations WHERE charge_id {of} AND freed_at IS NOT NULL \
         UNION ALL SELECT at, amount_fen FROM ledger_entries WHERE charge_id {of} AND kind IN ('waiver', 'reversal')"
    );
    let rows: Vec<Move> = diesel::sql_query(sql).load(db)?;
    Ok(rows.into_iter().map(|one| (one.at, one.fen)).collect())
}
