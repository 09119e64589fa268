//! What managers look at, kept by the transactions that change it: over ten million charges a grouped scan takes
//! seconds, a summary a millisecond. Collection stands by building, item and month of the due date; what is open
//! by due day and building.

use diesel::prelude::*;

use crate::{Db, Result};

/// Whether a charge `c` is one to collect: what is kept of a deposit is none.
pub(crate) const COLLECTED: &str =
    "NOT EXISTS (SELECT 1 FROM ledger_accounts b WHERE b.id = c.account_id AND b.book = 'deposits')";

/// Adds to the summary rows what `moved` finds: a query with the columns `community_id, building_id, fee_item_id,
/// due_on, due_month, charges, due_fen, collected_fen, opened`, one row for each change. `opened` is 1 where a
/// charge is open that was not before, and -1 the other way round; what is open is what is due and not collected.
///
/// The rows are taken in the order of their keys, as everywhere.
pub(crate) fn add(tx: &mut Db, moved: &str) -> Result<()> {
    let keys = "m.community_id, m.due_month, m.building_id, m.fee_item_id";
    let collection = format!(
        "INSERT INTO collection_summaries \
         (community_id, due_month, building_id, fee_item_id, charges, due_fen, collected_fen) \
         SELECT {keys}, CAST(SUM(m.charges) AS BIGINT), CAST(SUM(m.due_fen) AS BIGINT), \
         CAST(SUM(m.collected_fen) AS BIGINT) FROM ({moved}) m WHERE 1 = 1 GROUP BY {keys} ORDER BY {keys} \
         ON CONFLICT (community_id, due_month, building_id, fee_item_id) DO UPDATE SET \
         charges = collection_summaries.charges + excluded.charges, \
         due_fen = collection_summaries.due_fen + excluded.due_fen, \
         collected_fen = collection_summaries.collected_fen + excluded.collected_fen"
    );
    diesel::sql_query(collection).execute(tx)?;
    let keys = "m.community_id, m.due_on, m.building_id";
    let open = format!(
        "INSERT INTO open_summaries (community_id, due_on, building_id, charges, open_fen) \
         SELECT {keys}, CAST(SUM(m.opened) AS BIGINT), CAST(SUM(m.due_fen - m.collected_fen) AS BIGINT) \
         FROM ({moved}) m WHERE 1 = 1 GROUP BY {keys} ORDER BY {keys} \
         ON CONFLICT (community_id, due_on, building_id) DO UPDATE SET \
         charges = open_summaries.charges + excluded.charges, open_fen = open_summaries.open_fen + excluded.open_fen"
    );
    diesel::sql_query(open).execute(tx)?;
    Ok(())
}
