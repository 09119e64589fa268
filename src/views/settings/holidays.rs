//! The page of a year's public holidays and make-up days.

use domain::calendar::{Day, DayKind};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;

/// The days of a year that differ from the weekly rule.
#[derive(Debug, Serialize)]
pub(crate) struct HolidaysView {
    pub(crate) year: i32,
    pub(crate) days: Vec<Day>,
    /// Whether the year can be filled in as it ships.
    pub(crate) ships: bool,
    /// The years that are missing and matter.
    pub(crate) missing: Vec<i32>,
    /// What was typed, and what is wrong.
    pub(crate) form: Form,
}

impl View for HolidaysView {
    const TEMPLATE: &'static str = "settings/holidays.html";

    fn samples() -> Vec<Self> {
        let day = |kind, name: &str| Day { day: chrono::NaiveDate::default(), kind, name: name.to_owned() };
        let form = Form::sample("holidays.form", &[("day", "2026-13-01")], &[("day", "date")]);
        vec![
            Self {
                year: 2026,
                days: vec![day(DayKind::Off, "元旦"), day(DayKind::Work, "元旦调休")],
                ships: true,
                missing: vec![2027],
                form,
            },
            Self {
                year: 2027,
                days: vec![],
                ships: false,
                missing: vec![2027],
                form: Form::new("holidays.form"),
            },
            Self { year: 2026, days: vec![], ships: true, missing: vec![], form: Form::new("holidays.form") },
        ]
    }
}
