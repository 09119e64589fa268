//! The rows of rectification notices.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamp};

use crate::cases::Case;
use crate::db::schema::rectifications;
use crate::{CaseId, CommunityId, Db, Instant, PersonId, Result};

/// How many notices a list shows.
const MOST: i64 = 200;

/// A notice as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rectifications)]
pub struct Notice {
    /// Its id.
    pub id: i64,
    /// The case whose step was late.
    pub case_id: CaseId,
    /// Which clock ran out: `respond` or `resolve`.
    pub clock: String,
    /// Who owes the step, and the answer.
    pub owed_by: PersonId,
    /// When it was issued.
    pub issued_at: Instant,
    /// By when it has to be answered.
    pub due_at: Instant,
    /// When it was.
    pub answered_at: Option<Instant>,
    /// Why the step was late.
    pub reason: String,
    /// What is done so that it is not again.
    pub measures: String,
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

pub(super) fn insert(
    tx: &mut Db,
    case: &Case,
    (clock, round): (&str, i32),
    owed_by: PersonId,
    (now, due_at): (Instant, Instant),
) -> Result<Option<i64>> {
    let sql = "INSERT INTO rectifications (community_id, case_id, clock, round, owed_by, issued_at, due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (case_id, clock, round) DO NOTHING RETURNING id";
    let made: Option<Made> = diesel::sql_query(sql)
        .bind::<BigInt, _>(case.community_id.0)
        .bind::<BigInt, _>(case.id.0)
        .bind::<Text, _>(clock)
        .bind::<Integer, _>(round)
        .bind::<BigInt, _>(owed_by.0)
        .bind::<Timestamp, _>(now)
        .bind::<Timestamp, _>(due_at)
        .get_result(tx)
        .optional()?;
    Ok(made.map(|row| row.id))
}

pub(super) fn by_id(db: &mut Db, community: CommunityId, id: i64) -> Result<Notice> {
    let here = rectifications::table.find(id).filter(rectifications::community_id.eq(community.0));
    Ok(here.select(Notice::as_select()).first(db)?)
}

pub(super) fn list(db: &mut Db, community: CommunityId, of: Option<PersonId>) -> Result<Vec<Notice>> {
    let mut query = rectifications::table.filter(rectifications::community_id.eq(community.0)).into_boxed();
    if let Some(person) = of {
        query = query.filter(rectifications::owed_by.eq(person.0));
    }
    let mut found: Vec<Notice> =
        query.order(rectifications::id.desc()).limit(MOST).select(Notice::as_select()).load(db)?;
    found.sort_by_key(|notice| notice.answered_at.is_some());
    Ok(found)
}

/// The notices of a case, oldest first.
pub fn of_case(db: &mut Db, case: CaseId) -> Result<Vec<Notice>> {
    Ok(rectifications::table
        .filter(rectifications::case_id.eq(case.0))
        .order(rectifications::id)
        .select(Notice::as_select())
        .load(db)?)
}

/// The notices that should have been answered by `now`.
pub(super) fn unanswered(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<Notice>> {
    Ok(rectifications::table
        .filter(rectifications::community_id.eq(community.0))
        .filter(rectifications::answered_at.is_null().and(rectifications::due_at.lt(now)))
        .order(rectifications::id)
        .select(Notice::as_select())
        .load(db)?)
}

/// Keeps the answer, unless there is one; says whether it did.
pub(super) fn answer(
    tx: &mut Db,
    id: i64,
    by: PersonId,
    (reason, measures): (&str, &str),
    now: Instant,
) -> Result<bool> {
    let open =
        rectifications::table.filter(rectifications::id.eq(id).and(rectifications::answered_at.is_null()));
    let set = (
        rectifications::answered_at.eq(now),
        rectifications::answered_by.eq(by),
        rectifications::reason.eq(reason),
        rectifications::measures.eq(measures),
    );
    Ok(diesel::update(open).set(set).execute(tx)? == 1)
}
