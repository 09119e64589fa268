//! A complaint's clock that ran out: the supervisors hear of the first, the managers of the second, and who
//! owes the step gets a rectification notice 整改通知 that has to be answered (domain.md §3, §7).

use serde_json::json;

use super::records;
use super::rules::State;
use crate::access::Role;
use crate::cases::Case;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, PersonId, Result, on_duty, rectifications};

/// Tells of a clock of a complaint that ran out, as it stood then, and issues the notice.
pub(crate) fn late(
    tx: &mut Db,
    case: &Case,
    (clock, round): (&'static str, i32),
    now: Instant,
) -> Result<()> {
    let mut people = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
    if clock == "resolve" {
        people.extend(on_duty::holders(tx, case.community_id, Role::Manager, now)?);
    }
    let news = Tell {
        community: case.community_id,
        event: format!("breach:{}:{clock}:{round}", case.id),
        person: PersonId(0),
        code: if clock == "resolve" { "complaint.resolve_late" } else { "complaint.respond_late" },
        args: json!({ "number": case.number(), "category": case.category }),
        link: Some(format!("/complaints/{}", case.number())),
        urgency: Urgency::Now,
    };
    notifications::tell_all(tx, &people, &news, now)?;
    let owes = match owes(tx, case, now)? {
        Some(owes) => Some(owes),
        None => on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?,
    };
    match owes {
        Some(owes) => rectifications::issue(tx, case, (clock, round), owes, now),
        None => Ok(()),
    }
}

/// Who owes the next step: the department while it has the complaint, the supervisor who has to judge or to
/// approve, else who answers for it. Never whom it is about.
fn owes(db: &mut Db, case: &Case, now: Instant) -> Result<Option<PersonId>> {
    let row = records::of_case(db, case.id)?;
    let about: Vec<PersonId> = row.about_id.into_iter().collect();
    let role = match case.state.parse() {
        Ok(State::Registered) => Role::Supervisor,
        Ok(State::Proposed) => {
            let promises = records::options(db, &row)?.iter().any(|option| option.money.0 > 0);
            if promises { Role::Manager } else { Role::Supervisor }
        }
        Ok(State::Founded | State::Investigating | State::Approved | State::CarryingOut) => {
            return Ok(row.responsible_id.or(case.accountable_id));
        }
        _ => return Ok(case.accountable_id),
    };
    match on_duty::least_busy(db, case.community_id, role, now, &about)? {
        Some(person) => Ok(Some(person)),
        None => Ok(case.accountable_id),
    }
}
