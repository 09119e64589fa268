//! What `linli check` looks at: an accepted invitation has its tie, of its person to its home.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::{CommunityId, Db, Result};

#[derive(QueryableByName)]
struct Stray {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// What is wrong with the invitations of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let sql = "SELECT i.id FROM invitations i WHERE i.community_id = $1 AND i.accepted_at IS NOT NULL AND NOT EXISTS \
               (SELECT 1 FROM occupancies o WHERE o.id = i.occupancy_id AND o.person_id = i.person_id \
                AND o.home_id = i.home_id)";
    let strays: Vec<Stray> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(strays
        .iter()
        .map(|one| format!("invitation {}: accepted without a tie to its home", one.id))
        .collect())
}
