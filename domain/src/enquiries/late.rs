//! Who hears of an enquiry that is late.

use serde_json::json;

use crate::access::Role;
use crate::cases::Case;
use crate::cases::tell::news;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, Result, on_duty, rectifications};

/// Tells of an enquiry that was not answered in time: who answers for it, and the supervisors. Both clocks
/// run out at once and are told of once.
pub(crate) fn late(
    tx: &mut Db,
    case: &Case,
    (clock, round): (&'static str, i32),
    now: Instant,
) -> Result<()> {
    if clock != "resolve" {
        return Ok(());
    }
    let mut people = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
    people.extend(case.accountable_id);
    people.sort_unstable();
    people.dedup();
    let event = format!("breach:{}:{clock}:{round}", case.id);
    let news = Tell { event, urgency: Urgency::Now, ..news(case, "enquiry.late", json!({})) };
    notifications::tell_all(tx, &people, &news, now)?;
    let owed_by = match case.accountable_id {
        Some(owes) => Some(owes),
        None => on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?,
    };
    owed_by.map_or(Ok(()), |owes| rectifications::issue(tx, case, (clock, round), owes, now))
}
