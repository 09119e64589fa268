//! `GET /cases/{number}`: a case in plain words, and what the reader may do to it now.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::access::{Actor, Role};
use domain::attachments::{self, Subject};
use domain::billing::service::Service;
use domain::cases::{self, Case, Event, Kind};
use domain::categories;
use domain::repairs::pays::{self, Dates, Decision, Quote};
use domain::repairs::{self, Candidate, Repair};
use domain::stock::{self, Item};
use domain::{CommunityId, Db, Instant, PersonId, Quantity, audit};

use super::money;
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::Form;
use crate::pages::dispatch;
use crate::views::cases::{ActionView, AttachmentView, CaseView};

/// `GET /cases/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let number = number.into_inner();
    let view = view(&ctx, number.clone()).await?;
    // Some kinds have a page of their own; every number leads here, from mails and lists too.
    match own_page(view.row.kind) {
        Some(folder) => Ok(see_other(&format!("/{folder}/{number}"))),
        None => ctx.page(&view),
    }
}

fn own_page(kind: &str) -> Option<&'static str> {
    match kind.parse() {
        Ok(Kind::MoveIn) => Some("move-ins"),
        Ok(Kind::Complaint) => Some("complaints"),
        Ok(Kind::Enquiry) => Some("enquiries"),
        _ => None,
    }
}

/// What the page is made of.
struct Found {
    case: Case,
    repair: Option<Repair>,
    home: Option<String>,
    staff: bool,
    names: BTreeMap<PersonId, String>,
    events: Vec<Event>,
    attachments: Vec<attachments::Attachment>,
    actions: Vec<&'static str>,
    candidates: Vec<Candidate>,
    pays: Option<(Decision, Dates)>,
    quote: Option<(Quote, Service)>,
    used: Vec<(Item, Quantity)>,
    prices: Vec<Item>,
    /// What the work of its category costs, by the code of the price list; empty where nothing stands.
    price_item: String,
    merged_into: Option<String>,
    calls: Vec<(String, String)>,
}

/// The page of a case.
pub(super) async fn view(ctx: &Ctx, number: String) -> domain::Result<CaseView> {
    let community = ctx.community()?.id;
    let found = ctx.read(move |db, actor, now| find(db, actor, now, community, &number)).await?;
    Ok(shown(ctx, found))
}

fn find(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    number: &str,
) -> domain::Result<Found> {
    let case = cases::read(db, actor, now, community, number)?;
    let staff = actor.roles_in(community).any(Role::is_staff);
    let events = cases::timeline(db, case.id, staff)?;
    let repair = if case.kind == Kind::Repair { Some(repairs::of_case(db, case.id)?) } else { None };
    let technician = repair.as_ref().and_then(|repair| repair.technician_id);
    // Who comes to mend it may call those who live there, until it is mended.
    let comes = technician.is_some() && technician == actor.person && case.resolved_at.is_none();
    let contacts = if comes { cases::contacts(db, &case)? } else { vec![] };
    let people = events.iter().filter_map(|e| e.actor_id);
    let ids: Vec<PersonId> =
        people.chain(case.accountable_id).chain(technician).chain(case.reporter_id).collect();
    // The steps of other kinds have pages of their own; here their story is read.
    let actions = if case.kind == Kind::Repair { repairs::actions(db, actor, now, &case)? } else { vec![] };
    let sends = actions.iter().any(|action| matches!(*action, "dispatch" | "hand_over"));
    let category = categories::of(db, community, &case.category)?;
    let is_repair = case.kind == Kind::Repair;
    let priced = actions.iter().any(|action| matches!(*action, "quote" | "finish"));
    let pays = if is_repair { Some((pays::decide(db, &case)?, pays::dates(db, &case)?)) } else { None };
    let mut attachments = attachments::of(db, Subject::Case(case.id))?;
    attachments.retain(|one| staff || one.visible);
    Ok(Found {
        home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
        names: audit::names(db, &ids)?,
        candidates: if sends { repairs::candidates(db, community, &category, now)? } else { vec![] },
        pays,
        quote: if is_repair { pays::current(db, &case)? } else { None },
        used: stock::of_case(db, case.id)?,
        prices: if priced { stock::all(db, community)? } else { vec![] },
        price_item: category.price_item,
        merged_into: case.merged_into.map(|id| cases::by_id(db, id)).transpose()?.and_then(|c| c.number),
        calls: contacts.into_iter().filter_map(|(name, phone)| Some((name, phone?))).collect(),
        case,
        repair,
        staff,
        events,
        attachments,
        actions,
    })
}

/// The form of an action; a quote begins with what the category's work costs by the price list.
fn form_of(action: &str, found: &Found) -> Form {
    let form = Form::new("cases.form");
    let priced = |item: &&stock::Item| item.code == found.price_item && !item.retired;
    match found.prices.iter().find(priced).filter(|_| action == "quote") {
        Some(item) => form.with("item_1", &item.code).with("quantity_1", 1),
        None => form,
    }
}

fn shown(ctx: &Ctx, found: Found) -> CaseView {
    let name = |id: Option<PersonId>| id.and_then(|id| found.names.get(&id).cloned());
    let technician = found.repair.as_ref().and_then(|repair| repair.technician_id);
    let attached = |one: &attachments::Attachment| AttachmentView {
        id: one.id.0,
        name: one.name.clone(),
        picture: one.thumbnail.is_some(),
    };
    let action = |name: &&'static str| ActionView { name, open: false, form: form_of(name, &found) };
    CaseView {
        row: super::row(ctx, &found.case, found.home.clone()),
        home: found.home.clone(),
        available: found.repair.as_ref().map(|repair| repair.available.clone()).unwrap_or_default(),
        accountable: name(found.case.accountable_id),
        technician: name(technician),
        reporter: name(found.case.reporter_id).or_else(|| found.case.reporter_name.clone()),
        phone: found.case.reporter_phone.clone(),
        calls: found.calls.clone(),
        version: found.case.version,
        staff: found.staff,
        merged_into: found.merged_into.clone(),
        events: super::story(ctx, "action", &found.events, &found.names),
        attachments: found.attachments.iter().map(attached).collect(),
        actions: found.actions.iter().map(action).collect(),
        technicians: found.candidates.iter().map(|one| dispatch::choice(ctx, one)).collect(),
        pays: found.pays.as_ref().map(|(decided, dates)| money::pays(ctx, decided, dates)),
        quote: found.quote.as_ref().map(|(quote, service)| money::quote(ctx, quote, service)),
        used: found.used.iter().map(|(item, quantity)| money::used(ctx, item, *quantity)).collect(),
        prices: money::prices(ctx, &found.prices),
        form: Form::new("cases.form"),
        text: found.case.text,
    }
}
