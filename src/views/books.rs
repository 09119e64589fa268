//! What the community spends and earns, entry by entry.

use domain::{Fen, LocalDate};
use serde::Serialize;

use super::View;
use super::cases::{ChoiceView, sample_instant};
use crate::form::Form;

/// The entries of some days, and the form for a new one.
#[derive(Debug, Serialize)]
pub(crate) struct BooksView {
    pub(crate) from: LocalDate,
    pub(crate) to: LocalDate,
    /// The days, for an address.
    pub(crate) query: String,
    pub(crate) rows: Vec<EntryRow>,
    pub(crate) service_cost: Fen,
    pub(crate) common_income: Fen,
    pub(crate) common_cost: Fen,
    pub(crate) groups: Vec<Group>,
    pub(crate) form: Form,
}

/// What entries of a kind can be about.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) text: String,
    pub(crate) options: Vec<ChoiceView>,
}

/// An entry.
#[derive(Debug, Serialize)]
pub(crate) struct EntryRow {
    pub(crate) id: i64,
    /// The text `words.section.<kind>`.
    pub(crate) kind: &'static str,
    pub(crate) category: String,
    pub(crate) day: LocalDate,
    pub(crate) amount: Fen,
    pub(crate) party: String,
    pub(crate) document: String,
    pub(crate) note: String,
    pub(crate) who: String,
    /// Whether it takes another back.
    pub(crate) counter: bool,
    /// Whether another takes it back.
    pub(crate) taken_back: bool,
}

impl EntryRow {
    fn sample(amount: i64, counter: bool, taken_back: bool) -> Self {
        Self {
            id: 5,
            kind: "service_cost",
            category: "清洁卫生".to_owned(),
            day: sample_instant().0.date(),
            amount: Fen(amount),
            party: "洁美保洁公司".to_owned(),
            document: "FP-20261105".to_owned(),
            note: if counter { "金额录错".to_owned() } else { String::new() },
            who: "韦娜兰".to_owned(),
            counter,
            taken_back,
        }
    }
}

impl View for BooksView {
    const TEMPLATE: &'static str = "publications/books.html";

    fn samples() -> Vec<Self> {
        let day = sample_instant().0.date();
        let option =
            ChoiceView {
                value: "service_cost.cleaning".to_owned(), text: "清洁卫生".to_owned(), hint: None
            };
        let view = |rows: Vec<EntryRow>, options| Self {
            from: day,
            to: day,
            query: "?from=2026-09-01&to=2026-11-22".to_owned(),
            service_cost: rows.iter().map(|row| row.amount).sum(),
            rows,
            common_income: Fen(120_000),
            common_cost: Fen(0),
            groups: vec![Group { text: "物业服务支出".to_owned(), options }],
            form: Form::new("books.form"),
        };
        let rows = vec![
            EntryRow::sample(1_850_000, false, false),
            EntryRow::sample(-185_000, true, false),
            EntryRow::sample(185_000, false, true),
        ];
        vec![view(rows, vec![option]), view(vec![], vec![])]
    }
}

/// What is taken back.
#[derive(Debug, Serialize)]
pub(crate) struct CounterView {
    pub(crate) row: EntryRow,
    pub(crate) form: Form,
}

impl View for CounterView {
    const TEMPLATE: &'static str = "publications/counter.html";

    fn samples() -> Vec<Self> {
        vec![Self { row: EntryRow::sample(1_850_000, false, false), form: Form::new("books.counter") }]
    }
}
