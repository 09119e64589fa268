//! What time allows: how long a repair can be withdrawn, reopened, and when it may be closed as *no access*.

use chrono::TimeDelta;

use super::rules::State;
use crate::cases::Case;
use crate::{Db, Error, Instant, Result, settings};

/// A technician who was sent may be on the way: then only what was reported within ten minutes is withdrawn.
pub(super) fn may_cancel_now(case: &Case, now: Instant) -> bool {
    let fresh = case.submitted_at.is_some_and(|at| now.since(at) <= TimeDelta::minutes(10));
    case.state != State::Dispatched.as_str() || fresh
}

/// Refuses a reopening too long after the closing.
pub(super) fn check_reopening(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let Some(closed) = case.closed_at else { return Ok(()) };
    let days = settings::get(db, case.community_id, settings::REOPEN_DAYS)?;
    if now.since(closed) <= TimeDelta::days(days) {
        return Ok(());
    }
    Err(Error::refused("repair.reopen_time", vec![("days", days.to_string())]))
}

/// Refuses to close as *no access* what has not waited long enough.
pub(super) fn check_access(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let days = settings::get(db, case.community_id, settings::NO_ACCESS_DAYS)?;
    let waited = case.paused_at.is_some_and(|at| now.since(at) >= TimeDelta::days(days));
    if waited {
        Ok(())
    } else {
        Err(Error::refused("repair.no_access_time", vec![("days", days.to_string())]))
    }
}
