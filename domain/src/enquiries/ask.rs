//! Somebody asks: by any channel, about a home, a place, or nothing in particular.

use chrono::TimeDelta;
use serde_json::json;

use super::{State, records};
use crate::access::{Actor, Role};
use crate::attachments::{self, Subject};
use crate::cases::tell;
use crate::cases::{self, Case, Channel, Kind, NewCase, Urgency, Voice, voice};
use crate::error::FieldError;
use crate::knowledge::Category;
use crate::{AttachmentId, CommunityId, Db, Error, Instant, Result, on_duty, settings};

/// What is asked.
#[derive(Debug, Clone)]
pub struct NewEnquiry {
    /// Who asks, about which place, by which way.
    pub voice: Voice,
    /// What it is about.
    pub category: Category,
    /// The question, in their words.
    pub text: String,
    /// Photos that were uploaded before.
    pub attachments: Vec<AttachmentId>,
}

/// Asks: the enquiry gets its number and a clock of a day, and the desk is told.
///
/// # Errors
/// By field where the question is missing; [`Error::NotFound`] for a home that is not the asker's.
pub fn ask(tx: &mut Db, actor: &Actor, now: Instant, new: &NewEnquiry) -> Result<Case> {
    let heard = voice::hear(tx, actor, now, &new.voice)?;
    let mut wrong = voice::faults_of(tx, &heard)?;
    wrong.extend(voice::too_long("text", &new.text, 2_000));
    if new.text.trim().is_empty() {
        wrong.push(FieldError::new("text", "required"));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let voice = heard.voice;
    let by = due(tx, voice.community, now)?;
    let is_desk = actor.roles_in(voice.community).any(|role| role == Role::Desk);
    let accountable = if is_desk && voice.channel != Channel::Portal {
        actor.person
    } else {
        on_duty::answerable(tx, voice.community, voice.home, now, &[])?
    };
    let case = NewCase {
        community: voice.community,
        kind: Kind::Enquiry,
        state: State::Asked.as_str(),
        home: voice.home,
        // Many ask about nothing that lies anywhere.
        place: voice.place.or_else(|| voice.home.is_none().then(String::new)),
        reporter: voice.reporter,
        reporter_name: voice.reporter_name,
        reporter_phone: voice.reporter_phone,
        channel: voice.channel,
        accountable,
        category: new.category.to_string(),
        urgency: Urgency::Normal,
        text: new.text.trim().to_owned(),
        respond_by: Some(by),
        resolve_by: Some(by),
    };
    let case = cases::open(tx, actor, now, &case)?;
    records::insert(tx, &case)?;
    attachments::attach(tx, actor, Subject::Case(case.id), "report", &new.attachments)?;
    tell::staff(tx, actor, now, &case, "enquiry.new", accountable.into_iter().collect())?;
    tell::reporters(tx, actor, now, &case, "enquiry.registered", json!({}))?;
    Ok(case)
}

/// When it has to be answered: both clocks end then.
pub(super) fn due(db: &mut Db, community: CommunityId, now: Instant) -> Result<Instant> {
    let hours = settings::get(db, community, settings::ENQUIRY_HOURS)?;
    Ok(now.plus(TimeDelta::hours(hours)))
}
