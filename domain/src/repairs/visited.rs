//! What others do to a repair: a return visit closes or reopens it, days without access end its waiting.

use chrono::TimeDelta;
use serde_json::json;

use super::rules::{State, TABLE};
use super::{act, dispatch, promise, records, tell};
use crate::access::{Actor, Role};
use crate::cases::{self, Case, Step, table};
use crate::notifications::{self, Tell};
use crate::{CommunityId, Db, Instant, Result, on_duty, settings};

/// Closes a repair after its return visit, with what the resident said.
pub fn visit_closes(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    let row = table::find(TABLE, act::state(case)?, "visit_closes", |_| true)?;
    let step = Step::to("visit_closes", row.to.as_str()).note(words);
    cases::advance(tx, actor, now, case, &step)?;
    cases::close(tx, case.id, now)?;
    cases::by_id(tx, case.id)
}

/// Reopens a repair that its return visit found not mended, with the resident's words.
pub fn visit_reopens(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    table::find(TABLE, act::state(case)?, "visit_reopens", |_| true)?;
    reopened(tx, actor, now, case, "visit_reopens", words)
}

/// Back to *accepted* with new clocks, nobody's; an emergency goes at once again.
pub(super) fn reopened(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    action: &'static str,
    words: &str,
) -> Result<Case> {
    let last = records::of_case(tx, case.id)?.technician_id;
    let due = promise::due(tx, case.community_id, case.urgency, now)?;
    let moved =
        cases::advance(tx, actor, now, case, &Step::to(action, State::Accepted.as_str()).note(words))?;
    cases::reopen(tx, case, due)?;
    records::give(tx, case.id, None, None)?;
    let owner = match case.accountable_id {
        Some(owner) => Some(owner),
        None => on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?,
    };
    cases::answer_for(tx, case.id, owner)?;
    let mut people: Vec<_> = owner.into_iter().chain(last).collect();
    people.extend(on_duty::holders(tx, case.community_id, Role::Desk, now)?);
    people.sort_unstable();
    people.dedup();
    people.retain(|person| actor.person != Some(*person));
    tell::staff(tx, now, &moved, "repair.reopened", &people)?;
    tell::resident(tx, actor, now, &moved, "repair.reopened_for_you", json!({}))?;
    let fresh = cases::by_id(tx, case.id)?;
    if act::is_emergency(&fresh) { dispatch::emergency(tx, now, fresh) } else { Ok(fresh) }
}

/// Tells the desk, once each, of repairs that have waited for the resident as long as they have to.
pub fn no_access_due(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let days = settings::get(tx, community, settings::NO_ACCESS_DAYS)?;
    let waiting = records::waiting_since(tx, community, now.minus(TimeDelta::days(days)))?;
    let desk = on_duty::holders(tx, community, Role::Desk, now)?;
    for case in &waiting {
        let news = Tell {
            community,
            event: format!("no_access:{}:{}", case.id, case.version),
            person: crate::PersonId(0),
            code: "repair.no_access_due",
            args: json!({ "number": case.number(), "days": days }),
            link: Some(format!("/cases/{}", case.number())),
            urgency: notifications::Urgency::Now,
        };
        notifications::tell_all(tx, &desk, &news, now)?;
    }
    Ok(waiting.len())
}
