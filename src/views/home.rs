//! The residents' first page.

use domain::{Fen, Instant, LocalDate};
use serde::Serialize;

use super::View;
use super::move_ins::DraftRow;

/// What a resident sees first.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ResidentView {
    /// Their homes, in register order.
    pub(crate) homes: Vec<Choice>,
    /// The one that is shown; none where they have none.
    pub(crate) home: Option<String>,
    /// Whether they live or own there today, rather than having left.
    pub(crate) lives_here: bool,
    /// Whether it has meters that they can read.
    pub(crate) meters: bool,
    /// What is owed for it.
    pub(crate) owed: Option<Owed>,
    /// What was begun and not sent.
    pub(crate) drafts: Vec<DraftRow>,
    /// What is under way.
    pub(crate) cases: Vec<CaseCard>,
    /// Who looks after it.
    pub(crate) steward: Option<StewardCard>,
}

/// One of several homes.
#[derive(Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) code: String,
    pub(crate) current: bool,
}

/// What is owed.
#[derive(Debug, Serialize)]
pub(crate) struct Owed {
    /// What is open.
    pub(crate) open: Fen,
    /// What of it is past its due day.
    pub(crate) overdue: Fen,
    /// The first due day.
    pub(crate) due_on: Option<LocalDate>,
    /// How many days that is past.
    pub(crate) days_late: i64,
    /// What was paid ahead.
    pub(crate) prepaid: Fen,
}

/// Something under way.
#[derive(Debug, Serialize)]
pub(crate) struct CaseCard {
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    pub(crate) state: String,
    pub(crate) category: String,
    pub(crate) place: Option<String>,
    pub(crate) technician: Option<String>,
    /// By when it is to be done, while its clock runs.
    pub(crate) by: Option<Instant>,
}

/// Who looks after a home.
#[derive(Debug, Serialize)]
pub(crate) struct StewardCard {
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
}

impl View for ResidentView {
    const TEMPLATE: &'static str = "home/resident.html";

    fn samples() -> Vec<Self> {
        let case = |kind, state: &str, category: &str| CaseCard {
            number: "WX20261122-0007".to_owned(),
            kind,
            state: state.to_owned(),
            category: category.to_owned(),
            place: Some("3-2-1501".to_owned()),
            technician: (state == "taken").then(|| "周师傅".to_owned()),
            by: "2026-11-23T09:30:00Z".parse().ok(),
        };
        let choice = |code: &str, current| Choice { code: code.to_owned(), current };
        let owed = |open, overdue, days_late, prepaid| Owed {
            open: Fen(open),
            overdue: Fen(overdue),
            due_on: LocalDate::from_ymd_opt(2026, 11, 25),
            days_late,
            prepaid: Fen(prepaid),
        };
        let calm = Owed { due_on: None, ..owed(0, 0, 0, 12_000) };
        vec![
            Self {
                homes: vec![choice("3-2-1501", true), choice("10-1-301", false)],
                home: Some("3-2-1501".to_owned()),
                lives_here: true,
                meters: true,
                owed: Some(owed(31_560, 0, 0, 0)),
                drafts: vec![DraftRow::sample()],
                cases: vec![
                    case("repair", "taken", "water.leak"),
                    case("move_in", "submitted", "tenant"),
                    case("enquiry", "asked", "other.other"),
                ],
                steward: Some(StewardCard {
                    name: "林晓燕".to_owned(),
                    phone: Some("13800001234".to_owned()),
                }),
            },
            Self {
                homes: vec![choice("3-2-1501", true)],
                home: Some("3-2-1501".to_owned()),
                lives_here: true,
                meters: false,
                owed: Some(owed(31_560, 25_060, 40, 0)),
                drafts: vec![],
                cases: vec![],
                steward: Some(StewardCard { name: "林晓燕".to_owned(), phone: None }),
            },
            Self {
                homes: vec![choice("3-2-1501", true)],
                home: Some("3-2-1501".to_owned()),
                owed: Some(calm),
                ..Self::default()
            },
            Self::default(),
        ]
    }
}
