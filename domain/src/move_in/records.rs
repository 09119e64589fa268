//! What is a move-in's own: who moves in and on what terms.

use diesel::prelude::*;
use serde::Serialize;

use super::rules::{Kind, State};
use crate::cases::Case;
use crate::db::schema::{cases, homes, move_in_handovers, move_in_readings, move_ins};
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
    Ok(move_ins::table
        .inner_join(cases::table.on(cases::id.eq(move_ins::case_id)))
        .filter(cases::state.eq(State::Draft.as_str()).and(cases::reporter_id.eq(person.0)))
        .order(move_ins::case_id.desc())
        .select((MoveIn::as_select(), Case::as_select()))
        .load(db)?)
}

/// What is known of the handover: when, the keys, the readings in thousandths.
#[derive(Debug, Clone, Serialize)]
pub struct Handed {
    /// The day.
    pub day: LocalDate,
    /// What was given.
    pub keys: String,
    /// Whether the home's fees began with it.
    pub started_fees: bool,
    /// Meter and reading.
    pub readings: Vec<(String, i64)>,
}

/// The handover of a move-in, once it was made.
pub fn handed(db: &mut Db, case: CaseId) -> Result<Option<Handed>> {
    let row: Option<(LocalDate, String, bool)> = move_in_handovers::table
        .find(case.0)
        .select((move_in_handovers::day, move_in_handovers::keys_given, move_in_handovers::started_fees))
        .first(db)
        .optional()?;
    let Some((day, keys, started_fees)) = row else { return Ok(None) };
    let readings = move_in_readings::table
        .filter(move_in_readings::case_id.eq(case.0))
        .order(move_in_readings::meter.desc())
        .select((move_in_readings::meter, move_in_readings::reading))
        .load(db)?;
    Ok(Some(Handed { day, keys, started_fees, readings }))
}

/// What a home is used for.
pub(super) fn use_of(db: &mut Db, home: HomeId) -> Result<String> {
    Ok(homes::table.find(home.0).select(homes::use_kind).first(db)?)
}
