//! What a visit promised is owed: a duty, until a later visit or a note keeps it.

use chrono::Days;
use diesel::prelude::*;

use super::records::Visit;
use super::{NewVisit, end_of};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{promises_kept, visits};
use crate::duties::{self, Duty, Kind, NewDuty, State, SubjectKind};
use crate::{
    CommunityId, Db, DutyId, Error, HomeId, Instant, PersonId, Result, VisitId, Zone, on_duty, settings,
};

fn occurrence(visit: VisitId) -> String {
    format!("visit:{visit}")
}

/// What follows from a visit: earlier promises and the first visit are done, the new promise is owed.
pub(super) fn follow(
    tx: &mut Db,
    community: CommunityId,
    (visit, steward): (VisitId, PersonId),
    new: &NewVisit,
    (zone, now): (Zone, Instant),
) -> Result<()> {
    for id in &new.kept {
        let duty = duties::by_id(tx, *id)?;
        let fits = duty.kind == Kind::FollowUp && is_about(&duty, new.home) && duty.community_id == community;
        if !fits {
            return Err(Error::field("kept", "unknown"));
        }
        duties::fulfil(tx, &duty, new.started_at, ("visit", visit.0))?;
    }
    if new.follow_up.is_none() {
        return Ok(());
    }
    let days = settings::get(tx, community, settings::FOLLOW_UP_DAYS)?;
    let last = zone.date(now) + Days::new(days.unsigned_abs());
    let owner = on_duty::steward_of(tx, new.home, zone.date(now))?.unwrap_or(steward);
    let duty = NewDuty {
        community,
        kind: Kind::FollowUp,
        subject: (SubjectKind::Home, new.home.0),
        occurrence: occurrence(visit),
        rule: "follow_up.v1",
        owner,
        not_before: new.started_at,
        next_at: now,
        due_at: end_of(zone, last),
    };
    duties::raise(tx, now, &duty)?;
    Ok(())
}

fn is_about(duty: &Duty, home: HomeId) -> bool {
    duty.subject_kind == SubjectKind::Home && duty.subject_id == home.0
}

/// A voided visit promised nothing.
pub(super) fn take_back(tx: &mut Db, visit: &Visit, now: Instant) -> Result<()> {
    let subject = (SubjectKind::Home, visit.row.home_id.0);
    if let Some(duty) = duties::of_occurrence(tx, Kind::FollowUp, subject, &occurrence(visit.row.id))? {
        duties::cancel_one_by_rule(tx, duty.id, "visit_voided", now)?;
    }
    Ok(())
}

/// Notes how a promise was kept without another visit.
///
/// # Errors
/// Without a note: by field. A promise that is not open any more: conflict.
pub fn keep(tx: &mut Db, actor: &Actor, now: Instant, id: DutyId, note: &str) -> Result<()> {
    let duty = duties::by_id(tx, id)?;
    allow(tx, actor, now, Action::RecordDuty, Object::Work(duty.community_id, duty.owner_id))?;
    if duty.kind != Kind::FollowUp {
        return Err(Error::NotFound);
    }
    if note.trim().is_empty() {
        return Err(Error::field("note", "required"));
    }
    let by = actor.person.ok_or(Error::NotSignedIn)?;
    let row = (
        promises_kept::community_id.eq(duty.community_id),
        promises_kept::duty_id.eq(duty.id),
        promises_kept::by_id.eq(by),
        promises_kept::note.eq(note.trim()),
        promises_kept::at.eq(now),
    );
    let kept: i64 =
        diesel::insert_into(promises_kept::table).values(row).returning(promises_kept::id).get_result(tx)?;
    duties::fulfil(tx, &duty, now, ("promise_kept", kept))
}

/// The promises still owed to a home, with their words, oldest first.
pub fn promised(db: &mut Db, home: HomeId) -> Result<Vec<(Duty, String)>> {
    use crate::db::schema::duties as table;
    let open: Vec<Duty> = table::table
        .filter(table::kind.eq(Kind::FollowUp).and(table::state.eq(State::Open)))
        .filter(table::subject_kind.eq(SubjectKind::Home).and(table::subject_id.eq(home.0)))
        .order(table::id)
        .select(Duty::as_select())
        .load(db)?;
    open.into_iter().map(|duty| Ok((duty.clone(), words(db, &duty)?))).collect()
}

pub(super) fn words(db: &mut Db, duty: &Duty) -> Result<String> {
    let visit: i64 = duty.occurrence.trim_start_matches("visit:").parse().map_err(Error::internal)?;
    let said: Option<String> = visits::table.find(visit).select(visits::follow_up).first(db)?;
    Ok(said.unwrap_or_default())
}
