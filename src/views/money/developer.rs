//! What was agreed with the developer, and what was billed to it.

use domain::billing::developer::Terms;
use domain::{Fen, Instant};
use serde::Serialize;

use super::bills::sample_at;
use crate::form::Form;
use crate::views::View;

/// The developer's page.
#[derive(Debug, Serialize)]
pub(crate) struct DeveloperView {
    pub(crate) form: Form,
    /// Whether who looks may set terms.
    pub(crate) sets: bool,
    /// All terms, the latest first.
    pub(crate) terms: Vec<TermsRow>,
    /// The months that were billed, the latest first.
    pub(crate) billed: Vec<BilledRow>,
}

/// What was agreed.
#[derive(Debug, Serialize)]
pub(crate) struct TermsRow {
    pub(crate) name: String,
    pub(crate) from_month: String,
    pub(crate) percent: i64,
    pub(crate) basis: String,
    pub(crate) made_at: Instant,
}

impl From<(Terms, String)> for TermsRow {
    fn from((terms, name): (Terms, String)) -> Self {
        let Terms { from_month, percent, basis, made_at, .. } = terms;
        Self { name, from_month: from_month.to_string(), percent, basis, made_at }
    }
}

/// A month that was billed.
#[derive(Debug, Serialize)]
pub(crate) struct BilledRow {
    pub(crate) period: String,
    pub(crate) charges: i64,
    pub(crate) total: Fen,
}

impl From<(String, i64, i64)> for BilledRow {
    fn from((period, charges, fen): (String, i64, i64)) -> Self {
        Self { period, charges, total: Fen(fen) }
    }
}

impl View for DeveloperView {
    const TEMPLATE: &'static str = "money/developer.html";

    fn samples() -> Vec<Self> {
        let terms = |percent| TermsRow {
            name: "锦绣置业有限公司".to_owned(),
            from_month: "2026-10".to_owned(),
            percent,
            basis: "前期物业服务合同第十二条".to_owned(),
            made_at: sample_at(),
        };
        let billed = BilledRow { period: "2026-10".to_owned(), charges: 212, total: Fen(2_831_204) };
        vec![
            Self { form: Form::new("developer.form"), sets: false, terms: vec![], billed: vec![] },
            Self {
                form: Form::sample("developer.form", &[("percent", "120")], &[("percent", "required")]),
                sets: true,
                terms: vec![terms(0), terms(70)],
                billed: vec![billed],
            },
        ]
    }
}
