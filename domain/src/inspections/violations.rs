//! Violations: opened by a failed item, ended only by a later inspection that finds it mended, with a photo.

use diesel::prelude::*;

use super::records::{self, Inspection, Violation, open_violations};
use super::rules::{self, Severity};
use super::{NewInspection, NewItem};
use crate::access::Actor;
use crate::access::Role;
use crate::cases::Case;
use crate::db::schema::violations;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Error, Instant, PersonId, Result, on_duty, renovation, settings};

/// Refuses a look that calls something mended and shows no photo of it.
///
/// # Errors
/// On the field `attachments`.
pub(super) fn seen(db: &mut Db, new: &NewInspection) -> Result<()> {
    let open = open_violations(db, new.case)?;
    let found = |one: &Violation| Ok((one.item.clone(), records::by_id(db, one.opened_by)?.made_at));
    let found = open.iter().map(found).collect::<Result<Vec<_>>>()?;
    if rules::mends_unseen(found.iter().map(|(item, at)| (item.as_str(), *at)), new) {
        return Err(Error::field("attachments", "mended_needs_photo"));
    }
    Ok(())
}

/// What an inspection does to the violations of its site.
pub(super) fn follow(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (case, made): (&Case, &Inspection),
    new: &NewInspection,
) -> Result<()> {
    let open = open_violations(tx, case.id)?;
    let mut severe = Vec::new();
    for item in &new.items {
        let known = open.iter().find(|violation| violation.item == item.item.trim());
        match (item.ok, known) {
            (true, Some(violation)) => mend(tx, violation, made)?,
            (true, None) => {}
            (false, known) => {
                if fail(tx, (case, made), item, known)? == Severity::Severe {
                    severe.push(item.item.trim());
                }
            }
        }
    }
    if severe.is_empty() {
        return Ok(());
    }
    renovation::stop_for(tx, actor, now, case, &severe.join("、"))?;
    tell_severe(tx, (case, made), &severe, now)
}

/// Ends a violation, where the look was later than the one that found it; [`seen`] has asked for the photo.
fn mend(tx: &mut Db, violation: &Violation, made: &Inspection) -> Result<()> {
    let found_at = records::by_id(tx, violation.opened_by)?.made_at;
    if made.made_at > found_at {
        let row = violations::table.find(violation.id);
        diesel::update(row).set(violations::mended_by.eq(made.id)).execute(tx)?;
    }
    Ok(())
}

/// Opens a violation, or makes a known one severe; says how bad it is.
fn fail(
    tx: &mut Db,
    (case, made): (&Case, &Inspection),
    item: &NewItem,
    known: Option<&Violation>,
) -> Result<Severity> {
    let severity = rules::severity(item.item.trim(), item.severity);
    if let Some(violation) = known {
        if severity == Severity::Severe && !violation.is_severe() {
            let row = violations::table.find(violation.id);
            diesel::update(row).set(violations::severity.eq(severity)).execute(tx)?;
        }
        return Ok(severity);
    }
    let days = settings::get(tx, case.community_id, settings::VIOLATION_DAYS)?;
    let deadline = (severity == Severity::Minor).then(|| rules::deadline(made.day, item.deadline, days));
    let row = (
        violations::community_id.eq(case.community_id),
        violations::case_id.eq(case.id),
        violations::item.eq(item.item.trim()),
        violations::severity.eq(severity),
        violations::note.eq(item.note.trim()),
        violations::deadline.eq(deadline),
        violations::opened_by.eq(made.id),
    );
    diesel::insert_into(violations::table).values(row).execute(tx)?;
    Ok(severity)
}

fn tell_severe(tx: &mut Db, (case, made): (&Case, &Inspection), items: &[&str], now: Instant) -> Result<()> {
    let mut people = on_duty::supervisors_on(tx, case.community_id, made.day)?;
    people.extend(on_duty::holders_on(tx, case.community_id, Role::Officer, made.day)?);
    let tell = Tell {
        community: case.community_id,
        event: format!("renovation.severe:{}", made.id),
        person: PersonId(0),
        code: "renovation.severe",
        args: serde_json::json!({ "number": case.number(), "items": items }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: Urgency::Now,
    };
    notifications::tell_all(tx, &people, &tell, now)
}
