//! For `linli check`: what was corrected is in the ledger, and what the ledger gave up or gave back was
//! asked for by somebody.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's corrections.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "charge's waivers are not those that were asked for",
        "SELECT CAST(s.charge_id AS TEXT) AS what FROM (SELECT charge_id, -amount_fen AS fen FROM ledger_entries \
         WHERE community_id = $1 AND kind = 'waiver' UNION ALL SELECT charge_id, -amount_fen FROM corrections \
         WHERE community_id = $1 AND kind = 'waiver' AND state = 'made') s \
         GROUP BY s.charge_id HAVING SUM(s.fen) <> 0",
    ),
    (
        // A void gives back a whole payment and is its own act, and so is giving back a deposit.
        "account's refunds are not those that were asked for",
        "SELECT CAST(s.account_id AS TEXT) AS what FROM (SELECT e.account_id, e.amount_fen AS fen \
         FROM ledger_entries e JOIN payments p ON p.id = e.payment_id \
         JOIN ledger_accounts b ON b.id = e.account_id \
         WHERE b.book <> 'deposits' AND e.community_id = $1 AND e.kind = 'refund' AND p.voided_at IS NULL \
         UNION ALL SELECT account_id, -amount_fen FROM corrections \
         WHERE community_id = $1 AND kind = 'refund' AND state = 'made') s \
         GROUP BY s.account_id HAVING SUM(s.fen) <> 0",
    ),
    (
        "correction is of another account than its charge or payment",
        "SELECT CAST(k.id AS TEXT) AS what FROM corrections k LEFT JOIN charges c ON c.id = k.charge_id \
         LEFT JOIN payments p ON p.id = k.payment_id WHERE k.community_id = $1 \
         AND COALESCE(c.account_id, p.account_id) <> k.account_id",
    ),
    (
        "refund has no second person",
        "SELECT CAST(k.id AS TEXT) AS what FROM corrections k WHERE k.community_id = $1 \
         AND k.kind = 'refund' AND k.state = 'made' AND k.decided_by IS NULL",
    ),
];
