//! Charging by quantity: the form, what it would cost, the latest.

use domain::billing::counted::Worked;
use domain::billing::explain::explain_stored;
use domain::billing::items::Tariffed;
use domain::ledger::ChargeLine;
use domain::{Fen, Instant, LocalDate};
use serde::Serialize;

use super::bills::{BillLine, sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// An item that can be charged.
#[derive(Debug, Serialize)]
pub(crate) struct ItemChoice {
    pub(crate) code: String,
    pub(crate) name: String,
    /// The rate that holds now, as people write it.
    pub(crate) rate: String,
    pub(crate) unit: String,
    pub(crate) applies_to: &'static str,
}

impl From<Tariffed> for ItemChoice {
    fn from(one: Tariffed) -> Self {
        let rate = one.tariffs.last().map(|(_, rate)| format!("¥{rate}")).unwrap_or_default();
        let applies_to = one.item.applies_to.as_str();
        Self { code: one.item.code, name: one.item.name, rate, unit: one.item.unit, applies_to }
    }
}

/// What a quantity would cost.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) item: String,
    pub(crate) explanation: String,
    pub(crate) payer: String,
    pub(crate) amount: Fen,
    pub(crate) due_on: LocalDate,
    /// What tells whether it changed since.
    pub(crate) seen: String,
}

impl Shown {
    /// In the words of a language.
    pub(crate) fn of(worked: Worked, language: &str) -> Self {
        Self {
            explanation: explain_stored(&worked.basis.to_string(), language),
            seen: worked.seen(),
            item: worked.item_name,
            payer: worked.payer_name,
            amount: worked.amount,
            due_on: worked.due_on,
        }
    }
}

/// One of the latest charges.
#[derive(Debug, Serialize)]
pub(crate) struct LatestRow {
    pub(crate) home: String,
    pub(crate) at: Instant,
    pub(crate) line: BillLine,
}

impl LatestRow {
    /// In the words of a language.
    pub(crate) fn of(line: ChargeLine, language: &str) -> Self {
        Self { home: line.home.clone(), at: line.charge.made_at, line: BillLine::of(line, language) }
    }
}

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct CountedView {
    pub(crate) form: Form,
    /// What it would cost, once it was looked at.
    pub(crate) shown: Option<Shown>,
    pub(crate) items: Vec<ItemChoice>,
    pub(crate) latest: Vec<LatestRow>,
    /// Whether the one who looks adds items.
    pub(crate) sets: bool,
}

impl View for CountedView {
    const TEMPLATE: &'static str = "money/counted.html";

    fn samples() -> Vec<Self> {
        let item = || ItemChoice {
            code: "air_overtime".to_owned(),
            name: "空调加时费".to_owned(),
            rate: "¥35.00".to_owned(),
            unit: "元/小时".to_owned(),
            applies_to: "shop",
        };
        let explanation = "2026-11-20：3.5 小时 × ¥35.00 = ¥122.50（夜间盘点）".to_owned();
        let mut line = sample_line(0);
        line.explanation.clone_from(&explanation);
        let shown = Shown {
            item: "空调加时费".to_owned(),
            explanation,
            payer: "黎琪艳".to_owned(),
            amount: Fen(12_250),
            due_on: line.due_on,
            seen: "1-2-2026-11-20-350-12250-3".to_owned(),
        };
        let latest = || LatestRow { home: "S-01".to_owned(), at: sample_at(), line: line.clone() };
        let wrong = [("home", "item_of_other_use"), ("day", "no_rate_on_day"), ("quantity", "costs_nothing")];
        let form = Form::sample("counted.form", &[("quantity", "0")], &wrong).refused("counted.nobody_pays");
        let empty =
            |sets| Self { form: Form::new("counted.form"), shown: None, items: vec![], latest: vec![], sets };
        vec![
            empty(true),
            empty(false),
            Self { form, shown: None, items: vec![item()], latest: vec![latest()], sets: false },
            Self {
                form: Form::new("counted.form"),
                shown: Some(shown),
                items: vec![item()],
                latest: vec![latest()],
                sets: true,
            },
        ]
    }
}
