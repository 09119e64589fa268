//! A page as somebody reads it.

use scraper::{Html, Selector};

use super::{Answer, Form};

/// An answer with HTML in it.
#[derive(Debug, Clone)]
pub(crate) struct Page(pub(crate) Answer);

impl Page {
    /// It has this status; gives itself back for more.
    #[track_caller]
    pub(crate) fn status(self, expected: u16) -> Self {
        Self(self.0.status(expected))
    }

    /// The path that led here.
    pub(crate) fn path(&self) -> &str {
        self.0.asked.split_once(' ').map(|(_, path)| path).unwrap_or_default()
    }

    /// What stands on it, without tags and with single spaces.
    pub(crate) fn words(&self) -> String {
        let page = self.html();
        let body = page.select(&selector("body")).next().expect("a page has a body");
        body.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// It says this.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.words().contains(words), "{}: no {words:?} in\n{}", self.0.asked, self.words());
        self
    }

    /// It does not say this.
    #[track_caller]
    pub(crate) fn says_nothing_of(self, words: &str) -> Self {
        assert!(!self.words().contains(words), "{}: {words:?} in\n{}", self.0.asked, self.words());
        self
    }

    /// The texts of all elements that a CSS selector finds.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
        self.html().select(&selector(css)).map(text).collect()
    }

    /// An attribute of each element that a CSS selector finds, where it has it.
    pub(crate) fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let page = self.html();
        page.select(&selector(css)).filter_map(|one| one.attr(name)).map(str::to_owned).collect()
    }

    /// An attribute of the first element that a CSS selector finds.
    #[track_caller]
    pub(crate) fn attribute(&self, css: &str, name: &str) -> String {
        let page = self.html();
        let element = page.select(&selector(css)).next();
        let value = element.and_then(|element| element.attr(name));
        value
            .unwrap_or_else(|| panic!("{}: no {css} with {name} in\n{}", self.0.asked, self.0.text()))
            .to_owned()
    }

    /// The form that a CSS selector finds, filled as the page fills it.
    #[track_caller]
    pub(crate) fn form(&self, css: &str) -> Form {
        let page = self.html();
        let form = page.select(&selector(css)).find(|element| element.value().name() == "form");
        let form = form.unwrap_or_else(|| panic!("{}: no form {css} in\n{}", self.0.asked, self.0.text()));
        Form::read(form, self.path())
    }

    /// The form whose action ends like this.
    #[track_caller]
    pub(crate) fn form_to(&self, action: &str) -> Form {
        self.form(&format!("form[action$=\"{action}\"]"))
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.0.text())
    }
}

pub(crate) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}
