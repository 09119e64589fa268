//! The register as a table for other programs: stable columns (interfaces.md), phones unmasked.

use super::list::{Filter, list};
use super::records::HomeLine;
use crate::access::{Action, Actor, Object, allow};
use crate::sheets::{Cell, Shape};
use crate::{CommunityId, Db, Instant, Result, row};

/// The register as it goes out.
pub const TABLE: Shape = Shape {
    name: "homes",
    columns: &["home", "building", "entrance", "use", "area", "delivered_on", "status", "owner", "phone"],
};

/// The rows of the whole register, in its order.
pub fn export(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Vec<Cell>>> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    let homes = list(db, actor, now, community, &Filter::default(), i64::MAX)?;
    Ok(homes.into_iter().map(cells).collect())
}

fn cells(home: HomeLine) -> Vec<Cell> {
    row![
        home.code,
        home.building,
        home.entrance,
        home.use_kind.as_str(),
        home.area,
        home.delivered_on,
        home.status.as_str(),
        home.owner,
        home.owner_phone,
    ]
}
