//! Who owes.

use domain::{Fen, LocalDate};
use serde::Serialize;

use super::bills::sample_line;
use crate::views::View;
use crate::views::cases::ChoiceView;

/// Who owes.
#[derive(Debug, Serialize)]
pub(crate) struct ArrearsView {
    pub(crate) rows: Vec<ArrearsRow>,
    /// Whether who looks keeps debts: then each leads to the page of who owes, else to the bills.
    pub(crate) keeps: bool,
    /// Whether they may take it as a file.
    pub(crate) takes: bool,
    pub(crate) buildings: Vec<ChoiceView>,
    pub(crate) building: String,
    pub(crate) stewards: Vec<ChoiceView>,
    pub(crate) steward: String,
    pub(crate) stages: Vec<&'static str>,
    pub(crate) stage: &'static str,
    /// The orders that there are.
    pub(crate) ways: Vec<&'static str>,
    /// The present one.
    pub(crate) sort: &'static str,
    /// The address of an order, which stands behind it.
    pub(crate) sorting: String,
    /// What it is narrowed to and ordered by.
    pub(crate) query: String,
    /// Whether it is narrowed at all.
    pub(crate) narrowed: bool,
    /// The first page, where this is another one.
    pub(crate) first: String,
    /// The next page.
    pub(crate) more: String,
}

/// What one payer owes for a home.
#[derive(Debug, Serialize)]
pub(crate) struct ArrearsRow {
    pub(crate) account: i64,
    pub(crate) home: String,
    pub(crate) payer: String,
    pub(crate) charges: i64,
    pub(crate) open: Fen,
    pub(crate) overdue: Fen,
    pub(crate) oldest_period: String,
    pub(crate) oldest_due_on: LocalDate,
    pub(crate) stage: &'static str,
    pub(crate) reached_on: Option<LocalDate>,
    /// By what they were last spoken to.
    pub(crate) contact: Option<&'static str>,
    pub(crate) contact_on: Option<LocalDate>,
    pub(crate) disputed: bool,
    pub(crate) in_plan: bool,
}

impl View for ArrearsView {
    const TEMPLATE: &'static str = "money/arrears.html";

    fn samples() -> Vec<Self> {
        let line = sample_line(0);
        let row = |stage, contact: Option<&'static str>, marked| ArrearsRow {
            account: 7,
            home: "3-2-1501".to_owned(),
            payer: line.payer.clone(),
            charges: 2,
            open: Fen(25_060),
            overdue: Fen(25_060),
            oldest_period: "2026-11".to_owned(),
            oldest_due_on: line.due_on,
            stage,
            reached_on: contact.map(|_| line.due_on),
            contact,
            contact_on: contact.map(|_| line.due_on),
            disputed: marked,
            in_plan: marked,
        };
        let some =
            |value: &str| vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }];
        let view = |rows, narrowed| Self {
            rows,
            keeps: narrowed,
            takes: narrowed,
            buildings: some("1"),
            building: "1".to_owned(),
            stewards: some("9"),
            steward: String::new(),
            stages: vec!["none", "before", "day3", "day15", "day30", "demand"],
            stage: "day3",
            ways: vec!["overdue", "open", "oldest", "register"],
            sort: "open",
            sorting: "/arrears?building=1&sort=".to_owned(),
            query: "?building=1&sort=open".to_owned(),
            narrowed,
            first: "/arrears?sort=open".to_owned(),
            more: "/arrears?sort=open&offset=100".to_owned(),
        };
        let rows = vec![
            row("none", None, false),
            row("day3", Some("visit"), true),
            row("demand", Some("plan"), false),
        ];
        vec![view(rows, true), view(vec![], true), view(vec![], false)]
    }
}
