//! What `linli check` asks of the cases: numbers without a gap, states that the timeline tells.

use crate::{CommunityId, Db, Result, check};

const CHECKS: &[(&str, &str)] = &[
    // The running part of a number has no leading zeros beyond four digits, so the highest is the count.
    (
        "counter is not at the number of cases that have one",
        "SELECT k.kind || ' ' || k.day || ', last is ' || k.last || ', numbers given: ' || k.given AS what \
         FROM (SELECT c.kind, CAST(c.day AS TEXT) AS day, c.last, (SELECT count(*) FROM cases s \
         WHERE s.community_id = c.community_id \
         AND s.number LIKE c.kind || REPLACE(CAST(c.day AS TEXT), '-', '') || '-%') AS given \
         FROM counters c WHERE c.community_id = $1 AND c.kind IN ('WX', 'TS', 'ZN', 'RZ', 'BC', 'ZX')) k \
         WHERE k.last <> k.given",
    ),
    (
        "state of a case is not the timeline's",
        "SELECT c.number || ' is ' || c.state || ', not ' || COALESCE(e.to_state, 'none') AS what FROM cases c \
         LEFT JOIN case_events e ON e.id = (SELECT max(id) FROM case_events WHERE case_id = c.id) \
         WHERE c.community_id = $1 AND c.number IS NOT NULL AND (e.id IS NULL OR e.to_state <> c.state)",
    ),
    (
        "repair without its record",
        "SELECT c.number AS what FROM cases c LEFT JOIN repairs r ON r.case_id = c.id \
         WHERE c.community_id = $1 AND c.kind = 'repair' AND r.case_id IS NULL",
    ),
    (
        "finishes of a case are not those recorded",
        "SELECT c.number || ', ' || c.finish_number || ' counted, ' || f.n || ' recorded' AS what \
         FROM cases c JOIN (SELECT s.id, count(n.number) AS n FROM cases s LEFT JOIN case_finishes n ON n.case_id = s.id \
         GROUP BY s.id) f ON f.id = c.id WHERE c.community_id = $1 AND f.n <> c.finish_number",
    ),
    (
        "case is merged into one that is itself merged",
        "SELECT c.number AS what FROM cases c JOIN cases s ON s.id = c.merged_into \
         WHERE c.community_id = $1 AND s.merged_into IS NOT NULL",
    ),
];

/// What is wrong with the cases of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
