//! One step of an enquiry: seen in its present version, allowed by the table, made, told.

use chrono::TimeDelta;
use serde_json::json;

use super::ask::due;
use super::records;
use super::rules::{State, TABLE};
use crate::access::{Action, Actor, Object, allow};
use crate::cases::tell;
use crate::cases::voice::words;
use crate::cases::{self, Case, Kind, Step, Who, table};
use crate::{CommunityId, Db, Error, Instant, Result, knowledge, settings};

/// What somebody does to an enquiry.
#[derive(Debug, Clone)]
pub enum Act {
    /// Answers it: in words, with an article, or both.
    Answer {
        /// In words; may be empty where an article says it.
        text: String,
        /// The article.
        article: Option<i64>,
    },
    /// Puts an answer right, or adds to it.
    Add {
        /// In words.
        text: String,
        /// The article.
        article: Option<i64>,
    },
    /// Says that it helped.
    Helped,
    /// Asks back.
    AskBack {
        /// What.
        text: String,
    },
    /// Takes it back.
    Withdraw,
    /// Ends it.
    Close,
}

impl Act {
    /// The word of the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::Add { .. } => "add",
            Self::Helped => "helped",
            Self::AskBack { .. } => "ask_back",
            Self::Withdraw => "withdraw",
            Self::Close => "close",
        }
    }
}

fn state(case: &Case) -> Result<State> {
    if case.kind != Kind::Enquiry {
        return Err(Error::NotFound);
    }
    case.state.parse().map_err(Error::internal)
}

/// What the actor may do to an enquiry now, in the table's order: the buttons of its page.
pub fn actions(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> Result<Vec<&'static str>> {
    let standing = cases::standing(db, actor, now, case)?;
    let may = |by: &[Who]| table::is_one_of(by, actor, case.community_id, standing);
    let mut found = table::actions(TABLE, state(case)?, may);
    if found.contains(&"ask_back") && check_asking_back(db, case, now).is_err() {
        found.retain(|action| *action != "ask_back");
    }
    Ok(found)
}

/// Moves an enquiry by one step and returns it as it is then.
///
/// # Errors
/// [`Error::Conflict`] where `version` is not the present one; `case.transition` where the state has no
/// such step; [`Error::NotAllowed`] where it is somebody else's.
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
    let standing = cases::standing(tx, actor, now, &case)?;
    let may = |by: &[Who]| table::is_one_of(by, actor, community, standing);
    let to = table::find(TABLE, state(&case)?, act.word(), may)?.to;
    match act {
        Act::Answer { text, article } | Act::Add { text, article } => {
            answer(tx, (actor, now), (&case, act.word()), text, *article)?;
        }
        Act::Helped => {
            ends(tx, (actor, now), &case, "helped")?;
            records::helped(tx, case.id, true)?;
        }
        Act::AskBack { text } => ask_back(tx, (actor, now), &case, text)?,
        Act::Withdraw | Act::Close => ends(tx, (actor, now), &case, act.word())?,
    }
    let case = cases::by_id(tx, case.id)?;
    debug_assert_eq!(case.state, to.as_str());
    Ok(case)
}

fn answer(
    tx: &mut Db,
    (actor, now): (&Actor, Instant),
    (case, action): (&Case, &str),
    text: &str,
    article: Option<i64>,
) -> Result<()> {
    let said = knowledge::said(tx, (actor, now), case.community_id, (text, article))?;
    let moved =
        cases::advance(tx, actor, now, case, &Step::to(action, State::Answered.as_str()).note(&said))?;
    records::answer(tx, case.id, &said, (actor.person, article))?;
    cases::answered(tx, case.id, now)?;
    tell::reporters(tx, actor, now, &moved, "enquiry.answered", json!({}))
}

fn ask_back(tx: &mut Db, (actor, now): (&Actor, Instant), case: &Case, text: &str) -> Result<()> {
    let text = words("text", text, 2_000)?;
    check_asking_back(tx, case, now)?;
    let by = due(tx, case.community_id, now)?;
    let moved =
        cases::advance(tx, actor, now, case, &Step::to("ask_back", State::Asked.as_str()).note(text))?;
    cases::reopen(tx, case, (by, by))?;
    records::helped(tx, case.id, false)?;
    tell::staff(tx, actor, now, &moved, "enquiry.asked_back", case.accountable_id.into_iter().collect())
}

fn ends(tx: &mut Db, (actor, now): (&Actor, Instant), case: &Case, action: &str) -> Result<()> {
    cases::advance(tx, actor, now, case, &Step::to(action, State::Closed.as_str()))?;
    cases::close(tx, case.id, now)
}

/// Refuses to ask back too long after it was closed.
fn check_asking_back(db: &mut Db, case: &Case, now: Instant) -> Result<()> {
    let Some(closed) = case.closed_at else { return Ok(()) };
    let days = settings::get(db, case.community_id, settings::REOPEN_DAYS)?;
    if now.since(closed) <= TimeDelta::days(days) {
        return Ok(());
    }
    Err(Error::refused("enquiry.reopen_time", vec![("days", days.to_string())]))
}

/// Closes what was answered and about which nobody has asked back for as long as the settings allow; says
/// how many.
pub fn close_silent(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let days = settings::get(tx, community, settings::ENQUIRY_CLOSE_DAYS)?;
    let silent = records::silent_since(tx, community, now.minus(TimeDelta::days(days)))?;
    for case in &silent {
        ends(tx, (&Actor::system("clocks"), now), case, "close")?;
    }
    Ok(silent.len())
}
