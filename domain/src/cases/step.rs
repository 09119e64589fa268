//! One step of a case, and its line on the timeline. The timeline is the resident's progress view and the
//! trail of who did what; nothing on it is ever changed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::{Case, Event, by_id, clocks};
use crate::access::Actor;
use crate::db::schema::case_events;
use crate::error::Conflict;
use crate::{CaseId, CommunityId, Db, Error, Instant, Result};

/// One step of a case.
#[derive(Debug, Clone)]
pub struct Step<'a> {
    /// What was done: the transition's action, or `note`.
    pub action: &'a str,
    /// From which state; none for the first.
    pub from: Option<&'a str>,
    /// To which.
    pub to: &'a str,
    /// What was said.
    pub note: &'a str,
    /// Whether the resident sees it.
    pub visible: bool,
}

impl<'a> Step<'a> {
    /// A visible step to a state.
    pub fn to(action: &'a str, to: &'a str) -> Self {
        Self { action, from: None, to, note: "", visible: true }
    }

    /// The same with words.
    #[must_use]
    pub fn note(mut self, note: &'a str) -> Self {
        self.note = note;
        self
    }

    /// The same, for staff only.
    #[must_use]
    pub fn internal(mut self) -> Self {
        self.visible = false;
        self
    }
}

/// Moves a case by one step, if it still has the version that the mover saw.
///
/// # Errors
/// [`Error::Conflict`] with the present state where somebody else moved it first.
pub fn advance(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, step: &Step<'_>) -> Result<Case> {
    let sql = "UPDATE cases SET state = $1, version = version + 1 WHERE id = $2 AND version = $3";
    let moved = diesel::sql_query(sql)
        .bind::<Text, _>(step.to)
        .bind::<BigInt, _>(case.id.0)
        .bind::<Integer, _>(case.version)
        .execute(tx)?;
    if moved == 0 {
        return Err(conflict(tx, case.id)?);
    }
    clocks::settle(tx, case, now)?;
    let step = Step { from: Some(&case.state), ..step.clone() };
    write_event(tx, actor, now, (case.community_id, case.id), &step)?;
    by_id(tx, case.id)
}

/// Refuses a mover who has not seen the present version.
///
/// # Errors
/// [`Error::Conflict`] with the present state.
pub fn expect(case: &Case, version: i32) -> Result<()> {
    if case.version == version {
        return Ok(());
    }
    Err(Error::Conflict(Conflict { what: "case", state: case.state.clone(), version: case.version }))
}

/// The error that tells a mover what the case is now.
pub fn conflict(db: &mut Db, id: CaseId) -> Result<Error> {
    let case = by_id(db, id)?;
    Ok(Error::Conflict(Conflict { what: "case", state: case.state, version: case.version }))
}

/// Writes a line on the timeline without moving the case.
pub fn note(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, text: &str, visible: bool) -> Result<()> {
    let step = Step { action: "note", from: Some(&case.state), to: &case.state, note: text, visible };
    write_event(tx, actor, now, (case.community_id, case.id), &step)
}

pub(super) fn write_event(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, case): (CommunityId, CaseId),
    step: &Step<'_>,
) -> Result<()> {
    let row = (
        case_events::community_id.eq(community),
        case_events::case_id.eq(case),
        case_events::at.eq(now),
        case_events::actor_id.eq(actor.person),
        case_events::action.eq(step.action),
        case_events::from_state.eq(step.from),
        case_events::to_state.eq(step.to),
        case_events::note.eq(step.note),
        case_events::visible.eq(step.visible),
    );
    diesel::insert_into(case_events::table).values(row).execute(tx)?;
    Ok(())
}

/// The timeline of a case, oldest first; internal lines only where `internal` says so.
pub fn timeline(db: &mut Db, case: CaseId, internal: bool) -> Result<Vec<Event>> {
    let mut query = case_events::table.filter(case_events::case_id.eq(case.0)).into_boxed();
    if !internal {
        query = query.filter(case_events::visible.eq(true));
    }
    Ok(query.order(case_events::id).select(Event::as_select()).load(db)?)
}
