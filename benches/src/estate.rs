//! A community of any size, made by a few statements.

use diesel::RunQueryDsl;
use domain::access::Actor;
use domain::community::{self, NewCommunity};
use domain::db::Kind;
use domain::{CommunityId, Db, Instant, Store};

use crate::figures::Result;

/// When everything here happens: 1 November 2026, two in the morning in the community.
pub(crate) const NOW: &str = "2026-10-31T18:00:00Z";

/// Half of the homes lease a bay, so that there are 2.5 charges a home and month.
pub(crate) const HOMES: i64 = 400_000;

pub(crate) fn now() -> Result<Instant> {
    Ok(NOW.parse()?)
}

/// A community with `homes` homes in buildings of 400, an owner each, and three fee items.
pub(crate) fn make(store: &Store, homes: i64) -> Result<CommunityId> {
    store.migrate()?;
    let new =
        NewCommunity { code: "BENCH".into(), name: "大小区".into(), timezone: "Asia/Shanghai".into() };
    let now = now()?;
    let community = store.write_now(|tx| Ok(community::add(tx, &Actor::system("bench"), now, &new)?.id))?;
    store.write_now(|tx| {
        for sql in statements(tx, community, homes) {
            diesel::sql_query(sql).execute(tx)?;
        }
        Ok(())
    })?;
    Ok(community)
}

fn statements(tx: &Db, community: CommunityId, homes: i64) -> Vec<String> {
    let (day, moment) = (|text| day(tx.kind(), text), moment(tx.kind(), "2026-10-01 00:00:00"));
    let count =
        |to: i64| format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
    let (c, since, n) = (community.0, day("2024-01-24"), count(homes));
    let mut all = vec![
        format!(
            "{} INSERT INTO buildings (id, community_id, code, register_order) \
             SELECT i, {c}, 'B' || i, i FROM n",
            count(homes / 400 + 1)
        ),
        format!(
            "{n} INSERT INTO homes (id, community_id, building_id, code, entrance, floor, room, use_kind, area, \
             delivered_on, register_order, register_status) SELECT i, {c}, (i - 1) / 400 + 1, 'H' || i, '1', 1, \
             'H' || i, 'residential', 5000 + i % 9000, {since}, i, 'occupied' FROM n"
        ),
        format!(
            "{n} INSERT INTO people (id, community_id, name, created_at) \
             SELECT 1000000 + i, {c}, '业主' || i, {moment} FROM n"
        ),
        format!(
            "{n} INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
             SELECT {c}, i, 1000000 + i, 'owner', FALSE, TRUE, {since} FROM n"
        ),
        format!(
            "{n} INSERT INTO bays (community_id, home_id, code, kind, position, starts_on) \
             SELECT {c}, i, 'P' || i, 'leased', 1, {since} FROM n WHERE i % 2 = 0"
        ),
    ];
    for (id, basis, applies_to, rate) in [
        (1, "area", "residential", 28_000),
        (2, "home", "residential", 120_000),
        (3, "bay", "leased", 3_000_000),
    ] {
        all.push(format!(
            "INSERT INTO fee_items (id, community_id, code, name, basis, applies_to, unit, due_day, register_order) \
             VALUES ({id}, {c}, 'F{id}', '项目{id}', '{basis}', '{applies_to}', '', 25, {id})"
        ));
        all.push(format!(
            "INSERT INTO tariffs (community_id, fee_item_id, rate, starts_on) VALUES ({c}, {id}, {rate}, '2021-01-01')"
        ));
    }
    if tx.kind() == Kind::Postgres {
        // What is added behind rows that brought their ids along goes on from them.
        for table in ["buildings", "homes", "people", "fee_items"] {
            all.push(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
            ));
        }
    }
    all
}

/// A day as an expression.
pub(crate) fn day(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Sqlite => format!("'{text}'"),
        Kind::Postgres => format!("DATE '{text}'"),
    }
}

/// A moment as an expression.
pub(crate) fn moment(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Sqlite => format!("'{text}'"),
        Kind::Postgres => format!("TIMESTAMP '{text}'"),
    }
}

/// Runs a statement in a transaction of its own.
pub(crate) fn execute(store: &Store, sql: &str) -> Result<usize> {
    Ok(store.write_now(|tx| Ok(diesel::sql_query(sql).execute(tx)?))?)
}
