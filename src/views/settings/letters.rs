//! The pages of what is said to who owes.

use serde::Serialize;

use crate::form::Form;
use crate::views::View;

/// Every letter, and whether it is in the community's own words.
#[derive(Debug, Serialize)]
pub(crate) struct LettersView {
    pub(crate) rows: Vec<(&'static str, bool)>,
}

/// One letter.
#[derive(Debug, Serialize)]
pub(crate) struct LetterView {
    pub(crate) letter: &'static str,
    /// Whether it is in the community's own words.
    pub(crate) own: bool,
    /// What it can mention.
    pub(crate) names: Vec<&'static str>,
    pub(crate) previews: Vec<Preview>,
    pub(crate) form: Form,
}

/// A letter with example values.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    pub(crate) language: &'static str,
    pub(crate) text: String,
}

impl View for LettersView {
    const TEMPLATE: &'static str = "settings/letters.html";

    fn samples() -> Vec<Self> {
        vec![Self { rows: vec![("before", false), ("day3", true), ("demand", false)] }]
    }
}

impl View for LetterView {
    const TEMPLATE: &'static str = "settings/letter.html";

    fn samples() -> Vec<Self> {
        let one = |letter: &'static str, own: bool, form: Form| Self {
            letter,
            own,
            names: vec!["home", "list", "owed"],
            previews: vec![
                Preview { language: "zh", text: "3-2-1501 欠 ¥250.60".to_owned() },
                Preview { language: "en", text: "¥250.60 is open".to_owned() },
            ],
            form,
        };
        let wrong = [("zh", "threatens"), ("en", "missing_name")];
        vec![
            one("day3", true, Form::sample("letters.form", &[("zh", "停水")], &wrong)),
            one("demand", false, Form::new("letters.form")),
        ]
    }
}
