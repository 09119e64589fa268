//! One step of a complaint: seen in its present version, allowed by the table, made, told. Nobody makes a
//! step of a complaint about themselves; the manager stands in for a supervisor whom one is about.

use super::limits;
use super::records::{self, Complaint};
use super::rules::{Cause, Department, State, TABLE};
use super::steps::By;
use crate::access::{Action, Actor, Object, Role, allow};
use crate::cases::{self, Case, Kind, Who, table};
use crate::{CommunityId, Db, Error, Fen, Instant, Result, on_duty};

/// What somebody does to a complaint.
#[derive(Debug, Clone)]
pub enum Act {
    /// Finds it founded and gives it to a department.
    Founded {
        /// Which.
        department: Department,
        /// Why, in words that can be shown.
        note: String,
    },
    /// Finds it unfounded.
    Unfounded {
        /// Why, in words that can be shown.
        reason: String,
    },
    /// Gives it to another department.
    Reassign {
        /// Which.
        department: Department,
        /// Why.
        reason: String,
    },
    /// Begins to look into it.
    Investigate,
    /// Says what was found and proposes what to do.
    Propose {
        /// What lay behind it.
        cause: Cause,
        /// What was found.
        findings: String,
        /// One to three things that would be done, each with the money that it promises.
        options: Vec<(String, Fen)>,
    },
    /// Sends a plan back.
    SendBack {
        /// Why.
        reason: String,
    },
    /// Approves a plan.
    Approve,
    /// Says which option it shall be.
    Choose {
        /// Its number.
        option: i32,
    },
    /// Begins to carry it out.
    CarryOut,
    /// Answers in between: a word that who complained can see.
    Reply {
        /// What is said; may be empty where an article says it.
        text: String,
        /// The article, or common answer, that says it.
        article: Option<i64>,
    },
    /// Answers: what was done, or why there is nothing to do.
    Answer {
        /// What was done, or the reason, in words for who complained.
        done: String,
        /// What they said to it, where somebody spoke with them.
        said: String,
        /// What is learned from it.
        lesson: String,
    },
    /// Takes it back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Takes the withdrawal back.
    Undo,
    /// Ends it in another complaint about the same thing.
    Merge {
        /// The other's number.
        into: String,
    },
    /// Says that it is not settled.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Writes down what is learned from it.
    Learn {
        /// What.
        lesson: String,
    },
}

impl Act {
    /// The word of the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Founded { .. } => "founded",
            Self::Unfounded { .. } => "unfounded",
            Self::Reassign { .. } => "reassign",
            Self::Investigate => "investigate",
            Self::Propose { .. } => "propose",
            Self::SendBack { .. } => "send_back",
            Self::Approve => "approve",
            Self::Choose { .. } => "choose",
            Self::CarryOut => "carry_out",
            Self::Reply { .. } => "reply",
            Self::Answer { .. } => "answer",
            Self::Withdraw { .. } => "withdraw",
            Self::Undo => "undo",
            Self::Merge { .. } => "merge",
            Self::Reopen { .. } => "reopen",
            Self::Learn { .. } => "learn",
        }
    }
}

/// The state of a complaint, as its own word.
pub(super) fn state(case: &Case) -> Result<State> {
    if case.kind != Kind::Complaint {
        return Err(Error::NotFound);
    }
    case.state.parse().map_err(Error::internal)
}

/// What an actor may do to a complaint, besides what the table says of their roles.
pub(super) struct Asker<'a> {
    actor: &'a Actor,
    community: CommunityId,
    standing: table::Standing,
    /// The manager, of a complaint about a supervisor.
    stands_in: bool,
    /// Whom it is about.
    about_oneself: bool,
}

impl<'a> Asker<'a> {
    fn of(db: &mut Db, actor: &'a Actor, now: Instant, case: &Case, row: &Complaint) -> Result<Self> {
        let about = match row.about_id {
            Some(about) => on_duty::roles_of(db, case.community_id, about, now)?,
            None => vec![],
        };
        let is_manager = actor.roles_in(case.community_id).any(|role| role == Role::Manager);
        Ok(Self {
            actor,
            community: case.community_id,
            standing: cases::standing(db, actor, now, case)?,
            stands_in: is_manager && about.contains(&Role::Supervisor),
            about_oneself: row.about_id.is_some() && row.about_id == actor.person,
        })
    }

    pub(super) fn may(&self, by: &[Who]) -> bool {
        let instead = self.stands_in && by.contains(&Who::Role(Role::Supervisor));
        instead || table::is_one_of(by, self.actor, self.community, self.standing)
    }
}

/// What the actor may do to a complaint now, in the table's order: the buttons of its page.
pub fn actions(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> Result<Vec<&'static str>> {
    let row = records::of_case(db, case.id)?;
    let asker = Asker::of(db, actor, now, case, &row)?;
    if asker.about_oneself {
        return Ok(vec![]);
    }
    let found = table::actions(TABLE, state(case)?, |by| asker.may(by));
    let mut open = Vec::new();
    for action in found {
        if limits::check(db, &asker, now, (case, &row), action).is_ok() {
            open.push(action);
        }
    }
    Ok(open)
}

/// Moves a complaint by one step and returns it as it is then.
///
/// # Errors
/// [`Error::Conflict`] where `version` is not the present one; `case.transition` where the state has no
/// such step; [`Error::NotAllowed`] where it is somebody else's; `complaint.about_oneself`.
pub fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, number): (CommunityId, &str),
    version: i32,
    act: &Act,
) -> Result<Case> {
    let case = cases::read(tx, actor, now, community, number)?;
    cases::expect(&case, version)?;
    allow(tx, actor, now, Action::MoveCase, Object::Case(community, case.id))?;
    let at = state(&case)?;
    let row = records::of_case(tx, case.id)?;
    let asker = Asker::of(tx, actor, now, &case, &row)?;
    if asker.about_oneself {
        return Err(Error::refused("complaint.about_oneself", vec![]));
    }
    table::find(TABLE, at, act.word(), |by| asker.may(by))?;
    limits::check(tx, &asker, now, (&case, &row), act.word())?;
    let by = By { actor, now, case: &case, row: &row };
    match act {
        Act::Founded { department, note } => by.founded(tx, *department, note),
        Act::Unfounded { reason } => by.unfounded(tx, reason),
        Act::Reassign { department, reason } => by.reassign(tx, *department, reason),
        Act::Investigate => by.investigate(tx),
        Act::Propose { cause, findings, options } => by.propose(tx, *cause, findings, options),
        Act::SendBack { reason } => by.send_back(tx, reason),
        Act::Approve => by.approve(tx),
        Act::Choose { option } => by.choose(tx, *option),
        Act::CarryOut => by.carry_out(tx),
        Act::Reply { text, article } => by.reply(tx, at, (text, *article)),
        Act::Answer { done, said, lesson } => by.answer(tx, done, (said, lesson)),
        Act::Withdraw { reason } => by.withdraw(tx, reason),
        Act::Undo => by.undo(tx),
        Act::Merge { into } => by.merge(tx, into),
        Act::Reopen { reason } => by.reopen(tx, reason),
        Act::Learn { lesson } => by.learn(tx, at, lesson),
    }
}
