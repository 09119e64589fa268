//! For `linli check`: what a demand says adds up, and is about charges of its account.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's demands.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "demand's sum is not that of its charges",
        "SELECT d.number AS what FROM demands d LEFT JOIN (SELECT demand_id, SUM(open_fen) AS fen \
         FROM demand_charges GROUP BY demand_id) s ON s.demand_id = d.id \
         WHERE d.community_id = $1 AND d.total_fen <> COALESCE(s.fen, 0)",
    ),
    (
        "demand names a charge of another account, or more than it was",
        "SELECT d.number AS what FROM demands d JOIN demand_charges k ON k.demand_id = d.id \
         JOIN charges c ON c.id = k.charge_id \
         WHERE d.community_id = $1 AND (c.account_id <> d.account_id OR k.open_fen > c.amount_fen)",
    ),
    (
        "demand's proof is of a day before it",
        "SELECT d.number AS what FROM demands d JOIN demand_proofs f ON f.demand_id = d.id \
         WHERE d.community_id = $1 AND f.day < d.day",
    ),
];
