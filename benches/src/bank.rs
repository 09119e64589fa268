//! A bank's statement of 5,000 lines held against 50,000 homes with a period billed: read, judged and written, as the
//! one who sent it waits.

use std::fmt::Write as _;

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::{charges, homes, people};
use domain::imports::{self, Kind as Of, Options};
use domain::{CommunityId, Fen, HomeId, Store, billing};
use test_support::{Database, Kind};

use crate::estate;
use crate::figures::{Figure, Result, say, timed};

const HOMES: i64 = 50_000;
const LINES: usize = 5_000;
const MOST_SECONDS: f64 = 5.0;

pub(crate) fn run() -> Result<Vec<Figure>> {
    [Kind::Sqlite, Kind::Postgres].into_iter().map(on).collect()
}

fn on(kind: Kind) -> Result<Figure> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    estate::make(&store, HOMES)?;
    let (actor, now) = (Actor::system("bench"), estate::now()?);
    let period = ("2026-10".parse()?, billing::What::Items);
    billing::run_now(&store, &actor, now, CommunityId(1), period)?;
    let file = statement(&store)?;
    let sheet = imports::read(Of::Bank, "bank.csv", file.as_bytes())?;
    let take = || {
        Ok(store.write_now(|tx| imports::run(tx, &actor, now, CommunityId(1), &sheet, Options::default()))?)
    };
    let (import, took) = timed(take)?;
    let tally = import.report.bank.ok_or("no statement")?.tally;
    let lines = usize::try_from(tally.booked + tally.queued)?;
    if lines != LINES || tally.booked == 0 {
        return Err(format!("{tally:?}").into());
    }
    say(&format!("<!-- {kind}: {} certain, {} to decide -->", tally.booked, tally.queued));
    let seconds = took.as_secs_f64();
    Ok(Figure::new(
        format!("5,000 lines of a bank's statement against 50,000 homes, {kind}"),
        "< 5 s",
        format!("{seconds:.1} s"),
        seconds < MOST_SECONDS,
    ))
}

/// A third names its home, a third only its payer, a third nobody.
fn statement(store: &Store) -> Result<String> {
    let rows: Vec<(String, String, HomeId)> = store.read_now(|db| {
        let owners = homes::table
            .inner_join(charges::table.on(charges::home_id.eq(homes::id)))
            .inner_join(people::table.on(people::id.eq(charges::payer_id)))
            .select((homes::code, people::name, homes::id))
            .distinct()
            .order(homes::id)
            .limit(i64::try_from(LINES).unwrap_or(i64::MAX));
        Ok(owners.load(db)?)
    })?;
    let mut file = "交易日期,对方户名,借方金额,贷方金额,摘要,流水号\n".to_owned();
    for (n, (code, name, home)) in rows.iter().enumerate() {
        let bills: Vec<Fen> = store.read_now(|db| {
            Ok(charges::table.filter(charges::home_id.eq(home)).select(charges::amount_fen).load(db)?)
        })?;
        let sum: Fen = bills.into_iter().sum();
        let (payer, text) = match n % 3 {
            0 => (name.as_str(), code.as_str()),
            1 => (name.as_str(), "物业费"),
            _ => ("支付平台", "代收"),
        };
        writeln!(file, "2026-10-20,{payer},,{sum},{text},{n}")?;
    }
    Ok(file)
}
