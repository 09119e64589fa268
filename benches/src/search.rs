//! The desk's one search box among 100,000 people, at the server: by phone, its last four, name, a part of it, home.

use std::time::Duration;

use domain::Store;
use test_support::{Database, Kind};

use crate::estate::{self, execute};
use crate::figures::{Figure, Result, at, median, ms};
use crate::load::{Portal, manager};

const PEOPLE: i64 = 100_000;
const TIMES: usize = 20;
/// A whole phone, its last four, a whole name, a part of one that many have, one that nobody has, a home.
const WORDS: [&str; 6] =
    ["13800077777", "7777", "%E4%B8%9A%E4%B8%BB77777", "%E4%B8%BB777", "%E6%AC%A7%E9%98%B3", "H77777"];

pub(crate) fn run() -> Result<Vec<Figure>> {
    [Kind::Sqlite, Kind::Postgres].into_iter().map(on).collect()
}

fn on(kind: Kind) -> Result<Figure> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    let community = estate::make(&store, PEOPLE)?;
    let eight_digits = match kind {
        Kind::Sqlite => "substr('00000000' || (id - 1000000), -8)",
        Kind::Postgres => "lpad((id - 1000000)::text, 8, '0')",
    };
    execute(&store, &format!("UPDATE people SET phone = '138' || {eight_digits} WHERE id > 1000000"))?;
    let cookie = manager(&store, community)?;
    let portal = Portal::start(&database)?;
    let mut slowest = (Duration::ZERO, Duration::ZERO, "");
    for words in WORDS {
        let mut took = Vec::new();
        for _ in 0..TIMES {
            portal.get(&format!("/people?q={words}"), &cookie)?;
            took.push(portal.last_answer()?);
        }
        let middle = median(&took)?;
        if middle > slowest.0 {
            slowest = (middle, at(&took, 95)?, words);
        }
    }
    let (middle, most, words) = slowest;
    Ok(Figure::new(
        format!("the desk's search among {PEOPLE} people, the slowest of six ways, {kind}"),
        "< 50 ms at the server",
        format!("{} in the middle, {} at 95 % ({words})", ms(middle), ms(most)),
        most.as_millis() < 50,
    ))
}
