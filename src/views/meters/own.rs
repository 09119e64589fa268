//! What residents read on their meters.

use domain::meters::{OwnMeter, Sent};
use domain::{Instant, LocalDate, Month, Quantity};
use schemars::JsonSchema;
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

/// A meter of one's home, for its page and for programs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OwnMeterJson")]
pub(crate) struct OwnRow {
    pub(crate) id: i64,
    /// `water`, `electricity`, `gas`, `heat`.
    pub(crate) kind: &'static str,
    /// The number on it.
    pub(crate) number: String,
    /// By what its dial is multiplied.
    pub(crate) multiplier: i64,
    /// The month that a reading closes now.
    #[schemars(with = "String")]
    pub(crate) period: Month,
    /// What the dial said last, before this month; a decimal with at most two places.
    pub(crate) last: String,
    /// In which month; none where it was never read.
    #[schemars(with = "Option<String>")]
    pub(crate) last_period: Option<Month>,
    /// What stands in the way of another reading: the one of this month, or one that waits.
    pub(crate) reading: Option<SentRow>,
    /// What the office did not take of this month, where nothing came since.
    pub(crate) refused: Option<String>,
}

/// A reading as residents see it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SentJson")]
pub(crate) struct SentRow {
    pub(crate) id: i64,
    pub(crate) value: String,
    /// What it comes to, by the multiplier.
    pub(crate) used: String,
    /// `hand`, `import`, `estimate`, `resident`.
    pub(crate) source: &'static str,
    /// `good`, or `held` while it waits for the office.
    pub(crate) state: &'static str,
    /// Until when who asks can take it back.
    #[schemars(with = "Option<String>")]
    pub(crate) undo_until: Option<Instant>,
}

impl From<Sent> for SentRow {
    fn from(one: Sent) -> Self {
        Self {
            id: one.id.0,
            value: Quantity(one.value).to_string(),
            used: Quantity(one.used).to_string(),
            source: one.source.as_str(),
            state: one.state.as_str(),
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
        let sent = |source, state, undo: bool| SentRow {
            id: 1,
            value: "135".to_owned(),
            used: "11.5".to_owned(),
            source,
            state,
            undo_until: undo.then(sample_at),
        };
        let with = |reading| OwnRow { reading: Some(reading), ..sample_row("water") };
        let rows = vec![
            sample_row("gas"),
            sample_row("electricity"),
            sample_row("heat"),
            with(sent("resident", "good", true)),
            with(sent("resident", "held", false)),
            with(sent("hand", "good", false)),
            with(sent("estimate", "good", false)),
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
