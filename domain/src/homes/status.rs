//! How homes stand on a day (domain.md §1), as one query's part, so that lists can filter by it.

use super::rules::RUNNING_RENOVATION;

/// The status of the row `homes`, as an SQL expression over the day bound as `$1`.
///
/// Who lives there decides first: a move-in counts though the register still says otherwise. A home that
/// nobody lives in and that is not delivered yet is undelivered, whatever else is noted.
pub(super) fn status_sql() -> String {
    let running = RUNNING_RENOVATION.join("', '");
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM households h WHERE h.community_id = homes.community_id \
           AND h.home_id = homes.id AND h.started_on <= $1 AND (h.ended_on IS NULL OR h.ended_on >= $1)) \
         THEN 'occupied' \
         WHEN homes.delivered_on IS NULL OR homes.delivered_on > $1 THEN 'undelivered' \
         WHEN homes.register_status = 'renovating' OR EXISTS (SELECT 1 FROM cases c \
           WHERE c.community_id = homes.community_id AND c.home_id = homes.id \
           AND c.kind = 'renovation' AND c.state IN ('{running}')) \
         THEN 'renovating' ELSE 'vacant' END"
    )
}

/// The name of the steward of the row `homes` on the day bound as `$1`.
pub(super) fn steward_sql(column: &str) -> String {
    format!(
        "(SELECT p.{column} FROM home_stewards s JOIN people p ON p.id = s.steward_id \
          WHERE s.community_id = homes.community_id AND s.home_id = homes.id \
          AND s.starts_on <= $1 AND (s.ends_on IS NULL OR s.ends_on >= $1) \
          ORDER BY s.starts_on DESC LIMIT 1)"
    )
}
