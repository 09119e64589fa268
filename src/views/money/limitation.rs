//! The watch over the limitation, and where an acknowledgement is recorded.

use domain::attachments::Attachment;
use domain::limitation::{Acknowledgement, Cause, Course, Interruption, Standing, Watched};
use domain::{Fen, LedgerAccountId, LocalDate};
use serde::Serialize;

use super::bills::{SPLIT, sample_line};
use super::debts::OpenRow;
use super::demands::PaperRow;
use crate::form::Form;
use crate::views::View;

/// What can be refused soon, or already.
#[derive(Debug, Serialize)]
pub(crate) struct LimitationView {
    pub(crate) rows: Vec<WatchedRow>,
    /// For how many days before its end each is watched.
    pub(crate) days: i64,
}

/// A charge whose limitation ends soon, or has ended.
#[derive(Debug, Serialize)]
pub(crate) struct WatchedRow {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) payer: String,
    pub(crate) charge: OpenRow,
    pub(crate) course: CourseRow,
}

/// How a charge's limitation runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CourseRow {
    pub(crate) last_day: LocalDate,
    pub(crate) standing: &'static str,
    pub(crate) interrupted: Vec<InterruptionRow>,
}

/// What started it anew.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InterruptionRow {
    pub(crate) day: LocalDate,
    pub(crate) cause: &'static str,
}

impl CourseRow {
    /// How it stands.
    pub(crate) fn of(course: Course, standing: Standing) -> Self {
        let row = |one: Interruption| InterruptionRow { day: one.day, cause: one.cause.as_str() };
        Self {
            last_day: course.last_day,
            standing: standing.as_str(),
            interrupted: course.interrupted.into_iter().map(row).collect(),
        }
    }

    /// A course for samples.
    pub(super) fn sample(standing: Standing) -> Self {
        let day = sample_line(0).due_on;
        let interrupted = Cause::ALL.iter().map(|cause| Interruption { day, cause: *cause }).collect();
        Self::of(Course { last_day: day, interrupted }, standing)
    }
}

impl From<Watched> for WatchedRow {
    fn from(one: Watched) -> Self {
        Self {
            account: one.line.charge.account_id,
            home: one.line.home.clone(),
            payer: one.line.payer.clone(),
            charge: OpenRow::of(one.line),
            course: CourseRow::of(one.course, one.standing),
        }
    }
}

/// What was acknowledged in writing.
#[derive(Debug, Serialize)]
pub(crate) struct AcknowledgedRow {
    pub(crate) day: LocalDate,
    pub(crate) signed_by: String,
    pub(crate) note: String,
    pub(crate) papers: Vec<PaperRow>,
}

impl AcknowledgedRow {
    /// An acknowledgement with its papers.
    pub(crate) fn of(one: Acknowledgement, papers: Vec<Attachment>) -> Self {
        let paper = |one: Attachment| PaperRow { id: one.id.0, name: one.name };
        Self {
            day: one.day,
            signed_by: one.signed_by,
            note: one.note,
            papers: papers.into_iter().map(paper).collect(),
        }
    }

    /// One for samples.
    pub(super) fn sample() -> Self {
        Self {
            day: sample_line(0).due_on,
            signed_by: "黎琪艳".to_owned(),
            note: "对账单".to_owned(),
            papers: vec![PaperRow { id: 1, name: "对账单.jpg".to_owned() }],
        }
    }
}

/// Where an acknowledgement is recorded.
#[derive(Debug, Serialize)]
pub(crate) struct AcknowledgeView {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) charges: Vec<OpenRow>,
    /// Papers that are uploaded already.
    pub(crate) kept: Vec<i64>,
    pub(crate) form: Form,
}

fn sample_open() -> OpenRow {
    let line = sample_line(25_060);
    OpenRow {
        id: 1,
        item: format!("{} {SPLIT}", line.name),
        period: line.period,
        due_on: line.due_on,
        open: Fen(25_060),
        state: "reminded",
        chosen: true,
        course: Some(CourseRow::sample(Standing::Runs)),
    }
}

impl View for LimitationView {
    const TEMPLATE: &'static str = "money/limitation.html";

    fn samples() -> Vec<Self> {
        let row = |standing| WatchedRow {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            payer: "黎琪艳".to_owned(),
            charge: sample_open(),
            course: CourseRow::sample(standing),
        };
        let rows = [Standing::Over, Standing::Soon].map(row).into();
        vec![Self { rows, days: 90 }, Self { rows: vec![], days: 1 }]
    }
}

impl View for AcknowledgeView {
    const TEMPLATE: &'static str = "money/acknowledge.html";

    fn samples() -> Vec<Self> {
        let one = |charges, form| Self {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charges,
            kept: vec![3],
            form,
        };
        let wrong = [("charges", "required"), ("day", "in_past"), ("photos", "required")];
        let wrong = Form::sample("debts.form", &[("signed_by", "黎琪艳")], &wrong).refused("debt.own");
        vec![one(vec![sample_open()], wrong), one(vec![], Form::new("debts.form"))]
    }
}
