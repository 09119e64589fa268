//! What `linli check` asks of move-ins and of the register that they change.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    what: String,
}

const QUESTIONS: &str = "\
    SELECT m.case_id AS id, 'move-in: handed over without its record, or the other way round' AS what \
    FROM move_ins m JOIN cases c ON c.id = m.case_id WHERE m.community_id = $1 \
    AND (m.handed_over_at IS NOT NULL) <> EXISTS (SELECT 1 FROM move_in_handovers h WHERE h.case_id = m.case_id) \
    UNION ALL SELECT m.case_id, 'move-in: handed over, but the home has no delivery date' FROM move_ins m \
    JOIN cases c ON c.id = m.case_id JOIN homes h ON h.id = c.home_id WHERE m.community_id = $2 \
    AND m.handed_over_at IS NOT NULL AND h.delivered_on IS NULL \
    UNION ALL SELECT m.case_id, 'move-in: its occupancy is of another home or household' FROM move_ins m \
    JOIN cases c ON c.id = m.case_id JOIN occupancies o ON o.id = m.occupancy_id WHERE m.community_id = $3 \
    AND (o.home_id <> c.home_id OR o.person_id <> m.person_id) \
    UNION ALL SELECT o.id, 'occupancy: lives in a household of another home' FROM occupancies o \
    JOIN households h ON h.id = o.household_id WHERE o.community_id = $4 AND h.home_id <> o.home_id \
    UNION ALL SELECT m.case_id, 'move-in: handed over without owing a first visit' FROM move_ins m \
    WHERE m.community_id = $5 AND m.handed_over_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM duties d \
    WHERE d.kind = 'first_visit' AND d.subject_kind = 'case' AND d.subject_id = m.case_id) \
    UNION ALL SELECT m.case_id, 'move-in: an agreement was signed before the handover, or by somebody else' \
    FROM move_ins m JOIN move_in_handovers h ON h.case_id = m.case_id \
    JOIN move_in_agreements a ON a.case_id = m.case_id WHERE m.community_id = $6 \
    AND (a.at < h.at OR a.signer_id <> m.person_id)";

/// What is wrong with a community's move-ins: a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let rows: Vec<Found> = diesel::sql_query(QUESTIONS)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(community.0)
        .load(db)?;
    Ok(rows.iter().map(|row| format!("{} (id {})", row.what, row.id)).collect())
}
