//! What is a move-in's own: who moves in and on what terms.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;

use super::rules::{Kind, State};
use crate::cases::Case;
use crate::db::directly;
use crate::db::schema::{
    cases, homes, move_in_defects, move_in_handovers, move_in_readings, move_ins, occupancies,
};
use crate::duties::{self, SubjectKind};
use crate::{CaseId, CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, PersonId, Result};

/// A move-in's row.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = move_ins)]
pub struct MoveIn {
    /// The case.
    pub case_id: CaseId,
    /// As what.
    pub kind: Option<Kind>,
    /// Who moves in, where they are known.
    pub person_id: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// Their phone.
    pub phone: Option<String>,
    /// Their mail.
    pub email: Option<String>,
    /// The last four of their identity number.
    pub id_last4: Option<String>,
    /// The lease's first day.
    pub lease_from: Option<LocalDate>,
    /// The lease's last day.
    pub lease_to: Option<LocalDate>,
    /// Whether the lease makes them the payer.
    pub pays: bool,
    /// When they would like the keys.
    pub wished_on: Option<LocalDate>,
    /// What the desk asked to be put right.
    pub remarks: String,
    /// When it was sent back last.
    pub returned_at: Option<Instant>,
    /// How often it was sent back.
    pub returns: i32,
    /// When it was approved.
    pub approved_at: Option<Instant>,
    /// When it was handed over.
    pub handed_over_at: Option<Instant>,
    /// The household that began or was joined.
    pub household_id: Option<HouseholdId>,
}

/// A move-in with its case.
pub type Application = (MoveIn, Case);

/// The move-in of a case.
pub fn of(db: &mut Db, case: CaseId) -> Result<Application> {
    Ok(move_ins::table
        .inner_join(cases::table.on(cases::id.eq(move_ins::case_id)))
        .filter(move_ins::case_id.eq(case.0))
        .select((MoveIn::as_select(), Case::as_select()))
        .first(db)?)
}

/// The move-ins of a community in any of these states, oldest first.
pub fn in_states(db: &mut Db, community: CommunityId, states: &[State]) -> Result<Vec<Application>> {
    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    Ok(move_ins::table
        .inner_join(cases::table.on(cases::id.eq(move_ins::case_id)))
        .filter(move_ins::community_id.eq(community.0).and(cases::state.eq_any(words)))
        .order(move_ins::case_id)
        .select((MoveIn::as_select(), Case::as_select()))
        .load(db)?)
}

/// The move-ins of a home.
pub fn of_home(db: &mut Db, home: HomeId) -> Result<Vec<Application>> {
    Ok(move_ins::table
        .inner_join(cases::table.on(cases::id.eq(move_ins::case_id)))
        .filter(cases::home_id.eq(home.0))
        .order(move_ins::case_id)
        .select((MoveIn::as_select(), Case::as_select()))
        .load(db)?)
}

/// The drafts that a person began, newest first.
pub fn drafts(db: &mut Db, person: PersonId) -> Result<Vec<Application>> {
    let drafts = move_ins::table
        .inner_join(cases::table.on(cases::id.eq(move_ins::case_id)))
        .filter(cases::state.eq(State::Draft.as_str()).and(cases::reporter_id.eq(person.0)))
        .order(move_ins::case_id.desc());
    Ok(directly!(db, db => drafts.select((MoveIn::as_select(), Case::as_select())).load(db))?)
}

/// When each of these cases came into the state that it is in.
pub fn since(db: &mut Db, cases: &[CaseId]) -> Result<BTreeMap<CaseId, Instant>> {
    use crate::db::schema::case_events;
    let ids: Vec<i64> = cases.iter().map(|id| id.0).collect();
    let rows: Vec<(CaseId, Instant)> = case_events::table
        .filter(case_events::case_id.eq_any(ids))
        .order(case_events::id)
        .select((case_events::case_id, case_events::at))
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// What is known of the handover: when and by whom, the keys, the readings in thousandths, what is to be mended.
#[derive(Debug, Clone, Serialize)]
pub struct Handed {
    /// The day.
    pub day: LocalDate,
    /// Who handed over.
    pub by: PersonId,
    /// What was given.
    pub keys: String,
    /// Whether the home's fees began with it.
    pub started_fees: bool,
    /// Meter and reading.
    pub readings: Vec<(String, i64)>,
    /// Defects with their repairs.
    pub defects: Vec<Mended>,
}

/// A defect that was seen at the handover, and the repair that it opened.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct Mended {
    /// Its category, as of a repair.
    pub category: String,
    /// What is wrong.
    pub text: String,
    /// The number of its repair.
    pub repair: Option<String>,
}

/// The handover of a move-in, once it was made.
pub fn handed(db: &mut Db, case: CaseId) -> Result<Option<Handed>> {
    use move_in_handovers as rows;
    let row: Option<(LocalDate, PersonId, String, bool)> = rows::table
        .find(case.0)
        .select((rows::day, rows::by_id, rows::keys_given, rows::started_fees))
        .first(db)
        .optional()?;
    let Some((day, by, keys, started_fees)) = row else { return Ok(None) };
    let readings = move_in_readings::table
        .filter(move_in_readings::case_id.eq(case.0))
        .order(move_in_readings::meter.desc())
        .select((move_in_readings::meter, move_in_readings::reading))
        .load(db)?;
    let defects = move_in_defects::table
        .left_join(cases::table.on(cases::id.nullable().eq(move_in_defects::repair_id)))
        .filter(move_in_defects::case_id.eq(case.0))
        .order(move_in_defects::position)
        .select((move_in_defects::category, move_in_defects::text, cases::number.nullable()))
        .load(db)?;
    Ok(Some(Handed { day, by, keys, started_fees, readings, defects }))
}

/// What began with the handover: the tie to the home, its fees, the first visit.
#[derive(Debug, Clone, Serialize)]
pub struct Begun {
    /// The first day of the occupancy.
    pub starts_on: LocalDate,
    /// Its last day, where it has one.
    pub ends_on: Option<LocalDate>,
    /// Whether they pay the fees.
    pub pays: bool,
    /// From when the home's fees run.
    pub fees_from: Option<LocalDate>,
    /// When the steward's first visit is due.
    pub visit_due: Option<Instant>,
    /// Whether it was made.
    pub visited: bool,
}

/// What began with the handover of a move-in, once it was made.
pub fn begun(db: &mut Db, case: CaseId) -> Result<Option<Begun>> {
    let tie: Option<(LocalDate, Option<LocalDate>, bool, Option<LocalDate>)> = move_ins::table
        .inner_join(occupancies::table.on(occupancies::id.nullable().eq(move_ins::occupancy_id)))
        .inner_join(homes::table.on(homes::id.eq(occupancies::home_id)))
        .filter(move_ins::case_id.eq(case.0))
        .select((occupancies::starts_on, occupancies::ends_on, occupancies::pays, homes::delivered_on))
        .first(db)
        .optional()?;
    let Some((starts_on, ends_on, pays, fees_from)) = tie else { return Ok(None) };
    let visit = duties::of_occurrence(db, duties::Kind::FirstVisit, (SubjectKind::Case, case.0), "1")?;
    let visited = visit.as_ref().is_some_and(|duty| duty.record_id.is_some());
    Ok(Some(Begun { starts_on, ends_on, pays, fees_from, visit_due: visit.map(|duty| duty.due_at), visited }))
}

/// What a home is used for.
pub(super) fn use_of(db: &mut Db, home: HomeId) -> Result<String> {
    Ok(homes::table.find(home.0).select(homes::use_kind).first(db)?)
}
