//! The fields of a form, read strictly one by one: each reader notes what is wrong with its field beside it.

use std::str::FromStr;

use domain::{Fen, FieldError, LocalDate, Month, clock};

use super::{File, Form, wrong};

impl Form {
    fn typed(&mut self, name: &str) -> String {
        self.known.insert(name.to_owned());
        self.values.get(name).map(|value| value.trim().to_owned()).unwrap_or_default()
    }

    /// A text that has to be there, at most `most` characters.
    pub(crate) fn text(&mut self, name: &str, most: usize) -> Option<String> {
        match self.maybe(name, most)? {
            Some(text) => Some(text),
            None => {
                self.wrong(name, "required");
                None
            }
        }
    }

    /// A text that may be left empty: `Some(None)` then.
    pub(crate) fn maybe(&mut self, name: &str, most: usize) -> Option<Option<String>> {
        let text = self.typed(name);
        if text.chars().count() > most {
            let error = FieldError::new(name, "too_long").with("most", most);
            self.mark(name, wrong(error.code, &error.args));
            return None;
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            self.wrong(name, "invalid");
            return None;
        }
        Some(Some(text).filter(|text| !text.is_empty()))
    }

    /// A password or code: taken as it is, and never shown again.
    pub(crate) fn secret(&mut self, name: &str) -> Option<String> {
        self.known.insert(name.to_owned());
        let value = self.take(name).filter(|value| !value.is_empty());
        if value.is_none() {
            self.wrong(name, "required");
        }
        value
    }

    /// A required value of any type that is written as text, such as an id or a word; `code` where it is none.
    pub(crate) fn parsed<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<T> {
        let text = self.text(name, 200)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, code);
        }
        value
    }

    /// The same where it may be left empty.
    pub(crate) fn maybe_parsed<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<Option<T>> {
        if self.maybe(name, 200)?.is_none() {
            return Some(None);
        }
        self.parsed(name, code).map(Some)
    }

    /// One of the words of a list, such as a state or a kind.
    pub(crate) fn choice<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, "choice")
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn number(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let number: i64 = self.parsed(name, "number")?;
        if (least..=most).contains(&number) {
            return Some(number);
        }
        let args = [("least", least.to_string()), ("most", most.to_string())];
        self.mark(name, wrong("between", &args));
        None
    }

    /// A sum of money above zero, in yuan with at most two decimals.
    pub(crate) fn money(&mut self, name: &str) -> Option<Fen> {
        let text = self.text(name, 20)?;
        let sum = Fen::parse(&text);
        match sum {
            None => self.wrong(name, "money"),
            Some(sum) if sum.0 <= 0 => self.wrong(name, "not_positive"),
            Some(_) => return sum,
        }
        None
    }

    /// A day, `2026-11-22`.
    pub(crate) fn date(&mut self, name: &str) -> Option<LocalDate> {
        let text = self.text(name, 20)?;
        let day = clock::day(&text).filter(|_| text.len() == 10);
        if day.is_none() {
            self.wrong(name, "date");
        }
        day
    }

    /// The same where it may be left empty.
    pub(crate) fn maybe_date(&mut self, name: &str) -> Option<Option<LocalDate>> {
        if self.maybe(name, 20)?.is_none() {
            return Some(None);
        }
        self.date(name).map(Some)
    }

    /// A month, `2026-11`.
    pub(crate) fn month(&mut self, name: &str) -> Option<Month> {
        self.parsed(name, "month")
    }

    /// A day and a time of day, `2026-11-22T14:30`, as the community's clocks show it.
    pub(crate) fn moment(&mut self, name: &str) -> Option<chrono::NaiveDateTime> {
        let text = self.text(name, 20)?;
        let at = chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").ok();
        if at.is_none() {
            self.wrong(name, "moment");
        }
        at
    }

    /// Whether a box is ticked.
    pub(crate) fn ticked(&mut self, name: &str) -> bool {
        !self.typed(name).is_empty()
    }

    /// Every value of a field that can be given several times.
    pub(crate) fn many<T: FromStr>(&mut self, name: &str, code: &'static str) -> Option<Vec<T>> {
        self.known.insert(name.to_owned());
        let list = self.lists.get(name).cloned().unwrap_or_default();
        let parsed: Option<Vec<T>> = list
            .iter()
            .filter(|value| !value.trim().is_empty())
            .map(|value| value.trim().parse().ok())
            .collect();
        if parsed.is_none() || list.len() > 500 {
            self.wrong(name, code);
            return None;
        }
        parsed
    }

    /// The files that were sent in a field; empty choices are none.
    pub(crate) fn files(&mut self, name: &str) -> Vec<File> {
        self.known.insert(name.to_owned());
        self.files.remove(name).unwrap_or_default()
    }
}
