//! A billing run of a million charges, with its entries, summaries and explanations, against one bare
//! statement that puts as many rows into a table with the same unique key.

use std::process::Command;
use std::time::Duration;

use domain::access::Actor;
use domain::billing::{self, What};
use domain::{CommunityId, Store};
use test_support::{Database, Kind};

use crate::estate::{self, HOMES, execute};
use crate::figures::{Figure, Result, median, memory_kib, say, timed};

const CHARGES: usize = 1_000_000;
const ROUNDS: [&str; 3] = ["2026-08", "2026-09", "2026-10"];

pub(crate) fn run() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        figures.extend(on(kind)?);
    }
    Ok(figures)
}

fn on(kind: Kind) -> Result<Vec<Figure>> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    estate::make(&store, HOMES)?;
    execute(&store, BARE)?;
    let mut ratios = Vec::new();
    let mut most = 0;
    for period in ROUNDS {
        let out =
            Command::new(std::env::current_exe()?).args(["billing-run", database.url(), period]).output()?;
        let said = String::from_utf8(out.stdout)?;
        let mut words = said.split_whitespace();
        let billed = Duration::from_secs_f64(words.next().ok_or("no time")?.parse()?);
        most = most.max(words.next().ok_or_else(|| said.clone())?.parse::<u64>()?);
        let (rows, bare) = timed(|| execute(&store, &bare(period)))?;
        if rows != CHARGES {
            return Err(format!("{rows} rows").into());
        }
        say(&format!(
            "<!-- {kind} {period}: {:.1} s, bare {:.1} s -->",
            billed.as_secs_f64(),
            bare.as_secs_f64()
        ));
        ratios.push(billed.as_secs_f64() / bare.as_secs_f64());
    }
    let ratio = median(&ratios)?;
    let memory = most / 1_024;
    Ok(vec![
        Figure::new(
            format!("billing run of 1,000,000 charges, {kind}"),
            "≤ 4 × one bare `INSERT … SELECT`",
            format!("{ratio:.1} ×"),
            ratio <= 4.0,
        ),
        Figure::new(format!("memory of that run, {kind}"), "< 200 MB", format!("{memory} MB"), memory < 200),
    ])
}

/// A table with the key of charges and nothing else.
pub(crate) const BARE: &str = "CREATE TABLE bare (community_id BIGINT NOT NULL, home_id BIGINT NOT NULL, \
    fee_item_id BIGINT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, revision INTEGER NOT NULL, \
    amount_fen BIGINT NOT NULL, UNIQUE (community_id, period, home_id, fee_item_id, subject, revision))";

/// Puts the charges of a period into the bare table.
pub(crate) fn bare(period: &str) -> String {
    format!(
        "INSERT INTO bare SELECT community_id, home_id, fee_item_id, subject, period, revision, amount_fen \
         FROM charges WHERE period = '{period}' ON CONFLICT DO NOTHING"
    )
}

/// Bills, and says how long it took and what memory it had at most, in KiB.
pub(crate) fn in_this_process(url: &str, period: &str) -> Result<()> {
    let store = Store::open(url)?;
    let now = estate::now()?;
    let (run, took) = timed(|| {
        let period = (period.parse()?, What::Items);
        Ok(billing::run_now(&store, &Actor::system("bench"), now, CommunityId(1), period)?)
    })?;
    if usize::try_from(run.charges)? != CHARGES {
        return Err(format!("{} charges", run.charges).into());
    }
    say(&format!("{} {}", took.as_secs_f64(), memory_kib("self", "VmHWM:")?));
    Ok(())
}
