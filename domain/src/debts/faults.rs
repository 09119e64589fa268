//! For `linli check`: plans add up, and stand on charges of their account; no charge is silenced twice.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's disputes and plans.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "plan's instalments do not add up to it",
        "SELECT CAST(p.id AS TEXT) AS what FROM plans p LEFT JOIN (SELECT plan_id, SUM(amount_fen) AS fen \
         FROM plan_parts GROUP BY plan_id) s ON s.plan_id = p.id \
         WHERE p.community_id = $1 AND p.total_fen <> COALESCE(s.fen, 0)",
    ),
    (
        "plan's charges do not add up to it",
        "SELECT CAST(p.id AS TEXT) AS what FROM plans p LEFT JOIN (SELECT plan_id, SUM(open_fen) AS fen \
         FROM plan_charges GROUP BY plan_id) s ON s.plan_id = p.id \
         WHERE p.community_id = $1 AND p.total_fen <> COALESCE(s.fen, 0)",
    ),
    (
        "plan's instalments are not in the order of their days",
        "SELECT CAST(p.id AS TEXT) AS what FROM plans p JOIN plan_parts a ON a.plan_id = p.id \
         JOIN plan_parts b ON b.plan_id = p.id AND b.number = a.number + 1 \
         WHERE p.community_id = $1 AND b.due_on <= a.due_on",
    ),
    (
        "plan or dispute is about a charge of another account",
        "SELECT CAST(k.charge_id AS TEXT) AS what FROM (SELECT pc.charge_id, p.account_id, p.community_id \
         FROM plan_charges pc JOIN plans p ON p.id = pc.plan_id \
         UNION ALL SELECT charge_id, account_id, community_id FROM disputes) k \
         JOIN charges c ON c.id = k.charge_id WHERE k.community_id = $1 AND c.account_id <> k.account_id",
    ),
    (
        "charge is silenced twice",
        "SELECT CAST(k.charge_id AS TEXT) AS what FROM (SELECT pc.charge_id FROM plan_charges pc \
         JOIN plans p ON p.id = pc.plan_id WHERE p.community_id = $1 AND p.state = 'running' \
         UNION ALL SELECT charge_id FROM disputes WHERE community_id = $1 AND ended_at IS NULL) k \
         GROUP BY k.charge_id HAVING COUNT(*) > 1",
    ),
];
