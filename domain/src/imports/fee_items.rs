//! Fee items 收费项目 and their tariffs. A tariff holds from its effective date on, and a change never
//! touches a period that was charged (domain.md §10): such a row asks for a later date.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::csv::Line;
use super::fee_intervals::{self, FROM, PERIOD, Said, TIMING};
use super::row::Row;
use super::table::{Column, Table, must};
use super::values::{self, Parsed};
use super::{Place, Prepared, RowError, Work};
use crate::access::Actor;
use crate::billing::intervals::{self, NewInterval};
use crate::db::schema::{charges, fee_items, tariffs};
use crate::{Db, Error, FeeItemId, FieldError, LocalDate, Rate, Result};

pub(super) const COLUMNS: &[Column] = &[
    must("code", &["编码", "编号", "项目编码", "code"]),
    must("name", &["名称", "项目名称", "收费项目", "name"]),
    must("basis", &["计费方式", "计费依据", "basis"]),
    must("applies_to", &["适用", "适用范围", "适用对象", "applies_to"]),
    must("rate", &["单价", "收费标准", "rate"]),
    must("unit", &["单位", "计量单位", "unit"]),
    PERIOD,
    TIMING,
    FROM,
    must("due_day", &["缴费日", "应缴日", "due_day"]),
    must("starts_on", &["生效日期", "执行日期", "starts_on"]),
];

const BASES: &[(&[&str], &str)] = &[
    (&["按建筑面积", "按面积", "建筑面积", "area"], "area"),
    (&["按户", "每户", "home"], "home"),
    (&["按车位", "每个车位", "bay"], "bay"),
];

const SCOPES: &[(&[&str], &str)] = &[
    (&["住宅", "residential"], "residential"),
    (&["商铺", "shop"], "shop"),
    (&["办公", "写字楼", "office"], "office"),
    (&["产权", "产权车位", "owned"], "owned"),
    (&["租赁", "租赁车位", "leased"], "leased"),
];

/// A row: an item with the tariff that holds from a day.
#[derive(Debug, Clone)]
struct ItemRow {
    at: usize,
    item: Item,
    rate: Rate,
    starts_on: LocalDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    code: String,
    name: String,
    basis: &'static str,
    applies_to: &'static str,
    unit: String,
    due_day: i32,
    /// How often it is billed, where the row says.
    often: Option<Said>,
}

/// What would be written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    items: Vec<(Option<FeeItemId>, Item)>,
    tariffs: Vec<(String, Rate, LocalDate)>,
    intervals: Vec<(String, NewInterval)>,
}

#[derive(Debug, Clone, Queryable)]
struct Known {
    id: FeeItemId,
    code: String,
    name: String,
    basis: String,
    applies_to: String,
    unit: String,
    due_day: i32,
}

impl Known {
    fn is(&self, item: &Item) -> bool {
        (self.name.as_str(), self.basis.as_str(), self.applies_to.as_str(), self.unit.as_str(), self.due_day)
            == (item.name.as_str(), item.basis, item.applies_to, item.unit.as_str(), item.due_day)
    }
}

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let known = load(db, place)?;
    let rates = load_rates(db, place)?;
    let (rows, mut errors) = read(table);
    let mut plan = Plan::default();
    let (mut added, mut changed) = (0, 0);
    let mut codes: HashSet<String> = HashSet::new();
    for row in rows {
        let before = known.get(&row.item.code);
        let rate = before.and_then(|item| rates.get(&(item.id, row.starts_on)));
        let same_rate = rate == Some(&row.rate);
        if let Some(fault) = before.map(|item| charged(db, item, &row, same_rate)).transpose()?.flatten() {
            errors.extend(table.rows.get(row.at).map(|line| table.fault(line, "starts_on", fault)));
            continue;
        }
        // Rows of one item say the same: the first of them counts.
        let often = row.item.often.filter(|_| codes.insert(row.item.code.clone()));
        let id = before.map(|item| item.id);
        let often =
            often.map(|said| fee_intervals::wanted(db, id, said, row.starts_on)).transpose()?.flatten();
        let fault = often.map(|new| fee_intervals::fault(db, (place.community, place.now), id, &new));
        if let Some(fault) = fault.transpose()?.flatten() {
            errors.extend(table.rows.get(row.at).map(|line| table.fault(line, FROM.key, fault)));
            continue;
        }
        let planned = plan.items.iter().any(|(_, item)| item.code == row.item.code);
        let other = !planned && before.is_none_or(|item| !item.is(&row.item));
        added += usize::from(before.is_none());
        changed += usize::from(before.is_some() && (other || !same_rate || often.is_some()));
        plan.intervals.extend(often.map(|new| (row.item.code.clone(), new)));
        if other {
            plan.items.push((before.map(|item| item.id), row.item.clone()));
        }
        if !same_rate {
            plan.tariffs.push((row.item.code, row.rate, row.starts_on));
        }
    }
    Ok(Prepared { added, changed, errors, work: Work::FeeItems(plan) })
}

fn load(db: &mut Db, place: &Place) -> Result<HashMap<String, Known>> {
    let rows = fee_items::table.filter(fee_items::community_id.eq(place.community.0));
    let rows: Vec<Known> = rows
        .select((
            fee_items::id,
            fee_items::code,
            fee_items::name,
            fee_items::basis,
            fee_items::applies_to,
            fee_items::unit,
            fee_items::due_day,
        ))
        .load(db)?;
    Ok(rows.into_iter().map(|item| (item.code.clone(), item)).collect())
}

fn load_rates(db: &mut Db, place: &Place) -> Result<HashMap<(FeeItemId, LocalDate), Rate>> {
    let rows = tariffs::table.filter(tariffs::community_id.eq(place.community.0));
    let rows: Vec<((FeeItemId, LocalDate), Rate)> =
        rows.select(((tariffs::fee_item_id, tariffs::starts_on), tariffs::rate)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// Why a row would touch what was charged: another rate within it, another basis at all.
fn charged(db: &mut Db, known: &Known, row: &ItemRow, same_rate: bool) -> Result<Option<FieldError>> {
    let of_item = charges::table.filter(charges::fee_item_id.eq(known.id.0));
    let last: Option<LocalDate> = of_item.select(diesel::dsl::max(charges::to_on)).first(db)?;
    let Some(last) = last else { return Ok(None) };
    if known.basis != row.item.basis || known.applies_to != row.item.applies_to {
        return Ok(Some(FieldError::new("basis", "item_charged").with("last", last)));
    }
    let touches = !same_rate && row.starts_on <= last;
    Ok(touches.then(|| FieldError::new("starts_on", "period_charged").with("last", last)))
}

fn read(table: &Table) -> (Vec<ItemRow>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut items: HashMap<String, Item> = HashMap::new();
    let mut dates: HashMap<(String, LocalDate), usize> = HashMap::new();
    for (at, line) in table.rows.iter().enumerate() {
        match one(table, at, line, &mut items, &mut dates) {
            Ok(row) => good.push(row),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

fn one(
    table: &Table,
    at: usize,
    line: &Line,
    items: &mut HashMap<String, Item>,
    dates: &mut HashMap<(String, LocalDate), usize>,
) -> Result<ItemRow, Vec<RowError>> {
    let mut row = Row::new(table, line);
    let item = item(&mut row);
    let rate = row.must("rate", rate);
    let starts_on = row.must("starts_on", values::date);
    if let (Some(item), Some(day)) = (&item, starts_on) {
        if let Some(first) = dates.insert((item.code.clone(), day), line.number) {
            row.fault("starts_on", FieldError::new("starts_on", "repeated").with("first", first));
        }
        // Rows of one item are its tariffs; they agree on everything else.
        if items.insert(item.code.clone(), item.clone()).is_some_and(|before| before != *item) {
            row.fault("code", FieldError::new("code", "item_differs"));
        }
    }
    let whole = (|| Some(ItemRow { at, item: item?, rate: rate?, starts_on: starts_on? }))();
    row.done(whole)
}

fn item(row: &mut Row) -> Option<Item> {
    let code = row.must("code", item_code);
    let name = row.must("name", values::plain);
    let basis = row.must("basis", |text| values::word(text, BASES, "unknown_basis"));
    let applies_to = row.must("applies_to", |text| values::word(text, SCOPES, "unknown_scope"));
    let unit = row.must("unit", values::plain);
    let due_day = row.must("due_day", |text| values::whole(text, 1, 31));
    let often = fee_intervals::read(row);
    let (basis, applies_to) = (basis?, applies_to?);
    if (basis == "bay") != matches!(applies_to, "owned" | "leased") {
        row.fault("applies_to", FieldError::new("applies_to", "scope_of_other_basis"));
    }
    Some(Item { code: code?, name: name?, basis, applies_to, unit: unit?, due_day: due_day?, often })
}

/// Codes of items are lower-case words: programs read them.
fn item_code(text: &str) -> Parsed<String> {
    let code = values::fold(text).to_lowercase();
    let good = code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if good { Ok(code) } else { Err("not_a_code") }
}

fn rate(text: &str) -> Parsed<Rate> {
    let folded = values::fold(text);
    let number = folded.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let rate = Rate::parse(&values::without_zeros(number, 4)).ok_or_else(|| values::why_no_number(number))?;
    match rate.0 {
        ..0 => Err("not_positive"),
        0..=1_000_000_000 => Ok(rate),
        _ => Err("number_too_large"),
    }
}

pub(super) fn write(tx: &mut Db, actor: &Actor, place: &Place, plan: &Plan) -> Result<()> {
    let theirs = fee_items::table.filter(fee_items::community_id.eq(place.community.0));
    let last: Option<i64> = theirs.select(diesel::dsl::max(fee_items::register_order)).first(tx)?;
    let mut next = last.unwrap_or(0) + 1;
    for (id, item) in &plan.items {
        let row = (
            fee_items::name.eq(&item.name),
            fee_items::basis.eq(item.basis),
            fee_items::applies_to.eq(item.applies_to),
            fee_items::unit.eq(&item.unit),
            fee_items::due_day.eq(item.due_day),
        );
        if let Some(id) = id {
            diesel::update(fee_items::table.find(id.0)).set(row).execute(tx)?;
            continue;
        }
        let place = (fee_items::community_id.eq(place.community.0), fee_items::register_order.eq(next));
        let new = (place, fee_items::code.eq(&item.code), row);
        diesel::insert_into(fee_items::table).values(new).execute(tx)?;
        next += 1;
    }
    let known = load(tx, place)?;
    write_tariffs(tx, place, &known, &plan.tariffs)?;
    for (code, new) in &plan.intervals {
        let item = known.get(code).ok_or_else(|| Error::internal("an import lost a fee item"))?;
        intervals::write(tx, (actor, place.now), (place.community, item.id), new)?;
    }
    Ok(())
}

fn write_tariffs(
    tx: &mut Db,
    place: &Place,
    known: &HashMap<String, Known>,
    new: &[(String, Rate, LocalDate)],
) -> Result<()> {
    use diesel::sql_types::{BigInt, Date};
    let sql = "INSERT INTO tariffs (community_id, fee_item_id, rate, starts_on) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (fee_item_id, starts_on) DO UPDATE SET rate = excluded.rate";
    for (code, rate, starts_on) in new {
        let item = known.get(code).ok_or_else(|| Error::internal("an import lost a fee item"))?;
        diesel::sql_query(sql)
            .bind::<BigInt, _>(place.community.0)
            .bind::<BigInt, _>(item.id.0)
            .bind::<BigInt, _>(rate.0)
            .bind::<Date, _>(starts_on)
            .execute(tx)?;
    }
    Ok(())
}
