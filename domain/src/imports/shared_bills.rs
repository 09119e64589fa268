//! Shared bills 公摊账单: what is to be shared, for which month, by what and among whom. A bill goes by its month
//! and name; one that is being charged stands.

use std::collections::HashMap;

use super::row::Row;
use super::table::{Column, Table, may, must};
use super::values::{self, Parsed};
use super::{Place, Prepared, RowError, Work, months};
use crate::billing::items::AppliesTo;
use crate::billing::shared::{self, Method, NewBill};
use crate::{Db, FieldError, Month, Result, SharedBillId};

pub(super) const COLUMNS: &[Column] = &[
    must("name", &["名称", "账单名称", "项目", "name"]),
    may("period", &["账期", "月份", "所属账期", "period"]),
    must("total", &["总金额", "金额", "账单金额", "total"]),
    must("method", &["分摊方式", "分摊依据", "method"]),
    must("applies_to", &["适用", "适用范围", "applies_to"]),
];

const METHODS: &[(&[&str], Method)] = &[
    (&["建筑面积", "按建筑面积", "按面积", "面积", "area"], Method::Area),
    (&["户数", "按户", "按户数", "household"], Method::Household),
    (&["份额", "按份额", "share"], Method::Share),
];

const USES: &[(&[&str], AppliesTo)] = &[
    (&["住宅", "residential"], AppliesTo::Residential),
    (&["商铺", "shop"], AppliesTo::Shop),
    (&["办公", "写字楼", "office"], AppliesTo::Office),
];

/// What would be written.
pub(super) type Plan = Vec<(Option<SharedBillId>, NewBill)>;

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let (rows, mut errors) = read(table, place.month);
    let (mut added, mut changed, mut plan) = (0, 0, Plan::new());
    for (at, bill) in rows {
        match shared::known(db, place.community, bill.period, &bill.name)? {
            None => {
                added += 1;
                plan.push((None, bill));
            }
            Some(known) if known.says == bill => {}
            Some(known) if known.charged => {
                let why = FieldError::new("name", "bill_charged").with("period", bill.period);
                errors.extend(table.rows.get(at).map(|line| table.fault(line, "name", why)));
            }
            Some(known) => {
                changed += 1;
                plan.push((Some(known.id), bill));
            }
        }
    }
    Ok(Prepared { added, changed, errors, work: Work::SharedBills(plan) })
}

fn read(table: &Table, asked: Option<Month>) -> (Vec<(usize, NewBill)>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(String, Month), usize> = HashMap::new();
    for (at, line) in table.rows.iter().enumerate() {
        let mut row = Row::new(table, line);
        let name = row.must("name", name);
        let period = match asked.filter(|_| row.raw("period").is_empty()) {
            None => row.must("period", period),
            asked => asked,
        };
        if let Some(period) = period {
            months::same(&mut row, "period", period, asked);
        }
        let total = row.must("total", values::sum);
        let method = row.must("method", |text| values::word(text, METHODS, "unknown_method"));
        let applies_to = row.must("applies_to", |text| values::word(text, USES, "unknown_scope"));
        if let (Some(name), Some(period)) = (&name, period)
            && let Some(first) = seen.insert((name.clone(), period), line.number)
        {
            row.fault("name", FieldError::new("name", "repeated").with("first", first));
        }
        let whole = (|| {
            Some(NewBill {
                name: name?,
                period: period?,
                total: total?,
                method: method?,
                applies_to: applies_to?,
            })
        })();
        match row.done(whole) {
            Ok(bill) => good.push((at, bill)),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

fn name(text: &str) -> Parsed<String> {
    let name = values::plain(text)?;
    if name.chars().count() > 40 { Err("too_long") } else { Ok(name) }
}

/// A month: 2026-11, 2026/11, 2026年11月.
fn period(text: &str) -> Parsed<Month> {
    let folded = values::fold(text).replace(['年', '/', '.'], "-").replace('月', "");
    let (year, month) = folded.split_once('-').ok_or("no_such_month")?;
    let (Ok(year), Ok(month)) = (year.parse(), month.trim().parse()) else { return Err("no_such_month") };
    Month::new(year, month).filter(|_| (1949..=2099).contains(&year)).ok_or("no_such_month")
}

pub(super) fn write(db: &mut Db, place: &Place, plan: &Plan) -> Result<()> {
    plan.iter().try_for_each(|(id, bill)| shared::write(db, place.community, *id, bill).map(|_| ()))
}
