//! What lists of money can be narrowed to: the buildings, and the stewards who have an area today.

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{buildings, home_stewards, people};
use crate::{CommunityId, Db, Instant, Result, community};

/// Ids with what people call them.
pub type Named = Vec<(i64, String)>;

/// The buildings in register order, and the stewards by name.
pub fn choices(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<(Named, Named)> {
    allow(db, actor, now, Action::ReadCollection, Object::Community(community))?;
    let today = community::by_id(db, community)?.today(now)?;
    let houses = buildings::table
        .filter(buildings::community_id.eq(community.0))
        .order(buildings::register_order)
        .select((buildings::id, buildings::code))
        .load(db)?;
    let runs = home_stewards::ends_on.is_null().or(home_stewards::ends_on.ge(today));
    let stewards = home_stewards::table
        .inner_join(people::table.on(people::id.eq(home_stewards::steward_id)))
        .filter(home_stewards::community_id.eq(community.0).and(home_stewards::starts_on.le(today)).and(runs))
        .order((people::name, people::id))
        .select((people::id, people::name))
        .distinct()
        .load(db)?;
    Ok((houses, stewards))
}
