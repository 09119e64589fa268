//! An emergency that repeats a known one: of the same category, in the same building or public place, within the
//! hour, while a technician has the first. It accepts itself and is on nobody's way: five hundred calls about one
//! power cut must not send out five hundred orders (domain.md §6). Whoever answers for the first and the technician
//! who has it are told where it was reported again, the desk finds it proposed as one incident, and its own clock
//! runs on, so that one that is something else after all is late for all to see within a quarter of an hour.
//! Where each report may be a life of its own, each goes out.

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::rules::State;
use super::{incidents, records, tell};
use crate::access::Actor;
use crate::cases::{self, Case, Kind, Step, Urgency};
use crate::categories::{self, Shipped};
use crate::db::schema::{cases as case_rows, homes};
use crate::notifications::{self, Tell};
use crate::{Db, HomeId, Instant, PersonId, Result, on_duty};

/// How long after the first a report repeats it; of an incident that runs, as long as it runs.
const WITHIN: TimeDelta = TimeDelta::minutes(60);
/// The same people hear of more reports this often.
const TOLD_EVERY: i64 = 5 * 60 * 1_000_000;
/// Somebody may be trapped, or breathe gas, behind each of these.
const EACH_GOES: [Shipped; 2] = [Shipped::LiftStuck, Shipped::GasSmell];
/// A technician has it.
const WITH_TECHNICIAN: [State; 4] = [State::Dispatched, State::Taken, State::OnSite, State::WaitingParts];

/// The emergency that a new one repeats.
pub(super) fn known(db: &mut Db, case: &Case, now: Instant) -> Result<Option<Case>> {
    if EACH_GOES.iter().any(|one| one.as_str() == case.category) {
        return Ok(None);
    }
    let earlier = case_rows::table
        .left_join(homes::table.on(homes::id.nullable().eq(case_rows::home_id)))
        .filter(case_rows::community_id.eq(case.community_id.0).and(case_rows::kind.eq(Kind::Repair)))
        .filter(case_rows::category.eq(&case.category).and(case_rows::id.ne(case.id.0)))
        .filter(case_rows::urgency.eq(Urgency::Emergency).and(case_rows::closed_at.is_null()))
        .filter(case_rows::state.eq_any(WITH_TECHNICIAN.map(State::as_str)))
        .into_boxed();
    let there = match case.home_id {
        Some(home) => earlier.filter(homes::building_id.eq(building(db, home)?).assume_not_null()),
        None => earlier
            .filter(case_rows::home_id.is_null().and(case_rows::place.eq(&case.place).assume_not_null())),
    };
    let found: Vec<Case> = there.order(case_rows::id).select(Case::as_select()).load(db)?;
    for one in found {
        let is_recent = one.submitted_at.is_some_and(|at| now.since(at) <= WITHIN);
        if is_recent || incidents::running(db, one.id)?.is_some() {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

fn building(db: &mut Db, home: HomeId) -> Result<i64> {
    Ok(homes::table.find(home.0).select(homes::building_id).first(db)?)
}

/// Accepts a repeated report for whoever answers for the first, and says who hears of it.
pub(super) fn stands_by(tx: &mut Db, now: Instant, case: &Case, known: &Case) -> Result<Case> {
    let portal = Actor::system("emergency");
    let owner = match known.accountable_id {
        Some(owner) => Some(owner),
        None => on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?,
    };
    let step = Step::to("accept", State::Accepted.as_str());
    let case = cases::advance(tx, &portal, now, case, &step)?;
    cases::answer_for(tx, case.id, owner)?;
    cases::note(tx, &portal, now, &case, &format!("= {}", known.number()), false)?;
    let technician = records::of_case(tx, known.id)?.technician_id;
    told(tx, now, (&case, known), (owner, "/incidents".to_owned()))?;
    told(tx, now, (&case, known), (technician, format!("/cases/{}", known.number())))?;
    tell::resident(tx, &portal, now, &case, "repair.known", json!({}))?;
    cases::by_id(tx, case.id)
}

fn told(
    tx: &mut Db,
    now: Instant,
    (case, known): (&Case, &Case),
    (person, link): (Option<PersonId>, String),
) -> Result<()> {
    let Some(person) = person else { return Ok(()) };
    let place = match case.home_id {
        Some(home) => cases::home_code(tx, home)?,
        None => case.place.clone().unwrap_or_default(),
    };
    let category = categories::said(tx, case.community_id, &case.category)?;
    let news = Tell {
        community: case.community_id,
        event: format!("repeats:{}:{}", known.id, now.micros() / TOLD_EVERY),
        person,
        code: "repair.repeated",
        args: json!({ "number": known.number(), "category": category, "place": place }),
        link: Some(link),
        urgency: notifications::Urgency::Now,
    };
    notifications::tell(tx, &news, now)
}
