//! The invariants of shared bills, recomputed for `linli check`: a sentence for each that is broken.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Part;
use crate::db::schema::measured;
use crate::{CommunityId, Db, Fen, Result};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Everything that is wrong with a community's shared bills.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (text, sql) in CHECKS {
        let found: Vec<Found> = diesel::sql_query(*sql).bind::<BigInt, _>(community.0).load(db)?;
        faults.extend(found.iter().map(|row| format!("{text}: {}", row.what)));
    }
    faults.extend(wrong_parts(db, community)?);
    Ok(faults)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "shared bill's parts do not add up to it",
        "SELECT b.period || ' ' || b.name AS what FROM shared_bills b LEFT JOIN (SELECT period, fee_item_id, \
         COUNT(*) AS homes, SUM(quantity) AS weights, SUM(amount_fen) AS fen FROM measured WHERE community_id = $1 \
         GROUP BY period, fee_item_id) m ON m.period = b.period AND m.fee_item_id = b.fee_item_id \
         WHERE b.community_id = $1 AND (COALESCE(m.homes, 0) <> b.homes OR COALESCE(m.weights, 0) <> b.weights \
         OR COALESCE(m.fen, 0) <> CASE WHEN b.split_at IS NULL THEN 0 ELSE b.total_fen END)",
    ),
    (
        "charge differs from the home's part of the shared bill",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         LEFT JOIN measured m ON m.community_id = c.community_id AND m.period = c.period \
         AND m.fee_item_id = c.fee_item_id AND m.home_id = c.home_id AND m.subject = c.subject \
         WHERE c.community_id = $1 AND i.basis = 'shared' AND NOT c.reversed \
         AND (m.home_id IS NULL OR m.amount_fen <> c.amount_fen OR m.basis <> c.basis)",
    ),
    (
        "charge stands of a shared bill that was taken back",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         LEFT JOIN shared_bills b ON b.community_id = c.community_id AND b.period = c.period \
         AND b.fee_item_id = c.fee_item_id AND b.split_at IS NOT NULL AND c.id > b.after_charge \
         WHERE c.community_id = $1 AND i.basis = 'shared' AND NOT c.reversed AND b.id IS NULL",
    ),
    (
        "part is of another home than its place in the register",
        "SELECT CAST(m.home_id AS TEXT) AS what FROM measured m JOIN homes h ON h.id = m.home_id \
         WHERE m.community_id = $1 AND (h.community_id <> m.community_id OR h.register_order <> m.home_order)",
    ),
];

/// Each part is what its basis says, to the fen.
fn wrong_parts(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let rows =
        measured::table.filter(measured::community_id.eq(community.0).and(measured::basis.like("shared:%")));
    let rows: Vec<(i64, String, Fen, i64)> = rows
        .select((measured::home_id, measured::basis, measured::amount_fen, measured::quantity))
        .load(db)?;
    let right = |basis: &str, fen, weight| {
        basis.parse::<Part>().is_ok_and(|part| part.amount() == fen && part.weight == weight)
    };
    let wrong = rows.iter().filter(|(_, basis, fen, weight)| !right(basis, *fen, *weight));
    Ok(wrong
        .map(|(home, basis, ..)| format!("part is not what its basis says: home {home}, {basis}"))
        .collect())
}
