//! What a handler gives back when something was not done. The outermost layer turns it into a page or a
//! problem document, in the language of who asked, with a reference that is in the log.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::Error;

/// The statuses that have a page, with the name of their texts below `errors`.
pub(crate) const KINDS: &[(u16, &str)] = &[
    (400, "bad_request"),
    (401, "not_signed_in"),
    (403, "not_allowed"),
    (404, "not_found"),
    (405, "method"),
    (409, "conflict"),
    (413, "too_large"),
    (415, "media_type"),
    (422, "invalid"),
    (429, "too_many"),
    (500, "internal"),
    (503, "unavailable"),
];

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Fail {
    /// What happened.
    pub(crate) error: Error,
    status: Option<StatusCode>,
}

impl Fail {
    /// A request that no form or program of ours makes.
    pub(crate) fn forged() -> Self {
        Self { error: Error::refused("cross_site", vec![]), status: Some(StatusCode::FORBIDDEN) }
    }

    /// A body beyond the bounds.
    pub(crate) fn too_large() -> Self {
        Self { error: Error::refused("too_large", vec![]), status: Some(StatusCode::PAYLOAD_TOO_LARGE) }
    }

    /// The status that answers it.
    pub(crate) fn status(&self) -> StatusCode {
        self.status.unwrap_or_else(|| status_of(&self.error))
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotSignedIn => StatusCode::UNAUTHORIZED,
        Error::Refused(refusal) if refusal.rule.starts_with("login.") => StatusCode::UNAUTHORIZED,
        Error::Refused(refusal) if refusal.rule == "second_factor.enrol_first" => StatusCode::FORBIDDEN,
        Error::NotAllowed => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Invalid(_) | Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self { error, status: None }
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Fail {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// An empty answer: the outermost layer finds the error in it and says it in words.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status())
    }
}
