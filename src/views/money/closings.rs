//! The pages of closed months.

use domain::closings::{Closing, Sum};
use domain::ledger::{Book, EntryKind};
use domain::{Fen, Instant, Month};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// The next month to close, and those that are closed.
#[derive(Debug, Serialize)]
pub(crate) struct ClosingsView {
    /// None where the month that is open is not over.
    pub(crate) next: Option<Month>,
    /// What closing it would freeze.
    pub(crate) books: Vec<BookTable>,
    pub(crate) closed: Vec<ClosedRow>,
    pub(crate) form: Form,
}

/// A month that is closed.
#[derive(Debug, Serialize)]
pub(crate) struct ClosedRow {
    pub(crate) month: Month,
    pub(crate) closed_at: Instant,
    pub(crate) closed_by: Option<String>,
}

impl From<Closing> for ClosedRow {
    fn from(one: Closing) -> Self {
        Self { month: one.month, closed_at: one.closed_at, closed_by: one.closed_by }
    }
}

/// A month that is closed, with what was frozen.
#[derive(Debug, Serialize)]
pub(crate) struct ClosedMonthView {
    pub(crate) row: ClosedRow,
    pub(crate) books: Vec<BookTable>,
}

/// A book's month.
#[derive(Debug, Serialize)]
pub(crate) struct BookTable {
    pub(crate) book: &'static str,
    pub(crate) opening: Fen,
    pub(crate) rows: Vec<KindRow>,
    pub(crate) closing: Fen,
}

/// What the entries of a kind moved.
#[derive(Debug, Serialize)]
pub(crate) struct KindRow {
    pub(crate) kind: &'static str,
    pub(crate) entries: i64,
    pub(crate) amount: Fen,
}

/// Sums as tables by book; books in which nothing ever moved are left out.
pub(crate) fn books(sums: &[Sum]) -> Vec<BookTable> {
    let table = |book: &Book| {
        let of = |kind: &str| sums.iter().find(|sum| sum.book == *book && sum.kind == kind);
        let row = |kind: &EntryKind| {
            let sum = of(kind.as_str())?;
            Some(KindRow { kind: kind.as_str(), entries: sum.entries, amount: sum.amount_fen })
        };
        let opening = of("opening").map_or(Fen::ZERO, |sum| sum.amount_fen);
        let rows: Vec<KindRow> = EntryKind::ALL.iter().filter_map(row).collect();
        let closing = opening + rows.iter().map(|row| row.amount).sum();
        BookTable { book: book.as_str(), opening, rows, closing }
    };
    Book::ALL.iter().filter(|book| sums.iter().any(|sum| sum.book == **book)).map(table).collect()
}

fn sample_books() -> Vec<BookTable> {
    let sum =
        |book, kind: &str, entries, fen| Sum { book, kind: kind.to_owned(), entries, amount_fen: Fen(fen) };
    books(&[
        sum(Book::Fees, "opening", 9, 1_200),
        sum(Book::Fees, "charge", 888, 25_060_000),
        sum(Book::Fees, "payment", 700, -20_060_000),
        sum(Book::Deposits, "payment", 1, -200_000),
    ])
}

impl ClosedRow {
    fn sample(known: bool) -> Self {
        Self {
            month: sample_line(0).period,
            closed_at: sample_at(),
            closed_by: known.then(|| "收费员甲".to_owned()),
        }
    }
}

impl View for ClosingsView {
    const TEMPLATE: &'static str = "money/closings.html";

    fn samples() -> Vec<Self> {
        let form = || Form::new("closings.form");
        vec![
            Self { next: None, books: vec![], closed: vec![], form: form().refused("closing.closed") },
            Self {
                next: Some(sample_line(0).period),
                books: sample_books(),
                closed: vec![ClosedRow::sample(true), ClosedRow::sample(false)],
                form: form(),
            },
        ]
    }
}

impl View for ClosedMonthView {
    const TEMPLATE: &'static str = "money/closed_month.html";

    fn samples() -> Vec<Self> {
        vec![
            Self { row: ClosedRow::sample(true), books: sample_books() },
            Self { row: ClosedRow::sample(false), books: vec![] },
        ]
    }
}
