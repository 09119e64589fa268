//! What stands out in a preview against the period before: new, gone, or thirty percent more or less.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde::Serialize;

use crate::{Db, Fen, Result};

crate::words! {
    /// How a charge differs from the period before.
    Change {
        /// There was none.
        New = "new",
        /// There is none any more.
        Gone = "gone",
        /// Thirty percent more or less, at least.
        Changed = "changed",
    }
}

/// A charge that stands out against the period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Difference {
    /// The home's code; empty where it is a shared bill as a whole.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// The item's code.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// The bay, or nothing.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// How it differs.
    #[diesel(sql_type = Text)]
    pub change: Change,
    /// What it was.
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(rename = "before_fen")]
    pub before: Option<Fen>,
    /// What it is.
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(rename = "now_fen")]
    pub now: Option<Fen>,
}

/// How many rows of a kind a preview lists.
pub(super) const LISTED: i64 = 500;

/// How an amount differs from the one before; none where it does not stand out.
pub(super) fn change(before: Option<Fen>, now: Option<Fen>) -> Option<Change> {
    match (before, now) {
        (None, None) => None,
        (None, Some(_)) => Some(Change::New),
        (Some(_), None) => Some(Change::Gone),
        (Some(Fen(was)), Some(Fen(will))) => {
            let off = 10 * i128::from(will - was).abs() >= 3 * i128::from(was);
            (off && was != will).then_some(Change::Changed)
        }
    }
}

/// What stands out between two queries with the columns `home_id, fee_item_id, subject, fen`, in register order, and
/// how much of it there is, listed or not; nothing where there was nothing before, as all would be new.
pub(super) fn between(db: &mut Db, was: &str, will: &str) -> Result<(Vec<Difference>, i64)> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let counted = |rows: &str| format!("SELECT COUNT(*) AS rows FROM ({rows}) r");
    if diesel::sql_query(counted(was)).get_result::<Count>(db)?.rows == 0 {
        return Ok((Vec::new(), 0));
    }
    let sides = format!(
        "SELECT home_id, fee_item_id, subject, fen AS was, NULL AS will FROM ({was}) o UNION ALL \
         SELECT home_id, fee_item_id, subject, NULL, fen FROM ({will}) w"
    );
    let rows = format!(
        "SELECT home_id, fee_item_id, subject, CAST(SUM(was) AS BIGINT) AS was, CAST(SUM(will) AS BIGINT) AS will \
         FROM ({sides}) s GROUP BY home_id, fee_item_id, subject \
         HAVING SUM(was) IS NULL OR SUM(will) IS NULL OR 10 * ABS(SUM(will) - SUM(was)) >= 3 * SUM(was) AND SUM(will) <> SUM(was)"
    );
    let total = diesel::sql_query(counted(&rows)).get_result::<Count>(db)?.rows;
    let listed = format!(
        "SELECT h.code AS home, i.code AS item, d.subject, CASE WHEN d.was IS NULL THEN 'new' \
         WHEN d.will IS NULL THEN 'gone' ELSE 'changed' END AS change, d.was AS before, d.will AS now \
         FROM ({rows}) d JOIN homes h ON h.id = d.home_id JOIN fee_items i ON i.id = d.fee_item_id \
         ORDER BY h.register_order, i.register_order, d.subject LIMIT {LISTED}"
    );
    Ok((diesel::sql_query(listed).load(db)?, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_percent_stand_out_and_less_does_not() {
        for (before, now, expected) in [
            (None, None, None),
            (None, Some(1), Some(Change::New)),
            (Some(1), None, Some(Change::Gone)),
            (Some(1_000), Some(1_299), None),
            (Some(1_000), Some(1_300), Some(Change::Changed)),
            (Some(1_000), Some(701), None),
            (Some(1_000), Some(700), Some(Change::Changed)),
            (Some(0), Some(0), None),
            (Some(0), Some(1), Some(Change::Changed)),
        ] {
            assert_eq!(change(before.map(Fen), now.map(Fen)), expected, "{before:?} {now:?}");
        }
    }
}
