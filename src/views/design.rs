//! The page of components: what each looks like with something in it, empty and wrong.

use serde::Serialize;

use super::View;
use super::curve::{Curve, Line};
use crate::form::Form;

/// `design/show.html`
#[derive(Debug, Serialize)]
pub(crate) struct DesignView {
    /// A form as it is first seen.
    form: Form,
    /// The same with wrong fields.
    wrong: Form,
    /// A month's curve against another.
    curve: Curve,
}

impl DesignView {
    /// The examples that the page shows.
    pub(crate) fn example() -> Self {
        let words = "design.form";
        Self {
            form: Form::new(words).with("name", "许兰").with("method", "cash"),
            wrong: Form::sample(words, &[("amount", "二百")], &[("amount", "money"), ("name", "required")]),
            curve: curve(),
        }
    }
}

fn curve() -> Curve {
    let days: Vec<String> = (1..=30).map(|day| day.to_string()).collect();
    let line = |label: &str, tone, until: i64, step: i64| Line {
        label: label.to_owned(),
        tone,
        points: (0..30).map(|n| (n < until).then_some(n * step)).collect(),
    };
    let lines = [line("2026-11", "now", 22, 30), line("2026-10", "before", 30, 32)];
    Curve::new("日".to_owned(), &days, (1000, |value| format!("{} %", value / 10)), &lines)
}

impl View for DesignView {
    const TEMPLATE: &'static str = "design/show.html";

    fn samples() -> Vec<Self> {
        vec![Self::example()]
    }
}
