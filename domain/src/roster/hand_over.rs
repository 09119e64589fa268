//! An owner off duty is replaced: by the substitute named in the roster, else by the colleague of the post with
//! the fewest, else by the supervisor (domain.md §3). Looked at each morning, and when a leave is approved.

use diesel::prelude::*;
use serde_json::json;

use super::records::{self, Roster};
use crate::cases;
use crate::db::schema::duties as table;
use crate::duties::{self, Duty, Kind, State, SubjectKind};
use crate::notifications::{self, Tell, Urgency};
use crate::{CaseId, CommunityId, Db, Instant, PersonId, Result, community, complaints, on_duty};

/// What somebody does for a home of their area or a person of it waits for them and is not handed over.
const PERSONAL: &[Kind] = &[Kind::FollowUp];

/// Hands over the open duties that are to be done today by who is off duty today; says how many. Who comes back
/// keeps what is theirs again from the next duty on.
pub fn hand_over(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let place = community::by_id(tx, community)?;
    let (zone, today) = (place.zone()?, place.today(now)?);
    let roster = Roster::load(tx, community, (today, today), None)?;
    let tomorrow = zone.start_of(today + chrono::Days::new(1));
    let due: Vec<Duty> = table::table
        .filter(table::community_id.eq(community.0).and(table::state.eq(State::Open)))
        .filter(table::next_at.lt(tomorrow).and(table::kind.ne_all(PERSONAL)))
        .order(table::id)
        .select(Duty::as_select())
        .load(tx)?;
    let mut handed = 0;
    for duty in due.iter().filter(|duty| roster.off(duty.owner_id, today).is_some()) {
        handed += usize::from(give(tx, duty, now)?);
    }
    Ok(handed)
}

fn give(tx: &mut Db, duty: &Duty, now: Instant) -> Result<bool> {
    let never = never(tx, duty)?;
    let Some(next) = on_duty::stand_in(tx, duty.community_id, duty.owner_id, now, &never)? else {
        return Ok(false);
    };
    duties::hand_over(tx, duty, next)?;
    records::handed_over(tx, (duty.community_id, duty.id), (duty.owner_id, next), now)?;
    let names = crate::audit::names(tx, &[duty.owner_id])?;
    let news = Tell {
        community: duty.community_id,
        event: format!("duty.handed_over:{}:{}", duty.id, now.micros()),
        person: next,
        code: "duty.handed_over",
        args: json!({ "kind": duty.kind, "name": names.get(&duty.owner_id), "number": number(tx, duty)? }),
        link: Some(link(duty)),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &news, now)?;
    Ok(true)
}

/// Who did the work is never the one who asks whether it is well done (§8), nor is whom the complaint is about.
fn never(db: &mut Db, duty: &Duty) -> Result<Vec<PersonId>> {
    if duty.kind != Kind::ReturnVisit {
        return Ok(vec![]);
    }
    let case = CaseId(duty.subject_id);
    let all = cases::finishes(db, case)?;
    let worker = all.iter().find(|one| one.number.to_string() == duty.occurrence).and_then(|one| one.by_id);
    Ok(worker.into_iter().chain(complaints::about(db, case)?).collect())
}

fn number(db: &mut Db, duty: &Duty) -> Result<String> {
    if duty.subject_kind != SubjectKind::Case {
        return Ok(String::new());
    }
    Ok(cases::by_id(db, CaseId(duty.subject_id))?.number().to_owned())
}

fn link(duty: &Duty) -> String {
    let page = match duty.kind {
        Kind::ReturnVisit => "/return-visits",
        Kind::ServiceCheck | Kind::ComplaintReview => "/service-checks",
        Kind::Publication => "/publications",
        _ => "/",
    };
    page.to_owned()
}
