//! The community itself: 锦绣花园 with its homes, staff and fees, imported as a clerk would.
//!
//! The registers are those of the day on which the demo is opened. A year before, the homes that the
//! developer delivered since were not yet delivered: each month begins with the developer's notice of what
//! it delivers, and the clerk imports these lines.

use std::collections::BTreeMap;

use domain::access::Actor;
use domain::community::{self, Community, NewCommunity};
use domain::imports::{self, Kind, Options};
use domain::{CommunityId, Db, Error, Instant, LocalDate, Month, Result, Store};

use super::agenda::Agenda;
use super::stage::Stage;

const HOMES: &str = include_str!("../../../demo/data/homes.csv");

const OTHERS: [(Kind, &str, &[u8]); 2] = [
    (Kind::Staff, "staff.csv", include_bytes!("../../../demo/data/staff.csv")),
    (Kind::FeeItems, "fee_items.csv", include_bytes!("../../../demo/data/fee_items.csv")),
];

/// What the newest register says of a home: the column 状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// 已入住
    Occupied,
    /// 空置
    Vacant,
    /// 装修中
    Renovating,
    /// 未交付
    Undelivered,
}

/// A line of the register of homes.
pub(super) struct Line {
    pub(super) status: Status,
    pub(super) delivered_on: Option<LocalDate>,
}

/// The newest register, by the codes of its homes.
pub(super) fn newest() -> BTreeMap<&'static str, Line> {
    HOMES.lines().skip(1).filter_map(line).collect()
}

fn line(text: &'static str) -> Option<(&'static str, Line)> {
    let mut cells = text.split(',').skip(3);
    let (code, delivered, status) = (cells.next()?, cells.nth(3)?, cells.next()?);
    let status = match status {
        "已入住" => Status::Occupied,
        "空置" => Status::Vacant,
        "装修中" => Status::Renovating,
        _ => Status::Undelivered,
    };
    Some((code, Line { status, delivered_on: delivered.parse().ok() }))
}

/// Adds the community and imports its registers as they were.
pub(super) fn import(store: &Store, at: Instant, first: LocalDate) -> Result<Community> {
    let actor = Actor::system("demo");
    let new = NewCommunity {
        code: "JXHY".to_owned(),
        name: "锦绣花园".to_owned(),
        timezone: "Asia/Shanghai".to_owned(),
    };
    let added = store.write_now(|tx| community::add(tx, &actor, at, &new))?;
    let last = Month::of(first).last_day();
    let as_it_was = |text| if is_after(text, last) { undelivered(text) } else { text.to_owned() };
    let then: Vec<String> = HOMES.lines().skip(1).map(as_it_was).collect();
    store.write_now(|tx| read(tx, added.id, at, (Kind::Homes, "homes.csv", &sheet(&then))))?;
    for file in OTHERS {
        store.write_now(|tx| read(tx, added.id, at, file))?;
    }
    Ok(added)
}

fn is_after(text: &'static str, last: LocalDate) -> bool {
    line(text).is_some_and(|(_, line)| line.delivered_on.is_some_and(|day| day > last))
}

/// The line of a home as it was before its delivery.
fn undelivered(text: &str) -> String {
    let mut cells: Vec<&str> = text.split(',').collect();
    for (at, cell) in cells.iter_mut().enumerate() {
        match at {
            7 => *cell = "",
            8 => *cell = "未交付",
            _ => {}
        }
    }
    cells.join(",")
}

fn sheet(lines: &[String]) -> Vec<u8> {
    let heading = HOMES.lines().next().unwrap_or_default();
    format!("{heading}\n{}\n", lines.join("\n")).into_bytes()
}

/// On the first of a month, the developer's notice of what is delivered in it.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let month = Month::of(day);
    if day != month.first_day() || day == stage.begin {
        return Ok(());
    }
    let delivered = |text: &&'static str| {
        line(text).is_some_and(|(_, line)| line.delivered_on.is_some_and(|on| Month::of(on) == month))
    };
    let lines: Vec<String> = HOMES.lines().skip(1).filter(delivered).map(str::to_owned).collect();
    if lines.is_empty() {
        return Ok(());
    }
    agenda.at(stage.on(day, 0, 5), move |stage, _, at| {
        let name = format!("交付通知-{month}.csv");
        stage.write(|tx| read(tx, stage.community.id, at, (Kind::Homes, &name, &sheet(&lines))))
    });
    Ok(())
}

fn read(
    tx: &mut Db,
    community: CommunityId,
    at: Instant,
    (kind, name, bytes): (Kind, &str, &[u8]),
) -> Result<()> {
    let sheet = imports::read(kind, name, bytes)?;
    let options = Options { dry_run: false, skip_bad: false, month: None };
    let done = imports::run(tx, &Actor::system("demo"), at, community, &sheet, options)?;
    if done.outcome != imports::Outcome::Imported {
        return Err(Error::internal(format!("{name} has {} bad rows", done.report.rejected)));
    }
    Ok(())
}
