//! The invariants of meters, recomputed for `linli check`: a sentence for each that is broken.

use diesel::prelude::*;

use super::rules::Metered;
use crate::db::schema::measured;
use crate::{CommunityId, Db, Fen, Result, check};

/// Everything that is wrong with a community's meters.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut faults = check::ask(db, community, CHECKS)?;
    let rows =
        measured::table.filter(measured::community_id.eq(community.0).and(measured::basis.like("meter:%")));
    let rows: Vec<(String, Fen, i64)> =
        rows.select((measured::basis, measured::amount_fen, measured::quantity)).load(db)?;
    let right = |basis: &str, fen, quantity: i64| {
        let told = basis.parse::<Metered>();
        told.is_ok_and(|told| {
            told.amount() == fen && told.parts.iter().map(|part| part.0).sum::<i64>() == quantity
        })
    };
    let wrong = rows.iter().filter(|(basis, fen, quantity)| !right(basis, *fen, *quantity));
    faults.extend(
        wrong.map(|(basis, ..)| format!("what a meter has used is not what its basis says: {basis}")),
    );
    Ok(faults)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "reading does not begin where the one before ended",
        "SELECT m.number || ' ' || r.period AS what FROM meter_readings r JOIN meters m ON m.id = r.meter_id \
         WHERE r.community_id = $1 AND r.state = 'good' AND r.since <> COALESCE((SELECT b.upto FROM meter_readings b \
         WHERE b.meter_id = r.meter_id AND b.state = 'good' AND b.period < r.period ORDER BY b.period DESC LIMIT 1), \
         m.first_reading)",
    ),
    (
        "what a meter has used has no reading",
        "SELECT m.subject || ' ' || m.period AS what FROM measured m JOIN fee_items i ON i.id = m.fee_item_id \
         WHERE m.community_id = $1 AND i.basis = 'meter' AND NOT EXISTS (SELECT 1 FROM meters t \
         JOIN meter_readings r ON r.meter_id = t.id AND r.period = m.period AND r.state = 'good' \
         WHERE t.community_id = m.community_id AND t.home_id = m.home_id AND t.number = m.subject)",
    ),
    (
        "resident's reading has lost its photo",
        "SELECT CAST(r.id AS TEXT) AS what FROM meter_readings r WHERE r.community_id = $1 AND r.source = 'resident' \
         AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.subject_kind = 'meter_reading' AND a.subject_id = r.id)",
    ),
    (
        "charge differs from what the meter has used",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         LEFT JOIN measured m ON m.community_id = c.community_id AND m.period = c.period \
         AND m.fee_item_id = c.fee_item_id AND m.home_id = c.home_id AND m.subject = c.subject \
         WHERE c.community_id = $1 AND i.basis = 'meter' \
         AND (m.home_id IS NULL OR m.amount_fen <> c.amount_fen OR m.basis <> c.basis)",
    ),
];
