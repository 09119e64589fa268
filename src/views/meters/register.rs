//! The register of meters.

use domain::meters::{Listed, Meter, Past};
use domain::{Instant, LocalDate, Month, Quantity};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;
use crate::views::money::bills::sample_at;

/// The meters of a building or a home.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) kind: Option<&'static str>,
    pub(crate) building: String,
    pub(crate) buildings: Vec<String>,
    /// The home that is asked for, or nothing.
    pub(crate) home: String,
    pub(crate) rows: Vec<ListedRow>,
    /// Whether who looks keeps the register.
    pub(crate) keeps: bool,
}

/// A meter of the register.
#[derive(Debug, Serialize)]
pub(crate) struct ListedRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) kind: &'static str,
    pub(crate) number: String,
    pub(crate) multiplier: i64,
    pub(crate) turns_at: String,
    pub(crate) installed_on: LocalDate,
    pub(crate) first_reading: String,
    /// What it was last read at.
    pub(crate) last: Option<String>,
    pub(crate) last_period: Option<Month>,
    pub(crate) removed_on: Option<LocalDate>,
}

impl ListedRow {
    /// A meter by itself.
    pub(crate) fn of(meter: Meter, home: String) -> Self {
        Self::from(Listed { meter, home, last: None })
    }
}

impl From<Listed> for ListedRow {
    fn from(one: Listed) -> Self {
        Self {
            id: one.meter.id.0,
            home: one.home,
            kind: one.meter.kind.as_str(),
            number: one.meter.number,
            multiplier: one.meter.multiplier,
            turns_at: Quantity(one.meter.turns_at).to_string(),
            installed_on: one.meter.installed_on,
            first_reading: Quantity(one.meter.first_reading).to_string(),
            last: one.last.map(|(value, _)| Quantity(value).to_string()),
            last_period: one.last.map(|(_, period)| period),
            removed_on: one.meter.removed_on,
        }
    }
}

/// A reading of a meter.
#[derive(Debug, Serialize)]
pub(crate) struct PastRow {
    pub(crate) id: i64,
    pub(crate) period: Month,
    pub(crate) read_on: LocalDate,
    pub(crate) value: String,
    /// What it comes to, by the multiplier.
    pub(crate) used: String,
    pub(crate) source: &'static str,
    pub(crate) state: &'static str,
    /// Whether it stands in place of what a resident sent.
    pub(crate) put_right: bool,
    pub(crate) by: Option<String>,
    pub(crate) at: Instant,
}

impl From<Past> for PastRow {
    fn from(one: Past) -> Self {
        Self {
            id: one.id.0,
            period: one.period,
            read_on: one.read_on,
            value: Quantity(one.value).to_string(),
            used: Quantity(one.used).to_string(),
            source: one.source.as_str(),
            state: one.state.as_str(),
            put_right: one.instead_of.is_some(),
            by: one.by,
            at: one.at,
        }
    }
}

/// A meter with its readings.
#[derive(Debug, Serialize)]
pub(crate) struct MeterView {
    pub(crate) row: ListedRow,
    pub(crate) readings: Vec<PastRow>,
    /// Whether who looks can exchange it or take it out.
    pub(crate) keeps: bool,
}

/// Where a meter is registered.
#[derive(Debug, Serialize)]
pub(crate) struct NewMeterView {
    pub(crate) form: Form,
}

/// Where a meter is exchanged.
#[derive(Debug, Serialize)]
pub(crate) struct ExchangeView {
    pub(crate) row: ListedRow,
    pub(crate) form: Form,
}

/// Where a meter is taken out.
#[derive(Debug, Serialize)]
pub(crate) struct EndView {
    pub(crate) row: ListedRow,
    pub(crate) form: Form,
}

/// A meter for samples.
pub(super) fn sample_meter(kind: &'static str) -> ListedRow {
    let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
    let read = kind != "heat";
    ListedRow {
        id: 1,
        home: "3-2-1501".to_owned(),
        kind,
        number: "W001".to_owned(),
        multiplier: if kind == "electricity" { 20 } else { 1 },
        turns_at: "100000".to_owned(),
        installed_on: period.first_day(),
        first_reading: "0".to_owned(),
        last: read.then(|| "123.5".to_owned()),
        last_period: read.then_some(period),
        removed_on: (kind == "gas").then(|| period.last_day()),
    }
}

/// A reading for samples.
pub(super) fn sample_past(period: Month, source: &'static str, state: &'static str) -> PastRow {
    PastRow {
        id: 1,
        period,
        read_on: period.day_or_last(20),
        value: "135".to_owned(),
        used: "11.5".to_owned(),
        source,
        state,
        put_right: source == "hand",
        by: (source != "estimate").then(|| "黎琪艳".to_owned()),
        at: sample_at(),
    }
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "meters/register.html";

    fn samples() -> Vec<Self> {
        let one = |keeps: bool, home: &str, rows| Self {
            kind: keeps.then_some("water"),
            building: if home.is_empty() { "3".to_owned() } else { String::new() },
            buildings: vec!["3".to_owned(), "4".to_owned()],
            home: home.to_owned(),
            rows,
            keeps,
        };
        let none = Self { buildings: vec![], building: String::new(), ..one(true, "", vec![]) };
        let all = ["water", "electricity", "gas", "heat"].map(sample_meter).into();
        vec![none, one(false, "3-2-1501", vec![]), one(true, "", all)]
    }
}

impl View for MeterView {
    const TEMPLATE: &'static str = "meters/meter.html";

    fn samples() -> Vec<Self> {
        let period = sample_meter("water").last_period.unwrap_or_else(|| Month::of(LocalDate::MIN));
        let past = |source, state| sample_past(period, source, state);
        let readings = vec![
            past("resident", "held"),
            past("resident", "taken_back"),
            past("resident", "refused"),
            past("hand", "good"),
            past("estimate", "good"),
            past("import", "good"),
        ];
        vec![
            Self { row: sample_meter("electricity"), readings, keeps: true },
            Self { row: sample_meter("gas"), readings: vec![], keeps: false },
        ]
    }
}

impl View for NewMeterView {
    const TEMPLATE: &'static str = "meters/new.html";

    fn samples() -> Vec<Self> {
        let typed = [("home", "3-2-1501"), ("kind", "water"), ("number", "W1"), ("turns_at", "x")];
        let wrong = [("number", "meter_known"), ("turns_at", "dial"), ("first_reading", "reading_beyond")];
        vec![
            Self { form: Form::new("meters.form") },
            Self { form: Form::sample("meters.form", &typed, &wrong) },
        ]
    }
}

impl View for ExchangeView {
    const TEMPLATE: &'static str = "meters/exchange.html";

    fn samples() -> Vec<Self> {
        let wrong = [("day", "read_after"), ("last", "reading_below"), ("number", "meter_known")];
        let form = Form::sample("meters.form", &[("last", "9")], &wrong);
        vec![
            Self { row: sample_meter("electricity"), form },
            Self { row: sample_meter("heat"), form: Form::new("meters.form") },
        ]
    }
}

impl View for EndView {
    const TEMPLATE: &'static str = "meters/end.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample("meters.form", &[("last", "9")], &[("last", "reading_waits")]);
        vec![Self { row: sample_meter("water"), form: form.refused("meter.gone") }]
    }
}
