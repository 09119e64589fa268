//! The clocks of cases: a breach is recorded once, as a fact, and never recomputed away. Who owes the step
//! that is late and the supervisors are told in the same transaction; who owes it gets a notice 整改通知.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamp};
use serde_json::json;

use super::records::Breach;
use super::{Case, Kind};
use crate::access::Role;
use crate::db::schema::{case_breaches, cases, repairs};
use crate::notifications::{self, Tell};
use crate::{
    CaseId, CommunityId, Db, Instant, PersonId, Result, categories, complaints, enquiries, on_duty,
    rectifications,
};

/// The clocks: their name, when they are due, and what stops them.
const CLOCKS: [(&str, &str, &str); 2] =
    [("respond", "respond_by", "responded_at"), ("resolve", "resolve_by", "resolved_at")];

#[derive(QueryableByName)]
struct Late {
    #[diesel(sql_type = BigInt)]
    case_id: CaseId,
    #[diesel(sql_type = Integer)]
    round: i32,
}

/// Records every clock of the community that has run out by `now` and was not recorded yet; says how many.
pub fn record_breaches(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let mut count = 0;
    for clock in CLOCKS {
        let late = record(tx, clock, ("community_id = $4 AND closed_at IS NULL", community.0), now)?;
        count += late.len();
        for one in late {
            let case = super::by_id(tx, one.case_id)?;
            tell(tx, &case, one.round, clock.0, now)?;
        }
    }
    Ok(count)
}

/// The same for one case that is about to move, so that a step made late is known to be late even when
/// the worker was down meanwhile.
pub(super) fn settle(tx: &mut Db, case: &Case, now: Instant) -> Result<()> {
    for clock in CLOCKS {
        for one in record(tx, clock, ("id = $4", case.id.0), now)? {
            // The case as it was before the step: who owed it then is told.
            tell(tx, case, one.round, clock.0, now)?;
        }
    }
    Ok(())
}

/// One clock: due before it was met, stopped, ended, or now.
fn record(
    tx: &mut Db,
    (clock, due, met): (&str, &str, &str),
    (which, id): (&str, i64),
    now: Instant,
) -> Result<Vec<Late>> {
    let sql = format!(
        "INSERT INTO case_breaches (case_id, clock, round, community_id, due_at, recorded_at) \
         SELECT id, $1, round, community_id, {due}, $2 FROM cases \
         WHERE {due} < COALESCE({met}, paused_at, closed_at, $3) AND {which} \
         ON CONFLICT (case_id, clock, round) DO NOTHING RETURNING case_id, round"
    );
    Ok(diesel::sql_query(sql)
        .bind::<Text, _>(clock)
        .bind::<Timestamp, _>(now)
        .bind::<Timestamp, _>(now)
        .bind::<BigInt, _>(id)
        .load(tx)?)
}

fn tell(tx: &mut Db, case: &Case, round: i32, clock: &'static str, now: Instant) -> Result<()> {
    if case.kind == Kind::Complaint {
        return complaints::late(tx, case, (clock, round), now);
    }
    if case.kind == Kind::Enquiry {
        return enquiries::late(tx, case, (clock, round), now);
    }
    let mut people = who_owes(tx, case)?;
    people.extend(on_duty::holders(tx, case.community_id, Role::Supervisor, now)?);
    people.sort_unstable();
    people.dedup();
    let category = categories::said(tx, case.community_id, &case.category)?;
    let news = Tell {
        community: case.community_id,
        event: format!("breach:{}:{clock}:{round}", case.id),
        person: PersonId(0),
        code: if clock == "respond" { "case.respond_late" } else { "case.resolve_late" },
        args: json!({ "number": case.number(), "category": category, "urgency": case.urgency }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: notifications::Urgency::Now,
    };
    notifications::tell_all(tx, &people, &news, now)?;
    // The technician who has it owes the step, else who answers for it.
    let owed_by = match who_owes(tx, case)?.pop() {
        Some(owes) => Some(owes),
        None => on_duty::answerable(tx, case.community_id, case.home_id, now, &[])?,
    };
    owed_by.map_or(Ok(()), |owes| rectifications::issue(tx, case, (clock, round), owes, now))
}

/// Who answers for the case, and the technician who has it.
fn who_owes(db: &mut Db, case: &Case) -> Result<Vec<PersonId>> {
    let given_to: Option<Option<PersonId>> =
        repairs::table.find(case.id.0).select(repairs::technician_id).first(db).optional()?;
    Ok(case.accountable_id.into_iter().chain(given_to.flatten()).collect())
}

/// The breaches of a case, oldest first.
pub fn breached(db: &mut Db, case: CaseId) -> Result<Vec<Breach>> {
    let rows = case_breaches::table
        .filter(case_breaches::case_id.eq(case.0))
        .order((case_breaches::round, case_breaches::due_at))
        .select(Breach::as_select());
    Ok(rows.load(db)?)
}

/// The breaches of a community that fell due from one instant to before another, newest first, each with its case.
pub fn breaches(
    db: &mut Db,
    community: CommunityId,
    (from, to): (Instant, Instant),
    limit: i64,
) -> Result<Vec<(Breach, Case)>> {
    let rows = case_breaches::table
        .inner_join(cases::table.on(cases::id.eq(case_breaches::case_id)))
        .filter(case_breaches::community_id.eq(community.0))
        .filter(case_breaches::due_at.ge(from).and(case_breaches::due_at.lt(to)))
        .order(case_breaches::due_at.desc())
        .limit(limit)
        .select((Breach::as_select(), Case::as_select()));
    Ok(rows.load(db)?)
}
