//! Move-in 入住, the short form: applied for, looked at by the desk, sent back with remarks as often as it
//! takes, approved, handed over by the steward, closed by the first visit (domain.md §4).

mod agreements;
mod faults;
mod form;
mod handover;
mod night;
mod papers;
mod records;
pub mod rules;
mod tenancy;
mod writing;

pub use agreements::{Signed, sign, signed, unsigned};
pub use faults::faults;
pub use form::Form;
pub use handover::{Defect, Handover};
pub use night::{first_visited, forget_identity, night};
pub use papers::{add_papers, papers, remove_paper};
pub use records::{
    Application, Begun, Handed, Mended, MoveIn, begun, drafts, handed, in_states, of, of_home, since,
};
pub use rules::{Agreement, Kind, Paper, State};
pub use writing::{apply, attach, discard, draft, enter, prefilled, save, writable};

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::cases::table::{self, Standing};
use crate::cases::{self, Case, Step, Who};
use crate::db::schema::{cases as case_rows, move_ins};
use crate::notifications::{self, Tell};
use crate::{CaseId, Db, Error, Instant, Result, community, db, on_duty};

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
    // A draft is moved by who writes it only, like it is seen.
    let (row, case) = seen(tx, actor, now, id)?;
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
    let applicant = writing::applicant(tx, actor, case)?;
    let form = form.cleaned(tx, applicant)?;
    let today = community::by_id(tx, case.community_id)?.today(now)?;
    let wrong = form.faults(tx, home, today)?;
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    // Two applications for one home at once: the second looks after the first is in.
    db::lock(tx, "homes", home.0)?;
    form::refuse(tx, Some(case), home, &form)?;
    form::store(tx, case, &form)?;
    if applicant.is_none() {
        writing::name_applicant(tx, case, &form)?;
    }
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
