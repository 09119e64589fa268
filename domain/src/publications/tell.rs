//! Everybody who lives here or owns here is told of a publication, in batches by the worker; managers of the duty.

use diesel::prelude::*;
use serde_json::json;

use super::records::{self, State};
use crate::db::schema::{occupancies, publications};
use crate::duties::Duty;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, PersonId, PublicationId, Result, community};

/// The kind of the job that tells.
pub const JOB: &str = "publication";
/// How many are told in one transaction.
const BATCH: i64 = 500;

/// Tells the next of those who have not been told. Returns whether somebody was.
pub fn tell_next(tx: &mut Db, id: PublicationId, now: Instant) -> Result<bool> {
    crate::db::lock(tx, "publications", id.0)?;
    let found = records::by_id(tx, id)?;
    if found.state != State::Published {
        return Ok(false);
    }
    let today = community::by_id(tx, found.community_id)?.today(now)?;
    let people: Vec<PersonId> = occupancies::table
        .filter(
            occupancies::community_id
                .eq(found.community_id.0)
                .and(occupancies::person_id.gt(found.told_upto.0)),
        )
        .filter(occupancies::starts_on.le(today))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(today)))
        .select(occupancies::person_id)
        .distinct()
        .order(occupancies::person_id)
        .limit(BATCH)
        .load(tx)?;
    let Some(last) = people.last().copied() else { return Ok(false) };
    let tells: Vec<Tell> = people
        .into_iter()
        .map(|person| Tell {
            community: found.community_id,
            event: format!("publication:{id}:{person}"),
            person,
            code: "publication.published",
            args: json!({ "from": found.first_day.to_string(), "to": found.last_day.to_string() }),
            link: Some(format!("/publications/{id}")),
            urgency: Urgency::Normal,
        })
        .collect();
    notifications::tell_each(tx, &tells, now)?;
    diesel::update(publications::table.find(id.0)).set(publications::told_upto.eq(last)).execute(tx)?;
    Ok(true)
}

/// What managers are told of a duty to publish.
pub(super) fn of_duty(duty: &Duty, code: &'static str) -> Tell {
    Tell {
        community: duty.community_id,
        event: format!("{code}:{}", duty.id),
        person: duty.owner_id,
        code,
        args: json!({ "from": duty.occurrence }),
        link: Some("/publications".to_owned()),
        urgency: Urgency::Normal,
    }
}
