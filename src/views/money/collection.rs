//! The manager's figures: what came in, what is owed by age, and the charges behind each.

use domain::{Fen, Instant, LocalDate, Month};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::views::View;

/// Collection of a month.
#[derive(Debug, Serialize)]
pub(crate) struct CollectionView {
    pub(crate) period: Month,
    pub(crate) previous: Month,
    pub(crate) next: Month,
    pub(crate) by: &'static str,
    /// Whether who looks may take it as a file.
    pub(crate) takes: bool,
    pub(crate) ways: Vec<&'static str>,
    pub(crate) as_of: Instant,
    pub(crate) due: Fen,
    pub(crate) collected: Fen,
    pub(crate) rate: String,
    pub(crate) prior_years: Fen,
    pub(crate) rows: Vec<FigureRow>,
    pub(crate) ageing: Vec<AgeRow>,
    /// The largest sum of an age.
    pub(crate) most: i64,
}

/// One building, item, steward or month.
#[derive(Debug, Serialize)]
pub(crate) struct FigureRow {
    pub(crate) name: String,
    pub(crate) charges: i64,
    pub(crate) due: Fen,
    pub(crate) collected: Fen,
    pub(crate) rate: String,
    /// The rate of the same month of the year before.
    pub(crate) year_ago: String,
    /// Percentage points from then to now, once the month is over.
    pub(crate) change: Option<String>,
    /// The rows that make it.
    pub(crate) href: String,
}

/// What is owed of one age.
#[derive(Debug, Serialize)]
pub(crate) struct AgeRow {
    pub(crate) age: &'static str,
    pub(crate) charges: i64,
    pub(crate) open: Fen,
    pub(crate) href: String,
}

impl View for CollectionView {
    const TEMPLATE: &'static str = "money/collection.html";

    fn samples() -> Vec<Self> {
        let period = sample_line(0).period;
        let row = |name: &str| FigureRow {
            name: name.to_owned(),
            charges: 2140,
            due: Fen(34_663_254),
            collected: Fen(30_000_000),
            rate: "86.55 %".to_owned(),
            year_ago: "80.00 %".to_owned(),
            change: (!name.is_empty()).then(|| "+6.55".to_owned()),
            href: "/charges?due_month=2026-11".to_owned(),
        };
        let age = |age| AgeRow { age, charges: 3, open: Fen(25_060), href: "/charges?open=yes".to_owned() };
        let view = |rows, most| Self {
            period,
            previous: period.prev(),
            next: period.next(),
            by: "building",
            takes: most > 0,
            ways: vec!["building", "item", "steward", "month"],
            as_of: sample_at(),
            due: Fen(34_663_254),
            collected: Fen(30_000_000),
            rate: "86.55 %".to_owned(),
            prior_years: Fen(100),
            rows,
            ageing: vec![age("not_due"), age("over-365")],
            most,
        };
        vec![view(vec![row("1"), row("")], 25_060), view(vec![], 0)]
    }
}

/// The charges behind a figure.
#[derive(Debug, Serialize)]
pub(crate) struct ChargesView {
    pub(crate) rows: Vec<ChargeRow>,
    /// The next page.
    pub(crate) more: String,
}

/// A charge in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ChargeRow {
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) period: Month,
    pub(crate) payer: String,
    pub(crate) amount: Fen,
    pub(crate) open: Fen,
    pub(crate) due_on: LocalDate,
}

impl View for ChargesView {
    const TEMPLATE: &'static str = "money/charges.html";

    fn samples() -> Vec<Self> {
        let line = sample_line(25_060);
        let row = ChargeRow {
            home: "3-2-1501".to_owned(),
            name: line.name,
            subject: line.subject,
            period: line.period,
            payer: line.payer,
            amount: line.amount,
            open: line.open,
            due_on: line.due_on,
        };
        vec![
            Self { rows: vec![row], more: "/charges?after=1".to_owned() },
            Self { rows: vec![], more: String::new() },
        ]
    }
}
