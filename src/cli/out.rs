//! What a command says: a sentence for people, or one line of JSON.

use std::io::{self, Write};

use domain::Error;
use domain::error::Args;
use serde_json::{Value, json};

use crate::lang::Lang;
use crate::views::Texts;

/// Where a command's result goes.
pub(crate) struct Out {
    json: bool,
    texts: Texts,
    answered: std::cell::Cell<bool>,
}

impl Out {
    /// For people in the language of their shell, or for scripts.
    pub(crate) fn new(json: bool) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
        let lang = if set.is_some_and(|lang| lang.starts_with("zh")) { Lang::Zh } else { Lang::En };
        Self { json, texts: Texts::load(lang).unwrap_or_default(), answered: std::cell::Cell::new(false) }
    }

    /// The result: `words` names a text below `cli`, `value` holds what it mentions.
    pub(crate) fn say(&self, words: &str, value: &Value) {
        let line = if self.json { value.to_string() } else { self.sentence(words, value) };
        self.line(&line);
    }

    /// A word aside, on stderr: what it mentions is no part of the result.
    pub(crate) fn aside(&self, words: &str, value: &Value) {
        let _closed = writeln!(io::stderr(), "{}", self.sentence(words, value));
    }

    /// Whether a script reads it.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// A whole answer: one line for scripts, `lines` for people. It names the reasons of a refusal itself, so
    /// that a script reads one document.
    pub(crate) fn answer(&self, value: &Value, lines: &[String]) {
        if self.json {
            self.answered.set(true);
            return self.line(&value.to_string());
        }
        lines.iter().for_each(|line| self.line(line));
    }

    /// The text of a key, with what it mentions.
    pub(crate) fn text(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.texts.say(key, args)
    }

    /// The texts in the language of who reads.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// A list: a line each for people, one object for scripts.
    pub(crate) fn list(&self, name: &str, lines: &[String]) {
        if self.json {
            self.line(&json!({ name: lines }).to_string());
        } else {
            lines.iter().for_each(|line| self.line(line));
        }
    }

    /// A line as it is.
    pub(crate) fn line(&self, line: &str) {
        // Nobody reads any more: there is nothing left to say.
        let _closed = writeln!(io::stdout(), "{line}");
    }

    fn sentence(&self, words: &str, value: &Value) -> String {
        let pairs: Vec<(&str, String)> = value.as_object().into_iter().flatten().map(pair).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.texts.say(&format!("cli.{words}"), &pairs)
    }

    /// Why it was not done: on stderr for people, on stdout for scripts.
    pub(crate) fn refuse(&self, error: &Error) {
        if self.answered.get() {
            return;
        }
        let reasons = self.reasons(error);
        if self.json {
            let reasons: Vec<Value> =
                reasons.iter().map(|(field, text)| json!({"field": field, "detail": text})).collect();
            self.line(&json!({"code": error.code(), "errors": reasons}).to_string());
            return;
        }
        for (field, text) in reasons {
            let line = field.map_or_else(|| text.clone(), |field| format!("{field}: {text}"));
            let _closed = writeln!(io::stderr(), "{line}");
        }
    }

    fn reasons(&self, error: &Error) -> Vec<(Option<String>, String)> {
        match error {
            Error::Invalid(fields) => fields
                .iter()
                .map(|f| {
                    (Some(f.field.clone()), self.texts.say(&format!("fields.{}", f.code), &pairs(&f.args)))
                })
                .collect(),
            Error::Refused(refusal) => {
                vec![(None, self.texts.say(&format!("rules.{}", refusal.rule), &pairs(&refusal.args)))]
            }
            Error::Unavailable(cause) | Error::Internal(cause) => vec![(None, cause.to_string())],
            other => vec![(None, self.texts.say(&format!("errors.{}.text", other.code()), &[]))],
        }
    }
}

fn pair<'a>((name, value): (&'a String, &Value)) -> (&'a str, String) {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (name.as_str(), text)
}

fn pairs(args: &Args) -> Vec<(&str, &str)> {
    args.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
