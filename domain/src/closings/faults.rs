//! For `linli check`: what is frozen is what the entries say, month follows month, and each begins with what the one
//! before ended with.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's closed months.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "closed month's sums are not those of its entries",
        "SELECT c.month || ' ' || k.book || ' ' || k.kind AS what FROM ( \
         SELECT s.closing_id, s.book, s.kind, s.entries, s.amount_fen FROM month_closing_sums s \
         UNION ALL SELECT c.id, a.book, CASE WHEN e.at < c.from_at THEN 'opening' ELSE e.kind END, -COUNT(*), \
         -CAST(SUM(e.amount_fen) AS BIGINT) FROM month_closings c \
         JOIN ledger_entries e ON e.community_id = c.community_id AND e.at < c.until_at \
         JOIN ledger_accounts a ON a.id = e.account_id WHERE c.community_id = $1 \
         GROUP BY c.id, a.book, CASE WHEN e.at < c.from_at THEN 'opening' ELSE e.kind END) k \
         JOIN month_closings c ON c.id = k.closing_id WHERE c.community_id = $1 \
         GROUP BY c.month, k.book, k.kind HAVING SUM(k.entries) <> 0 OR SUM(k.amount_fen) <> 0",
    ),
    (
        "closed month has not seen an entry that it says it has seen",
        "SELECT c.month || ' ' || e.id AS what FROM month_closings c JOIN ledger_entries e \
         ON e.community_id = c.community_id AND e.id <= c.last_entry AND e.at >= c.until_at WHERE c.community_id = $1",
    ),
    (
        "closed month does not begin where the one before ends",
        "SELECT c.month AS what FROM month_closings c WHERE c.community_id = $1 \
         AND EXISTS (SELECT 1 FROM month_closings b WHERE b.community_id = $1 AND b.until_at <= c.from_at) \
         AND NOT EXISTS (SELECT 1 FROM month_closings b WHERE b.community_id = $1 AND b.until_at = c.from_at)",
    ),
    (
        "closed month does not begin with what the one before ended with",
        "SELECT c.month || ' ' || k.book AS what FROM (SELECT s.closing_id AS id, s.book, s.amount_fen \
         FROM month_closing_sums s WHERE s.kind = 'opening' UNION ALL \
         SELECT n.id, s.book, -s.amount_fen FROM month_closing_sums s JOIN month_closings b ON b.id = s.closing_id \
         JOIN month_closings n ON n.community_id = b.community_id AND n.from_at = b.until_at) k \
         JOIN month_closings c ON c.id = k.id WHERE c.community_id = $1 \
         AND EXISTS (SELECT 1 FROM month_closings b WHERE b.community_id = c.community_id AND b.until_at = c.from_at) \
         GROUP BY c.month, k.book HAVING SUM(k.amount_fen) <> 0",
    ),
];
