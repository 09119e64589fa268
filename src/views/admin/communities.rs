//! The pages of one community, as who runs the installation sees it, and of a new one.

use domain::access::Role;
use domain::access::ways_in::Worker;
use domain::{Instant, LocalDate};
use serde::Serialize;

use super::overview::StandingRow;
use super::sample_moment;
use crate::form::Form;
use crate::views::View;

/// A community with who works there.
#[derive(Debug, Serialize)]
pub(crate) struct CommunityView {
    /// The community in numbers.
    pub(crate) community: StandingRow,
    /// Who works or worked there.
    pub(crate) staff: Vec<WorkerRow>,
}

/// One who works there, and how they get in.
#[derive(Debug, Serialize)]
pub(crate) struct WorkerRow {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) logins: Vec<String>,
    pub(crate) second_factor_at: Option<Instant>,
    /// Whether one of their roles needs a second factor.
    pub(crate) needs_second_factor: bool,
    pub(crate) seen_at: Option<Instant>,
    pub(crate) left_on: Option<LocalDate>,
}

impl From<Worker> for WorkerRow {
    fn from(worker: Worker) -> Self {
        Self {
            id: worker.line.person.0,
            number: worker.line.number,
            name: worker.line.name,
            post: worker.line.post,
            roles: worker.roles.iter().map(|role| role.as_str()).collect(),
            logins: worker.logins,
            second_factor_at: worker.second_factor_at,
            needs_second_factor: worker.roles.iter().any(|role| role.needs_second_factor()),
            seen_at: worker.seen_at,
            left_on: worker.line.left_on,
        }
    }
}

impl WorkerRow {
    pub(super) fn samples() -> Vec<Self> {
        let row = |roles: Vec<Role>, at: Option<Instant>| Self {
            id: 7,
            number: "G001".to_owned(),
            name: "尹强兰".to_owned(),
            post: "管家".to_owned(),
            needs_second_factor: roles.contains(&Role::Manager),
            roles: roles.iter().map(|role| role.as_str()).collect(),
            logins: at.iter().map(|_| "13900000001".to_owned()).collect(),
            second_factor_at: at,
            seen_at: at,
            left_on: at.is_none().then(LocalDate::default),
        };
        let at = Some(sample_moment());
        vec![row(vec![Role::Steward, Role::Desk], at), row(vec![Role::Manager], None), row(vec![], None)]
    }
}

impl View for CommunityView {
    const TEMPLATE: &'static str = "admin/community.html";

    fn samples() -> Vec<Self> {
        vec![
            Self { community: StandingRow::sample(Some(sample_moment())), staff: WorkerRow::samples() },
            Self { community: StandingRow::sample(None), staff: vec![] },
        ]
    }
}

/// The form of a new community.
#[derive(Debug, Serialize)]
pub(crate) struct NewCommunityView {
    pub(crate) form: Form,
}

impl View for NewCommunityView {
    const TEMPLATE: &'static str = "admin/new_community.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("admin.community", &[("code", "x")], &[("code", "community_code")]);
        vec![Self { form: Form::new("admin.community") }, Self { form: wrong }]
    }
}
