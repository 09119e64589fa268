//! The sheet of meters; [`register`] is which home has which, [`reading`] one reading, [`own`] what residents read.

pub(crate) mod own;
pub(crate) mod reading;
pub(crate) mod register;

use domain::meters::{Row, Source, State};
use domain::{LocalDate, Month, Quantity};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;

/// A meter on the sheet.
#[derive(Debug, Serialize)]
pub(crate) struct MeterRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) number: String,
    pub(crate) multiplier: i64,
    /// What the dial said last.
    pub(crate) last: String,
    /// What it said this month, where it was read.
    pub(crate) value: Option<String>,
    /// That reading's id.
    pub(crate) reading: Option<i64>,
    pub(crate) held: bool,
    /// Whether a resident sent it.
    pub(crate) sent: bool,
    pub(crate) removed_on: Option<LocalDate>,
}

impl From<Row> for MeterRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.meter.id.0,
            home: row.home,
            number: row.meter.number,
            multiplier: row.meter.multiplier,
            last: Quantity(row.last).to_string(),
            value: row.reading.map(|one| Quantity(one.value).to_string()),
            reading: row.reading.map(|one| one.id.0),
            held: row.reading.is_some_and(|one| one.state == State::Held),
            sent: row.reading.is_some_and(|one| one.source == Source::Resident),
            removed_on: row.meter.removed_on,
        }
    }
}

/// A reading that waits for somebody to look at it.
#[derive(Debug, Serialize)]
pub(crate) struct HeldRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) kind: &'static str,
    pub(crate) number: String,
    pub(crate) last: String,
    pub(crate) value: String,
    /// Whether a resident sent it, with a photo to look at.
    pub(crate) sent: bool,
}

impl From<Row> for HeldRow {
    fn from(row: Row) -> Self {
        let (value, id) = row.reading.map_or((0, 0), |one| (one.value, one.id.0));
        Self {
            id,
            home: row.home,
            kind: row.meter.kind.as_str(),
            number: row.meter.number,
            last: Quantity(row.last).to_string(),
            value: Quantity(value).to_string(),
            sent: row.reading.is_some_and(|one| one.source == Source::Resident),
        }
    }
}

/// A sheet to enter readings.
#[derive(Debug, Serialize)]
pub(crate) struct SheetView {
    pub(crate) form: Form,
    pub(crate) kind: &'static str,
    pub(crate) period: Month,
    pub(crate) building: String,
    pub(crate) buildings: Vec<String>,
    pub(crate) rows: Vec<MeterRow>,
    pub(crate) held: Vec<HeldRow>,
    /// Whether who looks decides on those.
    pub(crate) decides: bool,
    /// Whether who looks keeps the register.
    pub(crate) keeps: bool,
}

impl View for SheetView {
    const TEMPLATE: &'static str = "meters/sheet.html";

    fn samples() -> Vec<Self> {
        let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
        let row = |id, value: Option<&str>| MeterRow {
            id,
            home: "3-2-1501".to_owned(),
            number: "W001".to_owned(),
            multiplier: id,
            last: "123.5".to_owned(),
            value: value.map(str::to_owned),
            reading: value.map(|_| id),
            held: id == 2,
            sent: id == 3,
            removed_on: (id == 3).then(|| period.last_day()),
        };
        let held = |sent| HeldRow {
            sent,
            id: 1,
            home: "3-2-1501".to_owned(),
            kind: "water",
            number: "W001".to_owned(),
            last: "123.5".to_owned(),
            value: "999".to_owned(),
        };
        let form = Form::sample(
            "meters.form",
            &[("value_1", "9")],
            &[("value_1", "reading_below"), ("read_on", "date")],
        );
        let empty = Self {
            form: Form::new("meters.form"),
            kind: "water",
            period,
            building: String::new(),
            buildings: vec![],
            rows: vec![],
            held: vec![],
            decides: false,
            keeps: false,
        };
        let full = Self {
            form,
            kind: "gas",
            period,
            building: "3".to_owned(),
            buildings: vec!["3".to_owned(), "4".to_owned()],
            rows: vec![row(1, None), row(2, Some("200")), row(3, Some("130"))],
            held: vec![held(false), held(true)],
            decides: true,
            keeps: true,
        };
        vec![empty, full]
    }
}
