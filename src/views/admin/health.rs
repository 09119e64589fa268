//! The page of what the portal stands on.

use domain::Zone;
use serde::Serialize;

use crate::health::Finding;
use crate::views::{Texts, View};

/// Everything that was looked at and tried.
#[derive(Debug, Serialize)]
pub(crate) struct HealthView {
    /// What was found.
    pub(crate) findings: Vec<FindingRow>,
    /// How many are not well.
    pub(crate) ill: usize,
    /// The settings in effect, secrets hidden.
    pub(crate) settings: Vec<(&'static str, String)>,
}

/// What was looked at, in words.
#[derive(Debug, Serialize)]
pub(crate) struct FindingRow {
    pub(crate) what: &'static str,
    pub(crate) seen: String,
    pub(crate) advice: Option<&'static str>,
}

impl FindingRow {
    /// A finding in the words of a language, by the clocks of a zone.
    pub(crate) fn new(finding: &Finding, texts: &Texts, zone: Zone) -> Self {
        Self { what: finding.what, seen: finding.seen(texts, Some(zone)), advice: finding.advice }
    }

    pub(super) fn samples() -> Vec<Self> {
        let row = |what, seen: &str, advice| Self { what, seen: seen.to_owned(), advice };
        vec![
            row("database", "Sqlite", None),
            row("mail", "mail.example.com connection refused", Some("smtp_unreachable")),
        ]
    }
}

impl View for HealthView {
    const TEMPLATE: &'static str = "admin/health.html";

    fn samples() -> Vec<Self> {
        let settings = || vec![("DATABASE_URL", "sqlite:///srv/linli/linli.db".to_owned())];
        vec![
            Self { findings: FindingRow::samples(), ill: 1, settings: settings() },
            Self {
                findings: FindingRow::samples().into_iter().take(1).collect(),
                ill: 0,
                settings: settings(),
            },
        ]
    }
}
