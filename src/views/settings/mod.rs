//! The page of what a manager can change.

use domain::settings;
use serde::Serialize;

use super::View;
use crate::form::Form;
pub(crate) use topics::{Topic, topics};

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
    /// Whether one of them is wrong, so that they are unfolded.
    pub(crate) times_wrong: bool,
    /// The years whose holidays are missing and matter.
    pub(crate) missing: Vec<i32>,
    /// What holds, or what was typed.
    pub(crate) form: Form,
}

/// A whole number.
#[derive(Debug, Serialize)]
pub(crate) struct NumberRow {
    pub(crate) name: &'static str,
    /// Whether it is kept in fen, and typed and shown in yuan.
    pub(crate) money: bool,
    pub(crate) default: i64,
    pub(crate) least: i64,
    pub(crate) most: i64,
}

impl From<&settings::Number> for NumberRow {
    fn from(setting: &settings::Number) -> Self {
        let (name, default, least, most) = (setting.name, setting.default, setting.least, setting.most);
        Self { name, money: setting.is_money(), default, least, most }
    }
}

/// A time of day.
#[derive(Debug, Serialize)]
pub(crate) struct TimeRow {
    pub(crate) name: &'static str,
    pub(crate) default: String,
}

impl SettingsView {
    /// The page around a form; what is wrong is unfolded.
    pub(crate) fn new(missing: Vec<i32>, form: Form) -> Self {
        let time = |s: &settings::Time| TimeRow {
            name: s.name,
            default: format!("{:02}:{:02}", s.default.0, s.default.1),
        };
        let mut topics = topics();
        for topic in &mut topics {
            topic.wrong = topic.rows.iter().any(|row| form.is_wrong(row.name));
        }
        Self {
            topics,
            times: settings::TIMES.iter().map(time).collect(),
            times_wrong: settings::TIMES.iter().any(|s| form.is_wrong(s.name)),
            missing,
            form,
        }
    }
}

impl View for SettingsView {
    const TEMPLATE: &'static str = "settings/show.html";

    fn samples() -> Vec<Self> {
        let typed = [("visit_quota", "x"), ("waiver_limit_fen", "500.00")];
        let wrong = [("visit_quota", "number"), ("quiet_from", "time")];
        let wrong = Form::sample("settings.form", &typed, &wrong);
        vec![Self::new(vec![2027], Form::new("settings.form")), Self::new(vec![], wrong)]
    }
}
