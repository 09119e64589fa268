//! A repair comes in: checked, weighed, numbered; an emergency goes at once.

use diesel::prelude::*;
use serde_json::json;

use super::records::{self, DayPart};
use super::rules::{self, State};
use super::{dispatch, promise, repeats, tell};
use crate::access::{Action, Actor, Object, Role, allow, may};
use crate::attachments::{self, Subject};
use crate::cases::{self, Case, Channel, Kind, NewCase, Urgency};
use crate::categories::{self, Category, Code};
use crate::db::schema::{homes, occupancies, people};
use crate::error::FieldError;
use crate::{AttachmentId, CommunityId, Db, Error, HomeId, Instant, PersonId, Result, on_duty};

/// What is reported.
#[derive(Debug, Clone)]
pub struct NewRepair {
    /// Where.
    pub community: CommunityId,
    /// In which home; none in a public place.
    pub home: Option<HomeId>,
    /// In which public place.
    pub place: Option<String>,
    /// What is broken.
    pub category: Code,
    /// What is wrong, in the reporter's words.
    pub text: String,
    /// By which way it came.
    pub channel: Channel,
    /// How fast it should go; the rules may say faster.
    pub urgency: Option<Urgency>,
    /// When somebody is at home, in words.
    pub available: String,
    /// When to call about it afterwards.
    pub call_part: Option<DayPart>,
    /// For whom staff report it; who reports for themselves is known.
    pub reporter: Option<PersonId>,
    /// What somebody outside the register is called.
    pub reporter_name: Option<String>,
    /// Their phone.
    pub reporter_phone: Option<String>,
    /// Photos that were uploaded before.
    pub attachments: Vec<AttachmentId>,
}

/// Reports a repair: it gets its number, its urgency and its clocks, and the desk is told.
///
/// # Errors
/// By field where something is missing; [`Error::NotFound`] for a home that is not the asker's.
pub fn report(tx: &mut Db, actor: &Actor, now: Instant, new: &NewRepair) -> Result<Case> {
    let new = clean(new);
    let for_others = may_report(tx, actor, now, &new)?;
    let category = check(tx, &new, for_others)?;
    let urgency = rules::urgency(category.urgency, new.urgency);
    let (respond_by, resolve_by) = promise::due(tx, new.community, urgency, now)?;
    let case = NewCase {
        community: new.community,
        kind: Kind::Repair,
        state: State::Reported.as_str(),
        home: new.home,
        place: new.place.clone(),
        reporter: reporter(actor, &new, for_others),
        reporter_name: new.reporter_name.clone().filter(|_| for_others),
        reporter_phone: new.reporter_phone.clone().filter(|_| for_others),
        channel: new.channel,
        accountable: None,
        category: category.code,
        urgency,
        text: new.text.clone(),
        respond_by: Some(respond_by),
        resolve_by: Some(resolve_by),
    };
    let case = cases::open(tx, actor, now, &case)?;
    records::insert(tx, &case, &new.available, new.call_part)?;
    attachments::attach(tx, actor, Subject::Case(case.id), "report", &new.attachments)?;
    if urgency == Urgency::Emergency {
        return match repeats::known(tx, &case, now)? {
            Some(known) => repeats::stands_by(tx, now, &case, &known),
            None => dispatch::emergency(tx, now, case),
        };
    }
    let mut desk = on_duty::holders(tx, new.community, Role::Desk, now)?;
    desk.retain(|person| actor.person != Some(*person));
    tell::staff(tx, now, &case, "repair.reported", &desk)?;
    tell::resident(tx, actor, now, &case, "repair.registered", json!({}))?;
    Ok(case)
}

fn clean(new: &NewRepair) -> NewRepair {
    let trimmed = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let digits = |text: String| text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
    NewRepair {
        place: if new.home.is_some() { None } else { trimmed(&new.place) },
        text: new.text.trim().to_owned(),
        available: new.available.trim().to_owned(),
        reporter_name: trimmed(&new.reporter_name),
        reporter_phone: trimmed(&new.reporter_phone).map(digits),
        ..new.clone()
    }
}

/// Whether the actor reports as staff, for somebody else or from the grounds; refused where neither way is theirs.
fn may_report(db: &mut Db, actor: &Actor, now: Instant, new: &NewRepair) -> Result<bool> {
    let object = new.home.map_or(Object::Community(new.community), |home| Object::Home(new.community, home));
    if may(db, actor, now, Action::RegisterCase, object)? {
        return Ok(true);
    }
    allow(db, actor, now, Action::OpenCase, object)?;
    Ok(false)
}

fn check(db: &mut Db, new: &NewRepair, for_others: bool) -> Result<Category> {
    let mut wrong = Vec::new();
    let mut long = |field: &'static str, text: &str, most: usize| {
        if text.chars().count() > most {
            wrong.push(FieldError::new(field, "too_long").with("most", most));
        }
    };
    long("text", &new.text, 2_000);
    long("available", &new.available, 200);
    long("place", new.place.as_deref().unwrap_or_default(), 200);
    long("reporter_name", new.reporter_name.as_deref().unwrap_or_default(), 100);
    if new.text.is_empty() {
        wrong.push(FieldError::new("text", "required"));
    }
    if new.home.is_none() && new.place.is_none() {
        wrong.push(FieldError::new("home", "home_or_place"));
    }
    let phone = new.reporter_phone.as_ref().map(|phone| phone.trim_start_matches('+').len());
    if phone.is_some_and(|digits| !(5..=15).contains(&digits)) {
        wrong.push(FieldError::new("reporter_phone", "phone"));
    }
    if let Some(reporter) = new.reporter.filter(|_| for_others)
        && !is_known(db, new.community, reporter)?
    {
        wrong.push(FieldError::new("reporter", "unknown_person"));
    }
    match categories::chosen(db, new.community, &new.category) {
        Ok(category) if wrong.is_empty() => Ok(category),
        Err(Error::Invalid(found)) => Err(Error::Invalid(wrong.into_iter().chain(found).collect())),
        Err(other) => Err(other),
        Ok(_) => Err(Error::Invalid(wrong)),
    }
}

fn is_known(db: &mut Db, community: CommunityId, person: PersonId) -> Result<bool> {
    let query = people::table.filter(people::id.eq(person.0).and(people::community_id.eq(community.0)));
    Ok(query.count().get_result::<i64>(db)? > 0)
}

/// Who reported it: oneself; for staff whom they name, and nobody else in a home. What staff find in a
/// public place is theirs.
fn reporter(actor: &Actor, new: &NewRepair, for_others: bool) -> Option<PersonId> {
    if !for_others {
        return actor.person;
    }
    let named = new.reporter.is_some() || new.reporter_name.is_some() || new.reporter_phone.is_some();
    if named || new.home.is_some() { new.reporter } else { actor.person }
}

/// Whether anybody can be asked later whether the repair is really done: the reporter, a phone that was
/// left, or who is tied to the home. Who left no contact is told so at registration.
pub fn has_contact(db: &mut Db, case: &Case, now: Instant) -> Result<bool> {
    if case.reporter_id.is_some() || case.reporter_phone.is_some() {
        return Ok(true);
    }
    let Some(home) = case.home_id else { return Ok(false) };
    let today = crate::community::by_id(db, case.community_id)?.today(now)?;
    let tied: i64 = occupancies::table
        .filter(occupancies::home_id.eq(home.0).and(occupancies::starts_on.le(today)))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(today)))
        .count()
        .get_result(db)?;
    Ok(tied > 0)
}

/// The person of the register whom a phone belongs to; none where it is nobody's, or several share it.
pub fn person_of_phone(db: &mut Db, community: CommunityId, phone: &str) -> Result<Option<PersonId>> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let found: Vec<PersonId> = people::table
        .filter(people::community_id.eq(community.0).and(people::phone.eq(digits)))
        .select(people::id)
        .limit(2)
        .load(db)?;
    Ok(if let [only] = found.as_slice() { Some(*only) } else { None })
}

/// A running repair that may be the same thing; of a neighbour's no more than this is shown.
#[derive(Debug, Clone)]
pub struct Similar {
    /// Its number.
    pub number: String,
    /// What is broken.
    pub category: String,
    /// How far it is.
    pub state: String,
    /// The floor it is on; none in a public place.
    pub floor: Option<i32>,
    /// The public place.
    pub place: Option<String>,
    /// When it was reported.
    pub at: Option<Instant>,
    /// Whether it is of the same home.
    pub own: bool,
}

/// The running repairs like this one, in the same building or in public places: shown before one is sent.
pub fn similar(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, Option<HomeId>),
    category: &str,
) -> Result<Vec<Similar>> {
    let object = home.map_or(Object::Community(community), |home| Object::Home(community, home));
    allow(db, actor, now, Action::OpenCase, object)?;
    let found = records::similar(db, community, home, category)?;
    found.into_iter().map(|case| shown(db, home, case)).collect()
}

fn shown(db: &mut Db, home: Option<HomeId>, case: Case) -> Result<Similar> {
    let floor =
        case.home_id.map(|home| homes::table.find(home.0).select(homes::floor).first(db)).transpose()?;
    Ok(Similar {
        number: case.number().to_owned(),
        category: case.category,
        state: case.state,
        floor,
        place: case.place,
        at: case.submitted_at,
        own: home.is_some() && case.home_id == home,
    })
}
