//! The supervisor's look at the service 服务日检, each day, and the review of complaints 投诉周评审, each week
//! (domain.md §3, §7): duties about the community as a whole, owed by a supervisor on duty. What the portal
//! showed at that moment is kept beside what was found and arranged, so that nobody can look away afterwards.

mod records;
pub mod rules;

pub use records::{Check, Look, Seen, faults, seen};

use chrono::NaiveTime;
use serde_json::json;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::cases::voice::{too_long, words};
use crate::duties::{self, Duty, Kind, NewDuty, State, SubjectKind};
use crate::notifications::{self, Tell, Urgency};
use crate::visits::end_of;
use crate::{CommunityId, Db, DutyId, Error, Instant, LocalDate, PersonId, Result, Zone, community, on_duty};

/// The kinds of duty that are looks: the day's and the week's.
pub const KINDS: [Kind; 2] = [Kind::ServiceCheck, Kind::ComplaintReview];

/// How long what is said may be.
const MOST: usize = 2_000;

/// Records the looks that nobody took as missed and raises those of the days and weeks up to now. Returns
/// (missed, raised).
pub fn plan(tx: &mut Db, community: CommunityId, now: Instant) -> Result<(usize, usize)> {
    let zone = community::by_id(tx, community)?.zone()?;
    let newest = newest_day(zone, now);
    let mut raised = 0;
    let last = records::last_raised(tx, community, Kind::ServiceCheck)?;
    for day in rules::days(last, newest, zone.date(now)) {
        raised += usize::from(raise(tx, community, (Kind::ServiceCheck, day, day), (zone, now))?);
    }
    if let Some(began) = records::first_raised(tx, community, Kind::ServiceCheck)? {
        let last = records::last_raised(tx, community, Kind::ComplaintReview)?;
        for monday in rules::weeks(last, began, newest) {
            let week = (Kind::ComplaintReview, monday, monday + chrono::Days::new(6));
            raised += usize::from(raise(tx, community, week, (zone, now))?);
        }
    }
    let mut missed = 0;
    for kind in KINDS {
        let late = duties::miss_overdue(tx, community, kind, now)?;
        late.iter().try_for_each(|duty| tell_missed(tx, duty, now))?;
        missed += late.len();
    }
    Ok((missed, raised))
}

/// Daily duties are raised at five (domain.md §3).
fn list_time(zone: Zone, day: LocalDate) -> Instant {
    zone.at(day, NaiveTime::from_hms_opt(5, 0, 0).unwrap_or_default())
}

fn newest_day(zone: Zone, now: Instant) -> LocalDate {
    let today = zone.date(now);
    if list_time(zone, today) <= now { today } else { today - chrono::Days::new(1) }
}

/// Raises a look, owed by the supervisor on duty on its first day; where the community has neither a supervisor
/// nor a manager yet there is nobody who could owe it.
fn raise(
    tx: &mut Db,
    community: CommunityId,
    (kind, first, last): (Kind, LocalDate, LocalDate),
    (zone, now): (Zone, Instant),
) -> Result<bool> {
    let Some(owner) = on_duty::supervisors_on(tx, community, first)?.into_iter().next() else {
        return Ok(false);
    };
    let duty = NewDuty {
        community,
        kind,
        subject: (SubjectKind::Community, community.0),
        occurrence: first.to_string(),
        rule: if kind == Kind::ServiceCheck { "service_check.v1" } else { "complaint_review.v1" },
        owner,
        not_before: zone.start_of(first),
        next_at: list_time(zone, first),
        due_at: end_of(zone, last),
    };
    let Some(id) = duties::raise(tx, now, &duty)? else { return Ok(false) };
    if duty.due_at > now {
        let due = news(&duty.occurrence, community, (id, kind), "due");
        notifications::tell(tx, &Tell { person: owner, urgency: Urgency::Normal, ..due }, now)?;
    }
    Ok(true)
}

fn tell_missed(tx: &mut Db, duty: &Duty, now: Instant) -> Result<()> {
    let mut people = on_duty::holders(tx, duty.community_id, Role::Manager, now)?;
    people.push(duty.owner_id);
    people.sort_unstable();
    people.dedup();
    let news = news(&duty.occurrence, duty.community_id, (duty.id, duty.kind), "missed");
    notifications::tell_all(tx, &people, &news, now)
}

fn news(day: &str, community: CommunityId, (duty, kind): (DutyId, Kind), what: &str) -> Tell {
    let code = match (kind, what) {
        (Kind::ServiceCheck, "due") => "service_check.due",
        (Kind::ServiceCheck, _) => "service_check.missed",
        (_, "due") => "complaint_review.due",
        _ => "complaint_review.missed",
    };
    Tell {
        community,
        event: format!("{code}:{duty}"),
        person: PersonId(0),
        code,
        args: json!({ "day": day }),
        link: Some(format!("/service-checks/{duty}")),
        urgency: Urgency::Now,
    }
}

/// The looks of a community, the newest first: those of the last weeks.
///
/// # Errors
/// The policy's, for who neither supervises nor manages.
pub fn list(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Check>> {
    allow(db, actor, now, Action::CheckService, Object::Community(community))?;
    records::list(db, community)
}

/// One look, with what was recorded of it.
///
/// # Errors
/// [`Error::NotFound`] for a duty of another community or kind.
pub fn read(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, id: DutyId) -> Result<Check> {
    allow(db, actor, now, Action::CheckService, Object::Community(community))?;
    let duty = duties::by_id(db, id)?;
    if duty.community_id != community || !KINDS.contains(&duty.kind) {
        return Err(Error::NotFound);
    }
    let look = records::of_duty(db, id)?;
    Ok(Check { duty, look })
}

/// Records a look: what was found and what is arranged, with what the portal showed. Any supervisor or manager
/// may take it; the record says who did. A missed one stays missed and keeps what was seen later.
///
/// # Errors
/// By field where nothing was found in words; [`Error::Conflict`] where it was recorded before;
/// `service_check.too_early` before its day.
pub fn record(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, DutyId),
    (found, arranged): (&str, &str),
) -> Result<Check> {
    let check = read(tx, actor, now, community, id)?;
    let person = actor.person.ok_or(Error::NotSignedIn)?;
    if check.look.is_some() || !matches!(check.duty.state, State::Open | State::Missed) {
        return Err(duties::moved(&check.duty));
    }
    if now < check.duty.not_before {
        return Err(Error::refused("service_check.too_early", vec![]));
    }
    let found = words("found", found, MOST)?;
    let arranged = arranged.trim();
    if let Some(wrong) = too_long("arranged", arranged, MOST) {
        return Err(Error::Invalid(vec![wrong]));
    }
    let seen = seen(tx, community, now)?;
    let record = records::insert(tx, (&check.duty, person), (&seen, found, arranged), now)?;
    duties::fulfil(tx, &check.duty, now, ("service_check", record))?;
    read(tx, actor, now, community, id)
}

#[cfg(test)]
mod tests;
