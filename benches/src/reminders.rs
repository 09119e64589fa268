//! The morning after a bill: 100,000 homes are reminded, and their mails handed to a mail server on this machine.

use std::time::{Duration, Instant};

use domain::access::Actor;
use domain::{CommunityId, Store, billing, installation, reminders};
use test_support::{Database, Kind, SmtpServer};

use crate::estate;
use crate::figures::{Figure, Result, timed};
use crate::load::Portal;

const HOMES: i64 = 100_000;
/// So many accounts are reminded in one transaction, as the worker does it.
const BATCH: usize = 500;
/// After so many mails it is clear how many go out in a second.
const MAILS: usize = 20_000;
/// Five days before the bills are due, at 09:30 in the community.
const MORNING: &str = "2026-11-20T01:30:00Z";

pub(crate) fn run() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::empty(kind);
        let store = Store::open(database.url())?;
        let community = billed(&store)?;
        figures.push(decided(&store, community, kind)?);
        figures.push(handed_over(&database, kind)?);
    }
    Ok(figures)
}

fn billed(store: &Store) -> Result<CommunityId> {
    store.migrate()?;
    store.write_now(installation::make_sandbox)?;
    let community = estate::make(store, HOMES)?;
    estate::execute(store, "UPDATE people SET email = 'owner' || id || '@example.org'")?;
    billing::run_now(
        store,
        &Actor::system("bench"),
        estate::now()?,
        community,
        ("2026-11".parse()?, billing::What::Items),
    )?;
    if store.kind() == domain::db::Kind::Postgres {
        // Bills are made weeks before; by then the server has counted its rows by itself.
        estate::execute(store, "ANALYZE")?;
    }
    Ok(community)
}

fn decided(store: &Store, community: CommunityId, kind: Kind) -> Result<Figure> {
    let (now, actor) = (MORNING.parse()?, Actor::system("reminders"));
    let (sent, took) = timed(|| {
        let due = store.read_now(|db| reminders::due(db, community, now))?;
        let mut sent = 0;
        for some in due.chunks(BATCH) {
            sent += store.write_now(|tx| reminders::remind_all(tx, &actor, now, community, some))?.len();
        }
        Ok(sent)
    })?;
    Ok(Figure::new(
        format!("{HOMES} reminders decided and written down, {kind}"),
        "< 10 s",
        format!("{:.1} s, {sent} of them", took.as_secs_f64()),
        took < Duration::from_secs(10) && i64::try_from(sent)? == HOMES,
    ))
}

fn handed_over(database: &Database, kind: Kind) -> Result<Figure> {
    let server = SmtpServer::start();
    let url = server.url();
    let settings = [("SMTP_URL", url.as_str()), ("LINLI_CLOCK", MORNING)];
    let folder = database.folder().to_owned();
    let _portal = Portal::start_as(database.url(), folder, "warn", &["--with-worker"], &settings)?;
    let patience = Instant::now() + Duration::from_secs(120);
    let (mut first, mut before) = (None, 0);
    while server.count() < MAILS {
        if Instant::now() > patience {
            return Err(format!("{} of {MAILS} mails came", server.count()).into());
        }
        if first.is_none() && server.count() > 0 {
            (first, before) = (Some(Instant::now()), server.count());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = first.ok_or("no mail came")?.elapsed();
    let per_second = f64::from(u32::try_from(server.count() - before)?) / took.as_secs_f64();
    Ok(Figure::new(
        format!("their mails to a server on the same machine, four connections, {kind}"),
        "≥ 2,000 a second",
        format!("{per_second:.0} a second"),
        per_second >= 2_000.0 && server.sessions() <= 8,
    ))
}
