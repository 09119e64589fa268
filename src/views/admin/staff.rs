//! The page of one who works for a community: how they get in.

use domain::Instant;
use domain::access::sessions::Session;
use serde::Serialize;

use super::communities::WorkerRow;
use super::sample_moment;
use crate::form::Form;
use crate::views::View;

/// One who works for a community.
#[derive(Debug, Serialize)]
pub(crate) struct WorkerView {
    /// The community's code and name.
    pub(crate) community: (String, String),
    /// Who.
    pub(crate) worker: WorkerRow,
    /// Where they are signed in.
    pub(crate) sessions: Vec<SessionRow>,
    /// Why something was refused.
    pub(crate) form: Form,
}

/// A running session.
#[derive(Debug, Serialize)]
pub(crate) struct SessionRow {
    pub(crate) agent: String,
    pub(crate) began_at: Instant,
    pub(crate) seen_at: Instant,
}

impl From<Session> for SessionRow {
    fn from(session: Session) -> Self {
        Self { agent: session.agent, began_at: session.created_at, seen_at: session.seen_at }
    }
}

impl View for WorkerView {
    const TEMPLATE: &'static str = "admin/worker.html";

    fn samples() -> Vec<Self> {
        let at = sample_moment();
        let session = || SessionRow { agent: "Firefox".to_owned(), began_at: at, seen_at: at };
        let view = |worker: WorkerRow| Self {
            community: ("JXHY".to_owned(), "锦绣花园".to_owned()),
            sessions: worker.logins.iter().map(|_| session()).collect(),
            worker,
            form: Form::new("admin.form"),
        };
        WorkerRow::samples().into_iter().map(view).collect()
    }
}
