//! The ledger's invariants, recomputed from its rows for `linli check`: a sentence for each that is broken.
//! (That receipts have no gap is checked with all the other numbers.)

use diesel::prelude::*;

use crate::billing::service::amount_of;
use crate::db::schema::charges;
use crate::{CommunityId, Db, Fen, Result, check};

/// Everything that is wrong with a community's ledger.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut faults = check::ask(db, community, CHECKS)?;
    faults.extend(amount_faults(db, community)?);
    Ok(faults)
}

/// What must find nothing, each as one statement so that it sees one state of the ledger.
const CHECKS: &[(&str, &str)] = &[
    (
        "account's balance is not the sum of its entries",
        "SELECT CAST(a.id AS TEXT) AS what FROM ledger_accounts a \
         LEFT JOIN (SELECT account_id, SUM(amount_fen) AS fen FROM ledger_entries GROUP BY account_id) e \
         ON e.account_id = a.id WHERE a.community_id = $1 AND a.balance_fen <> COALESCE(e.fen, 0)",
    ),
    (
        "charge's paid sum is not that of its allocations",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c \
         LEFT JOIN (SELECT charge_id, SUM(amount_fen) AS fen FROM allocations WHERE freed_at IS NULL \
                    GROUP BY charge_id) a \
         ON a.charge_id = c.id WHERE c.community_id = $1 AND c.paid_fen <> COALESCE(a.fen, 0)",
    ),
    (
        "payment is not allocated, open and refunded to its amount",
        "SELECT p.receipt AS what FROM payments p \
         LEFT JOIN (SELECT payment_id, SUM(amount_fen) AS fen FROM allocations WHERE freed_at IS NULL \
                    GROUP BY payment_id) a ON a.payment_id = p.id \
         WHERE p.community_id = $1 AND (p.amount_fen <> COALESCE(a.fen, 0) + p.unallocated_fen + p.refunded_fen \
         OR (p.voided_at IS NOT NULL AND p.refunded_fen <> p.amount_fen))",
    ),
    (
        "allocation joins two accounts",
        "SELECT CAST(a.id AS TEXT) AS what FROM allocations a JOIN charges c ON c.id = a.charge_id \
         JOIN payments p ON p.id = a.payment_id WHERE a.community_id = $1 AND c.account_id <> p.account_id",
    ),
    (
        "charge and its entries differ",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c LEFT JOIN (SELECT charge_id, \
         SUM(CASE WHEN kind = 'charge' THEN amount_fen ELSE 0 END) AS made, SUM(amount_fen) AS left_of, \
         MIN(account_id) AS least, MAX(account_id) AS most \
         FROM ledger_entries WHERE charge_id IS NOT NULL GROUP BY charge_id) e ON e.charge_id = c.id \
         WHERE c.community_id = $1 AND (e.made IS NULL OR e.made <> c.amount_fen \
         OR e.least <> c.account_id OR e.most <> c.account_id \
         OR e.left_of <> CASE WHEN c.reversed THEN 0 ELSE c.amount_fen - c.waived_fen END)",
    ),
    (
        "payment and its entries differ",
        "SELECT p.receipt AS what FROM payments p LEFT JOIN (SELECT payment_id, \
         SUM(CASE WHEN kind = 'payment' THEN -amount_fen ELSE 0 END) AS paid, \
         SUM(CASE WHEN kind = 'refund' THEN amount_fen ELSE 0 END) AS refunded, \
         MIN(account_id) AS least, MAX(account_id) AS most \
         FROM ledger_entries WHERE payment_id IS NOT NULL GROUP BY payment_id) e ON e.payment_id = p.id \
         WHERE p.community_id = $1 AND (e.paid IS NULL OR e.paid <> p.amount_fen OR e.refunded <> p.refunded_fen \
         OR e.least <> p.account_id OR e.most <> p.account_id)",
    ),
    (
        "charge's revision follows none that was reversed",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c WHERE c.community_id = $1 AND c.revision > 0 \
         AND NOT EXISTS (SELECT 1 FROM charges b WHERE b.community_id = c.community_id AND b.period = c.period \
         AND b.home_id = c.home_id AND b.fee_item_id = c.fee_item_id AND b.subject = c.subject \
         AND b.revision = c.revision - 1 AND b.reversed)",
    ),
    (
        "charge belongs to another home or payer than its account",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN ledger_accounts a ON a.id = c.account_id \
         WHERE c.community_id = $1 AND (a.home_id <> c.home_id OR a.payer_id <> c.payer_id \
         OR a.community_id <> c.community_id)",
    ),
    (
        "charge names a building, item or run that is not there",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c LEFT JOIN buildings b ON b.id = c.building_id \
         LEFT JOIN fee_items i ON i.id = c.fee_item_id LEFT JOIN billing_runs r ON r.id = c.run_id \
         WHERE c.community_id = $1 AND (b.id IS NULL OR i.id IS NULL OR (c.run_id IS NOT NULL AND r.id IS NULL))",
    ),
    (
        "entry is of another community than its account",
        "SELECT CAST(e.id AS TEXT) AS what FROM ledger_entries e LEFT JOIN ledger_accounts a ON a.id = e.account_id \
         WHERE e.community_id = $1 AND (a.id IS NULL OR a.community_id <> e.community_id)",
    ),
    (
        "summary differs from the charges",
        "SELECT k.due_month || ' building ' || CAST(k.building_id AS TEXT) || ' item ' \
         || CAST(k.fee_item_id AS TEXT) AS what FROM (SELECT due_month, building_id, fee_item_id, \
         SUM(charges) AS charges, SUM(due_fen) AS due, SUM(collected_fen) AS collected FROM ( \
         SELECT due_month, building_id, fee_item_id, charges, due_fen, collected_fen \
         FROM collection_summaries WHERE community_id = $1 UNION ALL \
         SELECT due_month, building_id, fee_item_id, -1, waived_fen - amount_fen, -paid_fen \
         FROM charges c WHERE community_id = $1 AND NOT reversed AND NOT EXISTS (SELECT 1 FROM ledger_accounts b \
         WHERE b.id = c.account_id AND b.book = 'deposits')) s \
         GROUP BY due_month, building_id, fee_item_id) k \
         WHERE k.charges <> 0 OR k.due <> 0 OR k.collected <> 0",
    ),
    (
        "what is open by day differs from the charges",
        "SELECT CAST(k.due_on AS TEXT) || ' building ' || CAST(k.building_id AS TEXT) AS what FROM ( \
         SELECT due_on, building_id, SUM(charges) AS charges, SUM(open_fen) AS fen FROM ( \
         SELECT due_on, building_id, charges, open_fen FROM open_summaries WHERE community_id = $1 UNION ALL \
         SELECT due_on, building_id, -1, paid_fen + waived_fen - amount_fen FROM charges \
         WHERE community_id = $1 AND NOT reversed AND paid_fen + waived_fen < amount_fen) s \
         GROUP BY due_on, building_id) k WHERE k.charges <> 0 OR k.fen <> 0",
    ),
];

/// Every amount is what its basis says, to the fen.
fn amount_faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let (mut faults, mut after) = (Vec::new(), 0);
    loop {
        let rows: Vec<(i64, String, i64)> = charges::table
            .filter(charges::community_id.eq(community.0).and(charges::id.gt(after)))
            .order(charges::id)
            .limit(10_000)
            .select((charges::id, charges::basis, charges::amount_fen))
            .load(db)?;
        let Some((last, ..)) = rows.last() else { return Ok(faults) };
        after = *last;
        let wrong = |basis: &str, fen: i64| amount_of(basis) != Some(Fen(fen));
        let wrong = rows.iter().filter(|(_, basis, fen)| wrong(basis, *fen));
        faults.extend(wrong.map(|(id, ..)| format!("charge's amount is not what its basis says: {id}")));
    }
}
