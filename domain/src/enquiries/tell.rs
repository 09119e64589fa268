//! Who hears of an enquiry's steps. Nobody is told what they have just done themselves.

use serde_json::{Value, json};

use crate::access::{Actor, Role};
use crate::cases::{self, Case};
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, PersonId, Result, on_duty, rectifications};

/// Tells members of staff; at any hour, as they are on duty.
pub(super) fn staff(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    code: &'static str,
    mut people: Vec<PersonId>,
) -> Result<()> {
    people.retain(|person| actor.person != Some(*person));
    let news = Tell { urgency: Urgency::Now, ..news(case, code, json!({})) };
    notifications::tell_all(tx, &people, &news, now)
}

/// Tells who asked.
pub(super) fn reporters(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    code: &'static str,
    more: Value,
) -> Result<()> {
    let mut people = cases::reporters(tx, case)?;
    people.retain(|person| actor.person != Some(*person));
    notifications::tell_all(tx, &people, &news(case, code, more), now)
}

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

fn news(case: &Case, code: &'static str, more: Value) -> Tell {
    let mut args = json!({ "number": case.number(), "category": case.category });
    if let (Value::Object(all), Value::Object(more)) = (&mut args, more) {
        all.extend(more);
    }
    Tell {
        community: case.community_id,
        event: format!("case:{}:{}:{code}", case.id, case.version),
        person: PersonId(0),
        code,
        args,
        link: Some(format!("/enquiries/{}", case.number())),
        urgency: Urgency::Normal,
    }
}
