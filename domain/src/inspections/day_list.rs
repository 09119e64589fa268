//! The day's inspections: at 05:00 every site at work gets one that is owed that day, and yesterday's that
//! nobody made are recorded as missed. A worker that slept makes the days that it missed as they would have been.

use chrono::{Days, NaiveTime};
use diesel::prelude::*;

use crate::access::Role;
use crate::cases::Case;
use crate::db::schema::{case_events, duties as table};
use crate::duties::{self, Duty, Kind, NewDuty, State, SubjectKind};
use crate::renovation::{self, Renovation, Site};
use crate::visits::end_of;
use crate::{
    CaseId, CommunityId, Db, Error, HomeId, Instant, LocalDate, PersonId, Result, Zone, community, on_duty,
};

/// How far back a worker that slept looks.
const LOOK_BACK: u64 = 62;

/// Records the misses of the days gone and raises what is owed up to today. Returns (missed, raised).
pub fn day_list(tx: &mut Db, community: CommunityId, now: Instant) -> Result<(usize, usize)> {
    let zone = community::by_id(tx, community)?.zone()?;
    let since = zone.date(now) - Days::new(LOOK_BACK);
    let mut raised = 0;
    for site in renovation::sites(tx, community, since)? {
        raised += raise_up_to_now(tx, &site, zone, now)?;
    }
    Ok((miss(tx, community, zone, now)?, raised))
}

/// When a day's list is made, and yesterday's closed.
pub(super) fn list_time(zone: Zone, day: LocalDate) -> Instant {
    zone.at(day, NaiveTime::from_hms_opt(5, 0, 0).unwrap_or_default())
}

/// The newest day whose list is due.
fn newest_day(zone: Zone, now: Instant) -> LocalDate {
    let today = zone.date(now);
    if list_time(zone, today) <= now { today } else { today - Days::new(1) }
}

/// Raises what a site owes of every day up to the newest list, each once.
pub(super) fn raise_up_to_now(
    tx: &mut Db,
    (renovation, case): &Site,
    zone: Zone,
    now: Instant,
) -> Result<usize> {
    let newest = newest_day(zone, now);
    let registered = case.submitted_at.map_or(newest, |at| zone.date(at));
    let done = last_raised(tx, case.id)?;
    let first = done.map_or(registered, |day| day + Days::new(1)).max(newest - Days::new(LOOK_BACK));
    let mut raised = 0;
    let history = history(tx, case.id)?;
    for day in first.iter_days().take_while(|day| *day <= newest) {
        let is_over = renovation.ended_on.is_some_and(|last| day > last);
        if !is_over && was_inspected_state(&history, list_time(zone, day))? {
            raised += usize::from(raise(tx, case, day, (zone, now))?);
        }
    }
    Ok(raised)
}

fn last_raised(db: &mut Db, case: CaseId) -> Result<Option<LocalDate>> {
    let newest: Option<String> = table::table
        .filter(table::kind.eq(Kind::RenovationInspection))
        .filter(table::subject_kind.eq(SubjectKind::Case).and(table::subject_id.eq(case.0)))
        .select(diesel::dsl::max(table::occurrence))
        .first(db)?;
    newest.map(|text| text.parse().map_err(Error::internal)).transpose()
}

fn history(db: &mut Db, case: CaseId) -> Result<Vec<(Instant, String)>> {
    let events = case_events::table.filter(case_events::case_id.eq(case.0)).order(case_events::id);
    Ok(events.select((case_events::at, case_events::to_state)).load(db)?)
}

/// Whether the site stood at work, or stopped, at that moment.
fn was_inspected_state(history: &[(Instant, String)], moment: Instant) -> Result<bool> {
    let state = history.iter().rev().find(|(at, _)| *at <= moment).map(|(_, state)| state.as_str());
    let Some(state) = state else { return Ok(false) };
    let state: renovation::State = state.parse().map_err(Error::internal)?;
    Ok(state.is_inspected())
}

fn raise(tx: &mut Db, case: &Case, day: LocalDate, (zone, now): (Zone, Instant)) -> Result<bool> {
    let duty = NewDuty {
        community: case.community_id,
        kind: Kind::RenovationInspection,
        subject: (SubjectKind::Case, case.id.0),
        occurrence: day.to_string(),
        rule: "renovation_inspection.v1",
        owner: owner(tx, case.community_id, case.home_id, day)?,
        not_before: zone.start_of(day),
        next_at: list_time(zone, day),
        due_at: end_of(zone, day),
    };
    Ok(duties::raise(tx, now, &duty)?.is_some())
}

/// The home's steward or who stands in for them, else an officer, else a supervisor: never nobody.
fn owner(db: &mut Db, community: CommunityId, home: Option<HomeId>, day: LocalDate) -> Result<PersonId> {
    let steward = home.map(|home| on_duty::steward_on(db, community, home, day)).transpose()?.flatten();
    if let Some(steward) = steward {
        return Ok(steward);
    }
    let officers = on_duty::holders_on(db, community, Role::Officer, day)?;
    let found = officers.into_iter().chain(on_duty::supervisors_on(db, community, day)?).next();
    found.ok_or_else(|| Error::internal("no steward, officer or supervisor to inspect a site"))
}

/// Records as missed what was owed on a day whose list has been closed by a newer one.
fn miss(tx: &mut Db, community: CommunityId, zone: Zone, now: Instant) -> Result<usize> {
    let limit = zone.start_of(newest_day(zone, now));
    let late: Vec<Duty> = table::table
        .filter(table::community_id.eq(community.0).and(table::kind.eq(Kind::RenovationInspection)))
        .filter(table::state.eq(State::Open).and(table::due_at.lt(limit)))
        .order(table::id)
        .select(Duty::as_select())
        .load(tx)?;
    late.iter().try_for_each(|duty| duties::end(tx, duty, now, State::Missed))?;
    Ok(late.len())
}

/// The duties of a site that were missed, newest first; also those that a later record stands beside.
pub fn missed_days(db: &mut Db, case: CaseId) -> Result<Vec<Duty>> {
    Ok(table::table
        .filter(table::kind.eq(Kind::RenovationInspection).and(table::state.eq(State::Missed)))
        .filter(table::subject_kind.eq(SubjectKind::Case).and(table::subject_id.eq(case.0)))
        .order(table::due_at.desc())
        .select(Duty::as_select())
        .load(db)?)
}

/// A day on which nobody inspected a site in time.
#[derive(Debug, Clone)]
pub struct Miss {
    /// The duty.
    pub duty: Duty,
    /// The case's number.
    pub number: String,
    /// The site.
    pub renovation: Renovation,
    /// Where.
    pub home: Option<HomeId>,
}

/// The misses of a community since a moment, newest first.
pub fn misses(db: &mut Db, community: CommunityId, since: Instant) -> Result<Vec<Miss>> {
    let missed: Vec<Duty> = table::table
        .filter(table::community_id.eq(community.0).and(table::kind.eq(Kind::RenovationInspection)))
        .filter(table::state.eq(State::Missed).and(table::due_at.ge(since)))
        .order((table::due_at.desc(), table::id))
        .select(Duty::as_select())
        .load(db)?;
    missed
        .into_iter()
        .map(|duty| {
            let (renovation, case) = renovation::of(db, CaseId(duty.subject_id))?;
            Ok(Miss { duty, number: case.number().to_owned(), home: case.home_id, renovation })
        })
        .collect()
}
