//! The rows of repairs.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};

use super::State;
use crate::cases::{Case, Kind};
use crate::categories::group_of;
use crate::db::schema::{accounts, cases, homes, people, repairs};
use crate::{CaseId, CommunityId, Db, HomeId, Instant, LocalDate, PersonId, Result};

crate::words! {
    /// The part of a day in which a resident would rather be called.
    DayPart {
        /// 09:00 to 12:00.
        Morning = "morning",
        /// 14:00 to 17:00.
        Afternoon = "afternoon",
        /// 17:00 to 20:00.
        Evening = "evening",
    }
}

/// What is a repair's own, beside its case.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = repairs)]
pub struct Repair {
    /// The case.
    pub case_id: CaseId,
    /// Who has it, or did it last.
    pub technician_id: Option<PersonId>,
    /// When it was given to them.
    pub dispatched_at: Option<Instant>,
    /// When somebody is at home, in words.
    pub available: String,
    /// When to call about it.
    pub call_part: Option<DayPart>,
    /// The resident's rating, 1 to 5.
    pub rating: Option<i32>,
    /// A word with it.
    pub rating_word: String,
}

/// What is a repair's own.
pub fn of_case(db: &mut Db, case: CaseId) -> Result<Repair> {
    Ok(repairs::table.find(case.0).select(Repair::as_select()).first(db)?)
}

pub(super) fn insert(tx: &mut Db, case: &Case, available: &str, call_part: Option<DayPart>) -> Result<()> {
    let row = (
        repairs::case_id.eq(case.id),
        repairs::community_id.eq(case.community_id),
        repairs::available.eq(available),
        repairs::call_part.eq(call_part),
    );
    diesel::insert_into(repairs::table).values(row).execute(tx)?;
    Ok(())
}

/// Gives a repair to a technician, or takes it from them.
pub(super) fn give(
    tx: &mut Db,
    case: CaseId,
    technician: Option<PersonId>,
    at: Option<Instant>,
) -> Result<()> {
    let set = (repairs::technician_id.eq(technician), repairs::dispatched_at.eq(at));
    diesel::update(repairs::table.find(case.0)).set(set).execute(tx)?;
    Ok(())
}

pub(super) fn rate(tx: &mut Db, case: CaseId, score: i32, word: &str) -> Result<()> {
    let set = (repairs::rating.eq(score), repairs::rating_word.eq(word));
    diesel::update(repairs::table.find(case.0)).set(set).execute(tx)?;
    Ok(())
}

/// The repairs that were given to somebody before `before` and not answered.
pub(super) fn unanswered(db: &mut Db, community: CommunityId, before: Instant) -> Result<Vec<Case>> {
    Ok(cases::table
        .inner_join(repairs::table.on(repairs::case_id.eq(cases::id)))
        .filter(cases::community_id.eq(community.0).and(cases::state.eq(State::Dispatched.as_str())))
        .filter(repairs::dispatched_at.le(before).assume_not_null())
        .order(cases::id)
        .select(Case::as_select())
        .load(db)?)
}

/// The repairs that have been waiting for the resident since before `before`.
pub(super) fn waiting_since(db: &mut Db, community: CommunityId, before: Instant) -> Result<Vec<Case>> {
    Ok(cases::table
        .filter(cases::community_id.eq(community.0).and(cases::state.eq(State::WaitingResident.as_str())))
        .filter(cases::paused_at.le(before))
        .order(cases::id)
        .select(Case::as_select())
        .load(db)?)
}

/// The running repairs of a category's group in the building of a home, or in public places; newest first.
pub(super) fn similar(
    db: &mut Db,
    community: CommunityId,
    home: Option<HomeId>,
    category: &str,
) -> Result<Vec<Case>> {
    let mut query = cases::table
        .left_join(homes::table.on(homes::id.nullable().eq(cases::home_id)))
        .filter(cases::community_id.eq(community.0).and(cases::kind.eq(Kind::Repair)))
        .filter(cases::closed_at.is_null().and(cases::state.ne(State::Done.as_str())))
        .filter(cases::submitted_at.is_not_null())
        .filter(cases::category.like(format!("{}.%", group_of(category))))
        .into_boxed();
    query = match home {
        Some(home) => {
            let building: i64 = homes::table.find(home.0).select(homes::building_id).first(db)?;
            query.filter(homes::building_id.eq(building).assume_not_null())
        }
        None => query.filter(cases::home_id.is_null()),
    };
    let mut found: Vec<Case> = query.order(cases::id.desc()).limit(50).select(Case::as_select()).load(db)?;
    // `_` in a code is any letter to the database.
    found.retain(|case| group_of(&case.category) == group_of(category));
    found.truncate(5);
    Ok(found)
}

/// A technician as the dispatch board shows them.
#[derive(Debug, Clone, QueryableByName)]
pub struct Load {
    /// Who.
    #[diesel(sql_type = BigInt)]
    pub person: PersonId,
    /// Their name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Their skills, as the register has them.
    #[diesel(sql_type = Text)]
    pub skills: String,
    /// Orders that they have now.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// When they were last given one.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub last_at: Option<Instant>,
}

/// The technicians who work here on a day, with their load; never one whose account is disabled.
pub(super) fn loads(db: &mut Db, community: CommunityId, day: LocalDate) -> Result<Vec<Load>> {
    let sql = "SELECT p.id AS person, p.name AS name, COALESCE(s.skills, '') AS skills, \
               (SELECT count(*) FROM repairs r JOIN cases c ON c.id = r.case_id WHERE r.technician_id = p.id \
                AND c.state IN ('dispatched', 'taken', 'on_site', 'waiting_parts', 'waiting_resident')) AS open, \
               (SELECT max(e.at) FROM case_events e JOIN repairs r ON r.case_id = e.case_id \
                WHERE r.technician_id = p.id AND e.action IN ('dispatch', 'hand_over', 'take')) AS last_at \
               FROM people p LEFT JOIN staff s ON s.person_id = p.id \
               WHERE EXISTS (SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.community_id = $1 \
                AND g.role = 'technician' AND g.starts_on <= $2 AND (g.ends_on IS NULL OR g.ends_on >= $3)) \
               AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.person_id = p.id AND a.disabled_at IS NOT NULL) \
               ORDER BY p.id";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .load(db)?)
}

/// Whether somebody's account is disabled: they have left.
pub(super) fn is_disabled(db: &mut Db, person: PersonId) -> Result<bool> {
    let found: i64 = accounts::table
        .filter(accounts::person_id.eq(person.0).and(accounts::disabled_at.is_not_null()))
        .count()
        .get_result(db)?;
    Ok(found > 0)
}

/// Who has which running repair.
pub(super) fn held(db: &mut Db, community: CommunityId) -> Result<BTreeMap<CaseId, PersonId>> {
    let states: Vec<&str> =
        State::ALL.iter().filter(|state| state.is_with_technician()).map(|state| state.as_str()).collect();
    let rows: Vec<(CaseId, Option<PersonId>)> = cases::table
        .inner_join(repairs::table.on(repairs::case_id.eq(cases::id)))
        .filter(cases::community_id.eq(community.0).and(cases::state.eq_any(states)))
        .filter(cases::kind.eq(Kind::Repair))
        .select((cases::id, repairs::technician_id))
        .load(db)?;
    Ok(rows.into_iter().filter_map(|(case, person)| Some((case, person?))).collect())
}

/// What is held by who is no technician here on a day, or whose account is disabled; with their names.
pub(super) fn held_by_left(
    db: &mut Db,
    community: CommunityId,
    day: LocalDate,
) -> Result<Vec<(Case, String)>> {
    let there: Vec<PersonId> = loads(db, community, day)?.iter().map(|load| load.person).collect();
    let held = held(db, community)?;
    let mut left = Vec::new();
    for (case, person) in held.into_iter().filter(|(_, person)| !there.contains(person)) {
        let name: String = people::table.find(person.0).select(people::name).first(db)?;
        left.push((crate::cases::by_id(db, case)?, name));
    }
    Ok(left)
}
