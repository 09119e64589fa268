//! Duties 任务: the other half of the work, which nobody asks for and everybody is owed. One model for
//! return visits, inspections, checks, first visits: what, which occurrence, who, from when to when, and
//! what became of it (domain.md §3). A duty is never deleted; a missed one stays missed when done later.

mod figures;
mod records;

pub use figures::{Compliance, compliance};
pub use records::{Duty, Filter};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::db::schema::duties;
use crate::error::Conflict;
use crate::{CommunityId, Db, DutyId, Error, Instant, PersonId, Result};

crate::words! {
    /// What is owed.
    Kind {
        /// 回访
        ReturnVisit = "return_visit",
        /// 装修巡查
        RenovationInspection = "renovation_inspection",
        /// 空置房检查
        VacancyCheck = "vacancy_check",
        /// 日综合巡视
        DayRound = "day_round",
        /// 首次走访
        FirstVisit = "first_visit",
        /// A promised follow-up.
        FollowUp = "follow_up",
        /// The decision of a review.
        ReviewDecision = "review_decision",
        /// A report to the authority.
        AuthorityReport = "authority_report",
        /// 复核
        SecondAcceptance = "second_acceptance",
        /// The supervisor's look at the service.
        ServiceCheck = "service_check",
        /// 投诉周评审
        ComplaintReview = "complaint_review",
        /// 收支公示
        Publication = "publication",
    }
}

crate::words! {
    /// What became of a duty.
    State {
        /// Owed.
        Open = "open",
        /// Done in time.
        Done = "done",
        /// Done after its time.
        DoneLate = "done_late",
        /// Its time passed and it was no longer to be done.
        Missed = "missed",
        /// Tried as often as the rule asks, nobody was reached.
        Unreachable = "unreachable",
        /// No longer owed, by a named rule or by a person with a reason.
        Cancelled = "cancelled",
    }
}

crate::words! {
    /// What a duty is about.
    SubjectKind {
        /// A case: a repair, a move-in, a renovation.
        Case = "case",
        /// A home.
        Home = "home",
        /// A person: a steward, a supervisor.
        Person = "person",
        /// The community as a whole.
        Community = "community",
    }
}

/// A duty to be raised.
#[derive(Debug, Clone)]
pub struct NewDuty {
    /// Where.
    pub community: CommunityId,
    /// What.
    pub kind: Kind,
    /// About what.
    pub subject: (SubjectKind, i64),
    /// Which occurrence: a date, a week, a finish number.
    pub occurrence: String,
    /// By which rule, with its version: `return_visit.v1`.
    pub rule: &'static str,
    /// Who owes it.
    pub owner: PersonId,
    /// From when it can be done.
    pub not_before: Instant,
    /// When it is tried next.
    pub next_at: Instant,
    /// When it has to be done.
    pub due_at: Instant,
}

#[derive(QueryableByName)]
struct Raised {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Raises a duty. Raising the same occurrence again raises nothing and returns none.
pub fn raise(tx: &mut Db, now: Instant, new: &NewDuty) -> Result<Option<DutyId>> {
    let sql = "INSERT INTO duties (community_id, kind, subject_kind, subject_id, occurrence, rule, owner_id, \
               not_before, next_at, due_at, state, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11) \
               ON CONFLICT (community_id, kind, subject_kind, subject_id, occurrence) DO NOTHING RETURNING id";
    let row: Option<Raised> = diesel::sql_query(sql)
        .bind::<BigInt, _>(new.community.0)
        .bind::<Text, _>(new.kind.as_str())
        .bind::<Text, _>(new.subject.0.as_str())
        .bind::<BigInt, _>(new.subject.1)
        .bind::<Text, _>(&new.occurrence)
        .bind::<Text, _>(new.rule)
        .bind::<BigInt, _>(new.owner.0)
        .bind::<Timestamp, _>(new.not_before)
        .bind::<Timestamp, _>(new.next_at)
        .bind::<Timestamp, _>(new.due_at)
        .bind::<Timestamp, _>(now)
        .get_result(tx)
        .optional()?;
    Ok(row.map(|row| DutyId(row.id)))
}

/// The duty of an id.
pub fn by_id(db: &mut Db, id: DutyId) -> Result<Duty> {
    Ok(duties::table.find(id.0).select(Duty::as_select()).first(db)?)
}

/// The record that fulfilled a duty: its kind and id.
pub type Record = (&'static str, i64);

/// Fulfils a duty at `at`: done, or done late when its time had passed. A missed one stays missed and
/// keeps the record of what was done later.
///
/// # Errors
/// [`Error::Conflict`] where it is no longer open or missed.
pub fn fulfil(tx: &mut Db, duty: &Duty, at: Instant, record: Record) -> Result<()> {
    let state = match duty.state {
        State::Open if at <= duty.due_at => State::Done,
        State::Open => State::DoneLate,
        State::Missed if duty.record_id.is_none() => State::Missed,
        _ => return Err(moved(duty)),
    };
    let finished_at = duty.finished_at.unwrap_or(at);
    let set = (
        duties::state.eq(state),
        duties::finished_at.eq(finished_at),
        duties::record_kind.eq(record.0),
        duties::record_id.eq(record.1),
    );
    let row = duties::table.filter(duties::id.eq(duty.id).and(duties::state.eq(duty.state)));
    let changed = diesel::update(row).set(set).execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(moved(&by_id(tx, duty.id)?)) }
}

/// Ends an open duty without fulfilment: missed or unreachable.
///
/// # Errors
/// [`Error::Conflict`] where it is no longer open.
pub fn end(tx: &mut Db, duty: &Duty, now: Instant, state: State) -> Result<()> {
    let missed = (state == State::Missed).then_some(now);
    let set = (duties::state.eq(state), duties::finished_at.eq(now), duties::missed_at.eq(missed));
    let row = duties::table.filter(duties::id.eq(duty.id).and(duties::state.eq(State::Open)));
    let changed = diesel::update(row).set(set).execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(moved(&by_id(tx, duty.id)?)) }
}

/// Counts an attempt and says when the next one is.
pub fn attempted(tx: &mut Db, duty: &Duty, counted: bool, next_at: Instant) -> Result<()> {
    let attempts = duty.attempts + i32::from(counted);
    let row = duties::table.filter(duties::id.eq(duty.id).and(duties::state.eq(State::Open)));
    let set = (duties::attempts.eq(attempts), duties::next_at.eq(next_at));
    let changed = diesel::update(row).set(set).execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(moved(&by_id(tx, duty.id)?)) }
}

/// Takes an open duty out by a named rule: the site was closed, the case reopened, the household left.
/// It is not counted as due, and the figure shows how many.
pub fn cancel_by_rule(
    tx: &mut Db,
    kind: Kind,
    subject: (SubjectKind, i64),
    rule: &'static str,
    now: Instant,
) -> Result<usize> {
    let open = duties::table
        .filter(duties::kind.eq(kind).and(duties::state.eq(State::Open)))
        .filter(duties::subject_kind.eq(subject.0).and(duties::subject_id.eq(subject.1)));
    let set = (duties::state.eq(State::Cancelled), duties::finished_at.eq(now), duties::cancel_rule.eq(rule));
    Ok(diesel::update(open).set(set).execute(tx)?)
}

/// The same for one duty.
pub fn cancel_one_by_rule(tx: &mut Db, duty: DutyId, rule: &'static str, now: Instant) -> Result<()> {
    let open = duties::table.filter(duties::id.eq(duty.0).and(duties::state.eq(State::Open)));
    let set = (duties::state.eq(State::Cancelled), duties::finished_at.eq(now), duties::cancel_rule.eq(rule));
    diesel::update(open).set(set).execute(tx)?;
    Ok(())
}

/// The duty of an occurrence, whatever became of it.
pub fn of_occurrence(
    db: &mut Db,
    kind: Kind,
    subject: (SubjectKind, i64),
    occurrence: &str,
) -> Result<Option<Duty>> {
    Ok(duties::table
        .filter(duties::kind.eq(kind).and(duties::occurrence.eq(occurrence)))
        .filter(duties::subject_kind.eq(subject.0).and(duties::subject_id.eq(subject.1)))
        .select(Duty::as_select())
        .first(db)
        .optional()?)
}

/// Takes an open duty out by a person's word. It stays in the count of what was due.
pub fn cancel_by_person(tx: &mut Db, duty: &Duty, now: Instant, by: PersonId, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let set = (
        duties::state.eq(State::Cancelled),
        duties::finished_at.eq(now),
        duties::cancelled_by.eq(by),
        duties::cancel_reason.eq(reason.trim()),
    );
    let row = duties::table.filter(duties::id.eq(duty.id).and(duties::state.eq(State::Open)));
    let changed = diesel::update(row).set(set).execute(tx)?;
    if changed == 1 { Ok(()) } else { Err(moved(&by_id(tx, duty.id)?)) }
}

/// Gives an open duty to somebody else.
pub fn hand_over(tx: &mut Db, duty: &Duty, owner: PersonId) -> Result<()> {
    let row = duties::table.filter(duties::id.eq(duty.id).and(duties::state.eq(State::Open)));
    diesel::update(row).set(duties::owner_id.eq(owner)).execute(tx)?;
    Ok(())
}

/// Closes out the open duties of a kind whose time has passed as missed; returns them.
pub fn miss_overdue(tx: &mut Db, community: CommunityId, kind: Kind, now: Instant) -> Result<Vec<Duty>> {
    let late: Vec<Duty> = duties::table
        .filter(duties::community_id.eq(community.0).and(duties::kind.eq(kind)))
        .filter(duties::state.eq(State::Open).and(duties::due_at.lt(now)))
        .order(duties::id)
        .select(Duty::as_select())
        .load(tx)?;
    late.iter().try_for_each(|duty| end(tx, duty, now, State::Missed))?;
    Ok(late)
}

/// The open duty of a kind about a subject, if there is one.
pub fn open_of(db: &mut Db, kind: Kind, subject: (SubjectKind, i64)) -> Result<Option<Duty>> {
    Ok(duties::table
        .filter(duties::kind.eq(kind).and(duties::state.eq(State::Open)))
        .filter(duties::subject_kind.eq(subject.0).and(duties::subject_id.eq(subject.1)))
        .order(duties::id)
        .select(Duty::as_select())
        .first(db)
        .optional()?)
}

/// The duties of a community, by what they are due, as a filter lets through.
pub fn list(db: &mut Db, community: CommunityId, filter: &Filter, limit: i64) -> Result<Vec<Duty>> {
    records::list(db, community, filter, limit)
}

/// The error that tells who comes too late what the duty is now.
pub fn moved(duty: &Duty) -> Error {
    Error::Conflict(Conflict { what: "duty", state: duty.state.to_string(), version: duty.attempts })
}
