//! The community itself: 锦绣花园 with its homes, staff, fees and holidays, imported as a clerk would.

use domain::access::Actor;
use domain::community::{self, Community, NewCommunity};
use domain::imports::{self, Kind, Options};
use domain::{Error, Instant, Result, Store};

const FILES: [(Kind, &str, &[u8]); 4] = [
    (Kind::Homes, "homes.csv", include_bytes!("../../../demo/data/homes.csv")),
    (Kind::Staff, "staff.csv", include_bytes!("../../../demo/data/staff.csv")),
    (Kind::FeeItems, "fee_items.csv", include_bytes!("../../../demo/data/fee_items.csv")),
    (Kind::Holidays, "holidays_2026.csv", include_bytes!("../../../demo/data/holidays_2026.csv")),
];

/// Adds the community and imports its registers.
pub(super) fn import(store: &Store, at: Instant) -> Result<Community> {
    let actor = Actor::system("demo");
    let new = NewCommunity {
        code: "JXHY".to_owned(),
        name: "锦绣花园".to_owned(),
        timezone: "Asia/Shanghai".to_owned(),
    };
    let added = store.write_now(|tx| community::add(tx, &actor, at, &new))?;
    for (kind, name, bytes) in FILES {
        let sheet = imports::read(kind, name, bytes)?;
        let options = Options { dry_run: false, skip_bad: false };
        let done = store.write_now(|tx| imports::run(tx, &actor, at, added.id, &sheet, options))?;
        if done.outcome != imports::Outcome::Imported {
            return Err(Error::internal(format!("{name} has {} bad rows", done.report.rejected)));
        }
    }
    Ok(added)
}
