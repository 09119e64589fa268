//! What the process costs when nothing happens, and how soon it answers on an existing database.

use std::time::{Duration, Instant};

use domain::Store;
use test_support::{Database, Kind};

use crate::figures::{Figure, Result, median, memory_kib, ms};
use crate::load::Portal;

pub(crate) fn run() -> Result<Vec<Figure>> {
    let database = Database::empty(Kind::Sqlite);
    Store::open(database.url())?.migrate()?;
    let start = || {
        let began = Instant::now();
        let portal = Portal::start_with(database.url(), database.folder().to_owned(), "info", &[])?;
        Ok::<_, crate::figures::Failure>((portal, began.elapsed()))
    };
    let mut starts = Vec::new();
    for _ in 0..9 {
        starts.push(start()?.1);
    }
    let (portal, _) = start()?;
    // Pages, the worker and its calendar, all of it idle.
    std::thread::sleep(Duration::from_secs(5));
    let memory = memory_kib(&portal.process.0.id().to_string(), "VmRSS:")? / 1_024;
    let middle = median(&starts)?;
    Ok(vec![
        Figure::new(
            "from the start to the first answer, SQLite",
            "< 300 ms",
            ms(middle),
            middle.as_millis() < 300,
        ),
        Figure::new("the idle process, pages and worker", "< 60 MB", format!("{memory} MB"), memory < 60),
    ])
}
