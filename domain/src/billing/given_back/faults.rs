//! For `linli check`: what was given back was taken back, and what was left of it is charged, once.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with what was given back in a community.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "charge was given back and stands",
        "SELECT CAST(c.id AS TEXT) AS what FROM given_back g JOIN charges c ON c.id = g.charge_id \
         WHERE g.community_id = $1 AND (NOT c.reversed OR c.community_id <> g.community_id)",
    ),
    (
        "what was left of a charge is not charged, or not as it was worked out",
        "SELECT CAST(g.charge_id AS TEXT) AS what FROM given_back g JOIN charges c ON c.id = g.charge_id \
         LEFT JOIN charges n ON n.id = g.made_id WHERE g.community_id = $1 AND g.last_on IS NOT NULL \
         AND (n.id IS NULL OR n.account_id <> c.account_id OR n.home_id <> c.home_id \
         OR n.fee_item_id <> c.fee_item_id OR n.subject <> c.subject OR n.period <> c.period \
         OR n.revision <> c.revision + 1 OR n.from_on <> g.from_on OR n.to_on <> g.last_on \
         OR n.basis <> g.basis OR n.amount_fen <> g.amount_fen)",
    ),
    (
        "something is charged of which nothing was left",
        "SELECT CAST(g.charge_id AS TEXT) AS what FROM given_back g \
         WHERE g.community_id = $1 AND g.last_on IS NULL AND (g.made_id IS NOT NULL OR g.amount_fen <> 0)",
    ),
    (
        "charge goes on behind the day until which it was charged before",
        "SELECT CAST(n.id AS TEXT) AS what FROM given_back g JOIN charges n ON n.id = g.made_id \
         WHERE g.community_id = $1 AND n.to_on > g.until_on",
    ),
];
