//! Move-in 入住, the short form: applied for, looked at by the desk, sent back with remarks as often as it
//! takes, approved, handed over by the steward, closed by the first visit (domain.md §4).

mod faults;
mod form;
mod handover;
mod night;
mod records;
pub mod rules;
mod tenancy;

pub use faults::faults;
pub use form::Form;
pub use handover::{Defect, Handover};
pub use night::{first_visited, night};
pub use records::{Application, Handed, MoveIn, drafts, handed, in_states, of, of_home};
pub use rules::{Kind, State};

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::cases::table::{self, Standing};
use crate::cases::{self, Case, Channel, NewCase, Step, Urgency, Who};
use crate::db::schema::{cases as case_rows, move_ins};
use crate::notifications::{self, Tell};
use crate::{AttachmentId, CaseId, CommunityId, Db, Error, HomeId, Instant, Result, community, db, on_duty};

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

fn writable(actor: &Actor, case: &Case) -> Result<()> {
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

/// An application, if the asker may see it; a draft only by who writes it.
pub fn seen(db: &mut Db, actor: &Actor, now: Instant, id: CaseId) -> Result<Application> {
    let (row, case) = of(db, id)?;
    if case.number.is_none() && case.reporter_id != actor.person {
        return Err(Error::NotFound);
    }
    allow(db, actor, now, Action::ReadCase, Object::Case(case.community_id, id))?;
    Ok((row, case))
}

/// A step that is asked for, with what it needs.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends it, for the first time or again; with the form where it changed.
    Submit(Option<Form>),
    /// The desk begins to look at it.
    StartReview,
    /// Sends it back with remarks.
    Return(String),
    /// Approves it.
    Approve,
    /// Refuses it with a reason.
    Reject(String),
    /// Hands the home over.
    HandOver(Handover),
    /// The resident takes it back.
    Withdraw(String),
    /// It is called off after it was approved.
    Cancel(String),
    /// It is done.
    Close,
}

impl Act {
    /// Its name in the table and the API.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Submit(_) => "submit",
            Self::StartReview => "start_review",
            Self::Return(_) => "return",
            Self::Approve => "approve",
            Self::Reject(_) => "reject",
            Self::HandOver(_) => "hand_over",
            Self::Withdraw(_) => "withdraw",
            Self::Cancel(_) => "cancel",
            Self::Close => "close",
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Return(text) | Self::Reject(text) | Self::Withdraw(text) | Self::Cancel(text) => {
                text.trim()
            }
            _ => "",
        }
    }
}

/// Moves an application along its table, if it still has the version that the mover saw.
///
/// # Errors
/// Refused where the state has no such step or a rule says no; by field where the form, the remarks or the
/// checklist are not complete; conflict where somebody else moved it first.
pub fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (id, version): (CaseId, i32),
    act: &Act,
) -> Result<Case> {
    let (row, case) = of(tx, id)?;
    if case.number.is_some() {
        allow(tx, actor, now, Action::MoveCase, Object::Case(case.community_id, id))?;
    }
    if case.version != version {
        return Err(cases::conflict(tx, id)?);
    }
    let step = table::find(rules::TABLE, state(&case)?, act.action(), may(actor, &row, &case, act.action()))?;
    let case = match act {
        Act::Submit(form) => submit(tx, actor, now, (&row, &case), form.as_ref())?,
        Act::HandOver(handover) => {
            let zone = community::by_id(tx, case.community_id)?.zone()?;
            handover::make(tx, actor, (zone, now), &(row, case.clone()), handover)?;
            advance(tx, actor, now, &case, (act, step.to))?
        }
        _ => {
            decided(tx, actor, now, &case, act)?;
            advance(tx, actor, now, &case, (act, step.to))?
        }
    };
    tell(tx, &case, act, now)?;
    let line = Line::new(case.community_id, "move_in.step", "case", id.0).fields(act.action());
    audit::write(tx, actor, now, &line)?;
    Ok(case)
}

fn advance(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, (act, to): (&Act, State)) -> Result<Case> {
    let moved = cases::advance(tx, actor, now, case, &Step::to(act.action(), to.as_str()).note(act.words()))?;
    if to.is_final() {
        cases::close(tx, case.id, now)?;
    }
    cases::by_id(tx, moved.id)
}

/// What a decision leaves on the application.
fn decided(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, act: &Act) -> Result<()> {
    let row = move_ins::table.find(case.id.0);
    match act {
        Act::Return(remarks) => {
            if remarks.trim().is_empty() {
                return Err(Error::field("remarks", "required"));
            }
            let set = (
                move_ins::remarks.eq(remarks.trim()),
                move_ins::returned_at.eq(now),
                move_ins::returns.eq(move_ins::returns + 1),
            );
            diesel::update(row).set(set).execute(tx)?;
        }
        Act::Approve => {
            let set = (move_ins::approved_at.eq(now), move_ins::approved_by.eq(actor.person));
            diesel::update(row).set(set).execute(tx)?;
        }
        Act::Reject(reason) | Act::Cancel(reason) if reason.trim().is_empty() => {
            return Err(Error::field("reason", "required"));
        }
        _ => {}
    }
    Ok(())
}

fn submit(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (row, case): (&MoveIn, &Case),
    form: Option<&Form>,
) -> Result<Case> {
    let home = case.home_id.ok_or(Error::NotFound)?;
    let form = form.cloned().unwrap_or_else(|| Form::from(row));
    let own = (case.channel == Channel::Portal).then_some(case.reporter_id).flatten();
    let form = form.cleaned(tx, own)?;
    let today = community::by_id(tx, case.community_id)?.today(now)?;
    let wrong = form.faults(tx, home, today)?;
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    // Two applications for one home at once: the second looks after the first is in.
    db::lock(tx, "homes", home.0)?;
    form::refuse(tx, Some(case), home, &form)?;
    form::store(tx, case, &form)?;
    let category = form.kind.map_or("", Kind::as_str);
    diesel::update(case_rows::table.find(case.id.0)).set(case_rows::category.eq(category)).execute(tx)?;
    if case.number.is_none() {
        cases::submit(tx, actor, now, case.id, State::Submitted.as_str())?;
        return cases::by_id(tx, case.id);
    }
    cases::advance(tx, actor, now, case, &Step::to("submit", State::Reviewing.as_str()))
}

/// Who may make a step: as the table says, and a decision only by who decides about this kind.
fn may(actor: &Actor, row: &MoveIn, case: &Case, action: &str) -> impl Fn(&[Who]) -> bool {
    let decides = !matches!(action, "approve" | "reject")
        || actor.roles_in(case.community_id).any(|role| rules::decides(row.kind, role));
    let applied = case.reporter_id.is_some() && case.reporter_id == actor.person;
    let standing = Standing { resident: applied, ..Standing::default() };
    let (actor, community) = (actor.clone(), case.community_id);
    move |by| decides && table::is_one_of(by, &actor, community, standing)
}

/// What the actor may do now, in the table's order.
pub fn actions(actor: &Actor, (row, case): &Application) -> Result<Vec<&'static str>> {
    let state = state(case)?;
    let mut all = table::actions(rules::TABLE, state, |_| true);
    all.retain(|action| table::find(rules::TABLE, state, action, may(actor, row, case, action)).is_ok());
    Ok(all)
}

/// The state of a move-in's case.
pub fn state(case: &Case) -> Result<State> {
    case.state.parse().map_err(Error::internal)
}

fn holds(actor: &Actor, case: &Case, role: Role) -> bool {
    actor.roles_in(case.community_id).any(|held| held == role)
}

/// Tells the applicant what was decided, and the steward what is to be handed over.
fn tell(tx: &mut Db, case: &Case, act: &Act, now: Instant) -> Result<()> {
    let code = match act {
        Act::Return(_) => "move_in.returned",
        Act::Approve => "move_in.approved",
        Act::Reject(_) => "move_in.rejected",
        _ => return Ok(()),
    };
    let mut people: Vec<_> = case.reporter_id.into_iter().collect();
    if let (Act::Approve, Some(home)) = (act, case.home_id) {
        let today = community::by_id(tx, case.community_id)?.today(now)?;
        people.extend(on_duty::steward_of(tx, home, today)?);
    }
    let tell = Tell {
        community: case.community_id,
        event: format!("{code}:{}:{}", case.id, case.version),
        person: crate::PersonId(0),
        code,
        args: serde_json::json!({ "number": case.number(), "words": act.words() }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: notifications::Urgency::Normal,
    };
    notifications::tell_all(tx, &people, &tell, now)
}
