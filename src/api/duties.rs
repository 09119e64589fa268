//! `GET /duties`, `POST /duties/{id}/record`: what we owe by when, and what fulfils it.

use actix_web::web::{Path, Query};
use domain::access::{Action, Actor, Object, allow};
use domain::duties::{self, Duty, Filter, Kind, SubjectKind};
use domain::return_visits::{self, Heard, Outcome};
use domain::{
    CaseId, CommunityId, Db, DutyId, Error, Instant, PersonId, cases, clock, community, on_duty,
    service_checks,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::{Part, word};
use super::{Body, List};
use crate::ctx::{Ctx, Reply};

/// A duty.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DutyJson {
    id: i64,
    kind: &'static str,
    /// What it is about: a case's number, a home's code, a person's id.
    subject: String,
    occurrence: String,
    /// Who owes it.
    owner: Owner,
    not_before: String,
    /// When it is tried next.
    next_at: String,
    due_at: String,
    state: &'static str,
    attempts: i32,
}

/// Who owes a duty.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Owner {
    id: i64,
    name: String,
}

/// Which duties to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    owner: Option<String>,
    kind: Option<String>,
    state: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /duties`
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let mut which = which.into_inner();
    let (community, cursor) = (which.community.take(), which.cursor.take());
    List { community, limit: which.limit, cursor }
        .answer(
            &ctx,
            move |db, actor, now, community, part| find(db, actor, now, community, (&which, part)),
            |row| row.id,
        )
        .await
}

fn find(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (which, (after, limit)): (&Which, Part),
) -> domain::Result<Vec<DutyJson>> {
    allow(db, actor, now, Action::ReadDuties, Object::Community(community))?;
    let mut filter = filter(db, community, which)?;
    filter.after = after.map(DutyId);
    filter.owner = within(db, actor, now, community, filter.owner)?;
    let found = duties::list(db, community, &filter, limit)?;
    found.iter().map(|duty| json(db, duty)).collect()
}

/// Whose duties the asker sees: everybody's, or their own only.
fn within(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    wanted: Option<PersonId>,
) -> domain::Result<Option<PersonId>> {
    let anybody = Object::Work(community, PersonId(0));
    if domain::access::may(db, actor, now, Action::ReadDuties, anybody)? {
        return Ok(wanted);
    }
    match wanted {
        Some(wanted) if Some(wanted) != actor.person => Err(Error::NotFound),
        _ => Ok(actor.person),
    }
}

fn filter(db: &mut Db, community: CommunityId, which: &Which) -> domain::Result<Filter> {
    let zone = community::by_id(db, community)?.zone()?;
    let moment = |field: &'static str, text: &Option<String>, next: u64| {
        let Some(text) = text else { return Ok(None) };
        if let Some(day) = clock::day(text) {
            return Ok(Some(zone.start_of(day + chrono::Days::new(next))));
        }
        text.parse::<Instant>().map(Some).map_err(|_| Error::field(field, "date"))
    };
    let owner = match which.owner.as_deref() {
        None => None,
        Some(name) => Some(
            on_duty::by_name(db, community, name)?.ok_or_else(|| Error::field("owner", "unknown_person"))?,
        ),
    };
    Ok(Filter {
        owner,
        kind: word("kind", which.kind.as_deref())?,
        state: word("state", which.state.as_deref())?,
        from: moment("from", &which.from, 0)?,
        to: moment("to", &which.to, 1)?,
        after: None,
    })
}

fn json(db: &mut Db, duty: &Duty) -> domain::Result<DutyJson> {
    let subject = match duty.subject_kind {
        SubjectKind::Case => cases::by_id(db, CaseId(duty.subject_id))?.number().to_owned(),
        SubjectKind::Home => cases::home_code(db, domain::HomeId(duty.subject_id))?,
        SubjectKind::Person => duty.subject_id.to_string(),
        SubjectKind::Community => community::by_id(db, duty.community_id)?.code,
    };
    let name = domain::audit::names(db, &[duty.owner_id])?.remove(&duty.owner_id).unwrap_or_default();
    Ok(DutyJson {
        id: duty.id.0,
        kind: duty.kind.as_str(),
        subject,
        occurrence: duty.occurrence.clone(),
        owner: Owner { id: duty.owner_id.0, name },
        not_before: duty.not_before.to_string(),
        next_at: duty.next_at.to_string(),
        due_at: duty.due_at.to_string(),
        state: duty.state.as_str(),
        attempts: duty.attempts,
    })
}

/// What fulfils a duty, or was tried.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// What came of a return visit: `satisfied`, `not_mended`, `unsatisfied`, `no_answer`, `call_later`.
    outcome: Option<String>,
    /// What the resident said.
    words: Option<String>,
    /// What whoever called adds.
    note: Option<String>,
    /// When to call again, for `call_later`.
    agreed_at: Option<String>,
    /// What was found, in a look at the service or a review of complaints.
    found: Option<String>,
    /// What is arranged then.
    arranged: Option<String>,
}

/// `POST /duties/{id}/record`
pub(crate) async fn record(ctx: Ctx, id: Path<i64>, body: Body<Record>) -> Reply {
    let id = DutyId(*id);
    body.once(&ctx, 200, move |tx, actor, now, record| fulfil(tx, actor, now, id, record)).await
}

fn fulfil(tx: &mut Db, actor: &Actor, now: Instant, id: DutyId, record: &Record) -> domain::Result<DutyJson> {
    let duty = duties::by_id(tx, id)?;
    allow(tx, actor, now, Action::RecordDuty, Object::Work(duty.community_id, duty.owner_id))?;
    let done = match duty.kind {
        Kind::ReturnVisit => return_visits::record(tx, actor, now, id, &heard(record)?)?,
        Kind::ServiceCheck | Kind::ComplaintReview => {
            let said = |text: &Option<String>| text.clone().unwrap_or_default();
            let words = (&*said(&record.found), &*said(&record.arranged));
            service_checks::record(tx, actor, now, (duty.community_id, id), words)?.duty
        }
        // Inspections and visits have routes of their own; their records fulfil their duties.
        _ => return Err(Error::refused("duty.own_form", vec![])),
    };
    json(tx, &done)
}

fn heard(record: &Record) -> domain::Result<Heard> {
    let outcome = record.outcome.as_deref().ok_or_else(|| Error::field("outcome", "required"))?;
    let outcome: Outcome = outcome.parse().map_err(|_| Error::field("outcome", "choice"))?;
    let agreed_at = record.agreed_at.as_deref().map(str::parse).transpose();
    let agreed_at = agreed_at.map_err(|_| Error::field("agreed_at", "instant"))?;
    let said = [&record.words, &record.note].into_iter().flatten().map(|text| text.trim());
    let words = said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Ok(Heard { outcome, words, agreed_at })
}
