//! What `linli check` says of bank statements.

use crate::{CommunityId, Db, Result, check};

/// What must find nothing.
const CHECKS: &[(&str, &str)] = &[
    (
        "bank line is booked without its payment of that sum to that home",
        "SELECT CAST(l.id AS TEXT) AS what FROM bank_lines l LEFT JOIN payments p ON p.id = l.payment_id \
         LEFT JOIN ledger_accounts a ON a.id = p.account_id WHERE l.community_id = $1 AND l.state = 'booked' \
         AND (p.id IS NULL OR p.amount_fen <> l.amount_fen OR p.method <> 'bank_statement' \
         OR p.voided_at IS NOT NULL OR p.community_id <> l.community_id OR a.home_id <> l.home_id)",
    ),
    (
        "payment stands for two bank lines",
        "SELECT CAST(payment_id AS TEXT) AS what FROM bank_lines WHERE community_id = $1 AND payment_id IS NOT NULL \
         GROUP BY payment_id HAVING COUNT(*) > 1",
    ),
    (
        "bank line belongs to another community than its statement or home",
        "SELECT CAST(l.id AS TEXT) AS what FROM bank_lines l JOIN bank_statements s ON s.id = l.statement_id \
         LEFT JOIN homes h ON h.id = l.home_id WHERE l.community_id = $1 \
         AND (s.community_id <> l.community_id OR h.community_id <> l.community_id)",
    ),
];

/// Each booked line has its payment, and no two share one.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
