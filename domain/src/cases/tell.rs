//! Who hears of the steps of a complaint or an enquiry. The event's key carries the case's version, so that a step is
//! told once however often it is tried. Nobody is told what they have just done themselves.

use serde_json::{Value, json};

use super::{Case, Kind};
use crate::access::Actor;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, PersonId, Result};

/// Tells members of staff; at any hour, as they are on duty.
pub(crate) fn staff(
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

/// Tells who said it, and who said the same and was merged into it.
pub(crate) fn reporters(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    code: &'static str,
    more: Value,
) -> Result<()> {
    let mut people = super::reporters(tx, case)?;
    people.retain(|person| actor.person != Some(*person));
    notifications::tell_all(tx, &people, &news(case, code, more), now)
}

/// The news of a step, with what else its text mentions.
pub(crate) fn news(case: &Case, code: &'static str, more: Value) -> Tell {
    let mut args = json!({ "number": case.number(), "category": case.category });
    if let (Value::Object(all), Value::Object(more)) = (&mut args, more) {
        all.extend(more);
    }
    let page = if case.kind == Kind::Complaint { "complaints" } else { "enquiries" };
    Tell {
        community: case.community_id,
        event: format!("case:{}:{}:{code}", case.id, case.version),
        person: PersonId(0),
        code,
        args,
        link: Some(format!("/{page}/{}", case.number())),
        urgency: Urgency::Normal,
    }
}
