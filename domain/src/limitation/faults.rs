//! For `linli check`: what was acknowledged is of its account, and has its paper.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's acknowledgements.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
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
