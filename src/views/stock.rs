//! The pages of the store.

use domain::stock::{Item, Kind, Month as Row, Taken};
use domain::{Fen, Month, Quantity};
use serde::Serialize;

use super::View;
use super::cases::{ChoiceView, sample_instant};
use super::settings::prices::sample_item;
use crate::form::Form;

/// What lies in the store.
#[derive(Debug, Serialize)]
pub(crate) struct StockView {
    pub(crate) items: Vec<Item>,
    pub(crate) choices: Vec<ChoiceView>,
    /// This month.
    pub(crate) month: Month,
    /// Which form came back: `receipt`, `count`, or none.
    pub(crate) tried: &'static str,
    pub(crate) form: Form,
}

/// The monthly list.
#[derive(Debug, Serialize)]
pub(crate) struct StockMonthView {
    pub(crate) month: Month,
    pub(crate) previous: Month,
    pub(crate) next: Month,
    pub(crate) rows: Vec<Row>,
    pub(crate) taken: Vec<Taken>,
    /// What was taken, at today's prices.
    pub(crate) worth: Fen,
}

fn sample_month() -> Month {
    Month::of(chrono::NaiveDate::default())
}

impl View for StockView {
    const TEMPLATE: &'static str = "stock/show.html";

    fn samples() -> Vec<Self> {
        let one = |items: Vec<Item>, tried, form| Self {
            choices: items
                .iter()
                .map(|item| ChoiceView { value: item.code.clone(), text: item.zh.clone(), hint: None })
                .collect(),
            items,
            month: sample_month(),
            tried,
            form,
        };
        let wrong = || Form::sample("stock.form", &[("quantity", "x")], &[("quantity", "number")]);
        let items = || vec![sample_item(Kind::Material, false), sample_item(Kind::Material, true)];
        vec![
            one(items(), "", Form::new("stock.form")),
            one(items(), "receipt", wrong()),
            one(items(), "count", wrong()),
            one(vec![], "", Form::new("stock.form")),
        ]
    }
}

impl View for StockMonthView {
    const TEMPLATE: &'static str = "stock/month.html";

    fn samples() -> Vec<Self> {
        let row = Row {
            item: sample_item(Kind::Material, false),
            opening: Quantity(800),
            received: Quantity(500),
            taken: Quantity(150),
            counted: Quantity(-50),
            closing: Quantity(1_100),
            worth: Fen(3_750),
        };
        let taken = Taken {
            at: sample_instant(),
            zh: "角阀".to_owned(),
            en: "Angle valve".to_owned(),
            unit: "个".to_owned(),
            quantity: Quantity(150),
            number: Some("WX20261122-0007".to_owned()),
            by: Some("李琪".to_owned()),
        };
        let one = |rows, taken| Self {
            month: sample_month(),
            previous: sample_month().prev(),
            next: sample_month().next(),
            rows,
            taken,
            worth: Fen(3_750),
        };
        vec![one(vec![row], vec![taken]), one(vec![], vec![])]
    }
}
