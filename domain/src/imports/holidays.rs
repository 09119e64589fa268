//! Public holidays and make-up days 调休, as a manager enters them once a year.

use std::collections::HashMap;

use diesel::prelude::*;

use super::row::Row;
use super::table::{Column, Table, must};
use super::values;
use super::{Place, Prepared, RowError, Work};
use crate::calendar::{self, Day, DayKind};
use crate::db::schema::holidays;
use crate::{Db, FieldError, LocalDate, Result};

pub(super) const COLUMNS: &[Column] = &[
    must("day", &["日期", "date", "day"]),
    must("kind", &["类型", "类别", "kind"]),
    must("name", &["名称", "节日", "name"]),
];

const KINDS: &[(&[&str], DayKind)] = &[
    (&["off", "休", "放假", "休息", "节假日"], DayKind::Off),
    (&["work", "班", "上班", "调休", "补班", "调休上班"], DayKind::Work),
];

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let rows = holidays::table.filter(holidays::community_id.eq(place.community.0));
    let rows: Vec<(LocalDate, (DayKind, String))> =
        rows.select((holidays::day, (holidays::kind, holidays::name))).load(db)?;
    let known: HashMap<_, _> = rows.into_iter().collect();
    let (days, errors) = read(table);
    let new = |day: &&Day| !known.contains_key(&day.day);
    let other = |day: &&Day| known.get(&day.day).is_some_and(|k| *k != (day.kind, day.name.clone()));
    let (added, changed) = (days.iter().filter(new).count(), days.iter().filter(other).count());
    Ok(Prepared { added, changed, errors, work: Work::Holidays(days) })
}

fn read(table: &Table) -> (Vec<Day>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen: HashMap<LocalDate, usize> = HashMap::new();
    for line in &table.rows {
        let mut row = Row::new(table, line);
        let day = row.must("day", values::date);
        let kind = row.must("kind", |text| values::word(text, KINDS, "unknown_day_kind"));
        let name = row.must("name", values::plain);
        if let Some(first) = day.and_then(|day| seen.insert(day, line.number)) {
            row.fault("day", FieldError::new("day", "repeated").with("first", first));
        }
        let whole = (|| Some(Day { day: day?, kind: kind?, name: name? }))();
        match row.done(whole) {
            Ok(day) => good.push(day),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

pub(super) fn write(tx: &mut Db, place: &Place, days: &[Day]) -> Result<()> {
    days.iter().try_for_each(|day| calendar::write(tx, place.community, day))
}
