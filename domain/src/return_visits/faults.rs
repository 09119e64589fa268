//! For `linli check`: one return visit for each finish, no more, no less.

use crate::{CommunityId, Db, Result, check};

const CHECKS: &[(&str, &str)] = &[
    // A finish whose job is still on its way is not at fault yet.
    (
        "finish has no return visit",
        "SELECT c.number || ', finish ' || f.number AS what FROM case_finishes f JOIN cases c ON c.id = f.case_id \
         LEFT JOIN duties d ON d.community_id = f.community_id AND d.kind = 'return_visit' AND d.subject_kind = 'case' \
         AND d.subject_id = f.case_id AND d.occurrence = CAST(f.number AS TEXT) \
         LEFT JOIN jobs j ON j.key = 'plan_return_visit:' || f.case_id || ':' || f.number AND j.state <> 'done' \
         WHERE f.community_id = $1 AND f.exempt IS NULL AND d.id IS NULL AND j.id IS NULL",
    ),
    (
        "return visit is for a finish that never was",
        "SELECT CAST(d.id AS TEXT) AS what FROM duties d \
         LEFT JOIN case_finishes f ON f.case_id = d.subject_id AND CAST(f.number AS TEXT) = d.occurrence \
         WHERE d.community_id = $1 AND d.kind = 'return_visit' AND f.case_id IS NULL",
    ),
    (
        "return visit is done without a record",
        "SELECT CAST(d.id AS TEXT) AS what FROM duties d \
         WHERE d.community_id = $1 AND d.kind = 'return_visit' AND d.state IN ('done', 'done_late') \
         AND NOT EXISTS (SELECT 1 FROM return_visits r WHERE r.id = d.record_id AND r.duty_id = d.id)",
    ),
];

/// What is wrong with the return visits of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
