//! What `linli check` asks of enquiries.

use crate::{CommunityId, Db, Result, check};

const CHECKS: &[(&str, &str)] = &[
    (
        "enquiry without its record",
        "SELECT c.number AS what FROM cases c LEFT JOIN enquiries e ON e.case_id = c.id \
         WHERE c.community_id = $1 AND c.kind = 'enquiry' AND e.case_id IS NULL",
    ),
    (
        "enquiry is answered without an answer",
        "SELECT c.number AS what FROM cases c JOIN enquiries e ON e.case_id = c.id \
         WHERE c.community_id = $1 AND c.state = 'answered' AND (e.answer = '' OR c.resolved_at IS NULL)",
    ),
];

/// What is wrong with the enquiries of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
