//! What the community took in and spent: the list of publications, and one of them.

use domain::{Fen, Instant, LocalDate};
use serde::Serialize;

use super::View;
use super::cases::sample_instant;
use crate::form::Form;

/// What was published, and what is to be.
#[derive(Debug, Serialize)]
pub(crate) struct PublicationsView {
    pub(crate) rows: Vec<PublicationRow>,
    /// Whether who looks keeps the books.
    pub(crate) keeps: bool,
    /// What is owed, and what was missed.
    pub(crate) duties: Vec<DutyLine>,
    /// Whether a draft waits.
    pub(crate) drafted: bool,
    /// The days that are drafted next, where their span is over.
    pub(crate) next_from: Option<LocalDate>,
    pub(crate) next_to: Option<LocalDate>,
    pub(crate) form: Form,
}

/// A publication that is owed.
#[derive(Debug, Serialize)]
pub(crate) struct DutyLine {
    pub(crate) from: Option<LocalDate>,
    pub(crate) due_at: Instant,
    pub(crate) missed: bool,
}

/// A publication in the list.
#[derive(Debug, Serialize)]
pub(crate) struct PublicationRow {
    pub(crate) id: i64,
    pub(crate) first_day: LocalDate,
    pub(crate) last_day: LocalDate,
    pub(crate) state: &'static str,
    pub(crate) published_at: Option<Instant>,
}

impl PublicationRow {
    fn sample(state: &'static str) -> Self {
        let at = sample_instant();
        let published_at = (state == "published").then_some(at);
        Self { id: 3, first_day: at.0.date(), last_day: at.0.date(), state, published_at }
    }
}

impl View for PublicationsView {
    const TEMPLATE: &'static str = "publications/list.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let due = |missed| DutyLine { from: Some(at.0.date()), due_at: at, missed };
        let view = |rows, keeps, drafted, next: Option<LocalDate>| Self {
            rows,
            keeps,
            duties: if keeps { vec![due(true), due(false)] } else { vec![] },
            drafted,
            next_from: next,
            next_to: next,
            form: Form::new("publications.form"),
        };
        let rows = || ["draft", "approved", "published"].into_iter().map(PublicationRow::sample).collect();
        vec![
            view(rows(), true, true, None),
            view(rows(), true, false, Some(at.0.date())),
            view(vec![], true, false, None),
            view(rows(), false, false, None),
            view(vec![], false, false, None),
        ]
    }
}

/// One publication.
#[derive(Debug, Serialize)]
pub(crate) struct PublicationView {
    pub(crate) row: PublicationRow,
    pub(crate) keeps: bool,
    pub(crate) drafted_by: String,
    pub(crate) drafted_at: Instant,
    pub(crate) approved_by: String,
    pub(crate) approved_at: Option<Instant>,
    pub(crate) published_by: String,
    /// Whether who looks drafted it.
    pub(crate) own: bool,
    pub(crate) approves: bool,
    pub(crate) publishes: bool,
    pub(crate) sections: Vec<SectionTable>,
    pub(crate) fees: Fen,
    pub(crate) costs: Fen,
    pub(crate) balance: Fen,
    pub(crate) earned: Fen,
    pub(crate) spent: Fen,
    pub(crate) common: Fen,
    pub(crate) note: String,
    pub(crate) form: Form,
}

/// A part of it.
#[derive(Debug, Serialize)]
pub(crate) struct SectionTable {
    /// The text `words.section.<section>`.
    pub(crate) section: &'static str,
    /// Whether its lines are fee items, which are billed.
    pub(crate) by_item: bool,
    pub(crate) rows: Vec<LineRow>,
    pub(crate) billed: Fen,
    pub(crate) amount: Fen,
}

/// A line of a part.
#[derive(Debug, Serialize)]
pub(crate) struct LineRow {
    pub(crate) name: String,
    pub(crate) entries: i64,
    pub(crate) billed: Fen,
    pub(crate) amount: Fen,
}

impl PublicationView {
    fn sample(state: &'static str, keeps: bool) -> Self {
        let at = sample_instant();
        let line = |name: &str, billed, amount| LineRow {
            name: name.to_owned(),
            entries: 3,
            billed: Fen(billed),
            amount: Fen(amount),
        };
        let section = |section, by_item, rows: Vec<LineRow>| SectionTable {
            section,
            by_item,
            billed: rows.iter().map(|row| row.billed).sum(),
            amount: rows.iter().map(|row| row.amount).sum(),
            rows,
        };
        Self {
            row: PublicationRow::sample(state),
            keeps,
            drafted_by: "韦娜兰".to_owned(),
            drafted_at: at,
            approved_by: if state == "draft" { String::new() } else { "黄欣".to_owned() },
            approved_at: (state != "draft").then_some(at),
            published_by: "黄欣".to_owned(),
            own: state == "draft" && !keeps,
            approves: keeps && state == "draft",
            publishes: keeps && state == "approved",
            sections: vec![
                section("fees", true, vec![line("物业服务费", 25_060, 20_000), line("预收", 0, 6_000)]),
                section("service_cost", false, vec![line("清洁卫生", 0, 18_000)]),
                section("common_income", false, vec![]),
            ],
            fees: Fen(26_000),
            costs: Fen(18_000),
            balance: Fen(8_000),
            earned: Fen(0),
            spent: Fen(500),
            common: Fen(-500),
            note: if keeps { "电梯大修分两期支付。".to_owned() } else { String::new() },
            form: Form::new("publications.form"),
        }
    }
}

impl View for PublicationView {
    const TEMPLATE: &'static str = "publications/show.html";

    fn samples() -> Vec<Self> {
        let mut refused = Self::sample("draft", true);
        let _ = refused.form.note(domain::Error::refused("publication.moved", vec![]));
        vec![
            Self::sample("published", false),
            Self::sample("draft", true),
            Self { own: true, ..Self::sample("draft", true) },
            Self::sample("approved", true),
            refused,
        ]
    }
}

/// The same on paper, for the notice board.
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) publication: PublicationView,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "publications/paper.html";

    fn samples() -> Vec<Self> {
        vec![Self { publication: PublicationView::sample("published", true) }]
    }
}
