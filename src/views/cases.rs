//! The list of cases, and the page of one.

use domain::saved_filters::SavedFilter;
use domain::{Fen, Instant};
use serde::Serialize;

use super::View;
use super::move_ins::DraftRow;
use crate::form::Form;

/// The cases that somebody sees, in groups.
#[derive(Debug, Serialize)]
pub(crate) struct CasesView {
    /// `mine`, `queue` or `orders`: how it is headed.
    pub(crate) who: &'static str,
    /// What was begun and not sent.
    pub(crate) drafts: Vec<DraftRow>,
    /// What belongs together, in order.
    pub(crate) groups: Vec<CaseGroup>,
    /// Whether they report for themselves.
    pub(crate) reports: bool,
    /// Whether they register for others.
    pub(crate) registers: bool,
    /// The orders that it can be put in; none where there is one only.
    pub(crate) ways: Vec<&'static str>,
    /// The present one.
    pub(crate) sort: &'static str,
    /// The kinds that it can be narrowed to; none where it cannot.
    pub(crate) kinds: Vec<&'static str>,
    /// The kind that it is narrowed to; empty for all.
    pub(crate) kind: String,
    /// The urgency that it is narrowed to; empty for all.
    pub(crate) urgency: &'static str,
    /// Whether it shows only what the reader answers for.
    pub(crate) mine: bool,
    /// Whether it shows only what is late.
    pub(crate) late: bool,
    /// The query to which an order is added.
    pub(crate) sort_base: String,
    /// Where it is fetched anew; none where it does not move.
    pub(crate) here: Option<String>,
    /// When it was true.
    pub(crate) as_of: Instant,
    /// The reader's own filters.
    pub(crate) saved: Vec<SavedView>,
    /// The form that saves one more.
    pub(crate) form: Form,
    /// Whether it shows what is over.
    pub(crate) over: bool,
    /// Where the next page is.
    pub(crate) more: Option<String>,
}

/// A filter that the reader saved.
#[derive(Debug, Serialize)]
pub(crate) struct SavedView {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) query: String,
    /// Whether the list is narrowed by it now.
    pub(crate) current: bool,
}

impl SavedView {
    pub(crate) fn new(one: &SavedFilter, now: &str) -> Self {
        Self { id: one.id, name: one.name.clone(), query: one.query.clone(), current: one.query == now }
    }
}

/// Cases that belong together.
#[derive(Debug, Serialize)]
pub(crate) struct CaseGroup {
    /// The text `cases.group.<name>`.
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<CaseRow>,
}

/// A case in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CaseRow {
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    pub(crate) what: String,
    pub(crate) place: String,
    pub(crate) state: String,
    pub(crate) tone: &'static str,
    pub(crate) urgency: &'static str,
    /// Its state, as the texts of what comes next name it.
    pub(crate) stands: String,
    /// When the clock that runs out next does so.
    pub(crate) due: Option<Instant>,
    /// Which clock that is: `respond` or `resolve`.
    pub(crate) clock: &'static str,
    pub(crate) late: bool,
    pub(crate) at: Option<Instant>,
}

/// One case.
#[derive(Debug, Serialize)]
pub(crate) struct CaseView {
    pub(crate) row: CaseRow,
    /// The home that it is about; none in a public place.
    pub(crate) home: Option<String>,
    pub(crate) text: String,
    pub(crate) available: String,
    pub(crate) accountable: Option<String>,
    pub(crate) technician: Option<String>,
    pub(crate) reporter: Option<String>,
    pub(crate) phone: Option<String>,
    /// Whom the technician can call about it: names and phones.
    pub(crate) calls: Vec<(String, String)>,
    pub(crate) version: i32,
    pub(crate) staff: bool,
    pub(crate) merged_into: Option<String>,
    pub(crate) events: Vec<EventView>,
    pub(crate) attachments: Vec<AttachmentView>,
    pub(crate) actions: Vec<ActionView>,
    /// Who can be sent, the first one proposed.
    pub(crate) technicians: Vec<ChoiceView>,
    /// Who pays for a repair.
    pub(crate) pays: Option<PaysView>,
    /// What the resident is asked to pay, or agreed to.
    pub(crate) quote: Option<QuoteView>,
    /// What was taken from the store.
    pub(crate) used: Vec<UsedView>,
    /// The price list, for a quote; only its materials, for a finish.
    pub(crate) prices: Prices,
    /// What went wrong in an action.
    pub(crate) form: Form,
}

/// Who pays, in words.
#[derive(Debug, Serialize)]
pub(crate) struct PaysView {
    /// Who.
    pub(crate) payer: String,
    /// The line of the table that applied.
    pub(crate) rule: String,
}

/// A quote.
#[derive(Debug, Serialize)]
pub(crate) struct QuoteView {
    /// `offered`, `agreed` or `replaced`.
    pub(crate) state: &'static str,
    pub(crate) lines: Vec<QuoteLineView>,
    pub(crate) total: Fen,
    pub(crate) agreed_at: Option<Instant>,
    /// Why the resident said no; empty where they did not.
    pub(crate) refusal: String,
}

/// A line of a quote.
#[derive(Debug, Serialize)]
pub(crate) struct QuoteLineView {
    pub(crate) name: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
    pub(crate) price: Fen,
}

/// A material that was used.
#[derive(Debug, Serialize)]
pub(crate) struct UsedView {
    pub(crate) name: String,
    pub(crate) quantity: String,
    pub(crate) unit: String,
}

/// What can be chosen from the price list.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Prices {
    /// Labour and materials, with their prices.
    pub(crate) all: Vec<ChoiceView>,
    /// Materials, with what lies in the store.
    pub(crate) materials: Vec<ChoiceView>,
}

/// A line of the timeline.
#[derive(Debug, Serialize)]
pub(crate) struct EventView {
    pub(crate) at: Instant,
    pub(crate) who: Option<String>,
    pub(crate) text: String,
    pub(crate) note: String,
}

/// A photo or paper.
#[derive(Debug, Serialize)]
pub(crate) struct AttachmentView {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) picture: bool,
}

/// Something that the asker may do now.
#[derive(Debug, Serialize)]
pub(crate) struct ActionView {
    pub(crate) name: &'static str,
    /// Whether it was tried and came back.
    pub(crate) open: bool,
    pub(crate) form: Form,
}

/// One of a few.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChoiceView {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
}

impl CaseRow {
    pub(super) fn sample(at: Instant) -> Self {
        Self {
            number: "WX20261122-0007".to_owned(),
            kind: "repair",
            what: "漏水".to_owned(),
            place: "3-2-1501".to_owned(),
            state: "已派工".to_owned(),
            tone: "calm",
            urgency: "urgent",
            stands: "dispatched".to_owned(),
            due: Some(at),
            clock: "respond",
            late: true,
            at: Some(at),
        }
    }
}

pub(crate) fn sample_instant() -> Instant {
    Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now())
}

impl View for CasesView {
    const TEMPLATE: &'static str = "cases/list.html";

    fn samples() -> Vec<Self> {
        let saved = || {
            let one = |id, name: &str, current| SavedView {
                id,
                name: name.to_owned(),
                query: "kind=repair&late=yes".to_owned(),
                current,
            };
            vec![one(1, "超时的报修", false), one(2, "我接的急修", true)]
        };
        let rows = vec![CaseRow::sample(sample_instant())];
        let over = CaseRow { due: None, ..CaseRow::sample(sample_instant()) };
        let groups = vec![CaseGroup { name: "running", rows }, CaseGroup { name: "pool", rows: vec![] }];
        vec![
            Self {
                who: "queue",
                drafts: vec![],
                groups,
                reports: false,
                registers: true,
                ways: vec!["due", "urgency", "newest"],
                sort: "urgency",
                kinds: vec!["repair", "move_in"],
                kind: "repair".to_owned(),
                urgency: "urgent",
                mine: true,
                late: true,
                sort_base: "kind=repair&urgency=urgent&mine=yes&late=yes".to_owned(),
                here: Some("/cases?kind=repair&urgency=urgent&mine=yes&late=yes".to_owned()),
                as_of: sample_instant(),
                saved: saved(),
                form: Form::sample("cases.filter", &[("name", "")], &[("name", "required")]),
                over: false,
                more: None,
            },
            Self {
                who: "mine",
                drafts: vec![DraftRow::sample()],
                groups: vec![CaseGroup { name: "over", rows: vec![over] }],
                reports: true,
                registers: false,
                ways: vec![],
                sort: "due",
                kinds: vec![],
                kind: String::new(),
                urgency: "",
                mine: false,
                late: false,
                sort_base: String::new(),
                here: None,
                as_of: sample_instant(),
                saved: vec![],
                form: Form::new("cases.filter"),
                over: false,
                more: None,
            },
            Self {
                who: "orders",
                drafts: vec![],
                groups: vec![],
                reports: false,
                registers: false,
                ways: vec![],
                sort: "due",
                kinds: vec![],
                kind: String::new(),
                urgency: "",
                mine: false,
                late: false,
                sort_base: String::new(),
                here: Some("/cases?".to_owned()),
                as_of: sample_instant(),
                saved: vec![],
                form: Form::new("cases.filter"),
                over: true,
                more: Some("/cases?which=over&before=7".to_owned()),
            },
        ]
    }
}

impl View for CaseView {
    const TEMPLATE: &'static str = "cases/show.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let price = |value: &str| {
            let hint = Some("¥25.00".to_owned());
            vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint }]
        };
        let line = || QuoteLineView {
            name: "疏通".to_owned(),
            quantity: "1".to_owned(),
            unit: "次".to_owned(),
            price: Fen(6_000),
        };
        let quote = |state| QuoteView {
            state,
            lines: vec![line()],
            total: Fen(6_000),
            agreed_at: (state == "agreed").then_some(at),
            refusal: if state == "refused" { "太贵了".to_owned() } else { String::new() },
        };
        let one = |actions: &[&'static str], staff: bool| Self {
            row: CaseRow::sample(at),
            home: staff.then(|| "3-2-1501".to_owned()),
            text: "厨房水管漏水".to_owned(),
            available: "晚上".to_owned(),
            accountable: Some("黄勇".to_owned()),
            technician: Some("李琪".to_owned()),
            reporter: Some("黎琪艳".to_owned()),
            phone: Some("13900000001".to_owned()),
            calls: vec![("黎琪艳".to_owned(), "13900000001".to_owned())],
            version: 3,
            staff,
            merged_into: None,
            events: vec![EventView {
                at,
                who: Some("李琪".to_owned()),
                text: "已出发".to_owned(),
                note: "x".to_owned(),
            }],
            attachments: vec![AttachmentView { id: 1, name: "漏水.jpg".to_owned(), picture: true }],
            actions: actions
                .iter()
                .map(|name| ActionView {
                    name,
                    open: *name == "finish",
                    form: Form::sample("cases.form", &[("work", "换")], &[("cause", "required")]),
                })
                .collect(),
            technicians: vec![ChoiceView { value: "6".to_owned(), text: "李琪".to_owned(), hint: None }],
            pays: Some(PaysView { payer: "住户自费".to_owned(), rule: "已过质保".to_owned() }),
            quote: Some(quote(if staff { "offered" } else { "agreed" })),
            used: vec![UsedView {
                name: "角阀".to_owned(), quantity: "2".to_owned(), unit: "个".to_owned()
            }],
            prices: Prices { all: price("unblock"), materials: price("valve") },
            form: Form::new("cases.form"),
        };
        let bare = Self {
            pays: None,
            quote: None,
            used: vec![],
            prices: Prices::default(),
            merged_into: Some("WX20261122-0001".to_owned()),
            technician: None,
            calls: vec![],
            events: vec![],
            ..one(&[], false)
        };
        let all = [
            "accept",
            "dispatch",
            "decline",
            "take",
            "release",
            "hand_over",
            "arrive",
            "wait",
            "resume",
            "quote",
            "agree",
            "disagree",
            "refuse",
            "finish",
            "rate",
            "reopen",
            "merge",
            "cancel",
            "no_access",
        ];
        vec![one(&all, true), one(&["cancel", "rate"], false), bare]
    }
}
