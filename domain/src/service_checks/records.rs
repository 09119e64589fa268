//! The rows of looks, and what the portal shows at one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::KINDS;
use crate::cases;
use crate::db::schema::{cases as case_table, duties, rectifications, service_checks};
use crate::duties::{Duty, Kind, State};
use crate::{CommunityId, Db, DutyId, Error, Instant, LocalDate, PersonId, Result};

/// How many looks a list shows.
const MOST: i64 = 60;

/// What the portal shows at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// Running cases with a clock that has run out.
    pub late: i64,
    /// Rectification notices that wait for an answer.
    pub notices: i64,
    /// Return visits whose time has passed.
    pub visits: i64,
    /// Complaints that have no answer yet.
    pub complaints: i64,
}

/// What was recorded of a look.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = service_checks)]
pub struct Look {
    /// Its id.
    pub id: i64,
    /// Who took it.
    pub person_id: PersonId,
    /// When.
    pub at: Instant,
    late: i64,
    notices: i64,
    visits: i64,
    complaints: i64,
    /// What was found.
    pub found: String,
    /// What is arranged.
    pub arranged: String,
}

impl Look {
    /// What the portal showed then.
    pub fn seen(&self) -> Seen {
        let Self { late, notices, visits, complaints, .. } = *self;
        Seen { late, notices, visits, complaints }
    }
}

/// A look that is owed, with what was recorded of it.
#[derive(Debug, Clone)]
pub struct Check {
    /// The duty.
    pub duty: Duty,
    /// What was recorded, once it was.
    pub look: Option<Look>,
}

/// What the portal shows now.
pub fn seen(db: &mut Db, community: CommunityId, now: Instant) -> Result<Seen> {
    let running = || {
        case_table::table
            .filter(case_table::community_id.eq(community.0).and(case_table::submitted_at.is_not_null()))
            .filter(case_table::closed_at.is_null().and(case_table::resolved_at.is_null()))
    };
    let no_answer = case_table::responded_at.is_null().and(case_table::respond_by.lt(now).assume_not_null());
    let not_done = case_table::resolve_by.lt(now).assume_not_null();
    let late = running().filter(case_table::paused_at.is_null()).filter(no_answer.or(not_done));
    let notices = rectifications::table
        .filter(rectifications::community_id.eq(community.0).and(rectifications::answered_at.is_null()));
    let visits = duties::table
        .filter(duties::community_id.eq(community.0).and(duties::kind.eq(Kind::ReturnVisit)))
        .filter(duties::state.eq(State::Open).and(duties::due_at.lt(now)));
    Ok(Seen {
        late: late.count().get_result(db)?,
        notices: notices.count().get_result(db)?,
        visits: visits.count().get_result(db)?,
        complaints: running().filter(case_table::kind.eq(cases::Kind::Complaint)).count().get_result(db)?,
    })
}

/// The day of the newest look of a kind.
pub(super) fn last_raised(db: &mut Db, community: CommunityId, kind: Kind) -> Result<Option<LocalDate>> {
    let of_kind = duties::table.filter(duties::community_id.eq(community.0).and(duties::kind.eq(kind)));
    day(of_kind.select(diesel::dsl::max(duties::occurrence)).first(db)?)
}

/// The day of the first look of a kind.
pub(super) fn first_raised(db: &mut Db, community: CommunityId, kind: Kind) -> Result<Option<LocalDate>> {
    let of_kind = duties::table.filter(duties::community_id.eq(community.0).and(duties::kind.eq(kind)));
    day(of_kind.select(diesel::dsl::min(duties::occurrence)).first(db)?)
}

fn day(text: Option<String>) -> Result<Option<LocalDate>> {
    text.map(|text| text.parse().map_err(Error::internal)).transpose()
}

pub(super) fn list(db: &mut Db, community: CommunityId) -> Result<Vec<Check>> {
    let rows: Vec<(Duty, Option<Look>)> = duties::table
        .left_join(service_checks::table.on(service_checks::duty_id.eq(duties::id)))
        .filter(duties::community_id.eq(community.0).and(duties::kind.eq_any(KINDS)))
        .order((duties::not_before.desc(), duties::id.desc()))
        .limit(MOST)
        .select((Duty::as_select(), Option::<Look>::as_select()))
        .load(db)?;
    Ok(rows.into_iter().map(|(duty, look)| Check { duty, look }).collect())
}

pub(super) fn of_duty(db: &mut Db, duty: DutyId) -> Result<Option<Look>> {
    let of_it = service_checks::table.filter(service_checks::duty_id.eq(duty.0));
    Ok(of_it.select(Look::as_select()).first(db).optional()?)
}

pub(super) fn insert(
    tx: &mut Db,
    (duty, by): (&Duty, PersonId),
    (seen, found, arranged): (&Seen, &str, &str),
    now: Instant,
) -> Result<i64> {
    let row = (
        service_checks::community_id.eq(duty.community_id),
        service_checks::duty_id.eq(duty.id),
        service_checks::person_id.eq(by),
        service_checks::at.eq(now),
        service_checks::late.eq(seen.late),
        service_checks::notices.eq(seen.notices),
        service_checks::visits.eq(seen.visits),
        service_checks::complaints.eq(seen.complaints),
        service_checks::found.eq(found),
        service_checks::arranged.eq(arranged),
    );
    Ok(diesel::insert_into(service_checks::table).values(row).returning(service_checks::id).get_result(tx)?)
}

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Looks that count as done without a record of their own, and records of what is no look: a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let sql = "SELECT 'duty ' || d.id || ': done without a record' AS what FROM duties d \
               WHERE d.community_id = $1 AND d.kind IN ('service_check', 'complaint_review') \
               AND d.state IN ('done', 'done_late') \
               AND NOT EXISTS (SELECT 1 FROM service_checks s WHERE s.id = d.record_id AND s.duty_id = d.id) \
               UNION ALL SELECT 'look ' || s.id || ': its duty is none, or does not know it' AS what \
               FROM service_checks s JOIN duties d ON d.id = s.duty_id WHERE s.community_id = $1 \
               AND (d.kind NOT IN ('service_check', 'complaint_review') OR d.record_id IS NULL OR d.record_id <> s.id)";
    let rows: Vec<Fault> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(rows.into_iter().map(|fault| fault.what).collect())
}
