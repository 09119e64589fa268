//! What the community spends, and what its common parts earn 收支登记, from the office's own list. Entries have no name
//! of their own, so they go by everything they say: of rows that are alike as many come in as the books lack.

use std::collections::HashMap;

use super::row::Row;
use super::table::{Column, Table, may, must};
use super::values::{self, Parsed};
use super::{Place, Prepared, RowError, Work, months};
use crate::access::Actor;
use crate::publications::{self, Kind, NewEntry};
use crate::{Db, Fen, FieldError, LocalDate, Month, Result};

pub(super) const COLUMNS: &[Column] = &[
    must("kind", &["收支类型", "类型", "kind"]),
    must("category", &["类别", "项目", "category"]),
    must("day", &["日期", "发生日期", "day"]),
    must("amount", &["金额", "金额（元）", "金额(元)", "amount"]),
    must("party", &["收款方或付款方", "对方", "对方单位", "收款方", "付款方", "party"]),
    must("document", &["发票或收据号", "凭证号", "发票号", "收据号", "单据号", "document"]),
    may("note", &["备注", "说明", "摘要", "note"]),
];

const KINDS: &[(&[&str], Kind)] = &[
    (&["物业服务支出", "服务支出", "支出", "service_cost"], Kind::ServiceCost),
    (&["公共收益收入", "公共收益", "收入", "common_income"], Kind::CommonIncome),
    (&["公共收益支出", "common_cost"], Kind::CommonCost),
];

/// What a category is called where a register is kept, and its code.
type Words = &'static [(&'static [&'static str], &'static str)];

/// A word may stand under several kinds.
fn words(kind: Kind) -> Words {
    match kind {
        Kind::ServiceCost => &[
            (&["人员费用", "人工", "工资"], "staff"),
            (&["清洁卫生", "保洁"], "cleaning"),
            (&["绿化养护", "绿化"], "greening"),
            (&["秩序维护", "保安", "安保"], "security"),
            (&["设施设备维护", "维修养护", "维修"], "maintenance"),
            (&["公共水电", "水电", "能耗"], "energy"),
            (&["保险"], "insurance"),
            (&["办公费用", "办公"], "office"),
            (&["固定资产折旧", "折旧"], "depreciation"),
            (&["税费", "税金"], "tax"),
            (&["其他支出", "其他"], "other"),
        ],
        Kind::CommonIncome => &[
            (&["公共场地停车", "停车"], "parking"),
            (&["广告"], "advertising"),
            (&["场地出租", "出租"], "rent"),
            (&["通信设施占用", "通信"], "telecom"),
            (&["存款利息", "利息"], "interest"),
            (&["其他收入", "其他"], "other"),
        ],
        Kind::CommonCost => &[
            (&["经营成本"], "collecting"),
            (&["补充维修资金", "维修资金"], "repair_fund"),
            (&["公共设施改造", "设施改造"], "facilities"),
            (&["社区活动", "活动"], "activities"),
            (&["其他支出", "其他"], "other"),
        ],
    }
}

/// The entries that the books lack.
pub(super) type Plan = Vec<NewEntry>;

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let closed = publications::decided_until(db, place.community)?;
    let (rows, mut errors) = read(table, place.month);
    let mut known = known(db, place, &rows)?;
    let mut plan = Plan::new();
    for (at, entry) in rows {
        if let Some(count) = known.get_mut(&key(&entry)).filter(|count| **count > 0) {
            *count -= 1;
            continue;
        }
        let fault = match closed.filter(|last| entry.day <= *last) {
            _ if entry.day > place.today => Some(FieldError::new("day", "in_past")),
            Some(last) => Some(FieldError::new("day", "books_closed").with("day", last)),
            None => None,
        };
        match (fault, table.rows.get(at)) {
            (None, _) => plan.push(entry),
            (Some(why), Some(line)) => errors.push(table.fault(line, "day", why)),
            (Some(_), None) => {}
        }
    }
    Ok(Prepared { added: plan.len(), changed: 0, errors, work: Work::Books(plan) })
}

fn read(table: &Table, asked: Option<Month>) -> (Vec<(usize, NewEntry)>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (at, line) in table.rows.iter().enumerate() {
        let mut row = Row::new(table, line);
        let kind = row.must("kind", |text| values::word(text, KINDS, "unknown_book_kind"));
        let category = row.must("category", |text| kind.map_or(Ok(""), |kind| category(kind, text)));
        let day = row.must("day", values::date);
        if let Some(day) = day {
            months::same(&mut row, "day", Month::of(day), asked);
        }
        let amount = row.must("amount", values::sum);
        let party = row.must("party", |text| short(text, 100));
        let document = row.must("document", |text| short(text, 60));
        let note = row.text("note");
        let whole = (|| {
            Some(NewEntry {
                kind: kind?,
                category: category?.to_owned(),
                day: day?,
                amount: amount?,
                party: party?,
                document: document?,
                note,
            })
        })();
        match row.done(whole) {
            Ok(entry) => good.push((at, entry)),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

fn category(kind: Kind, text: &str) -> Parsed<&'static str> {
    let folded = values::fold(text).to_lowercase();
    if let Some(code) = kind.categories().iter().find(|code| **code == folded) {
        return Ok(code);
    }
    values::word(text, words(kind), "unknown_book_category")
}

fn short(text: &str, most: usize) -> Parsed<String> {
    let text = values::plain(text)?;
    if text.chars().count() > most { Err("too_long") } else { Ok(text) }
}

/// All that an entry says.
type Key = (Kind, String, LocalDate, Fen, String, String, String);

fn key(entry: &NewEntry) -> Key {
    let entry = entry.clone();
    (entry.kind, entry.category, entry.day, entry.amount, entry.party, entry.document, entry.note)
}

/// How often the books have what a file may say, taken back or not.
fn known(db: &mut Db, place: &Place, rows: &[(usize, NewEntry)]) -> Result<HashMap<Key, usize>> {
    let days = rows.iter().map(|(_, entry)| entry.day);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(HashMap::new()) };
    let mut known = HashMap::new();
    for one in publications::made_between(db, place.community, (first, last))? {
        let says = (one.kind, one.category, one.day, one.amount, one.party, one.document, one.note);
        *known.entry(says).or_default() += 1;
    }
    Ok(known)
}

pub(super) fn write(db: &mut Db, actor: &Actor, place: &Place, plan: &Plan) -> Result<()> {
    plan.iter()
        .try_for_each(|entry| publications::enter(db, actor, place.now, place.community, entry).map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_a_word_and_is_one() {
        for kind in Kind::ALL {
            let named: Vec<&str> = words(*kind).iter().map(|(_, code)| *code).collect();
            assert_eq!(named, kind.categories(), "{kind}");
        }
    }

    #[test]
    fn a_category_is_of_its_kind() {
        for (kind, text, expected) in [
            (Kind::ServiceCost, "保洁", Ok("cleaning")),
            (Kind::ServiceCost, "Cleaning", Ok("cleaning")),
            (Kind::CommonIncome, "停车", Ok("parking")),
            (Kind::CommonIncome, "其他", Ok("other")),
            (Kind::CommonCost, "停车", Err("unknown_book_category")),
        ] {
            assert_eq!(category(kind, text), expected, "{kind} {text}");
        }
    }
}
