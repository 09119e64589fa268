//! One exchange with a provider: within its time, without following anybody elsewhere, and never more than an answer
//! of theirs is long.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Url};

use crate::Fault;

/// How long an exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer.
const MOST: usize = 256 * 1024;

/// What came back.
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    }
}

/// A client for one provider.
pub(crate) fn client(name: &'static str) -> Result<Client, Fault> {
    let made = Client::builder()
        .user_agent(concat!("linli/", env!("CARGO_PKG_VERSION")))
        .timeout(PATIENCE)
        .connect_timeout(PATIENCE / 2)
        .redirect(Policy::none())
        .build();
    made.map_err(|_| Fault::Unusable(name))
}

/// A provider's address: over TLS, but for one on this machine that stands in for it.
pub(crate) fn address(text: &str, name: &'static str) -> Result<Url, Fault> {
    let url: Url = text.parse().map_err(|_| Fault::Unusable(name))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let safe = url.scheme() == "https" || url.scheme() == "http" && here;
    if safe { Ok(url) } else { Err(Fault::Unusable(name)) }
}

/// Sends a request and reads the whole answer.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Got, Fault> {
    // The address of a request stays out of the log: a query names the merchant.
    let away = |error: reqwest::Error| Fault::Away(error.without_url().to_string());
    let mut response = request.send().await.map_err(away)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(away)? {
        if body.len() + chunk.len() > MOST {
            return Err(Fault::Away("an answer without an end".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Got { status, headers, body })
}
