//! The rows of return visits: each attempt, answered or not; finishes that still owe one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Timestamp};

use super::{Heard, Outcome};
use crate::db::schema::return_visits;
use crate::duties::Duty;
use crate::{CaseId, CommunityId, Db, DutyId, Instant, PersonId, Result};

/// An attempt as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = return_visits)]
pub struct Attempt {
    /// Its id.
    pub id: i64,
    /// The duty that it was made for.
    pub duty_id: DutyId,
    /// The case.
    pub case_id: CaseId,
    /// Who made it.
    pub person_id: PersonId,
    /// When.
    pub at: Instant,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said.
    pub words: String,
    /// When to call again.
    pub agreed_at: Option<Instant>,
}

pub(super) fn insert(tx: &mut Db, now: Instant, duty: &Duty, by: PersonId, heard: &Heard) -> Result<i64> {
    let row = (
        return_visits::community_id.eq(duty.community_id),
        return_visits::duty_id.eq(duty.id),
        return_visits::case_id.eq(duty.subject_id),
        return_visits::person_id.eq(by),
        return_visits::at.eq(now),
        return_visits::outcome.eq(heard.outcome),
        return_visits::words.eq(heard.words.trim()),
        return_visits::agreed_at.eq(heard.agreed_at),
    );
    Ok(diesel::insert_into(return_visits::table).values(row).returning(return_visits::id).get_result(tx)?)
}

/// The attempts of a duty, the first one first.
pub fn attempts(db: &mut Db, duty: DutyId) -> Result<Vec<Attempt>> {
    Ok(return_visits::table
        .filter(return_visits::duty_id.eq(duty.0))
        .order(return_visits::id)
        .select(Attempt::as_select())
        .load(db)?)
}

/// A finish that owes a return visit and has none.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Owing {
    #[diesel(sql_type = BigInt)]
    pub(super) case_id: CaseId,
    #[diesel(sql_type = Integer)]
    pub(super) number: i32,
    #[diesel(sql_type = Timestamp)]
    pub(super) at: Instant,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) by_id: Option<PersonId>,
}

const OWING: &str = "SELECT f.case_id, f.number, f.at, f.by_id FROM case_finishes f \
    WHERE f.community_id = $1 AND f.exempt IS NULL AND NOT EXISTS (SELECT 1 FROM duties d \
    WHERE d.community_id = f.community_id AND d.kind = 'return_visit' AND d.subject_kind = 'case' \
    AND d.subject_id = f.case_id AND d.occurrence = CAST(f.number AS TEXT))";

/// Every finish of a community that owes one.
pub(super) fn owing(db: &mut Db, community: CommunityId) -> Result<Vec<Owing>> {
    let sql = format!("{OWING} ORDER BY f.case_id, f.number LIMIT 500");
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?)
}

/// A finish, if it still owes one.
pub(super) fn owing_of(
    db: &mut Db,
    community: CommunityId,
    case: CaseId,
    number: i32,
) -> Result<Option<Owing>> {
    let sql = format!("{OWING} AND f.case_id = $2 AND f.number = $3");
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(case.0)
        .bind::<Integer, _>(number)
        .get_result(db)
        .optional()?)
}
