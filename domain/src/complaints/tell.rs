//! Who hears of a complaint's steps. The event's key carries the case's version, so that a step is told once
//! however often it is tried. Nobody is told what they have just done themselves.

use serde_json::{Value, json};

use crate::access::Actor;
use crate::cases::{self, Case};
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, PersonId, Result};

/// Tells members of staff; at any hour, as they are on duty.
pub(super) fn staff(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    code: &'static str,
    mut people: Vec<PersonId>,
) -> Result<()> {
    people.sort_unstable();
    people.dedup();
    people.retain(|person| actor.person != Some(*person));
    let news = Tell { urgency: Urgency::Now, ..news(case, code, json!({})) };
    notifications::tell_all(tx, &people, &news, now)
}

/// Tells who complained, and who complained of the same and was merged into it.
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
        link: Some(format!("/complaints/{}", case.number())),
        urgency: Urgency::Normal,
    }
}
