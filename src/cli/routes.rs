//! `linli routes`: every address with its method and who may use it, for who reviews or guards the portal.

use domain::Result;
use domain::access::{Action, Relation, Role, policy};
use serde::Serialize;

use super::Out;
use crate::routes::{self, Access};

/// List every address and who may use it.
#[derive(Debug, clap::Args)]
pub(super) struct Routes {}

/// One address with one method.
#[derive(Debug, Serialize)]
struct Line {
    method: &'static str,
    path: &'static str,
    access: &'static str,
    action: Option<Action>,
    roles: Vec<(Role, Relation)>,
}

impl Routes {
    pub(super) fn run(self, out: &Out) -> Result<()> {
        let lines: Vec<Line> = routes::all().iter().map(line).collect();
        if out.is_json() {
            out.line(&serde_json::to_string(&lines).map_err(domain::Error::internal)?);
            return Ok(());
        }
        lines.iter().for_each(|line| out.line(&words(line)));
        Ok(())
    }
}

fn line(route: &routes::Route) -> Line {
    let (access, action) = match route.access {
        Access::Public => ("public", None),
        Access::Provider => ("provider", None),
        Access::HalfSignedIn => ("half_signed_in", None),
        Access::SignedIn => ("signed_in", None),
        Access::Can(action) => ("can", Some(action)),
    };
    let roles = policy::POLICY.iter().filter(|row| Some(row.0) == action).map(|row| (row.1, row.2)).collect();
    Line { method: route.method, path: route.path, access, action, roles }
}

fn words(line: &Line) -> String {
    let roles: Vec<String> =
        line.roles.iter().map(|(role, relation)| format!("{role} ({relation})")).collect();
    let who = if roles.is_empty() { line.access.to_owned() } else { roles.join(", ") };
    format!("{:<7}{:<44}{who}", line.method, line.path)
}
