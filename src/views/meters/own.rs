//! What residents read on their meters.

use domain::meters::{OwnMeter, Sent};
use domain::{Instant, LocalDate, Month, Quantity};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;
use crate::views::money::bills::sample_at;

/// The meters of a home.
#[derive(Debug, Serialize)]
pub(crate) struct OwnMetersView {
    pub(crate) home: String,
    pub(crate) rows: Vec<OwnRow>,
    pub(crate) form: Form,
}

/// A meter, with what was last read on it.
#[derive(Debug, Serialize)]
pub(crate) struct OwnRow {
    pub(crate) id: i64,
    pub(crate) kind: &'static str,
    pub(crate) number: String,
    pub(crate) multiplier: i64,
    /// The month that a reading closes now.
    pub(crate) period: Month,
    /// What the dial said last, before this month.
    pub(crate) last: String,
    pub(crate) last_period: Option<Month>,
    /// What stands in the way of another reading.
    pub(crate) reading: Option<SentRow>,
    /// What the office did not take this month.
    pub(crate) refused: Option<String>,
}

/// A reading as residents see it.
#[derive(Debug, Serialize)]
pub(crate) struct SentRow {
    pub(crate) id: i64,
    pub(crate) value: String,
    pub(crate) used: String,
    pub(crate) source: &'static str,
    pub(crate) waits: bool,
    pub(crate) undo_until: Option<Instant>,
}

impl From<Sent> for SentRow {
    fn from(one: Sent) -> Self {
        Self {
            id: one.id.0,
            value: Quantity(one.value).to_string(),
            used: Quantity(one.used).to_string(),
            source: one.source.as_str(),
            waits: one.state == domain::meters::State::Held,
            undo_until: one.undo_until,
        }
    }
}

impl From<OwnMeter> for OwnRow {
    fn from(one: OwnMeter) -> Self {
        Self {
            id: one.meter.id.0,
            kind: one.meter.kind.as_str(),
            number: one.meter.number,
            multiplier: one.meter.multiplier,
            period: one.period,
            last: Quantity(one.last).to_string(),
            last_period: one.last_period,
            reading: one.reading.map(SentRow::from),
            refused: one.refused.map(|value| Quantity(value).to_string()),
        }
    }
}

/// Where a reading is sent, one thing a page.
#[derive(Debug, Serialize)]
pub(crate) struct SendView {
    pub(crate) home: String,
    pub(crate) row: OwnRow,
    /// `figure`, `photo` or `check`.
    pub(crate) step: &'static str,
    /// The step's number.
    pub(crate) number: u8,
    /// What was uploaded so far.
    pub(crate) photos: Vec<i64>,
    /// What the figure comes to.
    pub(crate) used: Option<String>,
    /// Whether the figure is below the last.
    pub(crate) below: bool,
    /// Whether the office has to look at it.
    pub(crate) odd: bool,
    pub(crate) form: Form,
}

fn sample_row(kind: &'static str) -> OwnRow {
    let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
    OwnRow {
        id: 1,
        kind,
        number: "W001".to_owned(),
        multiplier: if kind == "electricity" { 20 } else { 1 },
        period,
        last: "123.5".to_owned(),
        last_period: (kind != "heat").then(|| period.prev()),
        reading: None,
        refused: (kind == "gas").then(|| "12".to_owned()),
    }
}

impl View for OwnMetersView {
    const TEMPLATE: &'static str = "meters/own.html";

    fn samples() -> Vec<Self> {
        let sent = |source, waits, undo: bool| SentRow {
            id: 1,
            value: "135".to_owned(),
            used: "11.5".to_owned(),
            source,
            waits,
            undo_until: undo.then(sample_at),
        };
        let with = |reading| OwnRow { reading: Some(reading), ..sample_row("water") };
        let rows = vec![
            sample_row("gas"),
            sample_row("electricity"),
            sample_row("heat"),
            with(sent("resident", false, true)),
            with(sent("resident", true, false)),
            with(sent("hand", false, false)),
            with(sent("estimate", false, false)),
        ];
        let refused = Form::new("meters.form").refused("meter.undo_time");
        vec![
            Self { home: "3-2-1501".to_owned(), rows: vec![], form: Form::new("meters.form") },
            Self { home: "3-2-1501".to_owned(), rows, form: refused },
        ]
    }
}

impl View for SendView {
    const TEMPLATE: &'static str = "meters/send.html";

    fn samples() -> Vec<Self> {
        let one = |step, number, form| Self {
            home: "3-2-1501".to_owned(),
            row: sample_row(if number == 1 { "heat" } else { "electricity" }),
            step,
            number,
            photos: if number > 2 { vec![1] } else { vec![] },
            used: (number > 1).then(|| "230".to_owned()),
            below: false,
            odd: false,
            form,
        };
        let typed = |value| Form::sample("meters.form", &[("value", value)], &[]);
        let wrong = Form::sample("meters.form", &[("value", "x")], &[("value", "dial")]);
        let blank = Form::sample("meters.form", &[("value", "135")], &[("files", "photo_of_dial")]);
        vec![
            one("figure", 1, wrong),
            one("photo", 2, blank),
            one("check", 3, typed("135")),
            Self { odd: true, ..one("check", 3, typed("999")) },
            Self { odd: true, below: true, ..one("check", 3, typed("1")) },
        ]
    }
}
