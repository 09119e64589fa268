//! The import of ten thousand homes with its report.

use std::fmt::Write;

use domain::Store;
use domain::access::Actor;
use domain::community::{self, NewCommunity};
use domain::imports::{self, Kind as Register, Options};
use test_support::{Database, Kind};

use crate::estate;
use crate::figures::{Figure, Result, timed};

pub(crate) fn run() -> Result<Vec<Figure>> {
    [Kind::Sqlite, Kind::Postgres].into_iter().map(on).collect()
}

fn on(kind: Kind) -> Result<Figure> {
    let database = Database::empty(kind);
    let store = Store::open(database.url())?;
    store.migrate()?;
    let (actor, now) = (Actor::system("bench"), estate::now()?);
    let new =
        NewCommunity { code: "BENCH".into(), name: "大小区".into(), timezone: "Asia/Shanghai".into() };
    let community = store.write_now(|tx| Ok(community::add(tx, &actor, now, &new)?.id))?;
    let file = ten_thousand()?;
    let (added, took) = timed(|| {
        let sheet = imports::read(Register::Homes, "homes.csv", file.as_bytes())?;
        let options = Options { dry_run: false, skip_bad: false, month: None };
        let done = store.write_now(|tx| imports::run(tx, &actor, now, community, &sheet, options))?;
        Ok(done.report.added)
    })?;
    if added != 10_000 {
        return Err(format!("{added} homes").into());
    }
    Ok(Figure::new(
        format!("import of 10,000 homes with its report, {kind}"),
        "< 5 s",
        format!("{:.2} s", took.as_secs_f64()),
        took.as_secs() < 5,
    ))
}

fn ten_thousand() -> Result<String> {
    let mut text =
        String::from("楼栋,单元,房号,用途,建筑面积,交付日期,状态,业主姓名,手机号,车位号,车位类型\n");
    for n in 0..10_000 {
        let (building, floor, room) = (n / 250 + 1, n % 250 / 10 + 1, n % 10 + 1);
        writeln!(
            text,
            "{building},1,{floor:02}{room:02},住宅,89.86,2024-01-24,已入住,业主{n},139{n:08},B{n:05},租赁"
        )?;
    }
    Ok(text)
}
