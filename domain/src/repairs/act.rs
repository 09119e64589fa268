//! One step of a repair: seen in its present version, allowed by the table, made, told.

use super::pays::{self, QuoteState, Quoted, Rule};
use super::rules::{State, TABLE};
use super::steps::By;
use super::{dispatch, limits};
use crate::access::{Action, Actor, Object, allow};
use crate::cases::{self, Case, Kind, Urgency, Who, table};
use crate::stock::Used;
use crate::{AttachmentId, CommunityId, Db, Error, Instant, PersonId, Result};

crate::words! {
    /// What a repair waits for.
    WaitFor {
        /// A part.
        Parts = "parts",
        /// The resident.
        Resident = "resident",
    }
}

/// What somebody does to a repair.
#[derive(Debug, Clone)]
pub enum Act {
    /// 接单: answers for it from now on.
    Accept,
    /// Gives it to a technician.
    Dispatch {
        /// Whom.
        technician: PersonId,
    },
    /// Will not take it.
    Decline,
    /// Takes it: given, or from the pool.
    Take,
    /// Gives it back after taking it.
    Release,
    /// Gives it to another technician.
    HandOver {
        /// Whom.
        technician: PersonId,
    },
    /// Is there.
    Arrive,
    /// Cannot go on now.
    Wait {
        /// What for.
        wait_for: WaitFor,
        /// What exactly.
        note: String,
    },
    /// Goes on.
    Resume,
    /// Offers what it would cost the resident.
    Quote {
        /// From the price list.
        lines: Vec<Quoted>,
        /// Whether people caused it.
        caused_by_people: bool,
    },
    /// Agrees to the quote: the resident, or the technician with the photo of a signature.
    Agree {
        /// The photo.
        signature: Option<AttachmentId>,
    },
    /// Withdraws the agreement.
    Disagree,
    /// Says no to the quote.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Is done.
    Finish {
        /// What was done.
        work: String,
        /// What the cause was.
        cause: String,
        /// How long it took.
        minutes: i32,
        /// What was used from the store.
        materials: Vec<Used>,
        /// Photos of it.
        attachments: Vec<AttachmentId>,
    },
    /// Says how it was.
    Rate {
        /// 1 to 5.
        score: i32,
        /// A word with it.
        word: String,
    },
    /// Says that it is not mended.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Ends it in another repair about the same thing.
    Merge {
        /// The other's number.
        into: String,
    },
    /// Withdraws it.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Closes it, as nobody has let the technician in for days.
    NoAccess,
}

impl Act {
    /// The word of the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Dispatch { .. } => "dispatch",
            Self::Decline => "decline",
            Self::Take => "take",
            Self::Release => "release",
            Self::HandOver { .. } => "hand_over",
            Self::Arrive => "arrive",
            Self::Wait { .. } => "wait",
            Self::Resume => "resume",
            Self::Quote { .. } => "quote",
            Self::Agree { .. } => "agree",
            Self::Disagree => "disagree",
            Self::Refuse { .. } => "refuse",
            Self::Finish { .. } => "finish",
            Self::Rate { .. } => "rate",
            Self::Reopen { .. } => "reopen",
            Self::Merge { .. } => "merge",
            Self::Cancel { .. } => "cancel",
            Self::NoAccess => "no_access",
        }
    }
}

/// The state of a repair, as its own word.
pub(super) fn state(case: &Case) -> Result<State> {
    if case.kind != Kind::Repair {
        return Err(Error::NotFound);
    }
    case.state.parse().map_err(Error::internal)
}

/// What the actor may do to a repair now, in the table's order: the buttons of its page.
pub fn actions(db: &mut Db, actor: &Actor, now: Instant, case: &Case) -> Result<Vec<&'static str>> {
    let standing = cases::standing(db, actor, now, case)?;
    let may = |by: &[Who]| table::is_one_of(by, actor, case.community_id, standing);
    let mut found = table::actions(TABLE, state(case)?, may);
    if found.contains(&"take")
        && state(case)? == State::Accepted
        && !dispatch::takes_from_pool(db, case.community_id, actor.person, now)?
    {
        found.retain(|action| *action != "take");
    }
    if !limits::may_cancel_now(case, now) {
        found.retain(|action| *action != "cancel");
    }
    if found.contains(&"reopen") && limits::check_reopening(db, case, now).is_err() {
        found.retain(|action| *action != "reopen");
    }
    if found.iter().any(|action| QUOTING.contains(action)) {
        let open = quoting(db, case, now)?;
        found.retain(|action| !QUOTING.contains(action) || open.contains(action));
    }
    if found.contains(&"no_access") && limits::check_access(db, case, now).is_err() {
        found.retain(|action| *action != "no_access");
    }
    Ok(found)
}

/// Moves a repair by one step and returns it as it is then.
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
    let row = table::find(TABLE, state(&case)?, act.word(), may)?;
    let by = By { actor, now, case: &case };
    match act {
        Act::Accept => by.accept(tx),
        Act::Dispatch { technician } => by.give(tx, "dispatch", *technician),
        Act::HandOver { technician } => by.give(tx, "hand_over", *technician),
        Act::Decline => dispatch::back_to_pool(tx, actor, now, &case, "decline", &actor.name),
        Act::Release => dispatch::back_to_pool(tx, actor, now, &case, "release", &actor.name),
        Act::Take => by.take(tx),
        Act::Arrive => by.plain(tx, row.to, "repair.arrived"),
        Act::Wait { wait_for, note } => by.wait(tx, *wait_for, note),
        Act::Resume => by.resume(tx),
        Act::Quote { lines, caused_by_people } => by.quote(tx, row.to, (lines, *caused_by_people)),
        Act::Agree { signature } => by.agree(tx, row.to, *signature, standing),
        Act::Disagree => by.disagree(tx, row.to),
        Act::Refuse { reason } => by.refuse(tx, row.to, reason),
        Act::Finish { work, cause, minutes, materials, attachments } => {
            by.finish(tx, (work, cause), *minutes, (materials, attachments))
        }
        Act::Rate { score, word } => by.rate(tx, row.to, *score, word),
        Act::Reopen { reason } => by.reopen(tx, reason, standing),
        Act::Merge { into } => by.merge(tx, into),
        Act::Cancel { reason } => by.cancel(tx, reason),
        Act::NoAccess => by.no_access(tx),
    }
}

const QUOTING: [&str; 4] = ["quote", "agree", "refuse", "disagree"];

/// Which steps about a quote are open: an offer where the resident pays or may have caused it, an agreement
/// to what is offered, its withdrawal while there is time.
fn quoting(db: &mut Db, case: &Case, now: Instant) -> Result<Vec<&'static str>> {
    let decided = pays::decide(db, case)?;
    let newest = pays::current(db, case)?;
    let mut open = Vec::new();
    if matches!(decided.rule, Rule::PublicPart | Rule::NotDelivered) {
        return Ok(open);
    }
    open.push("quote");
    let Some((quote, _)) = newest else { return Ok(open) };
    if quote.state == QuoteState::Offered {
        open.extend(["agree", "refuse"]);
    } else if pays::may_disagree(&quote, now) {
        open.push("disagree");
    }
    Ok(open)
}

/// Whether a repair's next step is due for an emergency at once.
pub(super) fn is_emergency(case: &Case) -> bool {
    case.urgency == Urgency::Emergency
}
