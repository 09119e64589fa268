//! What time does to move-ins: closed a week after the handover or by the first visit, lapsed when nothing
//! comes, drafts forgotten.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::records::{Application, in_states};
use super::rules::State;
use crate::access::Actor;
use crate::attachments::{self, Subject};
use crate::cases::{self, Step};
use crate::db::schema::{cases as case_rows, duties as duty_rows, move_ins};
use crate::duties::{self, Duty, SubjectKind};
use crate::notifications::{self, Tell};
use crate::settings::{self, Number};
use crate::visits::Visit;
use crate::{AttachmentId, CaseId, CommunityId, Db, Instant, Result};

/// Closes, lapses and forgets what is due; returns how many of each.
pub fn night(tx: &mut Db, community: CommunityId, now: Instant) -> Result<(usize, usize, usize)> {
    let closed = close(tx, community, now)?;
    let lapsed = lapse(tx, community, now)?;
    Ok((closed, lapsed, forget(tx, community, now)?))
}

fn before(db: &mut Db, community: CommunityId, setting: Number, now: Instant) -> Result<Instant> {
    Ok(now.minus(TimeDelta::days(settings::get(db, community, setting)?)))
}

fn close(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let limit = before(tx, community, settings::FIRST_VISIT_DAYS, now)?;
    let due = |(row, _): &Application| row.handed_over_at.is_some_and(|at| at <= limit);
    let all: Vec<_> = in_states(tx, community, &[State::HandedOver])?.into_iter().filter(due).collect();
    let portal = Actor::system("move_in");
    all.iter().try_for_each(|one| end(tx, &portal, now, one, ("close", State::Closed)))?;
    Ok(all.len())
}

fn lapse(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let returned = before(tx, community, settings::RETURNED_DAYS, now)?;
    let approved = before(tx, community, settings::APPROVED_DAYS, now)?;
    let is_silent = |(row, case): &Application| match case.state.parse() {
        Ok(State::Returned) => row.returned_at.is_some_and(|at| at <= returned),
        Ok(State::Approved) => row.approved_at.is_some_and(|at| at <= approved),
        _ => false,
    };
    let all = in_states(tx, community, &[State::Returned, State::Approved])?;
    let all: Vec<_> = all.into_iter().filter(is_silent).collect();
    let portal = Actor::system("move_in");
    for one in &all {
        end(tx, &portal, now, one, ("lapse", State::Lapsed))?;
        tell_lapse(tx, one, now)?;
    }
    Ok(all.len())
}

fn end(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (_, case): &Application,
    (action, to): (&str, State),
) -> Result<()> {
    cases::advance(tx, actor, now, case, &Step::to(action, to.as_str()))?;
    cases::close(tx, case.id, now)
}

fn tell_lapse(tx: &mut Db, (_, case): &Application, now: Instant) -> Result<()> {
    let Some(person) = case.reporter_id else { return Ok(()) };
    let tell = Tell {
        community: case.community_id,
        event: format!("move_in.lapsed:{}", case.id),
        person,
        code: "move_in.lapsed",
        args: serde_json::json!({ "number": case.number() }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: notifications::Urgency::Normal,
    };
    notifications::tell(tx, &tell, now)
}

/// Forgets drafts that nobody touched for long; what was uploaded for them is swept with the orphans.
fn forget(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let limit = before(tx, community, settings::DRAFT_DAYS, now)?;
    let old: Vec<CaseId> = move_ins::table
        .inner_join(case_rows::table.on(case_rows::id.eq(move_ins::case_id)))
        .filter(move_ins::community_id.eq(community.0).and(case_rows::state.eq(State::Draft.as_str())))
        .filter(case_rows::created_at.le(limit))
        .select(move_ins::case_id)
        .load(tx)?;
    old.iter().try_for_each(|id| erase(tx, *id))?;
    Ok(old.len())
}

/// Deletes a draft.
pub(super) fn erase(tx: &mut Db, id: CaseId) -> Result<()> {
    for one in attachments::of(tx, Subject::Case(id))? {
        attachments::detach(tx, Subject::Case(id), one.id)?;
    }
    diesel::delete(move_ins::table.find(id.0)).execute(tx)?;
    diesel::delete(case_rows::table.find(id.0)).execute(tx)?;
    Ok(())
}

/// Takes scans of identity papers off applications that were decided long ago; returns how many. They belong to
/// nothing then, and go with what was never attached.
pub fn forget_identity(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    use crate::db::schema::attachments as rows;
    let limit = before(tx, community, settings::IDENTITY_DAYS, now)?;
    let decided = move_ins::approved_at
        .le(limit)
        .or(move_ins::approved_at.is_null().and(case_rows::closed_at.le(limit)));
    let old: Vec<(AttachmentId, CaseId)> = rows::table
        .inner_join(move_ins::table.on(move_ins::case_id.nullable().eq(rows::subject_id)))
        .inner_join(case_rows::table.on(case_rows::id.eq(move_ins::case_id)))
        .filter(rows::community_id.eq(community.0).and(rows::subject_kind.eq("case")))
        .filter(rows::purpose.eq(attachments::IDENTITY).and(decided.assume_not_null()))
        .select((rows::id, move_ins::case_id))
        .load(tx)?;
    old.iter().try_for_each(|(id, case)| attachments::detach(tx, Subject::Case(*case), *id))?;
    Ok(old.len())
}

/// The steward's first visit to a household: its duty is done and its move-in closed.
pub fn first_visited(tx: &mut Db, actor: &Actor, now: Instant, visit: &Visit) -> Result<()> {
    let row = &visit.row;
    let owed: Vec<Duty> = duty_rows::table
        .inner_join(move_ins::table.on(move_ins::case_id.eq(duty_rows::subject_id)))
        .filter(duty_rows::kind.eq(duties::Kind::FirstVisit).and(duty_rows::state.eq(duties::State::Open)))
        .filter(duty_rows::subject_kind.eq(SubjectKind::Case))
        .filter(move_ins::household_id.eq(row.household_id.0))
        .filter(move_ins::handed_over_at.le(row.started_at))
        .select(Duty::as_select())
        .load(tx)?;
    for duty in owed {
        duties::fulfil(tx, &duty, row.started_at, ("visit", row.id.0))?;
        let one = super::of(tx, CaseId(duty.subject_id))?;
        if one.1.state == State::HandedOver.as_str() {
            end(tx, actor, now, &one, ("close", State::Closed))?;
        }
    }
    Ok(())
}
