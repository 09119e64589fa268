//! What `linli check` asks of inspections: every fulfilled duty has its inspection, every violation its two.

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
    SELECT d.id, 'duty: fulfilled without an inspection of its site and day' AS what FROM duties d \
    WHERE d.community_id = $1 AND d.kind = 'renovation_inspection' AND d.record_id IS NOT NULL AND NOT EXISTS \
    (SELECT 1 FROM inspections i WHERE i.id = d.record_id AND i.case_id = d.subject_id \
     AND CAST(i.day AS TEXT) = d.occurrence) \
    UNION ALL SELECT d.id, 'duty: done without a record' FROM duties d WHERE d.community_id = $2 \
    AND d.kind = 'renovation_inspection' AND d.state IN ('done', 'done_late') AND d.record_id IS NULL \
    UNION ALL SELECT v.id, 'violation: not opened by a failed item' FROM violations v WHERE v.community_id = $3 \
    AND NOT EXISTS (SELECT 1 FROM inspection_items t WHERE t.inspection_id = v.opened_by AND t.item = v.item \
    AND NOT t.passed) \
    UNION ALL SELECT v.id, 'violation: mended without a later look, or without a photo' FROM violations v \
    JOIN inspections o ON o.id = v.opened_by JOIN inspections m ON m.id = v.mended_by \
    WHERE v.community_id = $4 AND (m.photos = 0 OR m.made_at <= o.made_at OR m.case_id <> v.case_id) \
    UNION ALL SELECT v.id, 'violation: severe and open, but the site is at work' FROM violations v \
    JOIN cases c ON c.id = v.case_id WHERE v.community_id = $5 AND v.severity = 'severe' \
    AND v.mended_by IS NULL AND c.state = 'working' \
    UNION ALL SELECT i.id, 'inspection: counts other photos than it has' FROM inspections i \
    WHERE i.community_id = $6 AND i.photos <> (SELECT COUNT(*) FROM attachments a \
    WHERE a.subject_kind = 'inspection' AND a.subject_id = i.id)";

/// What is wrong with a community's inspections: a sentence each.
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
