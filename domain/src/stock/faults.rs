//! What `linli check` asks of the store: what lies there is what moved, and each movement's balance follows
//! the one before.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

const CHECKS: [&str; 2] = [
    "SELECT 'material ' || i.code || ': what lies in the store is not what moved' AS what FROM price_items i \
     LEFT JOIN (SELECT item_id, SUM(quantity) AS moved FROM stock_movements GROUP BY item_id) m ON m.item_id = i.id \
     WHERE i.community_id = $1 AND i.stock <> COALESCE(m.moved, 0)",
    "SELECT 'stock movement ' || CAST(k.id AS TEXT) || ': its balance does not follow' AS what FROM \
     (SELECT id, balance, SUM(quantity) OVER (PARTITION BY item_id ORDER BY id) AS moved FROM stock_movements \
     WHERE community_id = $1) k WHERE k.balance <> k.moved",
];

/// What is wrong in the store of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for sql in CHECKS {
        let rows: Vec<Fault> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
        found.extend(rows.into_iter().map(|fault| fault.what));
    }
    Ok(found)
}
