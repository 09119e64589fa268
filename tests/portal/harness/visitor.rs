//! A person with a browser: cookies, forms, and where an answer leads.

use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;

use super::{Answer, Form, Page};

/// Somebody who looks at pages; cookies are kept.
#[derive(Clone)]
pub(crate) struct Visitor {
    client: Client,
    base: String,
    language: &'static str,
}

impl Visitor {
    pub(crate) fn new(base: String) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { client, base, language: "zh-CN" }
    }

    /// The same person, whose browser asks for English.
    pub(crate) fn in_english(self) -> Self {
        Self { language: "en", ..self }
    }

    /// Signs in through the form; `code` is asked where the page asks for a second factor.
    #[track_caller]
    pub(crate) fn sign_in(&self, login: &str, password: &str, code: impl FnOnce() -> Option<String>) -> Page {
        let form = self.see("/login").form("form:has([name=password])");
        let page = self.submit(form.set("login", login).set("password", password));
        match page.texts("form [name=code]").is_empty() {
            true => page,
            false => {
                let code = code().unwrap_or_else(|| panic!("{login} is asked for a code and has none"));
                self.submit(page.form("form:has([name=code])").set("code", &code))
            }
        }
    }

    /// Opens a page and goes where it leads.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Page {
        let answer = self.ask(Method::GET, path, |request| request);
        self.follow(answer)
    }

    /// Opens a page that must be there.
    #[track_caller]
    pub(crate) fn see(&self, path: &str) -> Page {
        self.get(path).status(200)
    }

    /// Sends a form and goes where the answer leads.
    #[track_caller]
    pub(crate) fn submit(&self, form: Form) -> Page {
        let answer = self.submit_only(form);
        self.follow(answer)
    }

    /// Sends a form; the answer itself.
    #[track_caller]
    pub(crate) fn submit_only(&self, form: Form) -> Answer {
        let method = if form.is_get() { Method::GET } else { Method::POST };
        let action = form.action.clone();
        self.ask(method, &action, |request| form.fill(request))
    }

    /// Any request a browser could make from a page of the portal.
    #[track_caller]
    pub(crate) fn ask(
        &self,
        method: Method,
        path: &str,
        prepare: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        request = request.header("Accept", "text/html").header("Accept-Language", self.language);
        request = request.header("Sec-Fetch-Site", "same-origin");
        if method != Method::GET {
            request = request.header("Origin", &self.base);
        }
        Answer::read(asked, prepare(request).send().unwrap()).unwrap()
    }

    #[track_caller]
    fn follow(&self, mut answer: Answer) -> Page {
        for _ in 0..8 {
            if !(300..400).contains(&answer.status) || answer.header("location").is_empty() {
                return Page(answer);
            }
            let to = answer.header("location").trim_start_matches(&self.base).to_owned();
            answer = self.ask(Method::GET, &to, |request| request);
        }
        panic!("{} leads round and round", answer.asked);
    }
}
