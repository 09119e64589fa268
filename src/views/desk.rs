//! The pages of a call: who it is and what it may be about; who it may be.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::{CaseRow, sample_instant};
use super::register::FoundRow;

/// A phone that several share, or that nobody has.
#[derive(Debug, Serialize)]
pub(crate) struct CallView {
    /// Its digits, as the telephone gave them.
    pub(crate) phone: String,
    pub(crate) found: Vec<FoundRow>,
}

/// Who calls.
#[derive(Debug, Serialize)]
pub(crate) struct CallerView {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// Masked.
    pub(crate) phone: Option<String>,
    pub(crate) homes: Vec<CallerHome>,
    /// Whether the reader registers what they say.
    pub(crate) registers: bool,
    /// What they asked for and is under way.
    pub(crate) running: Vec<CaseRow>,
    /// What is done or over.
    pub(crate) over: Vec<CaseRow>,
}

/// A home of theirs.
#[derive(Debug, Serialize)]
pub(crate) struct CallerHome {
    pub(crate) code: String,
    pub(crate) steward: Option<String>,
    pub(crate) key_household: bool,
    /// In fen; negative where prepaid.
    pub(crate) balance: i64,
    /// Who else belongs to it.
    pub(crate) others: Vec<String>,
    /// Promises that are still owed.
    pub(crate) promises: Vec<Contact>,
    /// The last visits.
    pub(crate) contacts: Vec<Contact>,
}

/// What was said, and when; or by when it is owed.
#[derive(Debug, Serialize)]
pub(crate) struct Contact {
    pub(crate) at: Instant,
    pub(crate) words: String,
}

impl View for CallView {
    const TEMPLATE: &'static str = "desk/call.html";

    fn samples() -> Vec<Self> {
        let one = |found| Self { phone: "13900000001".to_owned(), found };
        vec![one(vec![]), one(FoundRow::samples())]
    }
}

impl View for CallerView {
    const TEMPLATE: &'static str = "desk/caller.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let said = |words: &str| Contact { at, words: words.to_owned() };
        let home = |balance, full: bool| CallerHome {
            code: "3-2-1501".to_owned(),
            steward: full.then(|| "尹强兰".to_owned()),
            key_household: full,
            balance,
            others: vec!["黎琪艳".to_owned()],
            promises: if full { vec![said("回复装修押金")] } else { vec![] },
            contacts: if full { vec![said("都好")] } else { vec![] },
        };
        let one = |homes, registers, rows: Vec<CaseRow>| Self {
            id: 3,
            name: "黎琪艳".to_owned(),
            phone: Some("139****0001".to_owned()),
            homes,
            registers,
            running: rows.clone(),
            over: rows,
        };
        vec![
            one(vec![home(25_060, true), home(0, false)], true, vec![CaseRow::sample(at)]),
            Self { phone: None, ..one(vec![], false, vec![]) },
        ]
    }
}
