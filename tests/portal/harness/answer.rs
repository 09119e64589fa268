//! What came back: status, headers, body.

use reqwest::blocking::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer of the portal, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(asked: String, response: Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { asked, status, headers, body: response.bytes()?.to_vec() })
    }

    /// It has this status; gives itself back for more.
    #[track_caller]
    pub(crate) fn status(self, expected: u16) -> Self {
        assert_eq!(self.status, expected, "{}\n{}", self.asked, self.text());
        self
    }

    /// A header's value, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as data.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text()))
    }

    /// The first field that is wrong and why, such as `reason: required`.
    #[track_caller]
    pub(crate) fn wrong(&self) -> String {
        let problem = self.clone().status(422).json();
        let word = |name: &str| problem["errors"][0][name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", word("field"), word("code"))
    }

    /// The problem's code, after the media type has been looked at.
    #[track_caller]
    pub(crate) fn problem(&self) -> String {
        assert!(self.header("content-type").starts_with("application/problem+json"), "{self:?}");
        self.json()["code"].as_str().expect("a problem has a code").to_owned()
    }
}
