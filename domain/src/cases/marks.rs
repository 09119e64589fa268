//! What a step leaves on the case's own row besides its state: who answers for it, its clocks, how often
//! it was done. A capability calls these after [`advance`](super::advance) has won the case's version.

use diesel::prelude::*;

use super::Case;
use crate::db::schema::{case_finishes, cases};
use crate::{CaseId, Db, Instant, PersonId, Result};

/// Gives the case somebody who answers for it (接单人).
pub fn answer_for(tx: &mut Db, case: CaseId, who: Option<PersonId>) -> Result<()> {
    diesel::update(cases::table.find(case.0)).set(cases::accountable_id.eq(who)).execute(tx)?;
    Ok(())
}

/// Ends the first clock: somebody is at it. A second time changes nothing.
pub fn responded(tx: &mut Db, case: CaseId, now: Instant) -> Result<()> {
    let row = cases::table.filter(cases::id.eq(case.0).and(cases::responded_at.is_null()));
    diesel::update(row).set(cases::responded_at.eq(now)).execute(tx)?;
    Ok(())
}

/// Stops the clock: the case waits for something that we don't owe.
pub fn pause(tx: &mut Db, case: CaseId, now: Instant) -> Result<()> {
    diesel::update(cases::table.find(case.0)).set(cases::paused_at.eq(now)).execute(tx)?;
    Ok(())
}

/// Lets the clock run again, up to a later instant.
pub fn resume(tx: &mut Db, case: CaseId, resolve_by: Option<Instant>) -> Result<()> {
    let set = (cases::paused_at.eq(None::<Instant>), cases::resolve_by.eq(resolve_by));
    diesel::update(cases::table.find(case.0)).set(set).execute(tx)?;
    Ok(())
}

/// Ends both clocks of what is answered and needs no finish. A second time changes nothing.
pub fn answered(tx: &mut Db, case: CaseId, now: Instant) -> Result<()> {
    responded(tx, case, now)?;
    let row = cases::table.filter(cases::id.eq(case.0).and(cases::resolved_at.is_null()));
    diesel::update(row).set(cases::resolved_at.eq(now)).execute(tx)?;
    Ok(())
}

/// What was done, each time a case is done.
#[derive(Debug, Clone)]
pub struct Finish {
    /// Who did it; they never make its return visit.
    pub by: Option<PersonId>,
    /// What was done.
    pub work: String,
    /// What the cause was.
    pub cause: String,
    /// How long it took.
    pub minutes: i32,
    /// Why nobody can be asked whether it is really done: `no_contact`.
    pub exempt: Option<&'static str>,
}

/// Ends the second clock and counts the finish; returns its number.
pub fn finish(tx: &mut Db, case: &Case, now: Instant, done: &Finish) -> Result<i32> {
    let number = case.finish_number + 1;
    let set = (
        cases::finish_number.eq(number),
        cases::resolved_at.eq(now),
        cases::responded_at.eq(case.responded_at.or(Some(now))),
    );
    diesel::update(cases::table.find(case.id.0)).set(set).execute(tx)?;
    let row = (
        case_finishes::case_id.eq(case.id),
        case_finishes::number.eq(number),
        case_finishes::community_id.eq(case.community_id),
        case_finishes::at.eq(now),
        case_finishes::by_id.eq(done.by),
        case_finishes::work.eq(&done.work),
        case_finishes::cause.eq(&done.cause),
        case_finishes::minutes.eq(done.minutes),
        case_finishes::exempt.eq(done.exempt),
    );
    diesel::insert_into(case_finishes::table).values(row).execute(tx)?;
    Ok(number)
}

/// A finish as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_finishes)]
pub struct Finished {
    /// The case.
    pub case_id: CaseId,
    /// Which finish, from 1.
    pub number: i32,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by_id: Option<PersonId>,
    /// What was done.
    pub work: String,
    /// What the cause was.
    pub cause: String,
    /// How long it took.
    pub minutes: i32,
    /// Why nobody can be asked.
    pub exempt: Option<String>,
}

/// The finishes of a case, the first one first.
pub fn finishes(db: &mut Db, case: CaseId) -> Result<Vec<Finished>> {
    let rows = case_finishes::table
        .filter(case_finishes::case_id.eq(case.0))
        .order(case_finishes::number)
        .select(Finished::as_select());
    Ok(rows.load(db)?)
}

/// Ends the case.
pub fn close(tx: &mut Db, case: CaseId, now: Instant) -> Result<()> {
    diesel::update(cases::table.find(case.0)).set(cases::closed_at.eq(now)).execute(tx)?;
    Ok(())
}

/// Takes an ending back: the case goes on with the clocks that it had.
pub fn go_on(tx: &mut Db, case: CaseId) -> Result<()> {
    let row = cases::table.find(case.0);
    diesel::update(row).set(cases::closed_at.eq(None::<Instant>)).execute(tx)?;
    Ok(())
}

/// Opens a case again, with new clocks; what was recorded of the old ones stays.
pub fn reopen(tx: &mut Db, case: &Case, (respond_by, resolve_by): (Instant, Instant)) -> Result<()> {
    let none = None::<Instant>;
    let set = (
        cases::round.eq(case.round + 1),
        cases::respond_by.eq(respond_by),
        cases::responded_at.eq(none),
        cases::resolve_by.eq(resolve_by),
        cases::resolved_at.eq(none),
        cases::paused_at.eq(none),
        cases::closed_at.eq(none),
    );
    diesel::update(cases::table.find(case.id.0)).set(set).execute(tx)?;
    Ok(())
}

/// Ends a case for good in another, with everything that was merged into it before.
pub fn merge(tx: &mut Db, case: CaseId, into: CaseId, now: Instant) -> Result<()> {
    let set = (cases::merged_into.eq(into), cases::closed_at.eq(now));
    diesel::update(cases::table.find(case.0)).set(set).execute(tx)?;
    let earlier = cases::table.filter(cases::merged_into.eq(case.0));
    diesel::update(earlier).set(cases::merged_into.eq(into)).execute(tx)?;
    Ok(())
}
