//! For `linli check`: what was acknowledged is of its account, and has its paper.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::{CommunityId, Db, Result};

/// Everything that is wrong with a community's acknowledgements.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (text, sql) in CHECKS {
        let found: Vec<Found> = diesel::sql_query(*sql).bind::<BigInt, _>(community.0).load(db)?;
        faults.extend(found.iter().map(|row| format!("{text}: {}", row.what)));
    }
    Ok(faults)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    what: String,
}

const CHECKS: &[(&str, &str)] = &[
    (
        "acknowledgement is about a charge of another account, or about none",
        "SELECT CAST(a.id AS TEXT) AS what FROM acknowledgements a \
         LEFT JOIN acknowledgement_charges k ON k.acknowledgement_id = a.id LEFT JOIN charges c ON c.id = k.charge_id \
         WHERE a.community_id = $1 AND (c.id IS NULL OR c.account_id <> a.account_id)",
    ),
    (
        "acknowledgement has lost its paper",
        "SELECT CAST(a.id AS TEXT) AS what FROM acknowledgements a WHERE a.community_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM attachments t WHERE t.subject_kind = 'acknowledgement' AND t.subject_id = a.id)",
    ),
];
