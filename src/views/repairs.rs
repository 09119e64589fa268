//! The pages on which a repair is reported: by a resident, one thing a page; by the desk, on one.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::ChoiceView;
use crate::form::Form;

/// A resident's report, at one of its steps.
#[derive(Debug, Serialize)]
pub(crate) struct ReportView {
    /// `what`, `describe`, `when` or `check`.
    pub(crate) step: &'static str,
    /// Which one of four.
    pub(crate) number: u8,
    /// The reader's homes, and the public place.
    pub(crate) homes: Vec<ChoiceView>,
    pub(crate) categories: Vec<GroupView>,
    /// The chosen category in words.
    pub(crate) category: String,
    /// Photos that are uploaded already.
    pub(crate) photos: Vec<i64>,
    /// Running repairs that may be the same thing.
    pub(crate) similar: Vec<SimilarView>,
    /// What has to be brought along; empty for nothing.
    pub(crate) papers: String,
    pub(crate) form: Form,
}

/// A running repair that may be the same thing.
#[derive(Debug, Serialize)]
pub(crate) struct SimilarView {
    /// Its number; a neighbour's is shown to staff only.
    pub(crate) number: String,
    pub(crate) what: String,
    pub(crate) state: String,
    pub(crate) floor: Option<i32>,
    pub(crate) place: Option<String>,
    pub(crate) at: Option<Instant>,
    /// Whether it is of the same home.
    pub(crate) own: bool,
}

/// The desk's page for a caller.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) categories: Vec<GroupView>,
    pub(crate) channels: Vec<ChoiceView>,
    pub(crate) photos: Vec<i64>,
    /// Running repairs that may be the same thing, shown before it is registered.
    pub(crate) similar: Vec<SimilarView>,
    pub(crate) form: Form,
}

/// Categories that belong together.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct GroupView {
    pub(crate) text: String,
    pub(crate) options: Vec<ChoiceView>,
}

impl GroupView {
    /// For samples.
    pub(crate) fn sample() -> Self {
        Self { text: "给排水".to_owned(), options: choice("water.leak") }
    }
}

fn group(value: &str) -> Vec<GroupView> {
    vec![GroupView { options: choice(value), ..GroupView::sample() }]
}

fn choice(value: &str) -> Vec<ChoiceView> {
    vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }]
}

impl SimilarView {
    fn sample() -> Self {
        Self {
            number: "WX20261122-0007".to_owned(),
            what: "漏水".to_owned(),
            state: "已接单".to_owned(),
            floor: Some(3),
            place: None,
            at: Some(super::cases::sample_instant()),
            own: true,
        }
    }
}

impl View for ReportView {
    const TEMPLATE: &'static str = "repairs/report.html";

    fn samples() -> Vec<Self> {
        let step = |number, step, similar| Self {
            step,
            number,
            homes: choice("3-2-1501"),
            categories: group("water.leak"),
            category: "漏水".to_owned(),
            photos: vec![7],
            similar,
            papers: if number == 4 { "行驶证".to_owned() } else { String::new() },
            form: Form::sample("repairs.form", &[("home", "3-2-1501")], &[("category", "required")]),
        };
        let similar = SimilarView::sample();
        vec![
            step(1, "what", vec![]),
            step(2, "describe", vec![]),
            step(3, "when", vec![]),
            step(4, "check", vec![similar]),
        ]
    }
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "repairs/register.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample("repairs.form", &[], &[("text", "required")]);
        let one = |similar, form| Self {
            categories: group("water.leak"),
            channels: choice("phone"),
            photos: vec![1],
            similar,
            form,
        };
        vec![one(vec![], form), one(vec![SimilarView::sample()], Form::new("repairs.form"))]
    }
}
