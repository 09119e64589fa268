//! The pages of complaints: where one complains, the page of one, what is printed of them, who heads each
//! department, and the notices for what was late.

use domain::complaints::Group;
use domain::{Instant, LocalDate};
use serde::Serialize;

use super::View;
use super::cases::{ActionView, AttachmentView, CaseRow, ChoiceView, EventView, sample_instant};
use crate::form::Form;

/// Where a resident complains.
#[derive(Debug, Serialize)]
pub(crate) struct ComplainView {
    /// The reader's homes, and the public place.
    pub(crate) homes: Vec<ChoiceView>,
    pub(crate) categories: Vec<ChoiceView>,
    /// Who looks after their first home.
    pub(crate) steward: Option<String>,
    /// Photos that are uploaded already.
    pub(crate) photos: Vec<i64>,
    pub(crate) form: Form,
}

/// Where the desk writes one down.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) categories: Vec<ChoiceView>,
    pub(crate) channels: Vec<ChoiceView>,
    pub(crate) staff: Vec<ChoiceView>,
    pub(crate) photos: Vec<i64>,
    pub(crate) form: Form,
}

/// One complaint.
#[derive(Debug, Serialize)]
pub(crate) struct ComplaintView {
    pub(crate) row: CaseRow,
    /// Its state as a word of ours.
    pub(crate) stands: String,
    pub(crate) text: String,
    pub(crate) wish: String,
    pub(crate) happened_on: Option<LocalDate>,
    pub(crate) channel: &'static str,
    pub(crate) reference: Option<String>,
    pub(crate) deadline: Option<Instant>,
    /// The member of staff that it is about.
    pub(crate) about: Option<String>,
    pub(crate) reporter: Option<String>,
    pub(crate) reporter_id: Option<i64>,
    pub(crate) phone: Option<String>,
    pub(crate) accountable: Option<String>,
    pub(crate) department: Option<&'static str>,
    pub(crate) responsible: Option<String>,
    pub(crate) founded: Option<bool>,
    pub(crate) verdict: String,
    pub(crate) cause: Option<&'static str>,
    pub(crate) findings: String,
    pub(crate) options: Vec<OptionView>,
    /// What was done, or why there is nothing to do.
    pub(crate) answer: String,
    pub(crate) said: String,
    pub(crate) lesson: String,
    pub(crate) notices: Vec<NoticeRow>,
    pub(crate) version: i32,
    pub(crate) staff: bool,
    /// Whether the reader is who complained.
    pub(crate) own: bool,
    pub(crate) merged_into: Option<String>,
    pub(crate) events: Vec<EventView>,
    pub(crate) attachments: Vec<AttachmentView>,
    pub(crate) actions: Vec<ActionView>,
    pub(crate) departments: Vec<ChoiceView>,
    pub(crate) causes: Vec<ChoiceView>,
    /// The options of the plan, to choose from.
    pub(crate) choices: Vec<ChoiceView>,
    /// The common answers that a reply can be.
    pub(crate) articles: Vec<ChoiceView>,
    pub(crate) form: Form,
}

/// What a plan offers.
#[derive(Debug, Serialize)]
pub(crate) struct OptionView {
    pub(crate) number: i32,
    pub(crate) text: String,
    pub(crate) money: i64,
    pub(crate) chosen: bool,
}

/// A complaint on its form.
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) complaint: ComplaintView,
    /// Its address as a QR code.
    pub(crate) qr: String,
}

/// The complaints of a span in groups.
#[derive(Debug, Serialize)]
pub(crate) struct FiguresView {
    pub(crate) from: LocalDate,
    pub(crate) to: LocalDate,
    pub(crate) tables: Vec<GroupTable>,
    pub(crate) rows: Vec<EntryRow>,
    pub(crate) form: Form,
}

/// The same on paper.
#[derive(Debug, Serialize)]
pub(crate) struct FiguresPaperView {
    pub(crate) figures: FiguresView,
}

/// Complaints grouped by one thing: the text `complaints.by.<name>`.
#[derive(Debug, Serialize)]
pub(crate) struct GroupTable {
    pub(crate) name: &'static str,
    pub(crate) groups: Vec<GroupRow>,
}

/// One group.
#[derive(Debug, Serialize)]
pub(crate) struct GroupRow {
    pub(crate) text: String,
    pub(crate) count: i64,
    pub(crate) founded: i64,
    pub(crate) late: i64,
    /// Days until the answer on average, as `1.7`.
    pub(crate) days: Option<String>,
}

impl GroupTable {
    /// A table of groups, each called by `text`.
    pub(crate) fn new(name: &'static str, groups: Vec<Group>, text: impl Fn(&str) -> String) -> Self {
        let days = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
        let row = |group: Group| GroupRow {
            text: text(&group.word),
            count: group.count,
            founded: group.founded,
            late: group.late,
            days: group.tenths_of_day().map(days),
        };
        Self { name, groups: groups.into_iter().map(row).collect() }
    }
}

/// A complaint in the table.
#[derive(Debug, Serialize)]
pub(crate) struct EntryRow {
    pub(crate) number: String,
    pub(crate) at: Instant,
    pub(crate) category: String,
    pub(crate) cause: String,
    pub(crate) department: String,
    /// Hours until it was answered.
    pub(crate) hours: Option<i64>,
    pub(crate) outcome: &'static str,
    pub(crate) done: String,
    pub(crate) lesson: String,
    pub(crate) late: bool,
}

/// Who heads each department.
#[derive(Debug, Serialize)]
pub(crate) struct DepartmentsView {
    pub(crate) departments: Vec<&'static str>,
    pub(crate) staff: Vec<ChoiceView>,
    pub(crate) form: Form,
}

/// The rectification notices that somebody sees.
#[derive(Debug, Serialize)]
pub(crate) struct NoticesView {
    pub(crate) rows: Vec<NoticeRow>,
}

/// One of them.
#[derive(Debug, Serialize)]
pub(crate) struct NoticeRow {
    pub(crate) id: i64,
    /// The case's number.
    pub(crate) number: String,
    pub(crate) clock: String,
    /// Who owes the answer.
    pub(crate) who: String,
    pub(crate) due_at: Instant,
    pub(crate) late: bool,
    pub(crate) answered_at: Option<Instant>,
}

/// A notice with its answer, or the form for it.
#[derive(Debug, Serialize)]
pub(crate) struct NoticeView {
    pub(crate) row: NoticeRow,
    pub(crate) category: String,
    pub(crate) issued_at: Instant,
    pub(crate) reason: String,
    pub(crate) measures: String,
    /// Whether the reader owes the answer.
    pub(crate) answers: bool,
    pub(crate) form: Form,
}

fn choice(value: &str) -> Vec<ChoiceView> {
    vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }]
}

fn sample_form() -> Form {
    Form::sample("complaints.form", &[("home", "3-2-1501")], &[("text", "required")])
}

impl View for ComplainView {
    const TEMPLATE: &'static str = "complaints/new.html";

    fn samples() -> Vec<Self> {
        let one = |steward: Option<&str>, photos| Self {
            homes: choice("3-2-1501"),
            categories: choice("complaint.noise"),
            steward: steward.map(str::to_owned),
            photos,
            form: sample_form(),
        };
        vec![one(Some("尹强兰"), vec![7]), one(None, vec![])]
    }
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "complaints/register.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            categories: choice("complaint.noise"),
            channels: choice("hotline_12345"),
            staff: choice("5"),
            photos: vec![1],
            form: sample_form(),
        }]
    }
}

const ACTIONS: [&str; 16] = [
    "founded",
    "unfounded",
    "reassign",
    "investigate",
    "propose",
    "send_back",
    "approve",
    "choose",
    "carry_out",
    "reply",
    "answer",
    "withdraw",
    "undo",
    "merge",
    "reopen",
    "learn",
];

impl ComplaintView {
    fn sample(actions: &[&'static str], staff: bool, full: bool) -> Self {
        let at = sample_instant();
        let some = |text: &str| if full { text.to_owned() } else { String::new() };
        let action = |name: &&'static str| ActionView { name, open: *name == "propose", form: sample_form() };
        let row = CaseRow { kind: "complaint", number: "TS20261122-0001".to_owned(), ..CaseRow::sample(at) };
        Self {
            row: if full { row } else { CaseRow { due: None, late: false, ..row } },
            stands: "approved".to_owned(),
            text: "楼上半夜施工".to_owned(),
            wish: some("请制止"),
            happened_on: full.then(|| "2026-11-21".parse().unwrap_or_default()),
            channel: "hotline_12345",
            reference: full.then(|| "GD-881".to_owned()),
            deadline: full.then_some(at),
            about: full.then(|| "尹强兰".to_owned()),
            reporter: Some("黎琪艳".to_owned()),
            reporter_id: full.then_some(3),
            phone: full.then(|| "139****0001".to_owned()),
            accountable: Some("黄勇".to_owned()),
            department: full.then_some("engineering"),
            responsible: full.then(|| "刘涵".to_owned()),
            founded: full.then_some(!staff),
            verdict: some("情况属实"),
            cause: full.then_some("delay"),
            findings: some("巡查不到位"),
            options: if full {
                vec![OptionView { number: 1, text: "道歉".to_owned(), money: 25_060, chosen: true }]
            } else {
                vec![]
            },
            answer: some("已停工"),
            said: some("可以"),
            lesson: some("夜间加巡"),
            notices: if full { vec![NoticeRow::sample(true)] } else { vec![] },
            version: 3,
            staff,
            own: !staff,
            merged_into: (!full).then(|| "TS20261122-0002".to_owned()),
            events: vec![EventView {
                at,
                who: Some("黄勇".to_owned()),
                text: "已登记".to_owned(),
                note: String::new(),
            }],
            attachments: vec![AttachmentView { id: 1, name: "a.jpg".to_owned(), picture: full }],
            actions: actions.iter().map(action).collect(),
            departments: choice("engineering"),
            causes: choice("delay"),
            choices: choice("1"),
            articles: choice("7"),
            form: Form::new("complaints.form"),
        }
    }
}

impl View for ComplaintView {
    const TEMPLATE: &'static str = "complaints/show.html";

    fn samples() -> Vec<Self> {
        vec![
            Self::sample(&ACTIONS, true, true),
            Self::sample(&["choose", "withdraw"], false, true),
            Self::sample(&[], false, false),
        ]
    }
}

impl View for PaperView {
    const TEMPLATE: &'static str = "complaints/paper.html";

    fn samples() -> Vec<Self> {
        let paper =
            |full| Self { complaint: ComplaintView::sample(&[], true, full), qr: "<svg></svg>".to_owned() };
        vec![paper(true), paper(false)]
    }
}

impl FiguresView {
    fn sample(full: bool) -> Self {
        let row = EntryRow {
            number: "TS20261122-0001".to_owned(),
            at: sample_instant(),
            category: "噪音".to_owned(),
            cause: "不及时".to_owned(),
            department: "工程部".to_owned(),
            hours: Some(30),
            outcome: "founded",
            done: "已停工".to_owned(),
            lesson: "夜间加巡".to_owned(),
            late: true,
        };
        let group = |days: Option<&str>| GroupRow {
            text: "噪音".to_owned(),
            count: 3,
            founded: 2,
            late: 1,
            days: days.map(str::to_owned),
        };
        let groups = if full { vec![group(Some("1.7")), group(None)] } else { vec![] };
        Self {
            from: "2026-11-01".parse().unwrap_or_default(),
            to: "2026-11-22".parse().unwrap_or_default(),
            tables: vec![GroupTable { name: "category", groups }],
            rows: if full { vec![row] } else { vec![] },
            form: Form::sample("complaints.form", &[("from", "2026-11-01"), ("to", "2026-11-22")], &[]),
        }
    }
}

impl View for FiguresView {
    const TEMPLATE: &'static str = "complaints/figures.html";

    fn samples() -> Vec<Self> {
        vec![Self::sample(true), Self::sample(false)]
    }
}

impl View for FiguresPaperView {
    const TEMPLATE: &'static str = "complaints/figures_paper.html";

    fn samples() -> Vec<Self> {
        vec![Self { figures: FiguresView::sample(true) }, Self { figures: FiguresView::sample(false) }]
    }
}

impl View for DepartmentsView {
    const TEMPLATE: &'static str = "complaints/departments.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample("words.department", &[("service", "5")], &[("finance", "no_staff")]);
        vec![Self { departments: vec!["service", "finance"], staff: choice("5"), form }]
    }
}

impl NoticeRow {
    fn sample(late: bool) -> Self {
        let at = sample_instant();
        Self {
            id: 1,
            number: "TS20261122-0001".to_owned(),
            clock: "resolve".to_owned(),
            who: "刘涵".to_owned(),
            due_at: at,
            late,
            answered_at: (!late).then_some(at),
        }
    }
}

impl View for NoticesView {
    const TEMPLATE: &'static str = "rectifications/list.html";

    fn samples() -> Vec<Self> {
        vec![Self { rows: vec![NoticeRow::sample(true), NoticeRow::sample(false)] }, Self { rows: vec![] }]
    }
}

impl View for NoticeView {
    const TEMPLATE: &'static str = "rectifications/show.html";

    fn samples() -> Vec<Self> {
        let one = |late| Self {
            row: NoticeRow::sample(late),
            category: "complaint.noise".to_owned(),
            issued_at: sample_instant(),
            reason: if late { String::new() } else { "人手不足".to_owned() },
            measures: if late { String::new() } else { "调班".to_owned() },
            answers: late,
            form: Form::sample("rectifications.form", &[], &[("reason", "required")]),
        };
        vec![one(true), one(false)]
    }
}
