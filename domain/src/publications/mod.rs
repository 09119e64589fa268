//! The publication of income and expenditure 收支公示 (domain.md §10): each quarter everybody who lives here reads what
//! the community took in by fee item, what the service cost, and, in a section of its own, what the common parts earned
//! (公共收益, Civil Code 282) and what that was spent on.
//!
//! Income comes from the ledger, by the moment at which it was booked; the rest from entries made by hand, of which
//! none is ever changed: a wrong one is taken back by a counter entry. Figures are frozen when they are drafted, decided
//! by a second person, and never touched again; `check` works each of them out anew.

mod entries;
mod faults;
mod figures;
mod records;
pub mod rules;
mod tell;

pub(crate) use entries::made_between;
pub use entries::{Entry, Kind, NewEntry, correct, enter, entries, entry};
pub use faults::faults;
pub use figures::{Line, Section};
pub(crate) use records::decided_until;
pub use records::{Publication, State};
pub use tell::{JOB, tell_next};

use crate::access::{Action, Actor, Object, Role, allow, may};
use crate::audit;
use crate::cases::voice::too_long;
use crate::duties::{self, Duty, NewDuty, SubjectKind};
use crate::error::Conflict;
use crate::job::{self, Job};
use crate::notifications;
use crate::visits::end_of;
use crate::{
    CommunityId, Db, Error, Instant, LocalDate, PublicationId, Result, Zone, community, on_duty, settings,
};

/// How long an explanation may be.
pub const MOST: usize = 2_000;

/// What was published, newest first; who keeps the books sees drafts too.
///
/// # Errors
/// Not allowed to who has nothing to do with the community.
pub fn list(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Publication>> {
    let all = sees_drafts(db, actor, now, community)?;
    records::list(db, community, all)
}

fn sees_drafts(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<bool> {
    allow(db, actor, now, Action::ReadPublications, Object::Community(community))?;
    may(db, actor, now, Action::KeepBooks, Object::Community(community))
}

/// A publication with its figures.
///
/// # Errors
/// Not found where there is none, where it is another community's, and where it is a draft and the asker keeps no books.
pub fn read(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    id: PublicationId,
) -> Result<(Publication, Vec<Line>)> {
    let all = sees_drafts(db, actor, now, community)?;
    let found = records::by_id(db, id)?;
    if found.community_id != community || !(all || found.state == State::Published) {
        return Err(Error::NotFound);
    }
    let lines = records::lines(db, id)?;
    Ok((found, lines))
}

/// The span that is to be published next: the one after the last, else the one that ended last; none while it still
/// runs.
pub fn next_span(
    db: &mut Db,
    community: CommunityId,
    now: Instant,
) -> Result<Option<(LocalDate, LocalDate)>> {
    let place = community::by_id(db, community)?;
    let (zone, last) = (place.zone()?, records::last_day(db, community)?);
    let months = settings::get(db, community, settings::PUBLICATION_MONTHS)?;
    Ok(rules::next(last, zone.date(place.created_at), months, zone.date(now)))
}

/// Drafts the publication of the next span, or drafts one anew whose books have moved: its figures are those of now.
///
/// # Errors
/// Refuses while the span still runs (`publication.runs`), and where a draft has been decided on.
pub fn draft(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    note: &str,
) -> Result<PublicationId> {
    allow(tx, actor, now, Action::KeepBooks, Object::Community(community))?;
    crate::db::lock(tx, "communities", community.0)?;
    let note = note.trim();
    if let Some(wrong) = too_long("note", note, MOST) {
        return Err(Error::Invalid(vec![wrong]));
    }
    let open = records::draft_of(tx, community)?;
    let span = match &open {
        Some(draft) => (draft.first_day, draft.last_day),
        None => next_span(tx, community, now)?.ok_or_else(|| Error::refused("publication.runs", vec![]))?,
    };
    let lines = figures::work_out(tx, community, span, now)?;
    let id = records::draft(tx, community, (open.map(|draft| draft.id), span), (note, actor.person), now)?;
    records::freeze(tx, id, &lines)?;
    note_down(tx, actor, now, (community, "publication.draft", id))?;
    Ok(id)
}

/// Approves a draft, by somebody who did not draft it; from then on its figures stand.
///
/// # Errors
/// Refuses one's own (`publication.own`), and one whose books have moved since (`publication.moved`).
pub fn approve(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    id: PublicationId,
) -> Result<()> {
    let found = decided(tx, actor, now, (community, id), State::Draft)?;
    if found.drafted_by == actor.person {
        return Err(Error::refused("publication.own", vec![]));
    }
    let span = (found.first_day, found.last_day);
    if figures::work_out(tx, community, span, now)? != records::lines(tx, id)? {
        return Err(Error::refused("publication.moved", vec![]));
    }
    records::approve(tx, id, actor.person, now)?;
    note_down(tx, actor, now, (community, "publication.approve", id))
}

/// Publishes what was approved: everybody who lives here can read it, and is told by the worker; the quarter's duty is
/// done.
///
/// # Errors
/// As [`approve`] where it is no longer, or not yet, approved.
pub fn publish(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    real_now: Instant,
    (community, id): (CommunityId, PublicationId),
) -> Result<()> {
    let found = decided(tx, actor, now, (community, id), State::Approved)?;
    records::publish(tx, id, actor.person, now)?;
    let occurrence = found.first_day.to_string();
    let subject = (SubjectKind::Community, community.0);
    if let Some(duty) = duties::of_occurrence(tx, duties::Kind::Publication, subject, &occurrence)? {
        duties::fulfil(tx, &duty, now, ("publication", id.0))?;
    }
    let job = Job::new(JOB, serde_json::json!({ "publication": id })).once(format!("{JOB}:{id}"));
    job::enqueue(tx, &job, real_now, real_now)?;
    note_down(tx, actor, now, (community, "publication.publish", id))
}

/// A publication that is to be decided on, locked and in the state it has to be in.
fn decided(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, PublicationId),
    state: State,
) -> Result<Publication> {
    allow(tx, actor, now, Action::ApprovePublication, Object::Community(community))?;
    crate::db::lock(tx, "communities", community.0)?;
    let found = records::by_id(tx, id)?;
    if found.community_id != community {
        return Err(Error::NotFound);
    }
    if found.state != state {
        let state = found.state.to_string();
        return Err(Error::Conflict(Conflict { what: "publication", state, version: 0 }));
    }
    Ok(found)
}

fn note_down(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, action, id): (CommunityId, &'static str, PublicationId),
) -> Result<()> {
    audit::write(tx, actor, now, &audit::Line::new(community, action, "publication", id.0))
}

/// Records publications that nobody made in time as missed and raises those of the spans that have ended since the
/// community is here. Returns (missed, raised).
pub fn plan(tx: &mut Db, community: CommunityId, now: Instant) -> Result<(usize, usize)> {
    let place = community::by_id(tx, community)?;
    let zone = place.zone()?;
    let months = settings::get(tx, community, settings::PUBLICATION_MONTHS)?;
    let days = settings::get(tx, community, settings::PUBLICATION_DAYS)?;
    let since = zone.date(place.created_at);
    let mut raised = 0;
    for span in rules::ended(since, months, zone.date(now)) {
        raised += usize::from(raise(tx, community, (span, days), (zone, now))?);
    }
    let late = duties::miss_overdue(tx, community, duties::Kind::Publication, now)?;
    for duty in &late {
        let people = on_duty::holders(tx, community, Role::Manager, now)?;
        notifications::tell_all(tx, &people, &tell::of_duty(duty, "publication.missed"), now)?;
    }
    Ok((late.len(), raised))
}

/// Raises the duty to publish a span, owed by a manager; where there is none yet, nobody owes it.
fn raise(
    tx: &mut Db,
    community: CommunityId,
    ((first, last), days): ((LocalDate, LocalDate), i64),
    (zone, now): (Zone, Instant),
) -> Result<bool> {
    let subject = (SubjectKind::Community, community.0);
    let occurrence = first.to_string();
    if duties::of_occurrence(tx, duties::Kind::Publication, subject, &occurrence)?.is_some() {
        return Ok(false);
    }
    let Some(owner) = on_duty::holders(tx, community, Role::Manager, now)?.into_iter().next() else {
        return Ok(false);
    };
    let begins = last + chrono::Days::new(1);
    let due = last + chrono::Days::new(days.unsigned_abs());
    let duty = NewDuty {
        community,
        kind: duties::Kind::Publication,
        subject,
        occurrence,
        rule: "publication.v1",
        owner,
        not_before: zone.start_of(begins),
        next_at: zone.start_of(begins),
        due_at: end_of(zone, due),
    };
    let Some(id) = duties::raise(tx, now, &duty)? else { return Ok(false) };
    let raised: Duty = duties::by_id(tx, id)?;
    if raised.due_at > now {
        let people = on_duty::holders(tx, community, Role::Manager, now)?;
        notifications::tell_all(tx, &people, &tell::of_duty(&raised, "publication.due"), now)?;
    }
    Ok(true)
}
