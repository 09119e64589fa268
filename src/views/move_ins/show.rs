//! One application with its handover, and the steward's checklist.

use domain::move_in::{Agreement, Begun, Mended};
use domain::{Instant, LocalDate};
use serde::Serialize;

use super::{PaperRow, WORDS, day, paper};
use crate::form::Form;
use crate::views::View;
use crate::views::cases::{ActionView, AttachmentView, EventView, sample_instant};
use crate::views::repairs::GroupView;

/// One application.
#[derive(Debug, Serialize)]
pub(crate) struct MoveInView {
    pub(crate) number: String,
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) leases: bool,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) staff: bool,
    /// Whether the reader can change and send it now.
    pub(crate) edits: bool,
    /// Whether the reader can hand over now.
    pub(crate) hands_over: bool,
    /// Whether the desk has to leave the decision to the supervisor.
    pub(crate) awaits_supervisor: bool,
    pub(crate) remarks: Option<String>,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) id_last4: Option<String>,
    pub(crate) lease_from: Option<LocalDate>,
    pub(crate) lease_to: Option<LocalDate>,
    pub(crate) pays: bool,
    pub(crate) wished_on: Option<LocalDate>,
    pub(crate) text: String,
    pub(crate) reporter: Option<String>,
    pub(crate) channel: &'static str,
    pub(crate) papers: Vec<PaperRow>,
    pub(crate) photos: Vec<AttachmentView>,
    pub(crate) handed: Option<HandedView>,
    pub(crate) begun: Option<Begun>,
    /// What the reader can still have signed.
    pub(crate) unsigned: Vec<&'static str>,
    pub(crate) version: i32,
    /// What can be done here; the form and the handover have pages of their own.
    pub(crate) actions: Vec<ActionView>,
    pub(crate) events: Vec<EventView>,
    /// What went wrong in an action.
    pub(crate) form: Form,
}

/// The handover as it was made.
#[derive(Debug, Serialize)]
pub(crate) struct HandedView {
    pub(crate) day: LocalDate,
    pub(crate) by: String,
    pub(crate) keys: String,
    pub(crate) started_fees: bool,
    pub(crate) readings: Vec<ReadingRow>,
    /// Every one, signed or not.
    pub(crate) agreements: Vec<AgreementRow>,
    pub(crate) defects: Vec<Mended>,
}

/// A meter's base reading.
#[derive(Debug, Serialize)]
pub(crate) struct ReadingRow {
    pub(crate) meter: String,
    pub(crate) reading: String,
}

/// An agreement.
#[derive(Debug, Serialize)]
pub(crate) struct AgreementRow {
    pub(crate) name: &'static str,
    pub(crate) signed: Option<SignedBy>,
}

/// Who signed an agreement, before whom.
#[derive(Debug, Serialize)]
pub(crate) struct SignedBy {
    pub(crate) signer: String,
    pub(crate) by: String,
    pub(crate) at: Instant,
}

/// The steward's checklist.
#[derive(Debug, Serialize)]
pub(crate) struct HandoverView {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) kind: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) id_last4: Option<String>,
    pub(crate) wished_on: Option<LocalDate>,
    pub(crate) version: i32,
    /// What can be signed.
    pub(crate) agreements: Vec<&'static str>,
    pub(crate) categories: Vec<GroupView>,
    /// The defects that can be taken down: 1, 2 …
    pub(crate) rows: Vec<i64>,
    /// Whether there can be more.
    pub(crate) more: bool,
    /// Photos that are uploaded already.
    pub(crate) photos: Vec<i64>,
    pub(crate) form: Form,
}

impl View for MoveInView {
    const TEMPLATE: &'static str = "move_in/show.html";

    fn samples() -> Vec<Self> {
        let page = |state: &str, actions: &[&'static str], staff| Self {
            number: "RZ20261122-0001".to_owned(),
            id: 7,
            code: "3-2-1501".to_owned(),
            kind: Some("tenant"),
            leases: true,
            state: state.to_owned(),
            tone: "calm",
            staff,
            edits: state == "returned",
            hands_over: state == "approved",
            awaits_supervisor: state == "reviewing",
            remarks: (state == "returned").then(|| "请补充租赁合同。".to_owned()),
            name: "王小明".to_owned(),
            phone: Some("138****1234".to_owned()),
            email: Some("a@example.com".to_owned()),
            id_last4: Some("201X".to_owned()),
            lease_from: day(),
            lease_to: day(),
            pays: staff,
            wished_on: day(),
            text: "下午方便".to_owned(),
            reporter: Some("黎琪艳".to_owned()),
            channel: "portal",
            papers: vec![paper("identity", staff), paper("consent", true)],
            photos: vec![
                AttachmentView { id: 1, name: "钥匙.jpg".to_owned(), picture: true },
                AttachmentView { id: 2, name: "合同.pdf".to_owned(), picture: false },
            ],
            handed: None,
            begun: None,
            unsigned: vec![],
            version: 3,
            actions: actions
                .iter()
                .map(|name| ActionView {
                    name,
                    open: *name == "return",
                    form: Form::sample(WORDS, &[], &[("remarks", "required")]),
                })
                .collect(),
            events: vec![EventView {
                at: sample_instant(),
                who: Some("黎琪艳".to_owned()),
                text: "已提交".to_owned(),
                note: "x".to_owned(),
            }],
            form: Form::sample(WORDS, &[], &[("remarks", "required")]),
        };
        let reading = |meter: &str| ReadingRow { meter: meter.to_owned(), reading: "12.4".to_owned() };
        let handed = |started_fees| HandedView {
            day: day().unwrap_or_default(),
            by: "林晓燕".to_owned(),
            keys: "钥匙 3 把".to_owned(),
            started_fees,
            readings: vec![reading("water"), reading("electricity"), reading("gas")],
            agreements: vec![
                AgreementRow {
                    name: "community_rules",
                    signed: Some(SignedBy {
                        signer: "王小明".to_owned(),
                        by: "林晓燕".to_owned(),
                        at: sample_instant(),
                    }),
                },
                AgreementRow { name: "fire_safety", signed: None },
            ],
            defects: vec![Mended {
                category: "door.window".to_owned(),
                text: "窗锁松动".to_owned(),
                repair: Some("WX20261122-0007".to_owned()),
            }],
        };
        let begun = |pays, visited| Begun {
            starts_on: day().unwrap_or_default(),
            ends_on: day().filter(|_| pays),
            pays,
            fees_from: day(),
            visit_due: Some(sample_instant()),
            visited,
        };
        let after = |state, started, visited| Self {
            handed: Some(handed(started)),
            begun: Some(begun(started, visited)),
            unsigned: if visited { vec![] } else { vec!["fire_safety"] },
            ..page(state, &["close"], true)
        };
        vec![
            page("submitted", &["start_review", "reject", "withdraw"], true),
            page("reviewing", &["return", "approve", "reject", "withdraw"], true),
            page("returned", &["withdraw"], false),
            page("approved", &["cancel"], true),
            after("handed_over", true, false),
            after("closed", false, true),
            Self {
                kind: None,
                leases: false,
                email: None,
                papers: vec![],
                photos: vec![],
                text: String::new(),
                ..page("rejected", &[], false)
            },
        ]
    }
}

impl View for HandoverView {
    const TEMPLATE: &'static str = "move_in/handover.html";

    fn samples() -> Vec<Self> {
        let typed = [("readings.water", "12,4"), ("keys", "钥匙 3 把"), ("defect_1", "窗锁松动")];
        let wrong =
            [("identity_seen", "identity_seen"), ("readings.water", "reading"), ("defect_2", "required")];
        let page = |form| Self {
            number: "RZ20261122-0001".to_owned(),
            code: "3-2-1501".to_owned(),
            kind: Some("owner"),
            name: "黎琪艳".to_owned(),
            phone: Some("13900000001".to_owned()),
            id_last4: Some("201X".to_owned()),
            wished_on: day(),
            version: 4,
            agreements: Agreement::ALL.iter().map(|one| one.as_str()).collect(),
            categories: vec![GroupView::sample()],
            rows: vec![1, 2],
            more: true,
            photos: vec![9],
            form,
        };
        let bare = Self {
            kind: None,
            phone: None,
            id_last4: None,
            wished_on: None,
            more: false,
            photos: vec![],
            rows: (1..=10).collect(),
            ..page(Form::new(WORDS))
        };
        vec![page(Form::sample(WORDS, &typed, &wrong)), bare]
    }
}
