//! The pages of enquiries, and of what the office knows.

use domain::Instant;
use serde::Serialize;

use super::View;
use super::cases::{ActionView, CaseRow, ChoiceView, EventView, sample_instant};
use crate::form::Form;

/// Where a resident asks.
#[derive(Debug, Serialize)]
pub(crate) struct AskView {
    /// The reader's homes, and none.
    pub(crate) homes: Vec<ChoiceView>,
    pub(crate) categories: Vec<ChoiceView>,
    /// Articles that may answer what was typed.
    pub(crate) offers: Vec<ArticleRow>,
    pub(crate) form: Form,
}

/// Where the desk writes down what a caller asks.
#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    pub(crate) categories: Vec<ChoiceView>,
    pub(crate) channels: Vec<ChoiceView>,
    pub(crate) form: Form,
}

/// One enquiry.
#[derive(Debug, Serialize)]
pub(crate) struct EnquiryView {
    pub(crate) row: CaseRow,
    /// Its state as a word of ours.
    pub(crate) stands: String,
    pub(crate) text: String,
    pub(crate) channel: &'static str,
    pub(crate) reporter: Option<String>,
    pub(crate) reporter_id: Option<i64>,
    pub(crate) phone: Option<String>,
    pub(crate) accountable: Option<String>,
    pub(crate) answer: String,
    pub(crate) helped: bool,
    /// The article that the answer refers to.
    pub(crate) article: Option<ArticleRow>,
    /// Whether the reader can make an article of the answer.
    pub(crate) writes: bool,
    pub(crate) version: i32,
    pub(crate) staff: bool,
    pub(crate) events: Vec<EventView>,
    pub(crate) actions: Vec<ActionView>,
    /// Articles that may answer it, to choose from.
    pub(crate) articles: Vec<ChoiceView>,
    /// The same, to read.
    pub(crate) offers: Vec<ArticleRow>,
    pub(crate) form: Form,
}

/// An article in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ArticleRow {
    pub(crate) id: i64,
    pub(crate) category: &'static str,
    pub(crate) state: &'static str,
    pub(crate) published: bool,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) changed_at: Instant,
}

/// What the office knows: all of it, or what a question finds.
#[derive(Debug, Serialize)]
pub(crate) struct KnowledgeView {
    pub(crate) words: String,
    pub(crate) searched: bool,
    pub(crate) category: &'static str,
    pub(crate) categories: Vec<ChoiceView>,
    /// By category, or, of a search, the best first in one group without a name.
    pub(crate) groups: Vec<ArticleGroup>,
    pub(crate) writes: bool,
}

/// Articles that belong together.
#[derive(Debug, Serialize)]
pub(crate) struct ArticleGroup {
    /// Their category; empty where they were found by a search.
    pub(crate) category: &'static str,
    pub(crate) rows: Vec<ArticleRow>,
}

/// One article.
#[derive(Debug, Serialize)]
pub(crate) struct ArticleView {
    pub(crate) article: ArticleRow,
    /// What it said before, the newest first; for staff.
    pub(crate) versions: Vec<VersionRow>,
    pub(crate) writes: bool,
}

/// A version of an article.
#[derive(Debug, Serialize)]
pub(crate) struct VersionRow {
    pub(crate) number: i32,
    pub(crate) at: Instant,
    pub(crate) who: String,
    pub(crate) title: String,
    pub(crate) body: String,
}

/// Where an article is written.
#[derive(Debug, Serialize)]
pub(crate) struct WriteView {
    /// None for a new one.
    pub(crate) id: Option<i64>,
    pub(crate) categories: Vec<ChoiceView>,
    pub(crate) states: Vec<ChoiceView>,
    pub(crate) form: Form,
}

fn choice(value: &str) -> Vec<ChoiceView> {
    vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }]
}

impl ArticleRow {
    fn sample(state: &'static str) -> Self {
        Self {
            id: 1,
            category: "enquiry.fees",
            state,
            published: state == "published",
            title: "物业费怎么缴".to_owned(),
            body: "微信、前台、银行转账。".to_owned(),
            changed_at: sample_instant(),
        }
    }
}

impl View for AskView {
    const TEMPLATE: &'static str = "enquiries/new.html";

    fn samples() -> Vec<Self> {
        let one = |offers| Self {
            homes: choice("3-2-1501"),
            categories: choice("enquiry.fees"),
            offers,
            form: Form::sample("enquiries.form", &[("question", "缴费")], &[("category", "required")]),
        };
        vec![one(vec![ArticleRow::sample("published")]), one(vec![])]
    }
}

impl View for RegisterView {
    const TEMPLATE: &'static str = "enquiries/register.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample("enquiries.form", &[], &[("text", "required")]);
        vec![Self { categories: choice("enquiry.fees"), channels: choice("phone"), form }]
    }
}

impl View for EnquiryView {
    const TEMPLATE: &'static str = "enquiries/show.html";

    fn samples() -> Vec<Self> {
        let at = sample_instant();
        let action = |name: &&'static str| ActionView {
            name,
            open: *name == "answer",
            form: Form::sample("enquiries.form", &[("text", "可以")], &[("text", "required")]),
        };
        let row = || CaseRow { kind: "enquiry", number: "ZN20261122-0001".to_owned(), ..CaseRow::sample(at) };
        let one = |actions: &[&'static str], staff, full: bool| Self {
            row: if full { row() } else { CaseRow { due: None, late: false, place: String::new(), ..row() } },
            stands: if full { "answered" } else { "asked" }.to_owned(),
            text: "物业费可以按季缴吗？".to_owned(),
            channel: "phone",
            reporter: Some("黎琪艳".to_owned()),
            reporter_id: full.then_some(3),
            phone: full.then(|| "139****0001".to_owned()),
            accountable: Some("黄勇".to_owned()),
            answer: if full { "可以".to_owned() } else { String::new() },
            helped: full,
            article: full.then(|| ArticleRow::sample("published")),
            writes: staff,
            version: 2,
            staff,
            events: vec![EventView { at, who: None, text: "已提交".to_owned(), note: "x".to_owned() }],
            actions: actions.iter().map(action).collect(),
            articles: if full { choice("1") } else { vec![] },
            offers: if full { vec![ArticleRow::sample("internal")] } else { vec![] },
            form: Form::new("enquiries.form"),
        };
        vec![
            one(&["answer", "add", "close", "ask_back"], true, true),
            one(&["helped", "ask_back", "withdraw"], false, true),
            one(&[], false, false),
        ]
    }
}

impl View for KnowledgeView {
    const TEMPLATE: &'static str = "knowledge/list.html";

    fn samples() -> Vec<Self> {
        let one = |words: &str, rows: Vec<ArticleRow>, writes| Self {
            words: words.to_owned(),
            searched: !words.is_empty(),
            category: "enquiry.fees",
            categories: choice("enquiry.fees"),
            groups: if rows.is_empty() {
                vec![]
            } else {
                vec![ArticleGroup { category: if words.is_empty() { "enquiry.fees" } else { "" }, rows }]
            },
            writes,
        };
        vec![
            one("缴费", vec![ArticleRow::sample("published"), ArticleRow::sample("internal")], true),
            one("没有", vec![], false),
            one("", vec![ArticleRow::sample("published")], true),
            one("", vec![], true),
        ]
    }
}

impl View for ArticleView {
    const TEMPLATE: &'static str = "knowledge/show.html";

    fn samples() -> Vec<Self> {
        let version = VersionRow {
            number: 1,
            at: sample_instant(),
            who: "黄勇".to_owned(),
            title: "旧题".to_owned(),
            body: "旧文".to_owned(),
        };
        vec![
            Self { article: ArticleRow::sample("draft"), versions: vec![version], writes: true },
            Self { article: ArticleRow::sample("published"), versions: vec![], writes: false },
        ]
    }
}

impl View for WriteView {
    const TEMPLATE: &'static str = "knowledge/edit.html";

    fn samples() -> Vec<Self> {
        let one = |id| Self {
            id,
            categories: choice("enquiry.fees"),
            states: choice("published"),
            form: Form::sample(
                "knowledge.form",
                &[("title_zh", "题"), ("from", "ZN20261122-0001")],
                &[("body_zh", "required")],
            ),
        };
        vec![one(None), one(Some(3))]
    }
}
