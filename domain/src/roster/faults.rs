//! For `linli check`: nobody decided on their own leave, and a duty is with whom it was last handed to.

use crate::{CommunityId, Db, Result, check};

const CHECKS: &[(&str, &str)] = &[
    (
        "leaves overlap",
        "SELECT CAST(a.id AS TEXT) || ' and ' || CAST(b.id AS TEXT) AS what FROM leaves a \
         JOIN leaves b ON b.person_id = a.person_id AND b.id > a.id \
         AND b.starts_on <= a.ends_on AND b.ends_on >= a.starts_on \
         WHERE a.community_id = $1 AND a.state = 'approved' AND b.state = 'approved' \
         AND (a.back_on IS NULL OR a.back_on > b.starts_on) AND (b.back_on IS NULL OR b.back_on > a.starts_on)",
    ),
    (
        "open duty is not with whom it was handed to",
        "SELECT CAST(d.id AS TEXT) AS what FROM duties d JOIN duty_handovers h ON h.duty_id = d.id \
         WHERE d.community_id = $1 AND d.state = 'open' AND h.to_id <> d.owner_id \
         AND NOT EXISTS (SELECT 1 FROM duty_handovers l WHERE l.duty_id = h.duty_id AND l.id > h.id)",
    ),
];

/// What is wrong with a community's roster, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}
