//! What the first days of a year look like, in one hash: made again from the same seed by the same rules they
//! are the same. It is taken of what people did, by the columns' names, so a column that is added changes nothing.

use chrono::Days;
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::{Db, Instant, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::stage::Stage;

/// How many days are looked at.
const DAYS: u64 = 12;

/// How many rows there are after the first days, and a hash of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Proof {
    rows: usize,
    hash: String,
}

/// The end of the first days.
pub(super) fn end(stage: &Stage) -> Instant {
    stage.zone.start_of(stage.begin + Days::new(DAYS))
}

const ROWS: &[&str] = &[
    "SELECT h.code || ' ' || c.period || ' ' || c.subject || ' ' || c.amount_fen AS line \
     FROM charges c JOIN homes h ON h.id = c.home_id ORDER BY c.id",
    "SELECT receipt || ' ' || amount_fen || ' ' || method || ' ' || taken_at AS line FROM payments ORDER BY id",
    "SELECT COALESCE(number, '') || ' ' || state || ' ' || category || ' ' || text || ' ' || channel AS line \
     FROM cases ORDER BY id",
    "SELECT case_id || ' ' || action || ' ' || at || ' ' || to_state AS line FROM case_events ORDER BY id",
    "SELECT kind || ' ' || subject_id || ' ' || occurrence || ' ' || state AS line FROM duties ORDER BY id",
    "SELECT started_at || ' ' || home_id || ' ' || said AS line FROM visits ORDER BY id",
    "SELECT outcome || ' ' || words || ' ' || at AS line FROM return_visits ORDER BY id",
    "SELECT made_at || ' ' || progress AS line FROM inspections ORDER BY id",
];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The proof of a database as it is.
pub(super) fn of(db: &mut Db) -> Result<Proof> {
    let (mut rows, mut sha) = (0, Sha256::new());
    for sql in ROWS {
        for row in diesel::sql_query(*sql).load::<Row>(db)? {
            rows += 1;
            sha.update(row.line);
            sha.update("\n");
        }
    }
    Ok(Proof { rows, hash: hex::encode(sha.finalize()) })
}
