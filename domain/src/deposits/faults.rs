//! For `linli check`: the book of deposits holds deposits and nothing else, and each of them closes.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's deposits.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "payment in the book of deposits is no deposit, or the other way round",
        "SELECT p.receipt AS what FROM payments p JOIN ledger_accounts a ON a.id = p.account_id \
         LEFT JOIN deposits d ON d.payment_id = p.id WHERE p.community_id = $1 \
         AND ((a.book = 'deposits') <> (d.id IS NOT NULL) OR d.account_id <> p.account_id)",
    ),
    (
        "deposit is not held, kept and given back to its amount",
        "SELECT p.receipt AS what FROM deposits d JOIN payments p ON p.id = d.payment_id \
         LEFT JOIN (SELECT deposit_id, SUM(amount_fen) AS fen FROM deposit_deductions WHERE charge_id IS NOT NULL \
                    GROUP BY deposit_id) k ON k.deposit_id = d.id WHERE d.community_id = $1 \
         AND p.unallocated_fen + p.refunded_fen + COALESCE(k.fen, 0) <> p.amount_fen",
    ),
    (
        "deposit's state is not what its payment says",
        "SELECT p.receipt AS what FROM deposits d JOIN payments p ON p.id = d.payment_id WHERE d.community_id = $1 \
         AND ((d.state IN ('held', 'returning') AND p.unallocated_fen <> p.amount_fen) \
         OR (d.state IN ('returned', 'voided') AND p.unallocated_fen <> 0) \
         OR ((d.state = 'voided') <> (p.voided_at IS NOT NULL)))",
    ),
    (
        "more is to be kept than was handed in",
        "SELECT p.receipt AS what FROM deposits d JOIN payments p ON p.id = d.payment_id \
         JOIN (SELECT deposit_id, SUM(amount_fen) AS fen FROM deposit_deductions WHERE state <> 'dropped' \
               GROUP BY deposit_id) k ON k.deposit_id = d.id WHERE d.community_id = $1 AND k.fen > p.amount_fen",
    ),
    (
        "what was kept of a deposit is not what was charged",
        "SELECT CAST(k.id AS TEXT) AS what FROM deposit_deductions k JOIN deposits d ON d.id = k.deposit_id \
         LEFT JOIN charges c ON c.id = k.charge_id WHERE k.community_id = $1 \
         AND ((d.state = 'returned' AND k.state <> 'dropped' AND k.charge_id IS NULL) \
         OR (k.charge_id IS NOT NULL AND (c.amount_fen <> k.amount_fen OR c.account_id <> d.account_id OR c.reversed)))",
    ),
    (
        "charge in the book of deposits is nothing that was kept of one",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN ledger_accounts a ON a.id = c.account_id \
         LEFT JOIN deposit_deductions k ON k.charge_id = c.id \
         WHERE c.community_id = $1 AND a.book = 'deposits' AND k.id IS NULL",
    ),
    (
        "deposit was given back by who asked for it, or took it in",
        "SELECT p.receipt AS what FROM deposits d JOIN payments p ON p.id = d.payment_id \
         WHERE d.community_id = $1 AND d.state = 'returned' \
         AND (d.returned_by IS NULL OR d.returned_by = d.asked_by OR d.returned_by = p.taken_by)",
    ),
];
