//! The collection page of a community with ten million charges, at the server: from the request to the answer.

use domain::Store;
use test_support::{Database, Kind};

use crate::estate::{self, HOMES};
use crate::figures::{Figure, Result, median, ms};
use crate::history;
use crate::load::Portal;

/// So many months before the one that is billed and open.
const MONTHS: usize = 9;

pub(crate) fn run() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        figures.push(on(kind)?);
    }
    Ok(figures)
}

fn on(kind: Kind) -> Result<Figure> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    let community = estate::make(&store, HOMES)?;
    let manager = crate::load::manager(&store, community)?;
    history::fill(&store, community, MONTHS)?;
    let portal = Portal::start(&database)?;
    let mut took = Vec::new();
    for _ in 0..40 {
        portal.get("/collection?period=2026-11", &manager)?;
        took.push(portal.last_answer()?);
    }
    let middle = median(took.get(10..).unwrap_or_default())?;
    Ok(Figure::new(
        format!("collection page over 10,000,000 charges, {kind}"),
        "< 20 ms at the server",
        ms(middle),
        middle.as_millis() < 20,
    ))
}
