//! Who hears of a repair's steps. The event's key carries the case's version, so that a step is told once
//! however often it is tried.

use serde_json::{Value, json};

use crate::access::Actor;
use crate::cases::{self, Case, Urgency};
use crate::notifications::{self, Tell};
use crate::{Db, Instant, PersonId, Result, categories};

/// Tells members of staff; at any hour, as they are on duty.
pub(super) fn staff(
    tx: &mut Db,
    now: Instant,
    case: &Case,
    code: &'static str,
    people: &[PersonId],
) -> Result<()> {
    let mut news = news(tx, case, code, json!({}))?;
    news.urgency = notifications::Urgency::Now;
    notifications::tell_all(tx, people, &news, now)
}

/// Tells who reported it, and who reported what was merged into it; not who has just done it themselves.
pub(super) fn resident(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    code: &'static str,
    more: Value,
) -> Result<()> {
    let mut people = cases::reporters(tx, case)?;
    people.retain(|person| actor.person != Some(*person));
    let news = news(tx, case, code, more)?;
    notifications::tell_all(tx, &people, &news, now)
}

fn news(db: &mut Db, case: &Case, code: &'static str, more: Value) -> Result<Tell> {
    let category = categories::said(db, case.community_id, &case.category)?;
    let mut args = json!({ "number": case.number(), "category": category });
    if let (Value::Object(all), Value::Object(more)) = (&mut args, more) {
        all.extend(more);
    }
    let emergency = case.urgency == Urgency::Emergency;
    Ok(Tell {
        community: case.community_id,
        event: format!("case:{}:{}:{code}", case.id, case.version),
        person: PersonId(0),
        code,
        args,
        link: Some(format!("/cases/{}", case.number())),
        urgency: if emergency { notifications::Urgency::Now } else { notifications::Urgency::Normal },
    })
}
