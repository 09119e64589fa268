//! The resident's first page with 64 browsers, against a bare handler that asks as many point queries and
//! renders a page of the same size. Both run as processes of their own, one after the other, in turn.

use std::process::{Command, Stdio};
use std::time::Duration;

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::{occupancies, people};
use domain::{PersonId, Store, billing, imports};
use test_support::{Database, Kind};

use crate::bare;
use crate::estate;
use crate::figures::{Figure, Result, median, ms, say};
use crate::load::{Ended, Load, Portal, free_port, load, session};

const CONNECTIONS: usize = 64;
const TIME: Duration = Duration::from_secs(5);
const ROUNDS: usize = 5;

pub(crate) fn run() -> Result<Vec<Figure>> {
    let database = Database::empty(Kind::Sqlite);
    let store = Store::open(database.url())?;
    let cookie = fill(&store)?;
    let portal = Portal::start_with(database.url(), database.folder().to_owned(), "warn", &["--no-worker"])?;
    let bytes = load(portal.port, "/", &cookie, 1, Duration::from_secs(1))?.bytes;
    let file = database.folder().join("bare.db");
    bare::make(&file, bytes)?;
    let (mut ratios, mut ours, mut slowest) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let page = load(portal.port, "/", &cookie, CONNECTIONS, TIME)?;
        let bare = bare_load(&file.display().to_string())?;
        say(&format!(
            "<!-- page {:.0}/s p99 {}, bare {:.0}/s p99 {}, {} and {} bytes -->",
            page.per_second,
            ms(page.p99),
            bare.per_second,
            ms(bare.p99),
            page.bytes,
            bare.bytes
        ));
        ratios.push(page.per_second / bare.per_second);
        ours.push(page.per_second);
        slowest.push(page.p99);
    }
    let (ratio, p99) = (median(&ratios)?, median(&slowest)?);
    Ok(vec![
        Figure::new(
            "resident's first page, 64 connections, SQLite",
            "≥ 0.5 × a bare handler",
            format!("{ratio:.2} × ({:.0} a second)", median(&ours)?),
            ratio >= 0.5,
        ),
        Figure::new("p99 of that page", "< 50 ms", ms(p99), p99.as_millis() < 50),
    ])
}

fn bare_load(file: &str) -> Result<Load> {
    let port = free_port()?;
    let mut command = Command::new(std::env::current_exe()?);
    let server = command.args(["bare-server", file, &port.to_string()]).stdout(Stdio::null()).spawn()?;
    let _server = Ended(server);
    std::thread::sleep(Duration::from_millis(500));
    load(port, "/", "", CONNECTIONS, TIME)
}

/// The community of the examples with a month's bills; gives the session of a resident.
fn fill(store: &Store) -> Result<String> {
    store.migrate()?;
    let actor = Actor::system("bench");
    let now = estate::now()?;
    let new = domain::community::NewCommunity {
        code: "JXHY".into(),
        name: "锦绣花园".into(),
        timezone: "Asia/Shanghai".into(),
    };
    let community = store.write_now(|tx| Ok(domain::community::add(tx, &actor, now, &new)?.id))?;
    for (kind, bytes) in [
        (imports::Kind::Homes, &include_bytes!("../../demo/data/homes.csv")[..]),
        (imports::Kind::Staff, include_bytes!("../../demo/data/staff.csv")),
        (imports::Kind::FeeItems, include_bytes!("../../demo/data/fee_items.csv")),
    ] {
        let sheet = imports::read(kind, "register.csv", bytes)?;
        let options = imports::Options::default();
        store.write_now(|tx| imports::run(tx, &actor, now, community, &sheet, options))?;
    }
    billing::run_now(store, &actor, now, community, ("2026-11".parse()?, billing::What::Items))?;
    let resident = store.write_now(|tx| {
        let person: PersonId = people::table
            .inner_join(occupancies::table.on(occupancies::person_id.eq(people::id)))
            .filter(occupancies::lives_there.eq(true))
            .order(occupancies::id)
            .select(people::id)
            .first(tx)?;
        session(tx, person)
    });
    Ok(resident?)
}
