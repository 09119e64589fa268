//! The books of a large community: 50,000 homes and two years of charges. Who owes, what a month's closing would freeze,
//! the closing, and a shared bill that is taken back whole.

use domain::access::Actor;
use domain::billing::shared::{self, take_back};
use domain::{CommunityId, Month, Store, billing, closings};
use test_support::{Database, Kind};

use crate::figures::{Figure, Result, median, ms, say, timed};
use crate::load::{Portal, manager};
use crate::{estate, history};

const HOMES: i64 = 50_000;
/// So many months before the one that is billed and open, 125,000 charges each.
const MONTHS: usize = 23;
const TIMES: usize = 20;

pub(crate) fn run() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        figures.extend(on(kind)?);
        figures.iter().for_each(|figure| say(&format!("<!-- {} -->", figure.row())));
    }
    Ok(figures)
}

fn on(kind: Kind) -> Result<Vec<Figure>> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    let community = estate::make(&store, HOMES)?;
    history::fill(&store, community, MONTHS)?;
    history::enter(&store, MONTHS)?;
    let cookie = manager(&store, community)?;
    let mut figures = Vec::new();
    for month in closed(&store, community)? {
        figures.push(month.figure(kind));
    }
    let portal = Portal::start(&database)?;
    for (what, path) in [
        ("who owes, the largest overdue first", "/arrears"),
        ("who owes at a stage", "/arrears?stage=day15"),
        ("what the next closing would freeze", "/closings"),
    ] {
        figures.push(page(&portal, &cookie, (what, path), kind)?);
    }
    drop(portal);
    figures.push(taken_back(&store, community, kind)?);
    Ok(figures)
}

fn page(portal: &Portal, cookie: &str, (what, path): (&str, &str), kind: Kind) -> Result<Figure> {
    let mut took = Vec::new();
    for _ in 0..TIMES {
        portal.get(path, cookie)?;
        took.push(portal.last_answer()?);
    }
    let middle = median(&took)?;
    let what = format!("{what}, {HOMES} homes, {kind}");
    Ok(Figure::new(what, "< 300 ms at the server", ms(middle), middle.as_millis() < 300))
}

/// A month that was closed, and how long that took.
struct Closed {
    month: Month,
    entries: i64,
    took: std::time::Duration,
}

impl Closed {
    fn figure(&self, kind: Kind) -> Figure {
        let what = format!("closing of {} over {} entries, {kind}", self.month, self.entries);
        Figure::new(what, "< 10 s", ms(self.took), self.took.as_secs() < 10)
    }
}

/// September is the first that is closed, October the next.
fn closed(store: &Store, community: CommunityId) -> Result<Vec<Closed>> {
    let (now, actor) = ("2026-11-01T00:00:00Z".parse()?, Actor::system("bench"));
    let mut all = Vec::new();
    for month in ["2026-09", "2026-10"] {
        let month: Month = month.parse()?;
        let ((), took) = timed(|| {
            store.write_now(|tx| closings::close(tx, &actor, now, community, month))?;
            Ok(())
        })?;
        let (_, sums) = store.read_now(|db| closings::of(db, &actor, now, community, month))?;
        all.push(Closed { month, entries: sums.iter().map(|sum| sum.entries).sum(), took });
    }
    Ok(all)
}

fn taken_back(store: &Store, community: CommunityId, kind: Kind) -> Result<Figure> {
    let (now, actor, period) = (estate::now()?, Actor::system("bench"), "2026-10".parse()?);
    crate::shared::enter(store, community, period)?;
    let asked = (period, billing::What::Shared);
    billing::run_now(store, &actor, now, community, asked)?;
    let bill = store.read_now(|db| shared::in_period(db, community, period))?.pop().ok_or("no bill")?;
    let seen = store.read_now(|db| shared::standing(db, &bill))?.seen();
    let ((), took) = timed(|| {
        Ok(store.write_now(|tx| take_back(tx, &actor, now, (community, bill.id), ("抄错表", &seen)))?)
    })?;
    let what = format!("a shared bill of {HOMES} homes taken back whole, {kind}");
    Ok(Figure::new(what, "< 20 s", ms(took), took.as_secs() < 20))
}
