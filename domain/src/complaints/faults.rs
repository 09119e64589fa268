//! What `linli check` asks of complaints and of the notices that late ones bring.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Each a query that returns a sentence per fault.
const CHECKS: [&str; 5] = [
    "SELECT 'complaint ' || c.number || ': without its record' AS what FROM cases c \
     LEFT JOIN complaints p ON p.case_id = c.id WHERE c.community_id = $1 AND c.kind = 'complaint' AND p.case_id IS NULL",
    "SELECT 'complaint ' || c.number || ': given to a department without being found founded' AS what FROM cases c \
     JOIN complaints p ON p.case_id = c.id WHERE c.community_id = $1 \
     AND c.state IN ('founded', 'investigating', 'proposed', 'approved', 'carrying_out') \
     AND (p.department IS NULL OR p.founded IS NULL OR NOT p.founded)",
    "SELECT 'complaint ' || c.number || ': an option was chosen that its plan does not have' AS what FROM cases c \
     JOIN complaints p ON p.case_id = c.id WHERE c.community_id = $1 AND p.chosen IS NOT NULL AND NOT EXISTS \
     (SELECT 1 FROM complaint_options o WHERE o.case_id = p.case_id AND o.plan = p.plan AND o.number = p.chosen)",
    "SELECT 'complaint ' || c.number || ': its ' || b.clock || ' clock ran out without a notice' AS what \
     FROM case_breaches b JOIN cases c ON c.id = b.case_id WHERE b.community_id = $1 AND c.kind = 'complaint' \
     AND NOT EXISTS (SELECT 1 FROM rectifications r WHERE r.case_id = b.case_id AND r.clock = b.clock \
     AND r.round = b.round)",
    "SELECT 'notice ' || r.id || ': for a clock that never ran out' AS what FROM rectifications r \
     WHERE r.community_id = $1 AND NOT EXISTS (SELECT 1 FROM case_breaches b WHERE b.case_id = r.case_id \
     AND b.clock = r.clock AND b.round = r.round)",
];

/// What is wrong with the complaints of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for sql in CHECKS {
        let rows: Vec<Fault> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
        found.extend(rows.into_iter().map(|fault| fault.what));
    }
    Ok(found)
}
