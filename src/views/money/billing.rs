//! Billing: fee items, the preview, a run and how far it has come.

use std::collections::BTreeMap;

use domain::billing::items::Tariffed;
use domain::billing::{ItemTotal, LeftOut, Preview, Reason, Run, What};
use domain::{Fen, Instant, LocalDate, Month, Rate};
use serde::Serialize;

use super::bills::{SPLIT, sample_at, sample_line};
use super::given_back::GivenBackView;
use crate::form::Form;
use crate::views::View;

/// Billing at a glance.
#[derive(Debug, Serialize)]
pub(crate) struct BillingView {
    /// The period to look at next.
    pub(crate) form: Form,
    /// The latest runs.
    pub(crate) runs: Vec<RunRow>,
    /// What is charged, with its tariffs.
    pub(crate) items: Vec<ItemRow>,
}

/// A run.
#[derive(Debug, Serialize)]
pub(crate) struct RunRow {
    pub(crate) id: i64,
    pub(crate) period: Month,
    /// Whether it charges the items of the month or the shared bills.
    pub(crate) what: &'static str,
    pub(crate) state: &'static str,
    pub(crate) percent: i64,
    pub(crate) homes: i64,
    pub(crate) homes_done: i64,
    pub(crate) charges: i64,
    pub(crate) total: Fen,
    pub(crate) started_at: Instant,
}

impl From<&Run> for RunRow {
    fn from(run: &Run) -> Self {
        Self {
            id: run.id.0,
            period: run.period,
            what: run.what.as_str(),
            state: run.state.as_str(),
            percent: run.percent(),
            homes: run.homes,
            homes_done: run.homes_done,
            charges: run.charges,
            total: run.total,
            started_at: run.started_at,
        }
    }
}

impl RunRow {
    fn sample(state: &'static str) -> Self {
        let period = sample_line(0).period;
        let (percent, charges, total) =
            if state == "done" { (100, 2140, Fen(34_663_254)) } else { (40, 856, Fen(0)) };
        Self {
            id: 1,
            period,
            what: if state == "cancelled" { "shared" } else { "items" },
            state,
            percent,
            homes: 888,
            homes_done: 355,
            charges,
            total,
            started_at: sample_at(),
        }
    }
}

/// A fee item.
#[derive(Debug, Serialize)]
pub(crate) struct ItemRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) basis: &'static str,
    pub(crate) applies_to: &'static str,
    pub(crate) unit: String,
    pub(crate) due_day: i32,
    /// From which day which rate holds, newest first.
    pub(crate) tariffs: Vec<TariffRow>,
}

/// A rate and the day from which it holds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TariffRow {
    pub(crate) since: LocalDate,
    pub(crate) rate: String,
}

impl From<Tariffed> for ItemRow {
    fn from(one: Tariffed) -> Self {
        let rate = |(starts, rate): (LocalDate, Rate)| TariffRow { since: starts, rate: format!("¥{rate}") };
        Self {
            code: one.item.code,
            name: one.item.name,
            basis: one.item.basis.as_str(),
            applies_to: one.item.applies_to.as_str(),
            unit: one.item.unit,
            due_day: one.item.due_day,
            tariffs: one.tariffs.into_iter().rev().map(rate).collect(),
        }
    }
}

impl View for BillingView {
    const TEMPLATE: &'static str = "money/billing.html";

    fn samples() -> Vec<Self> {
        let item = ItemRow {
            code: "property_residential".to_owned(),
            name: "物业管理费（住宅）".to_owned(),
            basis: "area",
            applies_to: "residential",
            unit: "元/平方米·月".to_owned(),
            due_day: 25,
            tariffs: vec![TariffRow { since: sample_line(0).from_on, rate: "¥2.80".to_owned() }],
        };
        vec![
            Self { form: Form::new("billing.form"), runs: vec![], items: vec![] },
            Self {
                form: Form::sample("billing.form", &[("period", "2026-13")], &[("period", "month")]),
                runs: vec![RunRow::sample("done"), RunRow::sample("running"), RunRow::sample("cancelled")],
                items: vec![item],
            },
        ]
    }
}

/// What a run would do.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewView {
    /// `items` or `shared`.
    pub(crate) what: &'static str,
    pub(crate) preview: Preview,
    pub(crate) charges: i64,
    pub(crate) total: Fen,
    /// What bills call the items, by their codes.
    pub(crate) names: BTreeMap<String, String>,
    /// What it would give back.
    pub(crate) given_back: GivenBackView,
    pub(crate) form: Form,
}

impl PreviewView {
    /// What a run would do.
    pub(crate) fn of(what: What, preview: Preview, language: &str) -> Self {
        let names = preview.by_item.iter().map(|item| (item.item.clone(), item.name.clone())).collect();
        Self {
            what: what.as_str(),
            charges: preview.charges(),
            total: preview.total(),
            names,
            given_back: GivenBackView::of(&preview.given_back, language),
            form: Form::new("billing.form"),
            preview,
        }
    }
}

impl View for PreviewView {
    const TEMPLATE: &'static str = "money/preview.html";

    fn samples() -> Vec<Self> {
        let period = sample_line(0).period;
        let total = ItemTotal {
            item: "garbage".to_owned(),
            name: "垃圾清运费".to_owned(),
            charges: 852,
            amount: Fen(1_010_320),
            charged: 3,
            charged_amount: Fen(3_600),
        };
        let difference = |change, before: Option<i64>, now: Option<i64>| domain::billing::Difference {
            home: if before == Some(480) { String::new() } else { "3-2-1501".to_owned() },
            item: "garbage".to_owned(),
            subject: SPLIT.to_owned(),
            change,
            before: before.map(Fen),
            now: now.map(Fen),
        };
        let full = Preview {
            period,
            by_item: vec![total],
            differences: vec![
                difference(domain::billing::Change::New, None, Some(1_200)),
                difference(domain::billing::Change::Gone, Some(1_200), None),
                difference(domain::billing::Change::Changed, Some(480), Some(1_200)),
            ],
            differences_total: 700,
            given_back: vec![],
            left_out: vec![LeftOut {
                home: "8-1-0101".to_owned(),
                what: "garbage".to_owned(),
                reason: Reason::Undelivered,
            }],
        };
        let empty = Preview {
            period,
            by_item: vec![],
            differences: vec![],
            differences_total: 0,
            given_back: vec![],
            left_out: vec![],
        };
        let of = |what, preview| Self::of(what, preview, "zh");
        let gives_back = Self { given_back: GivenBackView::sample(2), ..of(What::Items, empty.clone()) };
        vec![of(What::Items, full.clone()), of(What::Items, empty), gives_back, of(What::Shared, full)]
    }
}

/// A run and how far it has come.
#[derive(Debug, Serialize)]
pub(crate) struct RunView {
    pub(crate) run: RunRow,
    pub(crate) left_out: Vec<LeftOut>,
    /// What it gave back.
    pub(crate) given_back: GivenBackView,
}

impl View for RunView {
    const TEMPLATE: &'static str = "money/run.html";

    fn samples() -> Vec<Self> {
        let left = LeftOut { home: "8-1-0101".to_owned(), what: String::new(), reason: Reason::NoPayer };
        let back = GivenBackView::sample;
        vec![
            Self { run: RunRow::sample("running"), left_out: vec![], given_back: back(0) },
            Self { run: RunRow::sample("done"), left_out: vec![left], given_back: back(2) },
            Self { run: RunRow::sample("cancelled"), left_out: vec![], given_back: back(0) },
        ]
    }
}
