//! `GET /cases/{number}`: a case with its timeline and what the asker may do now.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use domain::access::{Actor, Role};
use domain::attachments::{self, Subject};
use domain::cases::{self, Case, Kind};
use domain::{Db, Instant, PersonId, audit, repairs, stock};
use schemars::JsonSchema;
use serde::Serialize;

use super::complaint::ComplaintJson;
use super::enquiry::EnquiryJson;
use super::move_in::HandoverJson;
use crate::api::Where;
use crate::ctx::{Ctx, Reply, community_of};

/// A case.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CaseJson {
    number: String,
    kind: &'static str,
    state: String,
    home: Option<String>,
    place: Option<String>,
    category: String,
    urgency: &'static str,
    channel: &'static str,
    text: String,
    /// When somebody is at home.
    available: Option<String>,
    /// Who answers for it.
    accountable: Option<String>,
    /// Who comes.
    technician: Option<String>,
    submitted_at: Option<String>,
    respond_by: Option<String>,
    responded_at: Option<String>,
    resolve_by: Option<String>,
    resolved_at: Option<String>,
    closed_at: Option<String>,
    finish_number: i32,
    rating: Option<i32>,
    /// Who pays for a repair, and by which line of the table.
    pays: Option<PaysJson>,
    /// The newest quote of a repair.
    quote: Option<QuoteJson>,
    /// What a repair took from the store.
    materials: Vec<MaterialJson>,
    /// The number of the case that covers it.
    merged_into: Option<String>,
    /// What the next action has to name.
    version: i32,
    /// What was done, oldest first; staff see the internal lines too.
    timeline: Vec<EventJson>,
    /// What the asker may do now.
    actions: Vec<&'static str>,
    attachments: Vec<AttachmentJson>,
    /// What is a complaint's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    complaint: Option<ComplaintJson>,
    /// What is an enquiry's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    enquiry: Option<EnquiryJson>,
    /// How a home was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    handover: Option<HandoverJson>,
}

/// Who pays.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PaysJson {
    /// `office`, `developer` or `resident`.
    payer: &'static str,
    /// The line of the table that applied.
    rule: &'static str,
    /// Where a warranty decided: the first day that it no longer covers.
    until: Option<String>,
}

/// What a resident is asked to pay, or agreed to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct QuoteJson {
    /// `offered`, `agreed` or `replaced`.
    state: &'static str,
    total_fen: i64,
    /// How it comes about, in Chinese.
    explanation: String,
    agreed_at: Option<String>,
    /// Why the resident said no.
    refusal: Option<String>,
}

/// A material.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MaterialJson {
    /// The code of the price list.
    item: String,
    name_zh: String,
    name_en: String,
    unit: String,
    /// So many, a decimal with at most two places.
    quantity: String,
}

/// A line of a timeline.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EventJson {
    at: String,
    who: Option<String>,
    action: String,
    from: Option<String>,
    to: String,
    note: String,
    visible: bool,
}

/// An attachment.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AttachmentJson {
    id: i64,
    name: String,
    content_type: &'static str,
    purpose: String,
}

/// `GET /cases/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>, place: Query<Where>) -> Reply {
    let (number, place) = (number.into_inner(), place.into_inner());
    let case = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, place.community.as_deref())?.id;
            let case = cases::read(db, actor, now, community, &number)?;
            CaseJson::of(db, actor, now, &case)
        })
        .await?;
    ctx.json(200, &case)
}

impl CaseJson {
    /// A case as the actor sees it.
    pub(crate) fn of(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> domain::Result<Self> {
        let staff = actor.roles_in(case.community_id).any(Role::is_staff);
        let events = cases::timeline(db, case.id, staff)?;
        let repair = if case.kind == Kind::Repair { Some(repairs::of_case(db, case.id)?) } else { None };
        let technician = repair.as_ref().and_then(|repair| repair.technician_id);
        let ids: Vec<PersonId> =
            events.iter().filter_map(|e| e.actor_id).chain(case.accountable_id).chain(technician).collect();
        let names = audit::names(db, &ids)?;
        let name = |id: Option<PersonId>| id.and_then(|id| names.get(&id).cloned());
        let written = |at: Option<Instant>| at.map(|at| at.to_string());
        let merged_into = case.merged_into.map(|id| cases::by_id(db, id)).transpose()?;
        Ok(Self {
            number: case.number().to_owned(),
            kind: case.kind.as_str(),
            state: case.state.clone(),
            home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
            place: case.place.clone(),
            category: case.category.clone(),
            urgency: case.urgency.as_str(),
            channel: case.channel.as_str(),
            text: case.text.clone(),
            available: repair.as_ref().map(|repair| repair.available.clone()),
            accountable: name(case.accountable_id),
            technician: name(technician),
            submitted_at: written(case.submitted_at),
            respond_by: written(case.respond_by),
            responded_at: written(case.responded_at),
            resolve_by: written(case.resolve_by),
            resolved_at: written(case.resolved_at),
            closed_at: written(case.closed_at),
            finish_number: case.finish_number,
            rating: repair.and_then(|repair| repair.rating),
            pays: pays(db, case)?,
            quote: quote(db, case)?,
            materials: materials(db, case)?,
            merged_into: merged_into.and_then(|case| case.number),
            version: case.version,
            timeline: timeline(events, &names),
            actions: super::actions(db, actor, now, case)?,
            attachments: attached(db, case, staff)?,
            complaint: match case.kind {
                Kind::Complaint => Some(ComplaintJson::of(db, case, staff)?),
                _ => None,
            },
            enquiry: match case.kind {
                Kind::Enquiry => Some(EnquiryJson::of(db, case)?),
                _ => None,
            },
            handover: match case.kind {
                Kind::MoveIn => HandoverJson::of(db, case)?,
                _ => None,
            },
        })
    }
}

fn pays(db: &mut Db, case: &Case) -> domain::Result<Option<PaysJson>> {
    if case.kind != Kind::Repair {
        return Ok(None);
    }
    let decided = repairs::pays::decide(db, case)?;
    Ok(Some(PaysJson {
        payer: decided.payer.as_str(),
        rule: decided.rule.as_str(),
        until: decided.until.map(|day| day.to_string()),
    }))
}

fn quote(db: &mut Db, case: &Case) -> domain::Result<Option<QuoteJson>> {
    let found = repairs::pays::current(db, case)?;
    Ok(found.map(|(quote, service)| QuoteJson {
        state: quote.state.as_str(),
        total_fen: quote.total.0,
        explanation: service.explain("zh"),
        agreed_at: quote.agreed_at.map(|at| at.to_string()),
        refusal: Some(quote.refusal).filter(|reason| !reason.is_empty()),
    }))
}

fn materials(db: &mut Db, case: &Case) -> domain::Result<Vec<MaterialJson>> {
    let used = stock::of_case(db, case.id)?;
    let json = |(item, quantity): (stock::Item, domain::Quantity)| MaterialJson {
        item: item.code,
        name_zh: item.zh,
        name_en: item.en,
        unit: item.unit,
        quantity: quantity.to_string(),
    };
    Ok(used.into_iter().map(json).collect())
}

fn timeline(events: Vec<cases::Event>, names: &BTreeMap<PersonId, String>) -> Vec<EventJson> {
    let event = |event: cases::Event| EventJson {
        at: event.at.to_string(),
        who: event.actor_id.and_then(|id| names.get(&id).cloned()),
        action: event.action,
        from: event.from_state,
        to: event.to_state,
        note: event.note,
        visible: event.visible,
    };
    events.into_iter().map(event).collect()
}

fn attached(db: &mut Db, case: &Case, staff: bool) -> domain::Result<Vec<AttachmentJson>> {
    let seen = attachments::of(db, Subject::Case(case.id))?.into_iter().filter(|one| staff || one.visible);
    let json = |one: attachments::Attachment| AttachmentJson {
        id: one.id.0,
        name: one.name,
        content_type: one.content_type.as_str(),
        purpose: one.purpose,
    };
    Ok(seen.map(json).collect())
}
