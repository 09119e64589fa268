//! Allocations: which payment covers which charge. Oldest first: due date, period, register order of the
//! item, subject, id; what is disputed last, and what grew on it with it. What a payment has unallocated is its prepayment, which the next bill uses.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::summaries;
use crate::db::schema::{allocations, payments};
use crate::{ChargeId, Db, Fen, Instant, LedgerAccountId, PaymentId, Result};

/// A payment's share in a charge.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = allocations)]
pub struct Allocation {
    /// Its id.
    pub id: i64,
    /// The payment.
    pub payment_id: PaymentId,
    /// The charge.
    pub charge_id: ChargeId,
    /// How much of it.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// When it was made.
    pub at: Instant,
    /// When it was freed: the payment voided, or the charge reversed.
    pub freed_at: Option<Instant>,
}

/// What a payment covers now.
pub fn of_payment(db: &mut Db, payment: PaymentId) -> Result<Vec<Allocation>> {
    let rows = allocations::table.filter(allocations::payment_id.eq(payment.0));
    let rows = rows.filter(allocations::freed_at.is_null()).order(allocations::id);
    Ok(rows.select(Allocation::as_select()).load(db)?)
}

/// What covers a charge now.
pub fn of_charge(db: &mut Db, charge: ChargeId) -> Result<Vec<Allocation>> {
    let rows = allocations::table.filter(allocations::charge_id.eq(charge.0));
    let rows = rows.filter(allocations::freed_at.is_null()).order(allocations::id);
    Ok(rows.select(Allocation::as_select()).load(db)?)
}

/// The receipts of the payments that cover a charge now, with how much of it each covers.
pub fn receipts_of(db: &mut Db, charge: ChargeId) -> Result<Vec<(String, Fen)>> {
    let rows = allocations::table.inner_join(payments::table.on(payments::id.eq(allocations::payment_id)));
    let rows = rows.filter(allocations::charge_id.eq(charge.0).and(allocations::freed_at.is_null()));
    Ok(rows.order(allocations::id).select((payments::receipt, allocations::amount_fen)).load(db)?)
}

/// Spends what the payments of these accounts have left on what is open there, oldest first on both
/// sides, for all accounts in one statement. They have to be locked.
pub(crate) fn use_prepayments(tx: &mut Db, accounts: &[LedgerAccountId], now: Instant) -> Result<()> {
    let Some(ids) = listed(accounts) else { return Ok(()) };
    let before = last_id(tx)?;
    let made = diesel::sql_query(oldest_first(&ids)).bind::<Timestamp, _>(now).execute(tx)?;
    if made == 0 {
        return Ok(());
    }
    let own = format!("SELECT id FROM payments WHERE account_id IN ({ids})");
    apply(tx, &format!("a.id > {before} AND a.payment_id IN ({own})"), 1)
}

/// Whether a charge, or what it grew on, is disputed. A late fee is due later than what it grew on, so it comes after.
const DISPUTED: &str = "CASE WHEN EXISTS (SELECT 1 FROM disputes d WHERE d.ended_at IS NULL AND d.charge_id IN \
     (c.id, (SELECT l.base_id FROM late_charges l WHERE l.charge_id = c.id))) THEN 1 ELSE 0 END";

/// Both sides laid end to end per account, charges and payments: where two stretches overlap, one pays
/// the other.
fn oldest_first(accounts: &str) -> String {
    let open = "c.amount_fen - c.paid_fen - c.waived_fen";
    format!(
        "INSERT INTO allocations (community_id, payment_id, charge_id, amount_fen, at) \
         SELECT o.community_id, p.id, o.id, CASE WHEN o.upto < p.upto THEN o.upto ELSE p.upto END \
         - CASE WHEN o.since > p.since THEN o.since ELSE p.since END, $1 \
         FROM (SELECT c.id, c.community_id, c.account_id, CAST(SUM({open}) OVER w AS BIGINT) AS upto, \
               CAST(SUM({open}) OVER w AS BIGINT) - ({open}) AS since \
               FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
               WHERE c.account_id IN ({accounts}) AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
               WINDOW w AS (PARTITION BY c.account_id \
                            ORDER BY {DISPUTED}, c.due_on, c.period, i.register_order, c.subject, c.id)) o \
         JOIN (SELECT p.id, p.account_id, CAST(SUM(p.unallocated_fen) OVER v AS BIGINT) AS upto, \
               CAST(SUM(p.unallocated_fen) OVER v AS BIGINT) - p.unallocated_fen AS since \
               FROM payments p WHERE p.account_id IN ({accounts}) AND p.unallocated_fen > 0 \
               WINDOW v AS (PARTITION BY p.account_id ORDER BY p.id)) p \
         ON p.account_id = o.account_id AND p.since < o.upto AND o.since < p.upto \
         WHERE 1 = 1 ORDER BY p.id, o.since"
    )
}

/// Links a payment to charges as the payer says. All of one account, which has to be locked.
pub(crate) fn allocate(
    tx: &mut Db,
    payment: PaymentId,
    shares: &[(ChargeId, Fen)],
    now: Instant,
) -> Result<()> {
    let before = last_id(tx)?;
    for (charge, amount) in shares {
        let sql = "INSERT INTO allocations (community_id, payment_id, charge_id, amount_fen, at) \
                   SELECT community_id, $1, id, $2, $3 FROM charges WHERE id = $4";
        diesel::sql_query(sql)
            .bind::<BigInt, _>(payment.0)
            .bind::<BigInt, _>(amount.0)
            .bind::<Timestamp, _>(now)
            .bind::<BigInt, _>(charge.0)
            .execute(tx)?;
    }
    apply(tx, &format!("a.id > {before} AND a.payment_id = {payment}"), 1)
}

/// What is freed: everything that a payment covers, or everything that covers a charge, or those that a query finds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Freed<'q> {
    Payment(PaymentId),
    Charge(ChargeId),
    Charges(&'q str),
}

/// Frees allocations: the charges are open again, the payments have the sums to spend. The account has to
/// be locked.
pub(crate) fn free(tx: &mut Db, what: Freed<'_>, now: Instant) -> Result<()> {
    let which = match what {
        Freed::Payment(id) => format!("a.freed_at IS NULL AND a.payment_id = {id}"),
        Freed::Charge(id) => format!("a.freed_at IS NULL AND a.charge_id = {id}"),
        Freed::Charges(which) => format!("a.freed_at IS NULL AND a.charge_id IN ({which})"),
    };
    apply(tx, &which, -1)?;
    let sql = format!("UPDATE allocations AS a SET freed_at = $1 WHERE {which}");
    diesel::sql_query(sql).bind::<Timestamp, _>(now).execute(tx)?;
    Ok(())
}

/// Brings charges, payments and summaries up to date with the allocations `which` names.
fn apply(tx: &mut Db, which: &str, sign: i64) -> Result<()> {
    let sums = |by: &str| {
        format!(
            "SELECT a.{by} AS id, CAST(SUM(a.amount_fen) AS BIGINT) AS fen FROM allocations a \
             WHERE {which} GROUP BY a.{by}"
        )
    };
    let charges = format!(
        "UPDATE charges SET paid_fen = charges.paid_fen + {sign} * n.fen FROM ({}) n WHERE n.id = charges.id",
        sums("charge_id")
    );
    diesel::sql_query(charges).execute(tx)?;
    let payments = format!(
        "UPDATE payments SET unallocated_fen = payments.unallocated_fen - {sign} * n.fen FROM ({}) n \
         WHERE n.id = payments.id",
        sums("payment_id")
    );
    diesel::sql_query(payments).execute(tx)?;
    // A charge is looked at once, whoever pays it, and as it stands by now.
    let open = "c.amount_fen - c.paid_fen - c.waived_fen";
    let collected = format!(
        "SELECT c.community_id, c.building_id, c.fee_item_id, c.due_on, c.due_month, 0 AS charges, 0 AS due_fen, \
         {sign} * n.fen AS collected_fen, CASE WHEN {open} > 0 THEN 1 ELSE 0 END \
         - CASE WHEN {open} + {sign} * n.fen > 0 THEN 1 ELSE 0 END AS opened \
         FROM ({}) n JOIN charges c ON c.id = n.id WHERE {}",
        sums("charge_id"),
        summaries::COLLECTED
    );
    summaries::add(tx, &collected)
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn last_id(tx: &mut Db) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) AS id FROM allocations";
    Ok(diesel::sql_query(sql).get_result::<Last>(tx)?.id)
}

fn listed(accounts: &[LedgerAccountId]) -> Option<String> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}
