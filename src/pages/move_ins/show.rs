//! `GET /move-ins/{number}`: an application with its answers, its papers, what can be done now, and its story.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::access::{Action, Actor, Object, Role, may};
use domain::attachments::{self, Attachment, Subject};
use domain::cases::{self, Event};
use domain::move_in::{self, Agreement, Application, Begun, Handed, Kind, Paper, Signed, State};
use domain::{CommunityId, Db, Error, Instant, PersonId, audit, people};

use super::{WORDS, code_of};
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::views::cases::{ActionView, AttachmentView, EventView};
use crate::views::move_ins::{AgreementRow, FileRow, HandedView, MoveInView, PaperRow, ReadingRow, SignedBy};

/// `GET /move-ins/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let view = view(&ctx, number.into_inner()).await?;
    ctx.page(&view)
}

/// What the page is made of.
struct Found {
    application: Application,
    code: String,
    staff: bool,
    phone: Option<String>,
    reporter: Option<PersonId>,
    names: BTreeMap<PersonId, String>,
    events: Vec<Event>,
    attachments: Vec<Attachment>,
    actions: Vec<&'static str>,
    edits: bool,
    handed: Option<Handed>,
    signed: Vec<Signed>,
    unsigned: Vec<Agreement>,
    begun: Option<Begun>,
}

/// The page of an application.
pub(super) async fn view(ctx: &Ctx, number: String) -> domain::Result<MoveInView> {
    let community = ctx.community()?.id;
    let found = ctx.read(move |db, actor, now| find(db, (actor, now), community, &number)).await?;
    Ok(shown(ctx, found))
}

/// An application by its number, if who asks may see it.
pub(super) fn of_number(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Application> {
    let case = cases::read(db, actor, now, community, number)?;
    if case.kind != cases::Kind::MoveIn {
        return Err(Error::NotFound);
    }
    move_in::seen(db, actor, now, case.id)
}

fn find(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Found> {
    let application = of_number(db, (actor, now), community, number)?;
    let (row, case) = &application;
    let staff = actor.roles_in(community).any(Role::is_staff);
    let events = cases::timeline(db, case.id, staff)?;
    let handed = move_in::handed(db, case.id)?;
    let signed = move_in::signed(db, case.id)?;
    let home = case.home_id.ok_or(Error::NotFound)?;
    let unmasked = case.reporter_id == actor.person
        || may(db, actor, now, Action::UnmaskPhone, Object::Home(community, home))?;
    let ids: Vec<PersonId> = events
        .iter()
        .filter_map(|event| event.actor_id)
        .chain(case.reporter_id)
        .chain(handed.iter().map(|handed| handed.by))
        .chain(signed.iter().flat_map(|one| [one.signer, one.by]))
        .collect();
    let mut attachments = attachments::of(db, Subject::Case(case.id))?;
    attachments.retain(|one| staff || one.visible || one.uploader_id == actor.person);
    Ok(Found {
        code: code_of(db, &application)?,
        staff,
        phone: row.phone.as_ref().map(|phone| if unmasked { phone.clone() } else { people::masked(phone) }),
        reporter: case.reporter_id,
        names: audit::names(db, &ids)?,
        events,
        attachments,
        actions: move_in::actions(actor, &application)?,
        edits: move_in::writable(actor, case).is_ok(),
        handed,
        signed,
        unsigned: move_in::unsigned(db, actor, case)?,
        begun: move_in::begun(db, case.id)?,
        application,
    })
}

fn shown(ctx: &Ctx, found: Found) -> MoveInView {
    let (row, case) = &found.application;
    let name = |id: Option<PersonId>| id.and_then(|id| found.names.get(&id).cloned());
    let event = |event: &Event| EventView {
        at: event.at,
        who: name(event.actor_id),
        text: ctx.say(&format!("words.move_in_action.{}", event.action), &[]),
        note: event.note.clone(),
    };
    let own_page = |action: &&'static str| matches!(*action, "submit" | "hand_over");
    // What leads on stands before what sends back or ends.
    let mut actions = found.actions.clone();
    actions.sort_by_key(|name| !matches!(*name, "start_review" | "approve" | "close"));
    let action = |name: &'static str| ActionView { name, open: false, form: Form::new(WORDS) };
    let state: Option<State> = case.state.parse().ok();
    let reviews = ctx.actor.roles_in(case.community_id).any(|role| role == Role::Desk);
    MoveInView {
        number: case.number().to_owned(),
        id: case.id.0,
        code: found.code.clone(),
        kind: row.kind.map(Kind::as_str),
        leases: row.kind.is_some_and(Kind::leases),
        state: case.state.clone(),
        tone: tone(&case.state),
        staff: found.staff,
        edits: found.edits,
        hands_over: found.actions.contains(&"hand_over"),
        awaits_supervisor: state == Some(State::Reviewing) && reviews && !found.actions.contains(&"approve"),
        remarks: Some(row.remarks.clone())
            .filter(|words| state == Some(State::Returned) && !words.is_empty()),
        name: row.name.clone(),
        phone: found.phone,
        email: row.email.clone(),
        id_last4: row.id_last4.clone(),
        lease_from: row.lease_from,
        lease_to: row.lease_to,
        pays: row.pays,
        wished_on: row.wished_on,
        text: case.text.clone(),
        reporter: name(found.reporter).or_else(|| case.reporter_name.clone()),
        channel: case.channel.as_str(),
        papers: papers(ctx, row.kind, &found.attachments),
        photos: found.attachments.iter().filter(|one| !is_paper(one)).map(attached).collect(),
        handed: found.handed.map(|handed| HandedView {
            day: handed.day,
            by: name(Some(handed.by)).unwrap_or_default(),
            keys: handed.keys,
            started_fees: handed.started_fees,
            readings: handed.readings.into_iter().map(reading).collect(),
            agreements: agreements(&found.signed, &found.names),
            defects: handed.defects,
        }),
        begun: found.begun,
        unsigned: found.unsigned.iter().map(|one| one.as_str()).collect(),
        version: case.version,
        actions: actions.into_iter().filter(|action| !own_page(action)).map(action).collect(),
        events: found.events.iter().map(event).collect(),
        form: Form::new(WORDS),
    }
}

fn reading((meter, reading): (String, i64)) -> ReadingRow {
    ReadingRow { meter, reading: move_in::rules::written(reading) }
}

/// Every agreement, with who signed it and before whom, where it was.
fn agreements(signed: &[Signed], names: &BTreeMap<PersonId, String>) -> Vec<AgreementRow> {
    let name = |id: PersonId| names.get(&id).cloned().unwrap_or_default();
    let by = |one: &Signed| SignedBy { signer: name(one.signer), by: name(one.by), at: one.at };
    let row = |agreement: &Agreement| AgreementRow {
        name: agreement.as_str(),
        signed: signed.iter().find(|one| one.agreement == *agreement).map(by),
    };
    Agreement::ALL.iter().map(row).collect()
}

fn is_paper(one: &Attachment) -> bool {
    one.purpose.parse::<Paper>().is_ok()
}

fn attached(one: &Attachment) -> AttachmentView {
    AttachmentView { id: one.id.0, name: one.name.clone(), picture: one.thumbnail.is_some() }
}

/// The papers of a kind with the scans that were brought; one that does not open for the reader says so.
fn papers(ctx: &Ctx, kind: Option<Kind>, all: &[Attachment]) -> Vec<PaperRow> {
    let opens = |one: &Attachment| {
        one.uploader_id == ctx.actor.person || ctx.actor.roles_in(one.community_id).any(one.opens_for())
    };
    let row = |paper: &Paper| {
        let theirs: Vec<&Attachment> = all.iter().filter(|one| one.purpose == paper.as_str()).collect();
        PaperRow {
            name: paper.as_str(),
            opens: theirs.iter().all(|one| opens(one)),
            files: theirs.iter().map(|one| FileRow { id: one.id.0, name: one.name.clone() }).collect(),
        }
    };
    kind.map_or(&[][..], Kind::papers).iter().map(row).collect()
}

/// The colour of a state.
pub(super) fn tone(state: &str) -> &'static str {
    match state.parse() {
        Ok(State::Returned) => "needs",
        Ok(State::Approved | State::HandedOver | State::Closed) => "good",
        Ok(State::Withdrawn | State::Cancelled | State::Rejected | State::Lapsed) => "off",
        _ => "calm",
    }
}
