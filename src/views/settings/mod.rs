//! The page of what a manager can change.

use serde::Serialize;

use super::View;
use crate::form::Form;
pub(crate) use topics::{Topic, by_topic};

pub(crate) mod categories;
pub(crate) mod fees;
pub(crate) mod holidays;
pub(crate) mod letters;
pub(crate) mod prices;
mod topics;
pub(crate) mod warranty;

/// Every setting of a community.
#[derive(Debug, Serialize)]
pub(crate) struct SettingsView {
    /// Whole numbers with their bounds, by topic.
    pub(crate) topics: Vec<Topic>,
    /// Times of day.
    pub(crate) times: Vec<TimeRow>,
    /// The years whose holidays are missing and matter.
    pub(crate) missing: Vec<i32>,
    /// What holds, or what was typed.
    pub(crate) form: Form,
}

/// A whole number.
#[derive(Debug, Serialize)]
pub(crate) struct NumberRow {
    pub(crate) name: &'static str,
    pub(crate) default: i64,
    pub(crate) least: i64,
    pub(crate) most: i64,
}

/// A time of day.
#[derive(Debug, Serialize)]
pub(crate) struct TimeRow {
    pub(crate) name: &'static str,
    pub(crate) default: String,
}

impl View for SettingsView {
    const TEMPLATE: &'static str = "settings/show.html";

    fn samples() -> Vec<Self> {
        let number = |s: &domain::settings::Number| NumberRow {
            name: s.name,
            default: s.default,
            least: s.least,
            most: s.most,
        };
        let time = |s: &domain::settings::Time| TimeRow { name: s.name, default: "08:30".to_owned() };
        let one = |form| Self {
            topics: by_topic(domain::settings::NUMBERS.iter().map(number).collect()),
            times: domain::settings::TIMES.iter().map(time).collect(),
            missing: vec![2027],
            form,
        };
        let wrong = Form::sample("settings.form", &[("visit_quota", "x")], &[("visit_quota", "number")]);
        vec![one(Form::new("settings.form")), one(wrong)]
    }
}
