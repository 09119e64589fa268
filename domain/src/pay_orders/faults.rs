//! What `linli check` says of payment orders.

use crate::{CommunityId, Db, Result, check};

/// What must find nothing.
const CHECKS: &[(&str, &str)] = &[
    (
        "payment order is paid without its payment of that sum to that account",
        "SELECT o.number AS what FROM pay_orders o LEFT JOIN payments p ON p.id = o.payment_id \
         WHERE o.community_id = $1 AND o.state = 'paid' AND (p.id IS NULL OR p.amount_fen <> o.amount_fen \
         OR p.account_id <> o.account_id OR p.method <> 'messenger' OR o.told_fen IS NULL \
         OR o.told_fen <> o.amount_fen OR o.transaction_no = '')",
    ),
    (
        "payment came by itself without its payment order",
        "SELECT p.receipt AS what FROM payments p WHERE p.community_id = $1 AND p.method = 'messenger' \
         AND p.taken_by IS NULL AND NOT EXISTS (SELECT 1 FROM pay_orders o WHERE o.payment_id = p.id)",
    ),
    (
        "payment order is of another home or community than its account",
        "SELECT o.number AS what FROM pay_orders o JOIN ledger_accounts a ON a.id = o.account_id \
         WHERE o.community_id = $1 AND (a.home_id <> o.home_id OR a.community_id <> o.community_id)",
    ),
    (
        "a provider's payment is booked twice",
        "SELECT MIN(o.number) AS what FROM pay_orders o WHERE o.community_id = $1 AND o.state = 'paid' \
         GROUP BY o.channel, o.transaction_no HAVING COUNT(*) > 1",
    ),
];

/// Each paid order has its payment, and no two share one.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
