//! The pages of bank statements: the list, a draft, a statement, the queue, one line, the profiles.

use std::collections::HashMap;

use domain::bank::rules::Why;
use domain::bank::{Line, Planned, State, Statement, Suggestion, Tally};
use domain::{Fen, HomeId, Instant, LocalDate};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::form::Form;
use crate::views::View;
use crate::views::cases::ChoiceView;
use crate::views::imports::ErrorRow;

/// The statements, and the form for the next.
#[derive(Debug, Serialize)]
pub(crate) struct BankView {
    pub(crate) form: Form,
    /// How many lines wait.
    pub(crate) waiting: usize,
    /// How much that is.
    pub(crate) waiting_sum: Fen,
    /// The newest first.
    pub(crate) statements: Vec<StatementRow>,
}

/// A statement in the list.
#[derive(Debug, Serialize)]
pub(crate) struct StatementRow {
    pub(crate) id: i64,
    pub(crate) file_name: String,
    pub(crate) profile: String,
    pub(crate) by: Option<String>,
    pub(crate) at: Instant,
    pub(crate) booked: i64,
    pub(crate) booked_sum: Fen,
    pub(crate) queued: i64,
    pub(crate) aside: i64,
    pub(crate) debit: i64,
    pub(crate) repeated: i64,
}

impl From<Statement> for StatementRow {
    fn from(one: Statement) -> Self {
        Self {
            id: one.id.0,
            file_name: one.file_name,
            profile: one.profile,
            by: one.by_name,
            at: one.at,
            booked: one.booked,
            booked_sum: one.booked_fen,
            queued: one.queued,
            aside: one.aside,
            debit: one.debits,
            repeated: one.repeated,
        }
    }
}

/// What a statement would do.
#[derive(Debug, Serialize)]
pub(crate) struct DraftView {
    pub(crate) id: i64,
    pub(crate) file_name: String,
    pub(crate) profile: String,
    /// Lines that are known from before.
    pub(crate) known: usize,
    pub(crate) tally: Tally,
    pub(crate) certain: Vec<PlannedRow>,
    pub(crate) queued: Vec<PlannedRow>,
    /// What went out, and what repeats a number.
    pub(crate) listed: Vec<PlannedRow>,
    pub(crate) errors: Vec<ErrorRow>,
    pub(crate) ignored: String,
    pub(crate) form: Form,
}

/// A line and what would become of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlannedRow {
    pub(crate) line: usize,
    pub(crate) day: LocalDate,
    pub(crate) payer: String,
    pub(crate) text: String,
    pub(crate) amount: Fen,
    pub(crate) state: &'static str,
    pub(crate) why: &'static str,
    /// The home, or those that come into question.
    pub(crate) homes: String,
}

impl PlannedRow {
    /// A line in the words of the page.
    pub(crate) fn of(line: &Planned, codes: &HashMap<HomeId, String>) -> Self {
        let homes: Vec<&str> =
            line.homes.iter().filter_map(|home| codes.get(home)).map(String::as_str).collect();
        Self {
            line: line.raw.line,
            day: line.raw.day,
            payer: line.raw.payer.clone(),
            text: line.raw.text.clone(),
            amount: line.raw.amount,
            state: line.state.as_str(),
            why: line.why.as_str(),
            homes: homes.join("、"),
        }
    }
}

/// A statement with its lines in one state.
#[derive(Debug, Serialize)]
pub(crate) struct StatementView {
    pub(crate) statement: StatementRow,
    pub(crate) state: &'static str,
    pub(crate) lines: Vec<LineRow>,
    pub(crate) next: String,
    pub(crate) first: String,
}

/// A line.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LineRow {
    pub(crate) id: i64,
    pub(crate) statement: i64,
    pub(crate) line: i32,
    pub(crate) day: LocalDate,
    pub(crate) time: String,
    pub(crate) payer: String,
    pub(crate) account: String,
    pub(crate) amount: Fen,
    pub(crate) text: String,
    pub(crate) serial: String,
    pub(crate) state: &'static str,
    pub(crate) why: &'static str,
    pub(crate) home: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) receipt: Option<String>,
    pub(crate) decider: Option<String>,
    pub(crate) decided_at: Option<Instant>,
    pub(crate) note: String,
    pub(crate) version: i32,
    pub(crate) suggestions: Vec<SuggestionRow>,
}

/// A home that a line may be booked to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SuggestionRow {
    pub(crate) home: String,
    pub(crate) payer: Option<String>,
    pub(crate) owed: Fen,
}

impl From<Suggestion> for SuggestionRow {
    fn from(one: Suggestion) -> Self {
        Self { home: one.home, payer: one.payer, owed: one.owed }
    }
}

impl LineRow {
    /// A line with what suggests itself.
    pub(crate) fn of(line: Line, suggestions: Vec<Suggestion>) -> Self {
        Self {
            id: line.id.0,
            statement: line.statement_id.0,
            line: line.line,
            day: line.day,
            time: line.time,
            payer: line.payer,
            account: line.payer_account,
            amount: line.amount_fen,
            text: line.text,
            serial: line.serial,
            state: line.state.as_str(),
            why: line.why.as_str(),
            home: line.home,
            person: line.person,
            receipt: line.receipt,
            decider: line.decider,
            decided_at: line.decided_at,
            note: line.note,
            version: line.version,
            suggestions: suggestions.into_iter().map(SuggestionRow::from).collect(),
        }
    }
}

/// What waits for a cashier.
#[derive(Debug, Serialize)]
pub(crate) struct QueueView {
    pub(crate) lines: Vec<LineRow>,
    /// Whether the one who looks may decide.
    pub(crate) decides: bool,
    pub(crate) next: String,
    pub(crate) first: String,
}

/// One line, and what can be done with it.
#[derive(Debug, Serialize)]
pub(crate) struct LineView {
    pub(crate) line: LineRow,
    pub(crate) decides: bool,
    /// What was looked for.
    pub(crate) wanted: String,
    pub(crate) found: Vec<SuggestionRow>,
    pub(crate) form: Form,
}

/// How the banks' tables are read.
#[derive(Debug, Serialize)]
pub(crate) struct ProfilesView {
    pub(crate) profiles: Vec<ProfileRow>,
}

/// A profile in the list.
#[derive(Debug, Serialize)]
pub(crate) struct ProfileRow {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) own: bool,
    pub(crate) sign: &'static str,
}

/// The form of a profile.
#[derive(Debug, Serialize)]
pub(crate) struct ProfileView {
    pub(crate) encodings: Vec<ChoiceView>,
    pub(crate) signs: Vec<ChoiceView>,
    pub(crate) parts: Vec<&'static str>,
    /// Whether it is the community's own.
    pub(crate) own: bool,
    pub(crate) form: Form,
}

fn sample_statement() -> StatementRow {
    StatementRow {
        id: 3,
        file_name: "bank_2026-11.csv".to_owned(),
        profile: "中国工商银行".to_owned(),
        by: Some("收费员甲".to_owned()),
        at: sample_at(),
        booked: 200,
        booked_sum: Fen(9_876_543),
        queued: 20,
        aside: 1,
        debit: 1,
        repeated: 1,
    }
}

fn sample_row(state: State, why: Why) -> LineRow {
    let done = state == State::Booked;
    LineRow {
        id: 7,
        statement: 3,
        line: 12,
        day: sample_line(0).due_on,
        time: "10:30:31".to_owned(),
        payer: "支付宝（中国）网络技术有限公司".to_owned(),
        account: "6222****1412".to_owned(),
        amount: Fen(71_327),
        text: "代收".to_owned(),
        serial: "20261101000097".to_owned(),
        state: state.as_str(),
        why: why.as_str(),
        home: done.then(|| "3-2-1501".to_owned()),
        person: done.then(|| "黎琪艳".to_owned()),
        receipt: done.then(|| "SJ20261122-0001".to_owned()),
        decider: (state == State::Aside).then(|| "收费员甲".to_owned()),
        decided_at: (state == State::Aside).then(sample_at),
        note: if state == State::Aside { "广告位租金".to_owned() } else { String::new() },
        version: 1,
        suggestions: vec![
            SuggestionRow {
                home: "3-2-1501".to_owned(),
                payer: Some("黎琪艳".to_owned()),
                owed: Fen(71_327),
            },
            SuggestionRow { home: "S-13".to_owned(), payer: None, owed: Fen::ZERO },
        ],
    }
}

impl View for BankView {
    const TEMPLATE: &'static str = "money/bank.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("bank.form", &[], &[("file", "required")]);
        vec![
            Self {
                form: wrong,
                waiting: 20,
                waiting_sum: Fen(917_200),
                statements: vec![sample_statement()],
            },
            Self { form: Form::new("bank.form"), waiting: 0, waiting_sum: Fen::ZERO, statements: vec![] },
        ]
    }
}

impl View for DraftView {
    const TEMPLATE: &'static str = "money/bank_draft.html";

    fn samples() -> Vec<Self> {
        let row = |state: State, why: Why| PlannedRow {
            line: 4,
            day: sample_line(0).due_on,
            payer: "朱宇子".to_owned(),
            text: "代熊轩交 2栋1单元1602".to_owned(),
            amount: Fen(36_679),
            state: state.as_str(),
            why: why.as_str(),
            homes: "2-1-1602".to_owned(),
        };
        let error = ErrorRow {
            line: 6,
            column: "贷方金额".to_owned(),
            value: "0.001".to_owned(),
            code: "too_many_decimals".to_owned(),
            reason: "小数位太多".to_owned(),
        };
        let full = |errors: Vec<ErrorRow>, form| Self {
            id: 3,
            file_name: "bank_2026-11.csv".to_owned(),
            profile: "中国工商银行".to_owned(),
            known: 2,
            tally: Tally {
                booked: 1,
                booked_fen: 36_679,
                queued: 1,
                queued_fen: 36_679,
                debits: 1,
                repeated: 1,
            },
            certain: vec![row(State::Certain, Why::NamedPerson)],
            queued: vec![row(State::Queued, Why::UnknownPayer)],
            listed: vec![row(State::Debit, Why::Debit), row(State::Repeated, Why::Repeated)],
            errors,
            ignored: "余额".to_owned(),
            form,
        };
        let wrong = Form::sample("bank.take_in", &[], &[("skip_bad", "bad_rows_left")]);
        let nothing = Self {
            known: 222,
            tally: Tally::default(),
            certain: vec![],
            queued: vec![],
            listed: vec![],
            ignored: String::new(),
            ..full(vec![], Form::new("bank.take_in"))
        };
        vec![full(vec![error], wrong), full(vec![], Form::new("bank.take_in")), nothing]
    }
}

impl View for StatementView {
    const TEMPLATE: &'static str = "money/bank_statement.html";

    fn samples() -> Vec<Self> {
        let of = |state: State, why: Why| Self {
            statement: sample_statement(),
            state: state.as_str(),
            lines: vec![sample_row(state, why)],
            next: "/bank/3?state=booked&after=12".to_owned(),
            first: String::new(),
        };
        let mut all: Vec<Self> = State::ALL.iter().map(|state| of(*state, Why::NamedByPayer)).collect();
        all.extend(Why::ALL.iter().map(|why| of(State::Queued, *why)));
        all.push(Self { lines: vec![], ..of(State::Debit, Why::Debit) });
        all.push(Self {
            statement: StatementRow { by: None, ..sample_statement() },
            ..of(State::Debit, Why::Debit)
        });
        all
    }
}

impl View for QueueView {
    const TEMPLATE: &'static str = "money/bank_queue.html";

    fn samples() -> Vec<Self> {
        let lines = vec![
            sample_row(State::Queued, Why::UnknownPayer),
            LineRow {
                suggestions: vec![],
                payer: String::new(),
                text: String::new(),
                ..sample_row(State::Queued, Why::Voided)
            },
        ];
        let full = |decides| Self {
            lines: lines.clone(),
            decides,
            next: String::new(),
            first: "/bank/queue".to_owned(),
        };
        let empty = Self { lines: vec![], decides: true, next: String::new(), first: String::new() };
        vec![full(true), full(false), empty]
    }
}

impl View for LineView {
    const TEMPLATE: &'static str = "money/bank_line.html";

    fn samples() -> Vec<Self> {
        let of = |state, wanted: &str, form| Self {
            line: sample_row(state, Why::UnknownPayer),
            decides: true,
            wanted: wanted.to_owned(),
            found: vec![],
            form,
        };
        let new = || Form::new("bank.line");
        let wrong =
            Form::sample("bank.line", &[("reason", "")], &[("reason", "required"), ("home", "unknown_home")]);
        let found =
            SuggestionRow {
                home: "3-2-1501".to_owned(), payer: Some("黎琪艳".to_owned()), owed: Fen(100)
            };
        let mut all: Vec<Self> = State::ALL.iter().map(|state| of(*state, "", new())).collect();
        all.push(of(State::Queued, "没有这家", wrong));
        all.push(Self { found: vec![found], ..of(State::Queued, "3-2", new()) });
        all.push(Self { decides: false, ..of(State::Queued, "", new()) });
        all
    }
}

impl View for ProfilesView {
    const TEMPLATE: &'static str = "money/bank_profiles.html";

    fn samples() -> Vec<Self> {
        let row = |own| ProfileRow {
            name: "中国工商银行".to_owned(),
            href: "/bank/profile?name=x".to_owned(),
            own,
            sign: "two_columns",
        };
        vec![Self { profiles: vec![row(true), row(false)] }]
    }
}

impl View for ProfileView {
    const TEMPLATE: &'static str = "money/bank_profile.html";

    fn samples() -> Vec<Self> {
        use domain::bank::mapping::Part;
        let choice = |value: &str| ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None };
        let of = |own, form| Self {
            encodings: vec![choice("auto")],
            signs: vec![choice("two_columns")],
            parts: Part::ALL.iter().map(|part| part.as_str()).collect(),
            own,
            form,
        };
        let typed =
            [("name", "中国工商银行"), ("version", "1"), ("encoding", "auto"), ("sign", "two_columns")];
        let wrong =
            Form::sample("bank.profile", &typed, &[("day", "required"), ("text", "too_many_headings")]);
        vec![of(true, wrong), of(false, Form::new("bank.profile").with("version", 0))]
    }
}
