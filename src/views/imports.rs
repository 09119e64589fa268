//! The pages of imports: sending a file, what came of it, what came of those before.

use domain::Instant;
use domain::imports::{self, Heading, Import, Kind, Outcome, RowError};
use serde::Serialize;

use super::{Texts, View};
use crate::form::Form;
use crate::lang::Lang;

/// The form, and the imports before.
#[derive(Debug, Serialize)]
pub(crate) struct ImportsView {
    /// Where the form is sent.
    pub(crate) address: String,
    /// What was chosen.
    pub(crate) form: Form,
    /// What can be imported: value and text.
    pub(crate) kinds: Vec<Choice>,
    /// How.
    pub(crate) modes: Vec<Choice>,
    /// What each register is read by.
    pub(crate) headings: Vec<HeadingsRow>,
    /// The newest first.
    pub(crate) imports: Vec<ImportRow>,
    /// Before which import the next page begins.
    pub(crate) next: Option<i64>,
    /// Whether newer ones are on a page before.
    pub(crate) later: bool,
}

/// The headings of a register.
#[derive(Debug, Serialize)]
pub(crate) struct HeadingsRow {
    pub(crate) kind: &'static str,
    /// Those that have to be there.
    pub(crate) must: String,
    /// Those that may be there.
    pub(crate) may: String,
}

impl HeadingsRow {
    fn of(kind: Kind, lang: Lang) -> Self {
        let named = |required: bool| {
            let those = imports::headings(kind).filter(|heading| heading.required == required);
            let name = |heading: Heading| {
                let (own, english) = (heading.names.first()?, heading.names.last()?);
                Some(lang.of_two(own, english))
            };
            those.filter_map(name).collect::<Vec<_>>().join(lang.of_two("、", ", "))
        };
        Self { kind: kind.as_str(), must: named(true), may: named(false) }
    }
}

/// One of a few.
#[derive(Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) text: String,
    pub(crate) hint: String,
}

/// An import in the list.
#[derive(Debug, Serialize)]
pub(crate) struct ImportRow {
    pub(crate) id: i64,
    pub(crate) kind: &'static str,
    pub(crate) file_name: String,
    pub(crate) by: String,
    pub(crate) at: Instant,
    pub(crate) outcome: &'static str,
    pub(crate) rows: i32,
    pub(crate) added: i32,
    pub(crate) changed: i32,
    pub(crate) unchanged: i32,
    pub(crate) rejected: i32,
}

impl From<&Import> for ImportRow {
    fn from(import: &Import) -> Self {
        let report = &import.report;
        Self {
            id: import.id.0,
            kind: import.kind.as_str(),
            file_name: import.file_name.clone(),
            by: import.by.clone().unwrap_or_default(),
            at: import.at,
            outcome: import.outcome.as_str(),
            rows: report.rows,
            added: report.added,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
        }
    }
}

/// An import with its report.
#[derive(Debug, Serialize)]
pub(crate) struct ImportView {
    /// The address of the list that it stands in.
    pub(crate) list: String,
    /// What and when.
    pub(crate) import: ImportRow,
    /// What is bad, row by row.
    pub(crate) errors: Vec<ErrorRow>,
    /// Columns that were not read.
    pub(crate) ignored: String,
}

/// A bad cell, with the reason in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ErrorRow {
    pub(crate) line: usize,
    pub(crate) column: String,
    pub(crate) value: String,
    pub(crate) code: String,
    pub(crate) reason: String,
}

impl ErrorRow {
    /// A bad cell in the words of a language.
    pub(crate) fn new(error: &RowError, texts: &Texts) -> Self {
        let args: Vec<(&str, &str)> = error.args.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        Self {
            line: error.line,
            column: error.column.clone(),
            value: error.value.clone(),
            code: error.code.clone(),
            reason: texts.say(&format!("fields.{}", error.code), &args),
        }
    }
}

impl ImportsView {
    /// The page around a form.
    pub(crate) fn new(address: String, form: Form, imports: &[Import], texts: &Texts) -> Self {
        let kind = |kind: &Kind| Choice {
            value: kind.as_str(),
            text: texts.say(&format!("words.import_kind.{kind}"), &[]),
            hint: String::new(),
        };
        let mode = |value: &'static str| Choice {
            value,
            text: texts.say(&format!("register.mode.{value}"), &[]),
            hint: texts.say(&format!("register.mode.{value}_hint"), &[]),
        };
        // A bank's statement is looked at and taken in on the cashier's own page.
        let registers = || Kind::ALL.iter().filter(|one| **one != Kind::Bank);
        Self {
            address,
            form,
            kinds: registers().map(kind).collect(),
            headings: registers().map(|kind| HeadingsRow::of(*kind, texts.lang())).collect(),
            modes: ["look", "all", "good"].into_iter().map(mode).collect(),
            imports: imports.iter().map(ImportRow::from).collect(),
            next: None,
            later: false,
        }
    }
}

fn sample_row(outcome: Outcome) -> ImportRow {
    ImportRow {
        id: 3,
        kind: Kind::Homes.as_str(),
        file_name: "homes_dirty.csv".to_owned(),
        by: "黄欣".to_owned(),
        at: Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now()),
        outcome: outcome.as_str(),
        rows: 60,
        added: 53,
        changed: 0,
        unchanged: 0,
        rejected: 7,
    }
}

impl View for ImportsView {
    const TEMPLATE: &'static str = "register/imports.html";

    fn samples() -> Vec<Self> {
        let texts = Texts::load(crate::lang::Lang::Zh).unwrap_or_default();
        let wrong = Form::sample("register.import_form", &[("kind", "homes")], &[("file", "required")]);
        let mut full = Self::new("/imports".to_owned(), wrong, &[], &texts);
        (full.next, full.later) = (Some(3), true);
        full.imports = Outcome::ALL.iter().map(|outcome| sample_row(*outcome)).collect();
        vec![full, Self::new("/imports".to_owned(), Form::new("register.import_form"), &[], &texts)]
    }
}

impl View for ImportView {
    const TEMPLATE: &'static str = "register/import.html";

    fn samples() -> Vec<Self> {
        let error = ErrorRow {
            line: 6,
            column: "面积(㎡)".to_owned(),
            value: "八十九".to_owned(),
            code: "not_a_number".to_owned(),
            reason: "不是数字".to_owned(),
        };
        let one = |outcome, errors| Self {
            list: "/imports".to_owned(),
            import: sample_row(outcome),
            errors,
            ignored: "常住人口".to_owned(),
        };
        let mut all: Vec<Self> =
            Outcome::ALL.iter().map(|outcome| one(*outcome, vec![error.clone()])).collect();
        all.push(Self { ignored: String::new(), ..one(Outcome::Imported, vec![]) });
        all
    }
}
