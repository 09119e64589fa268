//! What cannot be: figures that the books do not give, a counter entry that takes back something else.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{figures, records};
use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

const ENTRIES: &str = "SELECT 'community entry ' || n.id || ': takes back another one than it says' AS what \
     FROM community_entries n JOIN community_entries e ON e.id = n.corrects WHERE n.community_id = $1 AND \
     (e.corrects IS NOT NULL OR e.amount_fen <> -n.amount_fen OR e.kind <> n.kind OR e.category <> n.category \
      OR e.community_id <> n.community_id OR n.day < e.day) \
     UNION ALL SELECT 'publication ' || p.id || ': approved by who drafted it' AS what FROM publications p \
     WHERE p.community_id = $1 AND p.approved_by = p.drafted_by \
     UNION ALL SELECT 'publication ' || p.id || ': its days are those of another one' AS what FROM publications p \
     WHERE p.community_id = $1 AND EXISTS (SELECT 1 FROM publications o WHERE o.community_id = p.community_id \
      AND o.id <> p.id AND o.first_day <= p.last_day AND o.last_day >= p.first_day) \
     UNION ALL SELECT 'duty ' || d.id || ': done without a publication' AS what FROM duties d \
     WHERE d.community_id = $1 AND d.kind = 'publication' AND d.state IN ('done', 'done_late') \
     AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.id = d.record_id AND p.state = 'published')";

/// What is wrong: a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let rows: Vec<Fault> = diesel::sql_query(ENTRIES).bind::<BigInt, _>(community.0).load(db)?;
    let mut faults: Vec<String> = rows.into_iter().map(|fault| fault.what).collect();
    for one in records::list(db, community, true)? {
        let span = (one.first_day, one.last_day);
        if figures::work_out(db, community, span, one.drafted_at)? != records::lines(db, one.id)? {
            faults.push(format!("publication {}: its figures are not those of the books", one.id));
        }
    }
    Ok(faults)
}
