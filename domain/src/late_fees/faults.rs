//! For `linli check`: a late fee grew on a charge of the same account that stands, no day twice, and not above the cap.

use crate::{CommunityId, Db, Result, check};

/// Everything that is wrong with a community's late fees.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    check::ask(db, community, CHECKS)
}

const CHECKS: &[(&str, &str)] = &[
    (
        "late fee grew on nothing, on a late fee, or on another account's charge",
        "SELECT CAST(c.id AS TEXT) AS what FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         LEFT JOIN late_charges l ON l.charge_id = c.id LEFT JOIN charges b ON b.id = l.base_id \
         LEFT JOIN late_charges again ON again.charge_id = l.base_id \
         WHERE c.community_id = $1 AND i.basis = 'late' \
         AND (b.id IS NULL OR b.account_id <> c.account_id OR again.charge_id IS NOT NULL)",
    ),
    (
        "late fee stands on a charge that was taken back",
        "SELECT CAST(c.id AS TEXT) AS what FROM late_charges l JOIN charges c ON c.id = l.charge_id \
         JOIN charges b ON b.id = l.base_id WHERE c.community_id = $1 AND b.reversed AND NOT c.reversed",
    ),
    (
        "days of a charge are in two of its late fees",
        "SELECT CAST(c.id AS TEXT) AS what FROM late_charges l JOIN charges c ON c.id = l.charge_id \
         JOIN late_charges m ON m.base_id = l.base_id AND m.charge_id > l.charge_id \
         JOIN charges d ON d.id = m.charge_id WHERE c.community_id = $1 AND d.from_on <= c.to_on",
    ),
    (
        "late fees of a charge are above what was agreed",
        "SELECT CAST(b.id AS TEXT) AS what FROM charges b JOIN (SELECT l.base_id, SUM(c.amount_fen) AS fen, \
         MIN(c.from_on) AS first_on FROM late_charges l JOIN charges c ON c.id = l.charge_id \
         WHERE NOT c.reversed GROUP BY l.base_id) s ON s.base_id = b.id \
         LEFT JOIN late_terms t ON t.fee_item_id = b.fee_item_id AND t.starts_on = (SELECT MAX(u.starts_on) \
         FROM late_terms u WHERE u.fee_item_id = b.fee_item_id AND u.starts_on <= b.due_on) \
         WHERE b.community_id = $1 AND (t.id IS NULL OR s.fen * 100 > b.amount_fen * t.cap_percent \
         OR s.first_on <= b.due_on)",
    ),
];
