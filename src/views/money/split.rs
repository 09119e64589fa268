//! A charge whose payer changed within its days, before it is split.

use domain::Fen;
use serde::Serialize;

use super::bills::{BillLine, sample_line};
use crate::form::Form;
use crate::views::View;

/// What splitting a charge would make.
#[derive(Debug, Serialize)]
pub(crate) struct SplitView {
    pub(crate) home: String,
    pub(crate) line: BillLine,
    /// Who would pay what; empty where it cannot be split.
    pub(crate) halves: Vec<Half>,
    /// How the charge was when the page was made.
    pub(crate) seen: String,
    /// The rule that stands against it.
    pub(crate) stop: Option<&'static str>,
    pub(crate) form: Form,
}

/// A part of it.
#[derive(Debug, Serialize)]
pub(crate) struct Half {
    pub(crate) payer: String,
    pub(crate) amount: Fen,
    pub(crate) explanation: String,
}

impl View for SplitView {
    const TEMPLATE: &'static str = "money/split.html";

    fn samples() -> Vec<Self> {
        let half = |payer: &str| Half {
            payer: payer.to_owned(),
            amount: Fen(12_530),
            explanation: "89.50 ㎡ × ¥2.80 × 15/30 = ¥125.30".to_owned(),
        };
        let one = |halves: Vec<Half>, stop, form| Self {
            home: "3-2-1501".to_owned(),
            line: sample_line(25_060),
            halves,
            seen: "0-0-0".to_owned(),
            stop,
            form,
        };
        let wrong = [("reason", "required"), ("on", "not_within")];
        vec![
            one(
                vec![half("黎琪艳"), half("王新主")],
                None,
                Form::sample("split.form", &[("on", "2026-11-16")], &wrong),
            ),
            one(vec![], Some("split.same_payer"), Form::new("split.form")),
        ]
    }
}
