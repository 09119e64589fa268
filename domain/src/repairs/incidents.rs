//! Incidents 突发事件: five hundred people report one burst pipe. The desk makes one incident of their reports
//! in one act: all but one are merged into that one, everybody is told once, in the desk's words, and told
//! again, with the name of their home, when it is over. Who reports the same later is added to it.

use diesel::prelude::*;
use serde_json::json;

use super::rules::{State, TABLE};
use super::{act, records};
use crate::access::{Action, Actor, Object, allow};
use crate::cases::{self, Case, Kind, Step, table};
use crate::categories::group_of;
use crate::db::schema::{cases as case_rows, homes, incidents};
use crate::error::FieldError;
use crate::notifications::{self, Tell, Urgency};
use crate::{CaseId, CommunityId, Db, Error, HomeId, IncidentId, Instant, Result};

/// An incident as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The repair that covers it.
    pub case_id: CaseId,
    /// What everybody was told.
    pub notice: String,
    /// Since when.
    pub opened_at: Instant,
    /// When it was over.
    pub ended_at: Option<Instant>,
}

/// Reports that may be one thing: of one group of categories, in one building or in public places.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The group of categories.
    pub group: String,
    /// The building's code; none for public places.
    pub building: Option<String>,
    /// What somebody is at already and these may repeat: an emergency, or an incident that runs.
    pub known: Option<Case>,
    /// What the reporters of that were told, where it is an incident.
    pub notice: Option<String>,
    /// The reports, the oldest first.
    pub cases: Vec<Case>,
}

/// Running reports that nobody is at yet, where at least two may be one thing, or one may repeat what somebody is
/// at; the largest first.
///
/// # Errors
/// Not allowed to who does not dispatch.
pub fn clusters(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Cluster>> {
    allow(db, actor, now, Action::DispatchWork, Object::Community(community))?;
    let mut all: Vec<Cluster> = Vec::new();
    for (case, building) in located(db, community, &MERGES)? {
        let group = group_of(&case.category).to_owned();
        match all.iter_mut().find(|one| one.group == group && one.building == building) {
            Some(one) => one.cases.push(case),
            None => all.push(Cluster { group, building, known: None, notice: None, cases: vec![case] }),
        }
    }
    for (case, building) in located(db, community, &IN_HAND)? {
        let incident = running(db, case.id)?;
        if case.urgency != cases::Urgency::Emergency && incident.is_none() {
            continue;
        }
        let same = |one: &&mut Cluster| one.group == group_of(&case.category) && one.building == building;
        if let Some(one) = all.iter_mut().find(same).filter(|one| one.known.is_none()) {
            one.notice = incident.map(|incident| incident.notice);
            one.known = Some(case);
        }
    }
    all.retain(|one| one.cases.len() > 1 || one.known.is_some());
    all.sort_by_key(|one| std::cmp::Reverse(one.cases.len()));
    Ok(all)
}

/// The running repairs in some states, the oldest first, with the codes of their buildings.
fn located(db: &mut Db, community: CommunityId, states: &[State]) -> Result<Vec<(Case, Option<String>)>> {
    use crate::db::schema::buildings;
    Ok(case_rows::table
        .left_join(homes::table.on(homes::id.nullable().eq(case_rows::home_id)))
        .left_join(buildings::table.on(buildings::id.nullable().eq(homes::building_id.nullable())))
        .filter(case_rows::community_id.eq(community.0).and(case_rows::kind.eq(Kind::Repair)))
        .filter(case_rows::state.eq_any(states.iter().map(|state| state.as_str())))
        .filter(case_rows::closed_at.is_null())
        .order(case_rows::id)
        .select((Case::as_select(), buildings::code.nullable()))
        .load(db)?)
}

/// In these somebody is at it.
const IN_HAND: [State; 4] = [State::Taken, State::OnSite, State::WaitingParts, State::WaitingResident];

/// From these a report is merged; one that was only sent out is called back first.
const MERGES: [State; 3] = [State::Reported, State::Accepted, State::Dispatched];

/// The incidents of a community, what runs first, then the newest.
pub fn incidents_of(db: &mut Db, community: CommunityId) -> Result<Vec<(Incident, Case)>> {
    let mut all: Vec<(Incident, Case)> = incidents::table
        .inner_join(case_rows::table.on(case_rows::id.eq(incidents::case_id)))
        .filter(incidents::community_id.eq(community.0))
        .order(incidents::id.desc())
        .limit(50)
        .select((Incident::as_select(), Case::as_select()))
        .load(db)?;
    all.sort_by_key(|(incident, case)| incident.ended_at.is_some() || case.closed_at.is_some());
    Ok(all)
}

/// How many reports a repair covers, its own with them.
pub fn reports_in(db: &mut Db, case: CaseId) -> Result<i64> {
    let merged: i64 = case_rows::table.filter(case_rows::merged_into.eq(case.0)).count().get_result(db)?;
    Ok(merged + 1)
}

/// Makes one incident of many reports, or adds reports to one that runs. `into` survives; the others are merged
/// into it, and everybody who reported any of them is told once, in the words of `notice`.
///
/// # Errors
/// The field `notice` where nothing is to be said, `cases` where there are none or one of them is somebody's
/// work by now, `into` where it is none that runs.
pub fn make_incident(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (into, numbers, notice): (&str, &[String], &str),
) -> Result<Case> {
    allow(tx, actor, now, Action::DispatchWork, Object::Community(community))?;
    let notice = notice.trim();
    if notice.is_empty() {
        return Err(Error::field("notice", "required"));
    }
    if notice.chars().count() > 500 {
        return Err(Error::Invalid(vec![FieldError::new("notice", "too_long").with("most", 500)]));
    }
    let survivor = cases::read(tx, actor, now, community, into.trim())
        .map_err(|_| Error::field("into", "unknown_case"))?;
    if act::state(&survivor).map_err(|_| Error::field("into", "unknown_case"))?.is_over() {
        return Err(Error::field("into", "unknown_case"));
    }
    let others: Vec<&String> = numbers.iter().filter(|number| number.as_str() != survivor.number()).collect();
    if others.is_empty() && running(tx, survivor.id)?.is_none() {
        return Err(Error::field("cases", "nothing_chosen"));
    }
    let incident = open(tx, actor, now, &survivor, notice)?;
    for number in others {
        let case = merge(tx, actor, now, community, (number, &survivor))?;
        tell_opened(tx, now, &incident, (&case, &survivor))?;
    }
    tell_opened(tx, now, &incident, (&survivor, &survivor))?;
    cases::note(tx, actor, now, &survivor, notice, true)?;
    cases::by_id(tx, survivor.id)
}

/// The incident that a repair covers, if it runs.
pub(super) fn running(db: &mut Db, case: CaseId) -> Result<Option<Incident>> {
    Ok(incidents::table
        .filter(incidents::case_id.eq(case.0).and(incidents::ended_at.is_null()))
        .select(Incident::as_select())
        .first(db)
        .optional()?)
}

fn open(tx: &mut Db, actor: &Actor, now: Instant, survivor: &Case, notice: &str) -> Result<Incident> {
    let there = incidents::table.filter(incidents::case_id.eq(survivor.id.0));
    let again = (incidents::notice.eq(notice), incidents::ended_at.eq(None::<Instant>));
    if diesel::update(there).set(again).execute(tx)? == 0 {
        let row = (
            incidents::community_id.eq(survivor.community_id),
            incidents::case_id.eq(survivor.id),
            incidents::notice.eq(notice),
            incidents::opened_at.eq(now),
            incidents::opened_by.eq(actor.person),
        );
        diesel::insert_into(incidents::table).values(row).execute(tx)?;
    }
    running(tx, survivor.id)?.ok_or(Error::NotFound)
}

/// One report ends in the one that survives; who was only sent out for it is called back.
fn merge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (number, survivor): (&str, &Case),
) -> Result<Case> {
    let taken = || Error::Invalid(vec![FieldError::new("cases", "in_hand").with("number", number)]);
    let mut case = cases::read(tx, actor, now, community, number)?;
    let state = act::state(&case).map_err(|_| taken())?;
    if !MERGES.contains(&state) {
        return Err(taken());
    }
    if state == State::Dispatched {
        let back = Step::to("time_out", State::Accepted.as_str()).internal();
        case = cases::advance(tx, &Actor::system("incident"), now, &case, &back)?;
        records::give(tx, case.id, None, None)?;
    }
    let row = table::find(TABLE, act::state(&case)?, "merge", |_| true)?;
    let step = Step::to("merge", row.to.as_str()).note(survivor.number());
    let case = cases::advance(tx, actor, now, &case, &step)?;
    cases::merge(tx, case.id, survivor.id, now)?;
    follow(tx, case.id, survivor.id)?;
    Ok(case)
}

/// The incident that a merged repair covered is covered by the one that survives.
pub(super) fn follow(tx: &mut Db, from: CaseId, to: CaseId) -> Result<()> {
    if running(tx, to)?.is_none() {
        let there = incidents::table.filter(incidents::case_id.eq(from.0));
        diesel::update(there).set(incidents::case_id.eq(to)).execute(tx)?;
    }
    Ok(())
}

fn tell_opened(
    tx: &mut Db,
    now: Instant,
    incident: &Incident,
    (case, survivor): (&Case, &Case),
) -> Result<()> {
    tell(
        tx,
        now,
        (case, survivor),
        (format!("incident:{}", incident.id), "incident.opened", &incident.notice),
    )
}

/// Tells everybody who reported it that it is over, or called off, each with the name of their home; true where it
/// was an incident that ran.
pub(super) fn end(
    tx: &mut Db,
    now: Instant,
    survivor: &Case,
    (code, said): (&'static str, &str),
) -> Result<bool> {
    let Some(incident) = running(tx, survivor.id)? else { return Ok(false) };
    diesel::update(incidents::table.find(incident.id.0)).set(incidents::ended_at.eq(now)).execute(tx)?;
    let merged: Vec<Case> = case_rows::table
        .filter(case_rows::merged_into.eq(survivor.id.0))
        .order(case_rows::id)
        .select(Case::as_select())
        .load(tx)?;
    let event = format!("incident_over:{}:{}", incident.id, survivor.version);
    for case in std::iter::once(survivor).chain(&merged) {
        tell(tx, now, (case, survivor), (event.clone(), code, said))?;
    }
    Ok(true)
}

/// One message to who reported a case: once for an event, however often they reported it.
fn tell(
    tx: &mut Db,
    now: Instant,
    (case, survivor): (&Case, &Case),
    (event, code, text): (String, &'static str, &str),
) -> Result<()> {
    let Some(person) = case.reporter_id else { return Ok(()) };
    let place = place_of(tx, case)?;
    let category = crate::categories::said(tx, case.community_id, &survivor.category)?;
    let news = Tell {
        community: case.community_id,
        event,
        person,
        code,
        args: json!({ "number": case.number(), "into": survivor.number(), "category": category, "place": place, "text": text }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &news, now)
}

/// The name of the home, or the public place.
fn place_of(db: &mut Db, case: &Case) -> Result<String> {
    let code = |home: HomeId| cases::home_code(db, home);
    match case.home_id.map(code).transpose()? {
        Some(code) => Ok(code),
        None => Ok(case.place.clone().unwrap_or_default()),
    }
}
