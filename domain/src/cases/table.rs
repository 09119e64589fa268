//! A kind's transition table as data: it drives the code, the tests, the documentation and the buttons.

use crate::access::{Actor, Role};
use crate::{CommunityId, Error, Result};

/// Who may make a step. The policy has said before that they may touch the case at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Holders of a role.
    Role(Role),
    /// Who reported it, or lives there.
    Resident,
    /// Who reported it.
    Reporter,
    /// Who answers for it.
    Accountable,
    /// The technician it was given to.
    Technician,
    /// Who heads the department that it was given to.
    Head,
    /// The worker.
    Portal,
}

/// One row: from these states, by this action, to that state, by these people.
#[derive(Debug, Clone, Copy)]
pub struct Transition<S: 'static> {
    /// What is done.
    pub action: &'static str,
    /// From any of these.
    pub from: &'static [S],
    /// To this.
    pub to: S,
    /// By any of these.
    pub by: &'static [Who],
}

/// How the actor stands to a case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// Reported it or lives there.
    pub resident: bool,
    /// Reported it.
    pub reporter: bool,
    /// Answers for it.
    pub accountable: bool,
    /// It was given to them.
    pub technician: bool,
    /// It was given to the department that they head.
    pub head: bool,
}

/// Whether an actor who stands so to the case is one of `by`.
pub fn is_one_of(by: &[Who], actor: &Actor, community: CommunityId, standing: Standing) -> bool {
    by.iter().any(|who| match who {
        Who::Role(role) => actor.roles_in(community).any(|held| held == *role),
        Who::Resident => standing.resident,
        Who::Reporter => standing.reporter,
        Who::Accountable => standing.accountable,
        Who::Technician => standing.technician,
        Who::Head => standing.head,
        Who::Portal => actor.is_system(),
    })
}

/// The row for `action` from `state`, if the actor may make it.
///
/// # Errors
/// Refused by `case.transition`, with the actions that are allowed, where the state has no such step;
/// [`Error::NotAllowed`] where it has, but not for this actor.
pub fn find<S: Copy + PartialEq + 'static>(
    table: &'static [Transition<S>],
    state: S,
    action: &str,
    may: impl Fn(&[Who]) -> bool,
) -> Result<&'static Transition<S>> {
    let rows: Vec<_> = table.iter().filter(|row| row.action == action && row.from.contains(&state)).collect();
    if let Some(row) = rows.iter().find(|row| may(row.by)) {
        return Ok(row);
    }
    if !rows.is_empty() {
        return Err(Error::NotAllowed);
    }
    let allowed = actions(table, state, may).join(", ");
    Err(Error::refused("case.transition", vec![("allowed", allowed)]))
}

/// What the actor may do in `state`, each action once, in the table's order.
pub fn actions<S: Copy + PartialEq + 'static>(
    table: &'static [Transition<S>],
    state: S,
    may: impl Fn(&[Who]) -> bool,
) -> Vec<&'static str> {
    let mut found = Vec::new();
    for row in table {
        if row.from.contains(&state) && may(row.by) && !found.contains(&row.action) {
            found.push(row.action);
        }
    }
    found
}
