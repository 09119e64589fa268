//! What can go wrong, as a person can act on it. Every kind but the last two has a text in both
//! languages, kept in `templates/texts/`; the last two are logged with their cause and shown as a reference.

use std::fmt;

/// The result of everything that the domain does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A cause that is logged, never shown.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why something was not done. Nothing of it was done then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in and somebody has to be.
    #[error("not signed in")]
    NotSignedIn,
    /// The asker may see the thing but not do this to it.
    #[error("not allowed")]
    NotAllowed,
    /// It does not exist, or the asker may not know that it does.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it first.
    #[error("changed meanwhile: {0:?}")]
    Conflict(Conflict),
    /// What was entered is not understood, field by field.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// A rule of the business says no.
    #[error("refused by {}", .0.rule)]
    Refused(Refusal),
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts")]
    TooMany {
        /// Seconds until the next attempt is looked at.
        retry_after_secs: u64,
    },
    /// The database is locked, gone or full: nothing was changed, it may work in a moment.
    #[error("unavailable: {0}")]
    Unavailable(Cause),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(Cause),
}

/// The present state of something that was changed by somebody else meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What it is: `case`, `payment` …
    pub what: &'static str,
    /// Its state now.
    pub state: String,
    /// Its version now.
    pub version: i32,
}

/// One field that is wrong: `code` names the text `fields.<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as the form or the API has it.
    pub field: String,
    /// Why, as the name of a text.
    pub code: &'static str,
    /// What the text mentions.
    pub args: Args,
}

/// A rule that said no: `rule` names the text `rules.<rule>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule's name.
    pub rule: &'static str,
    /// What the text mentions.
    pub args: Args,
}

/// Named values that a text mentions.
pub type Args = Vec<(&'static str, String)>;

impl FieldError {
    /// A field with its reason.
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// The same with a value that the text mentions.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl Error {
    /// One field that is wrong.
    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }

    /// A rule that says no.
    pub fn refused(rule: &'static str, args: Args) -> Self {
        Self::Refused(Refusal { rule, args })
    }

    /// The same on the field that who asked knows by another name.
    #[must_use]
    pub fn renamed(self, from: &str, to: &str) -> Self {
        let Self::Invalid(mut fields) = self else { return self };
        fields.iter_mut().filter(|one| one.field == from).for_each(|one| one.field = to.to_owned());
        Self::Invalid(fields)
    }

    /// A fault of ours, from its cause.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The stable word of the API's `code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::NotAllowed => "not_allowed",
            Self::NotFound => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Invalid(_) => "invalid",
            Self::Refused(refusal) => refusal.rule,
            Self::TooMany { .. } => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match &error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(Kind::ClosedConnection | Kind::ReadOnlyTransaction, _) => {
                Self::Unavailable(error.into())
            }
            Diesel::DatabaseError(_, info) if is_passing(info.message()) => Self::Unavailable(error.into()),
            _ => Self::Internal(error.into()),
        }
    }
}

/// Whether a database's words tell of a fault that passes: locked, full, gone, shutting down.
fn is_passing(message: &str) -> bool {
    const SIGNS: [&str; 10] = [
        "database is locked",
        "database or disk is full",
        "disk I/O error",
        "unable to open database",
        "readonly database",
        "server closed the connection",
        "no connection to the server",
        "terminating connection",
        "No space left",
        "connection refused",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}
