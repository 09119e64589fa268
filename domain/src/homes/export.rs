//! The register as a file for other programs: stable columns (interfaces.md), no cell that a spreadsheet
//! would take for a formula.

use super::list::{Filter, list};
use super::records::HomeLine;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::{CommunityId, Db, Error, Instant, Result};

/// The columns, in order; a promise to those who read the file.
const COLUMNS: [&str; 9] =
    ["home", "building", "entrance", "use", "area", "delivered_on", "status", "owner", "phone"];

/// The whole register as CSV, phones unmasked, which the audit trail notes.
pub fn export(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<String> {
    allow(tx, actor, now, Action::Export, Object::Community(community))?;
    let homes = list(tx, actor, now, community, &Filter::default(), i64::MAX)?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS).map_err(Error::internal)?;
    for home in &homes {
        csv.write_record(cells(home).iter().map(|cell| neutral(cell))).map_err(Error::internal)?;
    }
    let line = Line::new(community, "homes.export", "community", community.0).fields("owner,phone");
    audit::write(tx, actor, now, &line)?;
    let bytes = csv.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(Error::internal)
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

/// A cell that no spreadsheet computes: what begins like a formula gets an apostrophe before it.
pub(crate) fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for (cell, expected) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("黎琪艳", "黎琪艳"),
            ("3-2-1501", "3-2-1501"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), expected);
        }
    }
}
