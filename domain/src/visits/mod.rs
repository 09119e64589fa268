//! Visits 走访: a steward's call on a household, on the doorstep, to listen; and the quota of thirty distinct
//! households a month (domain.md §9). A visit is written down once and never changes; what is decided about
//! it later, and what that does to a month already closed, stands beside it.

mod close;
mod export;
pub mod facts;
mod faults;
mod household;
mod pace;
mod plan;
mod promises;
pub mod quota;
mod records;
pub mod rules;
mod shortfall;
mod today;
mod walk;

pub use close::close;
pub use export::{TABLE, export};
pub use faults::faults;
pub use household::{Doorstep, Person, doorstep};
pub use pace::pace;
pub use plan::{Coverage, Entry, Reason, coverage, plan_missing, planned};
pub use promises::{keep, promised};
pub use quota::{Correction, Figure};
pub use records::{Cause, Said, Verdict, Visit, by_id, of_home, of_month, waiting};
pub use rules::State;
pub use shortfall::{Decision, Shortfall, ask, decide as decide_shortfall, explain, shortfall, shortfalls};

pub use today::{Due, Next, by_login, codes, next_visits};
pub use walk::{Stop, What, walk};

use chrono::TimeDelta;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::{
    CommunityId, Db, DutyId, Error, FieldError, HomeId, Instant, LocalDate, Month, PersonId, Result, VisitId,
    Zone, community, on_duty, settings,
};

/// The interview record 客户访谈记录表.
#[derive(Debug, Clone)]
pub struct NewVisit {
    /// At which home.
    pub home: HomeId,
    /// When it began.
    pub started_at: Instant,
    /// Who was spoken to.
    pub spoken_to: String,
    /// What about.
    pub topics: Vec<String>,
    /// What they said.
    pub said: String,
    /// How satisfied they are, 1 to 5.
    pub satisfaction: i32,
    /// What was promised; none where nothing was.
    pub follow_up: Option<String>,
    /// Earlier promises that this visit kept.
    pub kept: Vec<DutyId>,
}

/// Logs a visit by who asks. It is kept whoever made it; it counts when its maker was the home's steward.
///
/// # Errors
/// An incomplete record, a home where nobody lives: by field. A home outside a steward's area is not found.
pub fn log(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewVisit,
) -> Result<Visit> {
    allow(tx, actor, now, Action::LogVisit, Object::Home(community, new.home))?;
    let steward = actor.person.ok_or(Error::NotSignedIn)?;
    let zone = community::by_id(tx, community)?.zone()?;
    let new = &checked(new, now)?;
    let day = zone.date(new.started_at);
    let in_area = is_reachable(tx, actor, (community, steward), new.home, (day, zone.date(now)))?;
    let empty = || Error::field("home", "nobody_lives_there");
    let household = facts::household_on(tx, new.home, day)?.ok_or_else(empty)?;
    let late = is_late(tx, community, new.started_at, now)?;
    let key = (community, steward, Month::of(day));
    let logged_at = close::hold(tx, key, now)?;
    let fresh = records::Fresh { steward, household, day, in_area, late, logged_at, new };
    let id = records::insert(tx, community, &fresh)?;
    close::correct(tx, key)?;
    promises::follow(tx, community, (id, steward), new, (zone, now))?;
    let visit = records::by_id(tx, id)?;
    if in_area {
        crate::move_in::first_visited(tx, actor, now, &visit)?;
    }
    audit::write(tx, actor, now, &Line::new(community, "visit.log", "visit", id.0))?;
    Ok(visit)
}

/// The record without stray blanks, complete.
fn checked(new: &NewVisit, now: Instant) -> Result<NewVisit> {
    const LONGEST: usize = 2_000;
    let mut new = new.clone();
    new.topics =
        new.topics.iter().map(|topic| topic.trim().replace('\n', " ")).filter(|t| !t.is_empty()).collect();
    new.follow_up = new.follow_up.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let follow_up = new.follow_up.as_deref().unwrap_or_default();
    let mut wrong = Vec::new();
    for (field, text, needed) in [
        ("spoken_to", new.spoken_to.as_str(), true),
        ("said", &new.said, true),
        ("follow_up", follow_up, false),
    ] {
        if needed && text.trim().is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.chars().count() > LONGEST {
            wrong.push(FieldError::new(field, "too_long").with("most", LONGEST));
        }
    }
    if new.topics.is_empty() {
        wrong.push(FieldError::new("topics", "required"));
    } else if new.topics.iter().map(|topic| topic.chars().count()).sum::<usize>() > LONGEST {
        wrong.push(FieldError::new("topics", "too_long").with("most", LONGEST));
    }
    if !(1..=5).contains(&new.satisfaction) {
        wrong.push(FieldError::new("satisfaction", "between").with("least", 1).with("most", 5));
    }
    if new.started_at > now {
        wrong.push(FieldError::new("started_at", "in_the_future"));
    }
    if wrong.is_empty() { Ok(new) } else { Err(Error::Invalid(wrong)) }
}

/// Whether the visitor was the home's steward on the day of the visit.
///
/// # Errors
/// Not found where a steward reaches for a home that was theirs neither then nor is now.
fn is_reachable(
    db: &mut Db,
    actor: &Actor,
    (community, person): (CommunityId, PersonId),
    home: HomeId,
    (day, today): (LocalDate, LocalDate),
) -> Result<bool> {
    let was_theirs = on_duty::steward_of(db, home, day)? == Some(person)
        && on_duty::holders_on(db, community, Role::Steward, day)?.contains(&person);
    let is_theirs = was_theirs || on_duty::steward_of(db, home, today)? == Some(person);
    let goes_anywhere =
        actor.roles_in(community).any(|role| matches!(role, Role::Desk | Role::Supervisor | Role::Manager));
    if is_theirs || goes_anywhere { Ok(was_theirs) } else { Err(Error::NotFound) }
}

fn is_late(db: &mut Db, community: CommunityId, started_at: Instant, now: Instant) -> Result<bool> {
    let hours = settings::get(db, community, settings::VISIT_LATE_HOURS)?;
    Ok(now.since(started_at) > TimeDelta::hours(hours))
}

/// Voids a visit that was written down wrongly: its maker, or the supervisor.
///
/// # Errors
/// Without a reason: by field. Voided already: refused.
pub fn void(tx: &mut Db, actor: &Actor, now: Instant, id: VisitId, reason: &str) -> Result<Visit> {
    let visit = records::by_id(tx, id)?;
    let own = actor.person == Some(visit.row.steward_id);
    if !own {
        allow(tx, actor, now, Action::DecideVisit, Object::Community(visit.row.community_id))
            .map_err(|_| Error::NotFound)?;
    }
    say(tx, actor, now, &visit, (Verdict::Voided, reason))?;
    promises::take_back(tx, &visit, now)?;
    records::by_id(tx, id)
}

/// Says whether a visit that was logged late counts.
///
/// # Errors
/// A visit that wasn't late, or was decided or voided already, is refused; a refusal needs its reason.
pub fn decide(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: VisitId,
    (accepted, reason): (bool, &str),
) -> Result<Visit> {
    let visit = records::by_id(tx, id)?;
    allow(tx, actor, now, Action::DecideVisit, Object::Community(visit.row.community_id))
        .map_err(|_| Error::NotFound)?;
    let verdict = if accepted { Verdict::Accepted } else { Verdict::Refused };
    say(tx, actor, now, &visit, (verdict, reason))?;
    records::by_id(tx, id)
}

fn say(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    visit: &Visit,
    (verdict, reason): (Verdict, &str),
) -> Result<()> {
    let by = actor.person.ok_or(Error::NotSignedIn)?;
    let row = &visit.row;
    let key = (row.community_id, row.steward_id, row.month);
    let at = close::hold(tx, key, now)?;
    // Looked at again once the month is held: somebody may have decided meanwhile.
    let visit = records::by_id(tx, row.id)?;
    refuse_twice(&visit, verdict)?;
    if verdict != Verdict::Accepted && reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let said = Said { visit_id: row.id, decision: verdict, reason: reason.trim().to_owned(), by_id: by, at };
    records::insert_said(tx, row.community_id, &said)?;
    close::correct(tx, key)?;
    let line = Line::new(row.community_id, "visit.decide", "visit", row.id.0).fields(verdict.as_str());
    audit::write(tx, actor, now, &line)
}

fn refuse_twice(visit: &Visit, verdict: Verdict) -> Result<()> {
    if visit.voided().is_some() {
        return Err(Error::refused("visit.voided", vec![]));
    }
    if verdict == Verdict::Voided {
        return Ok(());
    }
    if !visit.row.late {
        return Err(Error::refused("visit.not_late", vec![]));
    }
    match visit.late_verdict() {
        Some(_) => Err(Error::refused("visit.decided", vec![])),
        None => Ok(()),
    }
}

/// A visit, if the asker may see it: who made it, and who sees the figures of the community.
pub fn read(db: &mut Db, actor: &Actor, now: Instant, id: VisitId) -> Result<Visit> {
    let visit = by_id(db, id)?;
    let object = Object::Person(visit.row.community_id, visit.row.steward_id);
    let own = actor.person == Some(visit.row.steward_id);
    if own || crate::access::may(db, actor, now, Action::ReadQuota, object)? {
        Ok(visit)
    } else {
        Err(Error::NotFound)
    }
}

/// The last moment of a community's day.
pub(crate) fn end_of(zone: Zone, day: LocalDate) -> Instant {
    zone.start_of(day + chrono::Days::new(1)).minus(TimeDelta::microseconds(1))
}
