//! What `linli check` asks of enquiries.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Each a query that returns a sentence per fault.
const CHECKS: [&str; 2] = [
    "SELECT 'enquiry ' || c.number || ': without its record' AS what FROM cases c \
     LEFT JOIN enquiries e ON e.case_id = c.id WHERE c.community_id = $1 AND c.kind = 'enquiry' AND e.case_id IS NULL",
    "SELECT 'enquiry ' || c.number || ': answered without an answer' AS what FROM cases c \
     JOIN enquiries e ON e.case_id = c.id WHERE c.community_id = $1 AND c.state = 'answered' \
     AND (e.answer = '' OR c.resolved_at IS NULL)",
];

/// What is wrong with the enquiries of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for sql in CHECKS {
        let rows: Vec<Fault> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
        found.extend(rows.into_iter().map(|fault| fault.what));
    }
    Ok(found)
}
