//! What the table cannot say of a step: who approves money, how long a choice or a withdrawal can be taken
//! back, how long after its closing a complaint is opened again.

use chrono::TimeDelta;

use super::act::Asker;
use super::records::{self, Complaint};
use crate::access::Role;
use crate::cases::{Case, Who};
use crate::{Db, Error, Instant, Result, settings};

/// What a resident agrees to can be changed for so long (domain.md §11).
const UNDO: TimeDelta = TimeDelta::minutes(10);

/// Refuses a step that its moment, or the plan's money, does not allow.
pub(super) fn check(
    db: &mut Db,
    asker: &Asker<'_>,
    now: Instant,
    (case, row): (&Case, &Complaint),
    action: &str,
) -> Result<()> {
    match action {
        "approve" | "send_back" => approves(db, asker, row),
        "carry_out" => chosen(db, now, case, row),
        "undo" => within(case.closed_at, now),
        "reopen" => reopens(db, case, now),
        _ => Ok(()),
    }
}

/// The supervisor approves; where money is promised, the manager does.
fn approves(db: &mut Db, asker: &Asker<'_>, row: &Complaint) -> Result<()> {
    let promises = records::options(db, row)?.iter().any(|option| option.money.0 > 0);
    let who = if promises { Role::Manager } else { Role::Supervisor };
    if asker.may(&[Who::Role(who)]) { Ok(()) } else { Err(Error::NotAllowed) }
}

/// Of several options one has been chosen, and who complained has had their ten minutes to choose again.
fn chosen(db: &mut Db, now: Instant, case: &Case, row: &Complaint) -> Result<()> {
    let several = records::options(db, row)?.len() > 1;
    if several && row.chosen.is_none() {
        return Err(Error::refused("complaint.not_chosen", vec![]));
    }
    let theirs = row.chosen_by.is_some() && row.chosen_by == case.reporter_id;
    if theirs && row.chosen_at.is_some_and(|at| now.since(at) < UNDO) {
        return Err(Error::refused("complaint.choice_fresh", vec![]));
    }
    Ok(())
}

fn within(since: Option<Instant>, now: Instant) -> Result<()> {
    if since.is_some_and(|at| now.since(at) <= UNDO) {
        return Ok(());
    }
    Err(Error::refused("complaint.undo_time", vec![]))
}

fn reopens(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let Some(closed) = case.closed_at else { return Ok(()) };
    let days = settings::get(db, case.community_id, settings::REOPEN_DAYS)?;
    if now.since(closed) <= TimeDelta::days(days) {
        return Ok(());
    }
    Err(Error::refused("complaint.reopen_time", vec![("days", days.to_string())]))
}
