//! What a home counts where a bill is shared by share 份额: 1.00, unless something else was agreed.

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{home_shares, homes};
use crate::{CommunityId, Db, Error, HomeId, Instant, Quantity, Result};

/// A home's share.
#[derive(Debug, Clone, Queryable)]
pub struct Share {
    /// The home's code.
    pub home: String,
    /// What it counts.
    pub share: Quantity,
}

/// The homes that count something else than 1.00, in register order.
pub fn shares(db: &mut Db, community: CommunityId) -> Result<Vec<Share>> {
    let rows = home_shares::table
        .inner_join(homes::table.on(homes::id.eq(home_shares::home_id)))
        .filter(home_shares::community_id.eq(community.0))
        .order(homes::register_order)
        .select((homes::code, home_shares::share));
    Ok(rows.load(db)?)
}

/// Sets what a home counts from the next bill on; what is charged stays.
///
/// # Errors
/// No such home, or less than nothing.
pub fn set(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    home: &str,
    share: Quantity,
) -> Result<()> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    if share.0 < 0 {
        return Err(Error::field("share", "not_positive"));
    }
    let found = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(home.trim())));
    let Some(id) = found.select(homes::id).first::<HomeId>(tx).optional()? else {
        return Err(Error::field("home", "unknown_home"));
    };
    diesel::delete(home_shares::table.find(id.0)).execute(tx)?;
    if share.0 != crate::billing::rules::ONE {
        let row = (
            home_shares::home_id.eq(id),
            home_shares::community_id.eq(community),
            home_shares::share.eq(share),
        );
        diesel::insert_into(home_shares::table).values(row).execute(tx)?;
    }
    audit::write(tx, actor, now, &Line::new(community, "home.share", "home", id.0).fields(share.to_string()))
}
