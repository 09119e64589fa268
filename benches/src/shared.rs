//! Shared consumption: twenty bills over 50,000 homes, their parts worked out, kept and charged, against one bare
//! statement that puts as many rows into a table with the same unique key.

use std::time::Duration;

use domain::access::Actor;
use domain::billing::items::AppliesTo;
use domain::billing::shared::{Method, NewBill, save};
use domain::billing::{self, What};
use domain::{CommunityId, Fen, Month, Store};
use test_support::{Database, Kind};

use crate::estate::{self, execute};
use crate::figures::{Figure, Result, median, say, timed};

const HOMES: i64 = 50_000;
const BILLS: i64 = 20;
const ROUNDS: [&str; 3] = ["2026-08", "2026-09", "2026-10"];

pub(crate) fn run() -> Result<Vec<Figure>> {
    [Kind::Sqlite, Kind::Postgres].into_iter().map(on).collect()
}

fn on(kind: Kind) -> Result<Figure> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    let community = estate::make(&store, HOMES)?;
    execute(&store, crate::billing::BARE)?;
    let mut ratios = Vec::new();
    for period in ROUNDS {
        enter(&store, community, period.parse()?)?;
        let now = estate::now()?;
        let asked = (period.parse()?, What::Shared);
        let (run, shared) =
            timed(|| Ok(billing::run_now(&store, &Actor::system("bench"), now, community, asked)?))?;
        if run.charges != HOMES * BILLS {
            return Err(format!("{} charges", run.charges).into());
        }
        let (_, bare) = timed(|| execute(&store, &crate::billing::bare(period)))?;
        say(&format!("<!-- {kind} {period}: {}, bare {} -->", seconds(shared), seconds(bare)));
        ratios.push(shared.as_secs_f64() / bare.as_secs_f64());
    }
    let ratio = median(&ratios)?;
    Ok(Figure::new(
        format!("{BILLS} bills shared by {HOMES} homes, {kind}"),
        "≤ 4 × one bare `INSERT … SELECT`",
        format!("{ratio:.1} ×"),
        ratio <= 4.0,
    ))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Enters the twenty bills of a month.
pub(crate) fn enter(store: &Store, community: CommunityId, period: Month) -> Result<()> {
    let (now, actor) = (estate::now()?, Actor::system("bench"));
    for n in 1..=BILLS {
        let method = if n % 2 == 0 { Method::Area } else { Method::Household };
        let bill = NewBill {
            name: format!("账单{n}"),
            period,
            total: Fen(100_000_000 + n * 7_919),
            method,
            applies_to: AppliesTo::Residential,
        };
        store.write_now(|tx| save(tx, &actor, now, community, None, &bill).map(|_| ()))?;
    }
    Ok(())
}
