//! A program that uses the API with a bearer token.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, photo};

/// A client of `/api/v1`; paths are given below it.
#[derive(Clone)]
pub(crate) struct Program {
    client: Client,
    base: String,
    token: Option<String>,
}

impl Program {
    pub(crate) fn new(base: String) -> Self {
        Self { client: Client::builder().build().unwrap(), base, token: None }
    }

    /// Signs in with login and password.
    #[track_caller]
    pub(crate) fn sign_in(&self, login: &str, password: &str) -> Self {
        self.with_session(&json!({"login": login, "password": password}))
    }

    /// Signs in with a second factor too.
    #[track_caller]
    pub(crate) fn sign_in_with(&self, login: &str, password: &str, code: &str) -> Self {
        self.with_session(&json!({"login": login, "password": password, "code": code}))
    }

    #[track_caller]
    fn with_session(&self, body: &Value) -> Self {
        let session = self.post("/sessions", body).status(201).json();
        let token = session["token"].as_str().expect("a session has a token").to_owned();
        Self { token: Some(token), ..self.clone() }
    }

    /// The same with a token that is known already.
    pub(crate) fn with_token(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, |request| request).unwrap()
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::POST, path, |request| request.json(body)).unwrap()
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, |request| request).unwrap()
    }

    /// A POST with an `Idempotency-Key`; an error says that no whole answer came.
    pub(crate) fn post_once(&self, key: &str, path: &str, body: &Value) -> reqwest::Result<Answer> {
        self.ask(Method::POST, path, |request| request.header("Idempotency-Key", key).json(body))
    }

    /// Sends files, as `multipart/form-data`.
    #[track_caller]
    pub(crate) fn upload(&self, path: &str, form: Form) -> Answer {
        self.ask(Method::POST, path, |request| request.multipart(form)).unwrap()
    }

    /// The token that its requests carry.
    pub(crate) fn token(&self) -> String {
        self.token.clone().expect("a program that signed in")
    }

    /// Uploads a small photo; gives the attachment's id.
    #[track_caller]
    pub(crate) fn upload_photo(&self) -> i64 {
        let part = Part::bytes(photo()).file_name("leak.jpg").mime_str("image/jpeg").unwrap();
        let uploaded = self.upload("/attachments", Form::new().part("file", part)).status(201).json();
        uploaded["id"].as_i64().unwrap()
    }

    /// Any request, for what has no word here.
    pub(crate) fn ask(
        &self,
        method: Method,
        path: &str,
        prepare: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> reqwest::Result<Answer> {
        let asked = format!("{method} /api/v1{path}");
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Answer::read(asked, prepare(request).send()?)
    }
}
