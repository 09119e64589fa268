//! Writing an application: begun as a draft that only its writer sees, entered page by page, sent; or, at the desk,
//! for somebody else in one go.

use diesel::prelude::*;

use super::form::{self, Form};
use super::rules::{Kind, State};
use super::{Act, Application, act, holds, night, seen, state};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::attachments::{self, Subject};
use crate::cases::{self, Case, Channel, NewCase, Urgency};
use crate::db::schema::{cases as case_rows, move_ins, occupancies, people};
use crate::{AttachmentId, CaseId, CommunityId, Db, Error, HomeId, Instant, PersonId, Result, community};

/// Begins an application: a draft, seen by who writes it only.
pub fn draft(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
    channel: Channel,
) -> Result<Case> {
    allow(tx, actor, now, Action::OpenCase, Object::Home(community, home))?;
    let new = NewCase {
        community,
        kind: cases::Kind::MoveIn,
        state: State::Draft.as_str(),
        home: Some(home),
        place: None,
        reporter: actor.person,
        reporter_name: None,
        reporter_phone: None,
        channel,
        accountable: None,
        category: String::new(),
        urgency: Urgency::Normal,
        text: String::new(),
        respond_by: None,
        resolve_by: None,
    };
    let case = cases::draft(tx, now, &new)?;
    let row = (move_ins::case_id.eq(case.id), move_ins::community_id.eq(community));
    diesel::insert_into(move_ins::table).values(row).execute(tx)?;
    Ok(case)
}

/// Saves what was entered so far, as it is; it is checked when it is sent.
///
/// # Errors
/// Refused where the application is neither a draft nor sent back.
pub fn save(tx: &mut Db, actor: &Actor, now: Instant, id: CaseId, form: &Form) -> Result<()> {
    let (_, case) = seen(tx, actor, now, id)?;
    writable(actor, &case)?;
    let form = form.cleaned(tx, None)?;
    form::store(tx, &case, &form)
}

/// Saves one page of the form: the `fields` that it asks have to be right, the others may still be missing.
///
/// # Errors
/// Its wrong fields; what the rules refuse at once, where it asks for the kind or the lease.
pub fn enter(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: CaseId,
    (form, fields): (&Form, &[&str]),
) -> Result<()> {
    let (_, case) = seen(tx, actor, now, id)?;
    writable(actor, &case)?;
    let home = case.home_id.ok_or(Error::NotFound)?;
    let form = form.cleaned(tx, None)?;
    let today = community::by_id(tx, case.community_id)?.today(now)?;
    let mut wrong = form.faults(tx, home, today)?;
    wrong.retain(|fault| fields.contains(&fault.field.as_str()));
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    if fields.iter().any(|field| matches!(*field, "kind" | "lease_from")) {
        form::refuse(tx, Some(&case), home, &form)?;
    }
    form::store(tx, &case, &form)
}

/// The form as its pages show it: what was entered, and the applicant's own contact where they move in themselves.
pub fn prefilled(db: &mut Db, (row, case): &Application) -> Result<Form> {
    let mut form = Form::from(row);
    let Some(applicant) = case.reporter_id.filter(|_| form.kind == Some(Kind::Owner)) else {
        return Ok(form);
    };
    let own =
        people::table.find(applicant.0).select((people::name, people::phone, people::email)).first(db)?;
    let (name, phone, email): (String, Option<String>, Option<String>) = own;
    if form.name.is_empty() {
        form.name = name.clone();
    }
    if form.name == name && form.phone.is_none() {
        (form.phone, form.email) = (phone, form.email.or(email));
    }
    Ok(form)
}

/// Deletes a draft.
///
/// # Errors
/// Refused where it was sent.
pub fn discard(tx: &mut Db, actor: &Actor, now: Instant, id: CaseId) -> Result<()> {
    let (_, case) = seen(tx, actor, now, id)?;
    match state(&case)? {
        State::Draft => night::erase(tx, id),
        _ => Err(Error::refused("move_in.sent", vec![])),
    }
}

/// Whether the actor may change now what was entered.
///
/// # Errors
/// Refused where it was sent and not sent back; not allowed where it is somebody else's.
pub fn writable(actor: &Actor, case: &Case) -> Result<()> {
    let is_theirs = case.reporter_id == actor.person || holds(actor, case, Role::Desk);
    match (state(case)?, is_theirs) {
        (State::Draft | State::Returned, true) => Ok(()),
        (State::Draft | State::Returned, false) => Err(Error::NotAllowed),
        _ => Err(Error::refused("move_in.sent", vec![])),
    }
}

/// Applies in one go: what the form has, sent.
///
/// # Errors
/// As [`act`] with [`Act::Submit`].
pub fn apply(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
    (form, channel, words, documents): (&Form, Channel, &str, &[AttachmentId]),
) -> Result<Case> {
    let case = draft(tx, actor, now, (community, home), channel)?;
    diesel::update(case_rows::table.find(case.id.0)).set(case_rows::text.eq(words.trim())).execute(tx)?;
    attach(tx, actor, &case, documents)?;
    act(tx, actor, now, (case.id, case.version), &Act::Submit(Some(form.clone())))
}

/// Adds documents that the actor uploaded before.
pub fn attach(tx: &mut Db, actor: &Actor, case: &Case, documents: &[AttachmentId]) -> Result<()> {
    attachments::attach(tx, actor, Subject::Case(case.id), "move_in", documents)
}

/// Who applies: the reporter, unless that is staff who writes it down for somebody.
pub(super) fn applicant(db: &mut Db, actor: &Actor, case: &Case) -> Result<Option<PersonId>> {
    let Some(reporter) = case.reporter_id else { return Ok(None) };
    let is_staff = actor.roles_in(case.community_id).any(Role::is_staff);
    if actor.person != Some(reporter) || !is_staff {
        return Ok(Some(reporter));
    }
    let tied: i64 = occupancies::table
        .filter(occupancies::person_id.eq(reporter.0))
        .filter(
            occupancies::home_id
                .eq(case.home_id.map_or(0, |home| home.0))
                .and(occupancies::ends_on.is_null()),
        )
        .count()
        .get_result(db)?;
    Ok((tied > 0).then_some(reporter))
}

/// Makes who moves in the reporter of what staff wrote down: they see it and hear of it, where the register knows
/// them.
pub(super) fn name_applicant(tx: &mut Db, case: &Case, form: &Form) -> Result<()> {
    let known = form::known(tx, case, form)?;
    let unknown = |text: &str| known.is_none().then(|| text.to_owned());
    let set = (
        case_rows::reporter_id.eq(known),
        case_rows::reporter_name.eq(unknown(&form.name)),
        case_rows::reporter_phone.eq(form.phone.as_deref().and_then(unknown)),
    );
    diesel::update(case_rows::table.find(case.id.0)).set(set).execute(tx)?;
    Ok(())
}
