//! Who says something, about which place, by which way: what a complaint and an enquiry have in common when
//! they come in. Staff speak for others; a resident speaks for themselves.

use diesel::prelude::*;

use super::Channel;
use crate::access::{Action, Actor, Object, allow, may};
use crate::db::schema::people;
use crate::error::FieldError;
use crate::{CommunityId, Db, HomeId, Instant, PersonId, Result};

/// Who says something, and where.
#[derive(Debug, Clone)]
pub struct Voice {
    /// In which community.
    pub community: CommunityId,
    /// About which home; none about a public place.
    pub home: Option<HomeId>,
    /// About which public place.
    pub place: Option<String>,
    /// By which way it came.
    pub channel: Channel,
    /// For whom staff write it down; who speaks for themselves is known.
    pub reporter: Option<PersonId>,
    /// What somebody outside the register is called.
    pub reporter_name: Option<String>,
    /// Their phone.
    pub reporter_phone: Option<String>,
}

/// A voice that may be heard: checked against the policy, with the reporter that holds.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Cleaned, with the reporter decided.
    pub voice: Voice,
    /// Whether staff write it down for somebody else.
    pub for_others: bool,
}

/// Asks the policy whether the actor may speak here, for themselves or as staff for somebody else.
///
/// # Errors
/// [`crate::Error::NotFound`] for a home that is not theirs.
pub fn hear(db: &mut Db, actor: &Actor, now: Instant, voice: &Voice) -> Result<Heard> {
    let object =
        voice.home.map_or(Object::Community(voice.community), |home| Object::Home(voice.community, home));
    let for_others = may(db, actor, now, Action::RegisterCase, object)?;
    if !for_others {
        allow(db, actor, now, Action::OpenCase, object)?;
    }
    let mut voice = Voice {
        place: trimmed(&voice.place).filter(|_| voice.home.is_none()),
        reporter_name: trimmed(&voice.reporter_name),
        reporter_phone: trimmed(&voice.reporter_phone).map(|phone| digits(&phone)),
        ..voice.clone()
    };
    if !for_others {
        voice.channel = Channel::Portal;
        (voice.reporter, voice.reporter_name, voice.reporter_phone) = (actor.person, None, None);
    }
    Ok(Heard { voice, for_others })
}

/// What is wrong with a voice, field by field.
pub fn faults_of(db: &mut Db, heard: &Heard) -> Result<Vec<FieldError>> {
    let voice = &heard.voice;
    let mut wrong = Vec::new();
    for (field, text, most) in [("place", &voice.place, 200), ("reporter_name", &voice.reporter_name, 100)] {
        wrong.extend(too_long(field, text.as_deref().unwrap_or_default(), most));
    }
    let phone = voice.reporter_phone.as_ref().map(|phone| phone.trim_start_matches('+').len());
    if phone.is_some_and(|digits| !(5..=15).contains(&digits)) {
        wrong.push(FieldError::new("reporter_phone", "phone"));
    }
    if let Some(reporter) = voice.reporter.filter(|_| heard.for_others)
        && !is_known(db, voice.community, reporter)?
    {
        wrong.push(FieldError::new("reporter", "unknown_person"));
    }
    Ok(wrong)
}

/// The error of a field with more characters than it may have.
pub fn too_long(field: &'static str, text: &str, most: usize) -> Option<FieldError> {
    (text.chars().count() > most).then(|| FieldError::new(field, "too_long").with("most", most))
}

/// The words of a field, trimmed; the error where there are none, or too many.
pub fn words<'a>(field: &'static str, text: &'a str, most: usize) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(crate::Error::field(field, "required"));
    }
    too_long(field, text, most).map_or(Ok(text), |error| Err(crate::Error::Invalid(vec![error])))
}

/// Whether somebody is a person of the community.
pub fn is_known(db: &mut Db, community: CommunityId, person: PersonId) -> Result<bool> {
    let query = people::table.filter(people::id.eq(person.0).and(people::community_id.eq(community.0)));
    Ok(query.count().get_result::<i64>(db)? > 0)
}

fn trimmed(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}
