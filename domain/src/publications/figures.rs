//! What a span's figures are: from the ledger by the moment at which it was booked, from the entries by their day.
//! Neither changes any more once the span is over, so that the same figures come out whenever they are worked out.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamp};

use super::Kind;
use super::rules::Span;
use crate::ledger::Book;
use crate::{CommunityId, Db, Fen, Instant, Result, community};

crate::words! {
    /// A part of the publication.
    Section {
        /// 物业服务收入: by fee item.
        Fees = "fees",
        /// 代收代付: what is passed on to others.
        Collected = "collected",
        /// 物业服务支出
        ServiceCost = "service_cost",
        /// 公共收益收入
        CommonIncome = "common_income",
        /// 公共收益支出
        CommonCost = "common_cost",
    }
}

/// One line of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, serde::Serialize)]
pub struct Line {
    /// The part it stands in.
    #[diesel(sql_type = Text)]
    pub section: Section,
    /// The fee item's code, or the word of a category; empty for what was paid ahead.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// What the fee item is called; empty for a category.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many charges were made, or how many entries.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    /// What was billed, less what was reversed and waived.
    #[diesel(sql_type = BigInt)]
    pub billed: Fen,
    /// What came in, or was spent.
    #[diesel(sql_type = BigInt)]
    pub amount: Fen,
}

/// What moved on a fee item within a book.
#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = Text)]
    book: Book,
    #[diesel(sql_type = BigInt)]
    item: i64,
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    register_order: i64,
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

#[derive(QueryableByName)]
struct Cash {
    #[diesel(sql_type = Text)]
    book: Book,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

#[derive(QueryableByName)]
struct Spent {
    #[diesel(sql_type = Text)]
    kind: Kind,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

/// The charges made in a span, less what was reversed and waived in it, by item.
const BILLED: &str = "SELECT a.book, i.id AS item, i.code, i.name, i.register_order, \
     CAST(SUM(CASE e.kind WHEN 'charge' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END) AS BIGINT) AS entries, \
     CAST(SUM(e.amount_fen) AS BIGINT) AS fen \
     FROM ledger_entries e JOIN charges c ON c.id = e.charge_id JOIN ledger_accounts a ON a.id = e.account_id \
     JOIN fee_items i ON i.id = c.fee_item_id WHERE e.community_id = $1 AND e.at >= $2 AND e.at < $3 \
     AND e.kind IN ('charge', 'reversal', 'waiver') GROUP BY a.book, i.id, i.code, i.name, i.register_order";

/// What payments came to cover in a span, less what was freed in it, by item.
const COVERED: &str = "SELECT a.book, i.id AS item, i.code, i.name, i.register_order, CAST(0 AS BIGINT) AS entries, \
     CAST(SUM(m.fen) AS BIGINT) AS fen FROM ( \
     SELECT charge_id, amount_fen AS fen FROM allocations WHERE community_id = $1 AND at >= $2 AND at < $3 UNION ALL \
     SELECT charge_id, -amount_fen AS fen FROM allocations WHERE community_id = $1 AND freed_at >= $2 AND freed_at < $3) m \
     JOIN charges c ON c.id = m.charge_id JOIN ledger_accounts a ON a.id = c.account_id \
     JOIN fee_items i ON i.id = c.fee_item_id GROUP BY a.book, i.id, i.code, i.name, i.register_order";

/// What was paid in a span, less what was given back in it, by book.
const CASH: &str = "SELECT a.book, CAST(-SUM(e.amount_fen) AS BIGINT) AS fen FROM ledger_entries e \
     JOIN ledger_accounts a ON a.id = e.account_id WHERE e.community_id = $1 AND e.at >= $2 AND e.at < $3 \
     AND e.kind IN ('payment', 'refund') GROUP BY a.book";

/// The entries of a span's days that were made by a moment, by kind and category.
const SPENT: &str = "SELECT kind, category, COUNT(*) AS entries, CAST(SUM(amount_fen) AS BIGINT) AS fen \
     FROM community_entries WHERE community_id = $1 AND day >= $2 AND day <= $3 AND at <= $4 GROUP BY kind, category";

/// The figures of a span as the books stood at a moment, in the order of the publication.
pub(super) fn work_out(
    db: &mut Db,
    community: CommunityId,
    (first, last): Span,
    at: Instant,
) -> Result<Vec<Line>> {
    let zone = community::by_id(db, community)?.zone()?;
    let (from, to) = (zone.start_of(first), zone.start_of(last + chrono::Days::new(1)));
    let within = |sql: &'static str| {
        diesel::sql_query(sql)
            .bind::<BigInt, _>(community.0)
            .bind::<Timestamp, _>(from)
            .bind::<Timestamp, _>(to)
    };
    let billed: Vec<Moved> = within(BILLED).load(db)?;
    let covered: Vec<Moved> = within(COVERED).load(db)?;
    let cash: Vec<Cash> = within(CASH).load(db)?;
    let spent: Vec<Spent> = diesel::sql_query(SPENT)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(first)
        .bind::<Date, _>(last)
        .bind::<Timestamp, _>(at)
        .load(db)?;
    let mut lines = Vec::new();
    for (book, section) in [(Book::Fees, Section::Fees), (Book::Collected, Section::Collected)] {
        let paid = cash.iter().filter(|one| one.book == book).map(|one| one.fen).sum();
        lines.extend(income((book, section), &billed, &covered, paid));
    }
    for (kind, section) in [
        (Kind::ServiceCost, Section::ServiceCost),
        (Kind::CommonIncome, Section::CommonIncome),
        (Kind::CommonCost, Section::CommonCost),
    ] {
        lines.extend(by_category((kind, section), &spent));
    }
    Ok(lines)
}

/// A book's lines by item; what was paid and covers nothing yet, or covers what was paid before, is the last.
fn income((book, section): (Book, Section), billed: &[Moved], covered: &[Moved], paid: Fen) -> Vec<Line> {
    let mut lines: BTreeMap<(i64, i64), Line> = BTreeMap::new();
    let none = |one: &Moved| Line {
        section,
        item: one.code.clone(),
        name: one.name.clone(),
        entries: 0,
        billed: Fen::ZERO,
        amount: Fen::ZERO,
    };
    for one in billed.iter().filter(|one| one.book == book) {
        let line = lines.entry((one.register_order, one.item)).or_insert_with(|| none(one));
        line.entries += one.entries;
        line.billed += one.fen;
    }
    for one in covered.iter().filter(|one| one.book == book) {
        lines.entry((one.register_order, one.item)).or_insert_with(|| none(one)).amount += one.fen;
    }
    let ahead = paid - lines.values().map(|line| line.amount).sum();
    let mut lines: Vec<Line> = lines.into_values().collect();
    if ahead != Fen::ZERO {
        let (item, name) = (String::new(), String::new());
        lines.push(Line { section, item, name, entries: 0, billed: Fen::ZERO, amount: ahead });
    }
    lines
}

fn by_category((kind, section): (Kind, Section), spent: &[Spent]) -> Vec<Line> {
    let of = |category: &&'static str| {
        let one = spent.iter().find(|one| one.kind == kind && one.category == **category)?;
        let (item, name) = (one.category.clone(), String::new());
        Some(Line { section, item, name, entries: one.entries, billed: Fen::ZERO, amount: one.fen })
    };
    kind.categories().iter().filter_map(of).collect()
}
