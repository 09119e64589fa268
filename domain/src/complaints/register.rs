//! A complaint comes in: checked, numbered, given to who answers for it. Who complains about a member of
//! staff is answered for by the supervisor, never by whom it is about (domain.md §3).

use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::rules::{Category, State};
use crate::access::{Actor, Role};
use crate::attachments::{self, Subject};
use crate::cases::tell;
use crate::cases::{self, Case, Channel, Kind, NewCase, Urgency, Voice, voice};
use crate::db::schema::complaints;
use crate::error::FieldError;
use crate::{AttachmentId, CaseId, CommunityId, Db, Error, Instant, LocalDate, PersonId, Result};
use crate::{community, on_duty, settings};

/// What is complained of.
#[derive(Debug, Clone)]
pub struct NewComplaint {
    /// Who complains, about which place, by which way.
    pub voice: Voice,
    /// What it is about.
    pub category: Category,
    /// What happened, in their words.
    pub text: String,
    /// What they ask for.
    pub wish: String,
    /// The day on which it happened.
    pub happened_on: Option<LocalDate>,
    /// The member of staff that it is about.
    pub about: Option<PersonId>,
    /// The number that the hotline, the association or the paper gave it.
    pub reference: Option<String>,
    /// By when they want an answer.
    pub deadline: Option<Instant>,
    /// Photos that were uploaded before.
    pub attachments: Vec<AttachmentId>,
}

/// Whether a channel gives its own number and deadline: complaints that came round by somebody else.
pub fn is_official(channel: Channel) -> bool {
    matches!(channel, Channel::Hotline12345 | Channel::ConsumerAssociation | Channel::Media)
}

/// Registers a complaint: it gets its number, who answers for it, and two clocks that never stop.
///
/// # Errors
/// By field where something is missing; [`Error::NotFound`] for a home that is not the asker's.
pub fn register(tx: &mut Db, actor: &Actor, now: Instant, new: &NewComplaint) -> Result<Case> {
    let heard = voice::hear(tx, actor, now, &new.voice)?;
    let mut wrong = voice::faults_of(tx, &heard)?;
    wrong.extend(faults(tx, now, new, &heard.voice)?);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let voice = heard.voice;
    let (respond_by, resolve_by) = due(tx, voice.community, now, new.deadline)?;
    let accountable = accountable(tx, actor, now, &voice, new.about)?;
    let case = NewCase {
        community: voice.community,
        kind: Kind::Complaint,
        state: State::Registered.as_str(),
        home: voice.home,
        place: voice.place,
        reporter: voice.reporter,
        reporter_name: voice.reporter_name,
        reporter_phone: voice.reporter_phone,
        channel: voice.channel,
        accountable,
        category: new.category.to_string(),
        urgency: Urgency::Normal,
        text: new.text.trim().to_owned(),
        respond_by: Some(respond_by),
        resolve_by: Some(resolve_by),
    };
    let case = cases::open(tx, actor, now, &case)?;
    insert(tx, case.id, new)?;
    attachments::attach(tx, actor, Subject::Case(case.id), "report", &new.attachments)?;
    let mut people = on_duty::holders(tx, case.community_id, Role::Supervisor, now)?;
    people.extend(accountable);
    tell::staff(tx, actor, now, &case, "complaint.new", people)?;
    tell::reporters(tx, actor, now, &case, "complaint.registered", json!({}))?;
    Ok(case)
}

fn faults(db: &mut Db, now: Instant, new: &NewComplaint, heard: &Voice) -> Result<Vec<FieldError>> {
    let mut wrong: Vec<FieldError> = [
        voice::too_long("text", &new.text, 2_000),
        voice::too_long("wish", &new.wish, 1_000),
        voice::too_long("reference", new.reference.as_deref().unwrap_or_default(), 60),
    ]
    .into_iter()
    .flatten()
    .collect();
    if new.text.trim().is_empty() {
        wrong.push(FieldError::new("text", "required"));
    }
    if heard.home.is_none() && heard.place.is_none() {
        wrong.push(FieldError::new("home", "home_or_place"));
    }
    let today = community::by_id(db, heard.community)?.today(now)?;
    if new.happened_on.is_some_and(|day| day > today) {
        wrong.push(FieldError::new("happened_on", "in_past"));
    }
    let official = is_official(heard.channel);
    if official && new.reference.as_deref().is_none_or(|text| text.trim().is_empty()) {
        wrong.push(FieldError::new("reference", "reference_needed"));
    }
    if official && new.deadline.is_none() {
        wrong.push(FieldError::new("deadline", "deadline_needed"));
    }
    if new.deadline.is_some_and(|at| at <= now) {
        wrong.push(FieldError::new("deadline", "in_future"));
    }
    if let Some(about) = new.about
        && on_duty::roles_of(db, heard.community, about, now)?.is_empty()
    {
        wrong.push(FieldError::new("about", "no_staff"));
    }
    Ok(wrong)
}

/// When the first answer and the answer are due: by the wall clock, and never after whoever sent it wants it.
pub(super) fn due(
    db: &mut Db,
    community: CommunityId,
    now: Instant,
    deadline: Option<Instant>,
) -> Result<(Instant, Instant)> {
    let respond = settings::get(db, community, settings::COMPLAINT_RESPOND_HOURS)?;
    let resolve = settings::get(db, community, settings::COMPLAINT_RESOLVE_HOURS)?;
    let by = |hours| {
        let at = now.plus(TimeDelta::hours(hours));
        deadline.filter(|deadline| *deadline > now).map_or(at, |deadline| at.min(deadline))
    };
    Ok((by(respond), by(resolve)))
}

/// Who answers for it: the desk member who writes it down, else the one on duty; of a complaint about a
/// member of staff a supervisor. Never whom it is about.
fn accountable(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    voice: &Voice,
    about: Option<PersonId>,
) -> Result<Option<PersonId>> {
    let community = voice.community;
    let Some(about) = about else {
        let is_desk = actor.roles_in(community).any(|role| role == Role::Desk);
        if is_desk && voice.channel != Channel::Portal {
            return Ok(actor.person);
        }
        return on_duty::answerable(db, community, voice.home, now, &[]);
    };
    match on_duty::least_busy(db, community, Role::Supervisor, now, &[about])? {
        Some(supervisor) => Ok(Some(supervisor)),
        None => on_duty::least_busy(db, community, Role::Manager, now, &[about]),
    }
}

fn insert(tx: &mut Db, case: CaseId, new: &NewComplaint) -> Result<()> {
    let reference = new.reference.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let row = (
        complaints::case_id.eq(case),
        complaints::community_id.eq(new.voice.community),
        complaints::about_id.eq(new.about),
        complaints::happened_on.eq(new.happened_on),
        complaints::wish.eq(new.wish.trim()),
        complaints::reference.eq(reference),
        complaints::deadline.eq(new.deadline),
    );
    diesel::insert_into(complaints::table).values(row).execute(tx)?;
    Ok(())
}
