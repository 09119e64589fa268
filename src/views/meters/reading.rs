//! One reading, as the office looks at it.

use domain::attachments::Attachment;
use domain::meters::ToDecide;
use domain::meters::rules::Decision;
use domain::{LocalDate, Month, Quantity};
use serde::Serialize;

use super::register::{ListedRow, PastRow, sample_meter, sample_past};
use crate::form::Form;
use crate::views::View;
use crate::views::money::disputes::PaperRow;

/// A reading with what can be decided on it.
#[derive(Debug, Serialize)]
pub(crate) struct ReadingView {
    pub(crate) row: ListedRow,
    pub(crate) reading: PastRow,
    /// What the dial said before.
    pub(crate) last: String,
    /// What usually runs through, by the multiplier.
    pub(crate) usual: Option<String>,
    /// Whether it is below what was read before.
    pub(crate) below: bool,
    pub(crate) papers: Vec<PaperRow>,
    pub(crate) decisions: Vec<&'static str>,
    pub(crate) form: Form,
}

impl ReadingView {
    /// A reading with its photos.
    pub(crate) fn of(found: ToDecide, papers: Vec<Attachment>, form: Form) -> Self {
        let times = found.meter.multiplier;
        Self {
            last: Quantity(found.before.actual).to_string(),
            usual: found.before.usual.map(|usual| Quantity(usual * times).to_string()),
            below: found.reading.value < found.before.actual,
            papers: papers.into_iter().map(PaperRow::from).collect(),
            decisions: found.decisions.iter().map(|one| one.as_str()).collect(),
            reading: PastRow::from(found.reading),
            row: ListedRow::of(found.meter, found.home),
            form,
        }
    }
}

impl View for ReadingView {
    const TEMPLATE: &'static str = "meters/reading.html";

    fn samples() -> Vec<Self> {
        let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
        let one = |source, state, decisions: &[Decision]| Self {
            row: sample_meter("water"),
            reading: sample_past(period, source, state),
            last: "123.5".to_owned(),
            usual: Some("11".to_owned()),
            below: decisions.contains(&Decision::Turned),
            papers: if source == "resident" { vec![PaperRow::sample()] } else { vec![] },
            decisions: decisions.iter().map(|one| one.as_str()).collect(),
            form: Form::new("meters.form"),
        };
        let waits = [Decision::Confirm, Decision::PutRight, Decision::Refuse];
        let wrong = Form::sample("meters.form", &[("value", "9")], &[("value", "reading_below")]);
        let held = one("resident", "held", &waits);
        vec![
            Self { form: wrong.refused("meter.not_held"), ..held },
            one("resident", "held", &[Decision::Turned, Decision::PutRight, Decision::Refuse]),
            one("resident", "good", &[Decision::PutRight]),
            Self { usual: None, ..one("hand", "good", &[]) },
            one("resident", "refused", &[]),
            one("resident", "taken_back", &[]),
            one("estimate", "good", &[]),
            one("import", "good", &[]),
        ]
    }
}
