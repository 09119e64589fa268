//! The collection page of a community with ten million charges, at the server: from the request to the answer.

use domain::Store;
use domain::access::Actor;
use domain::{CommunityId, billing};
use test_support::{Database, Kind};

use crate::estate::{self, HOMES, execute};
use crate::figures::{Figure, Result, median, ms};
use crate::load::Portal;

/// One month is billed and open; so many before it have nineteen in twenty charges paid.
const MONTHS: i64 = 9;

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
    fill(&store, community)?;
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

/// One month is billed, nine more are its copies; the summaries say what is there.
fn fill(store: &Store, community: CommunityId) -> Result<()> {
    let period = "2026-11".parse()?;
    billing::run_now(
        store,
        &Actor::system("bench"),
        estate::now()?,
        community,
        (period, billing::What::Items),
    )?;
    for ago in 1..=MONTHS {
        let month = format!("2026-{:02}", 11 - ago);
        execute(
            store,
            &format!(
                "INSERT INTO charges (community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, \
                 period, revision, from_on, to_on, basis, amount_fen, paid_fen, due_on, due_month, made_at) \
                 SELECT community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, '{month}', 0, \
                 {day}, {day}, basis, amount_fen, CASE WHEN home_id % 20 = 0 THEN 0 ELSE amount_fen END, {day}, \
                 '{month}', made_at FROM charges WHERE period = '2026-11'",
                day = match store.kind() {
                    domain::db::Kind::Sqlite => format!("'{month}-25'"),
                    domain::db::Kind::Postgres => format!("DATE '{month}-25'"),
                }
            ),
        )?;
    }
    execute(store, "DELETE FROM collection_summaries")?;
    execute(
        store,
        "INSERT INTO collection_summaries (community_id, due_month, building_id, fee_item_id, charges, due_fen, \
         collected_fen) SELECT community_id, due_month, building_id, fee_item_id, COUNT(*), SUM(amount_fen), \
         SUM(paid_fen) FROM charges GROUP BY community_id, due_month, building_id, fee_item_id",
    )?;
    execute(store, "DELETE FROM open_summaries")?;
    execute(
        store,
        "INSERT INTO open_summaries (community_id, due_on, building_id, charges, open_fen) \
         SELECT community_id, due_on, building_id, COUNT(*), SUM(amount_fen - paid_fen - waived_fen) FROM charges \
         WHERE NOT reversed AND paid_fen + waived_fen < amount_fen GROUP BY community_id, due_on, building_id",
    )?;
    execute(store, "ANALYZE")?;
    Ok(())
}
