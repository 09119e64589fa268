//! The pages of move-ins: the form page by page, the desk's list and its page for who stands before it; one application
//! and its handover.

mod record;
mod show;

use domain::{Instant, LocalDate};
use serde::Serialize;

use super::View;
use super::cases::{ChoiceView, sample_instant};
use crate::form::Form;

pub(crate) use record::HandoverRecordView;
pub(crate) use show::{AgreementRow, HandedView, HandoverView, MoveInView, ReadingRow, SignedBy};

/// An application that was begun and not sent.
#[derive(Debug, Serialize)]
pub(crate) struct DraftRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) kind: Option<&'static str>,
    /// When it was begun.
    pub(crate) at: Instant,
}

/// The list by where they stand.
#[derive(Debug, Serialize)]
pub(crate) struct MoveInsView {
    pub(crate) groups: Vec<MoveInsGroup>,
    /// Whether the reader writes applications down for others.
    pub(crate) registers: bool,
}

/// Applications that wait for the same thing: the text `move_in.group.<name>`.
#[derive(Debug, Serialize)]
pub(crate) struct MoveInsGroup {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<MoveInRow>,
}

/// An application in a list.
#[derive(Debug, Serialize)]
pub(crate) struct MoveInRow {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    /// Since when it stands there.
    pub(crate) since: Option<Instant>,
    pub(crate) wished_on: Option<LocalDate>,
}

/// Where an application begins.
#[derive(Debug, Serialize)]
pub(crate) struct BeginView {
    pub(crate) drafts: Vec<DraftRow>,
    pub(crate) homes: Vec<ChoiceView>,
    pub(crate) kinds: Vec<ChoiceView>,
    pub(crate) registers: bool,
    /// How many pages there will be.
    pub(crate) of: usize,
    pub(crate) form: Form,
}

/// A page of the form.
#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    /// The case, which has no number yet.
    pub(crate) id: i64,
    /// `kind`, `who`, `contact`, `lease`, `when`, `papers`, `check`.
    pub(crate) step: &'static str,
    pub(crate) now: usize,
    pub(crate) of: usize,
    pub(crate) home: String,
    /// Its number, where it was sent back.
    pub(crate) number: Option<String>,
    /// What the desk asked to be put right.
    pub(crate) remarks: Option<String>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) leases: bool,
    pub(crate) kinds: Vec<ChoiceView>,
    pub(crate) papers: Vec<PaperRow>,
    /// For how many days after the decision a scan of identity papers is kept.
    pub(crate) identity_days: i64,
    pub(crate) version: i32,
    pub(crate) form: Form,
}

/// A paper with its scans.
#[derive(Debug, Serialize)]
pub(crate) struct PaperRow {
    pub(crate) name: &'static str,
    pub(crate) files: Vec<FileRow>,
    /// Whether its scans open for the reader.
    pub(crate) opens: bool,
}

/// A scan.
#[derive(Debug, Serialize)]
pub(crate) struct FileRow {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// The desk's page for who stands before it.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) kinds: Vec<ChoiceView>,
    pub(crate) channels: Vec<ChoiceView>,
    pub(crate) photos: Vec<i64>,
    pub(crate) form: Form,
}

impl DraftRow {
    pub(super) fn sample() -> Self {
        Self { id: 7, home: "3-2-1501".to_owned(), kind: Some("owner"), at: sample_instant() }
    }
}

const WORDS: &str = "move_in.form";

fn choice(value: &str) -> Vec<ChoiceView> {
    vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }]
}

fn day() -> Option<LocalDate> {
    LocalDate::from_ymd_opt(2026, 12, 1)
}

fn paper(name: &'static str, opens: bool) -> PaperRow {
    let files =
        if name == "consent" { vec![] } else { vec![FileRow { id: 3, name: "扫描.pdf".to_owned() }] };
    PaperRow { name, files, opens }
}

impl View for MoveInsView {
    const TEMPLATE: &'static str = "move_in/list.html";

    fn samples() -> Vec<Self> {
        let row = |state: &str, kind| MoveInRow {
            number: "RZ20261122-0001".to_owned(),
            code: "3-2-1501".to_owned(),
            kind,
            name: "王小明".to_owned(),
            state: state.to_owned(),
            tone: "calm",
            since: Some(sample_instant()),
            wished_on: day().filter(|_| kind.is_some()),
        };
        let rows = vec![row("submitted", Some("tenant")), row("reviewing", None)];
        let groups = vec![
            MoveInsGroup { name: "review", rows },
            MoveInsGroup { name: "over", rows: vec![row("lapsed", Some("owner"))] },
        ];
        let empty = ["review", "hand_over", "returned", "handed_over", "over"]
            .map(|name| MoveInsGroup { name, rows: vec![] });
        vec![Self { groups, registers: true }, Self { groups: empty.into(), registers: false }]
    }
}

impl View for BeginView {
    const TEMPLATE: &'static str = "move_in/begin.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample(WORDS, &[("home", "3-2-1501")], &[("kind", "required")]);
        let full = Self {
            drafts: vec![DraftRow::sample(), DraftRow { kind: None, ..DraftRow::sample() }],
            homes: choice("3-2-1501"),
            kinds: choice("owner"),
            registers: false,
            of: 6,
            form: form.refused("move_in.sent"),
        };
        let bare = Self {
            drafts: vec![],
            homes: vec![],
            kinds: vec![],
            registers: true,
            of: 6,
            form: Form::new(WORDS),
        };
        vec![full, bare]
    }
}

impl View for FormView {
    const TEMPLATE: &'static str = "move_in/form.html";

    fn samples() -> Vec<Self> {
        let page = |step, kind, typed: &[(&str, &str)], wrong: &[(&str, &'static str)]| Self {
            id: 7,
            step,
            now: 3,
            of: 7,
            home: "3-2-1501".to_owned(),
            number: Some("RZ20261122-0001".to_owned()),
            remarks: Some("请补充租赁合同。".to_owned()),
            kind,
            leases: kind == Some("tenant"),
            kinds: choice("tenant"),
            papers: vec![paper("identity", true), paper("lease", true), paper("consent", true)],
            identity_days: 30,
            version: 2,
            form: Form::sample(WORDS, typed, wrong),
        };
        let typed = [
            ("kind", "tenant"),
            ("name", "王小明"),
            ("phone", "12"),
            ("lease_from", "2026-12-01"),
            ("lease_to", "2026-11-30"),
            ("pays", "on"),
            ("wished_on", "2026-12-01"),
            ("from", "check"),
        ];
        let wrong = [("phone", "phone"), ("lease_to", "ends_before_start")];
        let mut all: Vec<Self> = ["kind", "who", "contact", "lease", "when", "papers", "check"]
            .map(|step| page(step, Some("tenant"), &typed, &wrong))
            .into();
        let full = [
            ("kind", "owner"),
            ("name", "黎琪艳"),
            ("phone", "13900000001"),
            ("email", "a@example.com"),
            ("id_last4", "201X"),
        ];
        all.push(Self { number: None, remarks: None, ..page("check", Some("owner"), &full, &[]) });
        all.push(Self {
            number: None,
            remarks: None,
            papers: vec![],
            ..page("check", None, &[], &[("kind", "required")])
        });
        all
    }
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "move_in/register.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample(WORDS, &[("home", "3-2-1501")], &[("name", "required")]);
        vec![Self { kinds: choice("owner"), channels: choice("walk_in"), photos: vec![1], form }]
    }
}
