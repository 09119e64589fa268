//! What `linli check` asks of complaints and of the notices that late ones bring.

use crate::{CommunityId, Db, Result, check};

const CHECKS: &[(&str, &str)] = &[
    (
        "complaint without its record",
        "SELECT c.number AS what FROM cases c LEFT JOIN complaints p ON p.case_id = c.id \
         WHERE c.community_id = $1 AND c.kind = 'complaint' AND p.case_id IS NULL",
    ),
    (
        "complaint is with a department and was not found founded",
        "SELECT c.number AS what FROM cases c JOIN complaints p ON p.case_id = c.id WHERE c.community_id = $1 \
         AND c.state IN ('founded', 'investigating', 'proposed', 'approved', 'carrying_out') \
         AND (p.department IS NULL OR p.founded IS NULL OR NOT p.founded)",
    ),
    (
        "option that was chosen is none of the complaint's plan",
        "SELECT c.number AS what FROM cases c JOIN complaints p ON p.case_id = c.id \
         WHERE c.community_id = $1 AND p.chosen IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM complaint_options o WHERE o.case_id = p.case_id AND o.plan = p.plan AND o.number = p.chosen)",
    ),
    (
        "clock of a complaint ran out without a notice",
        "SELECT c.number || ', ' || b.clock AS what FROM case_breaches b JOIN cases c ON c.id = b.case_id \
         WHERE b.community_id = $1 AND c.kind = 'complaint' \
         AND NOT EXISTS (SELECT 1 FROM rectifications r WHERE r.case_id = b.case_id AND r.clock = b.clock \
         AND r.round = b.round)",
    ),
    (
        "notice is for a clock that never ran out",
        "SELECT CAST(r.id AS TEXT) AS what FROM rectifications r \
         WHERE r.community_id = $1 AND NOT EXISTS (SELECT 1 FROM case_breaches b WHERE b.case_id = r.case_id \
         AND b.clock = r.clock AND b.round = r.round)",
    ),
];

/// What is wrong with the complaints of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
