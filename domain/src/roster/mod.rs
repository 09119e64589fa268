//! The roster 排班: who is off duty on which day, by a leave 请假 that one asked for and another approved, or by
//! the weekdays on which somebody rests 轮休. Whoever holds a post and is not off is on duty; what they owe that
//! day goes to the substitute named here, else to a colleague, never to nobody (domain.md §3, §9).

mod faults;
mod hand_over;
mod leave;
mod plan;
mod records;
pub mod rules;

#[cfg(test)]
mod tests;

pub use faults::faults;
pub use hand_over::hand_over;
pub use leave::{NewLeave, approve, ask, end, grant, refuse};
pub use plan::{Line, Plan, Post, plan, set_rest};
pub use records::{Leave, Off, Roster, by_id, had_before};

use crate::access::{Action, Actor, Object, allow, may};
use crate::{CommunityId, Db, Instant, PersonId, Result};

/// What waits for a decision, the nearest first, for who may decide.
pub fn waiting(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Leave>> {
    if !may(db, actor, now, Action::KeepRoster, Object::Community(community))? {
        return Ok(Vec::new());
    }
    records::waiting(db, community)
}

/// Somebody's leaves, newest first, for themselves and for who keeps the roster.
pub fn of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
) -> Result<Vec<Leave>> {
    allow_theirs(db, actor, now, (community, person))?;
    records::of(db, community, person, 100)
}

/// What is somebody's own, or anybody's for who keeps the roster.
fn allow_theirs(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, person): (CommunityId, PersonId),
) -> Result<()> {
    let whose = Object::Person(community, person);
    if may(db, actor, now, Action::KeepRoster, whose)? {
        return Ok(());
    }
    allow(db, actor, now, Action::AskLeave, whose)
}
