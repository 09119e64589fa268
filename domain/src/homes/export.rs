//! The register as a file for other programs: stable columns (interfaces.md), no cell that a spreadsheet
//! would take for a formula.

use super::list::{Filter, list};
use super::records::HomeLine;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::{CommunityId, Db, Instant, Result, csv_out};

/// The columns, in order; a promise to those who read the file.
const COLUMNS: [&str; 9] =
    ["home", "building", "entrance", "use", "area", "delivered_on", "status", "owner", "phone"];

/// The whole register as CSV, phones unmasked, which the audit trail notes.
pub fn export(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<String> {
    allow(tx, actor, now, Action::Export, Object::Community(community))?;
    let homes = list(tx, actor, now, community, &Filter::default(), i64::MAX)?;
    let head = COLUMNS.map(str::to_owned);
    let table: Vec<[String; 9]> = std::iter::once(head).chain(homes.iter().map(cells)).collect();
    let line = Line::new(community, "homes.export", "community", community.0).fields("owner,phone");
    audit::write(tx, actor, now, &line)?;
    csv_out::write(&table)
}

fn cells(home: &HomeLine) -> [String; 9] {
    [
        home.code.clone(),
        home.building.clone(),
        home.entrance.clone(),
        home.use_kind.to_string(),
        home.area.to_string(),
        home.delivered_on.map_or_else(String::new, |day| day.to_string()),
        home.status.to_string(),
        home.owner.clone().unwrap_or_default(),
        home.owner_phone.clone().unwrap_or_default(),
    ]
}
