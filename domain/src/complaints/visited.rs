//! What a return visit does to a complaint: it closes it, or opens it again with new clocks.

use diesel::prelude::*;
use serde_json::json;

use super::act::state;
use super::records::{self, Complaint};
use super::register::due;
use super::rules::{State, TABLE, reopens_to};
use crate::access::{Actor, Role};
use crate::cases::tell;
use crate::cases::{self, Case, Step, table};
use crate::db::schema::complaints;
use crate::{Db, Instant, Result, on_duty};

/// Closes a complaint after its return visit, with what was said.
pub fn visit_closes(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    let row = table::find(TABLE, state(case)?, "visit_closes", |_| true)?;
    let step = Step::to("visit_closes", row.to.as_str()).note(words);
    cases::advance(tx, actor, now, case, &step)?;
    cases::close(tx, case.id, now)?;
    if !words.is_empty() {
        diesel::update(complaints::table.find(case.id.0)).set(complaints::said.eq(words)).execute(tx)?;
    }
    cases::by_id(tx, case.id)
}

/// Closes a complaint whose return visit nobody can make: who left no contact was told so at registration.
pub(super) fn closes_unasked(tx: &mut Db, now: Instant, case: &Case) -> Result<Case> {
    let step = Step::to("no_contact", State::Closed.as_str());
    cases::advance(tx, &Actor::system("no_contact"), now, case, &step)?;
    cases::close(tx, case.id, now)?;
    cases::by_id(tx, case.id)
}

/// Opens a complaint again that its return visit found unsettled, with their words.
pub fn visit_reopens(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    table::find(TABLE, state(case)?, "visit_reopens", |_| true)?;
    let row = records::of_case(tx, case.id)?;
    reopened(tx, (actor, now), (case, &row), "visit_reopens", words)
}

/// Back to its department, or to be judged anew, with new clocks.
pub(super) fn reopened(
    tx: &mut Db,
    (actor, now): (&Actor, Instant),
    (case, row): (&Case, &Complaint),
    action: &'static str,
    words: &str,
) -> Result<Case> {
    let to = reopens_to(row.founded == Some(true));
    let due = due(tx, case.community_id, now, row.deadline)?;
    let moved = cases::advance(tx, actor, now, case, &Step::to(action, to.as_str()).note(words))?;
    cases::reopen(tx, case, due)?;
    let mut people = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
    people.extend(case.accountable_id.into_iter().chain(row.responsible_id));
    tell::staff(tx, actor, now, &moved, "complaint.reopened", people)?;
    tell::reporters(tx, actor, now, &moved, "complaint.goes_on_for_you", json!({}))?;
    cases::by_id(tx, case.id)
}
