//! The dispatch board 派工台: who is there with how much, what lies in the pool by clock, whom to send and
//! why; several orders are given in one act.

use super::dispatch::{self, Candidate};
use super::records::{self, Load};
use super::rules::State;
use super::{Act, act};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::cases::{self, Case, Filter, Kind};
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, categories, community, on_duty};

/// A technician with what they have.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Who, with their load.
    pub load: Load,
    /// Whether they can be sent now.
    pub on_duty: bool,
    /// What they have, the first to run out on top.
    pub orders: Vec<Case>,
}

/// Something that waits to be given to somebody.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// What.
    pub case: Case,
    /// Who could go, the first one proposed.
    pub candidates: Vec<Candidate>,
}

/// The board as it is now.
#[derive(Debug, Clone)]
pub struct Board {
    /// Every technician, those on duty first, those with the least first.
    pub workers: Vec<Worker>,
    /// What is nobody's yet, the first to run out on top.
    pub pool: Vec<Waiting>,
}

/// The board.
///
/// # Errors
/// Not allowed to who does not dispatch.
pub fn board(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Board> {
    allow(db, actor, now, Action::DispatchWork, Object::Community(community))?;
    let filter = Filter { kind: Some(Kind::Repair), running: true, ..Filter::default() };
    let mut running = cases::list(db, community, &filter, 2_000)?;
    running.sort_by_key(|case| (next_clock(case).is_none(), next_clock(case), case.id));
    let workers = workers(db, community, now, &running)?;
    let mut pool = Vec::new();
    for case in running.into_iter().filter(is_nobodys) {
        let category = categories::of(db, community, &case.category)?;
        pool.push(Waiting { candidates: dispatch::candidates(db, community, &category, now)?, case });
    }
    Ok(Board { workers, pool })
}

fn is_nobodys(case: &Case) -> bool {
    case.state == State::Reported.as_str() || case.state == State::Accepted.as_str()
}

/// The clock that runs out next; none where it stands still or has ended.
fn next_clock(case: &Case) -> Option<Instant> {
    match (case.paused_at, case.responded_at) {
        (Some(_), _) => None,
        (None, None) => case.respond_by,
        (None, Some(_)) => case.resolve_by,
    }
}

fn workers(db: &mut Db, community: CommunityId, now: Instant, running: &[Case]) -> Result<Vec<Worker>> {
    let today = community::by_id(db, community)?.today(now)?;
    let there = on_duty::holders(db, community, Role::Technician, now)?;
    let held = records::held(db, community)?;
    let mut all = Vec::new();
    for load in records::loads(db, community, today)? {
        let theirs = |case: &&Case| held.get(&case.id) == Some(&load.person);
        let orders = running.iter().filter(theirs).cloned().collect();
        all.push(Worker { on_duty: there.contains(&load.person), orders, load });
    }
    all.sort_by_key(|one| (!one.on_duty, one.load.open, one.load.last_at, one.load.person));
    Ok(all)
}

/// An order to be given: its number, the version that was seen, and to whom; to the one proposed where
/// nobody is named.
#[derive(Debug, Clone)]
pub struct Order {
    /// The number.
    pub number: String,
    /// The version that was seen.
    pub version: i32,
    /// To whom.
    pub technician: Option<PersonId>,
}

/// Gives several orders in one act; what is not accepted yet is accepted on the way. Whom the portal
/// proposes is looked up order by order, so that the load is shared.
///
/// # Errors
/// `repair.moved_meanwhile` names the order that somebody else moved first, `repair.nobody_to_send` the one for
/// which there is nobody; nothing was given then.
pub fn dispatch_all(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    orders: &[Order],
) -> Result<Vec<Case>> {
    allow(tx, actor, now, Action::DispatchWork, Object::Community(community))?;
    if orders.is_empty() {
        return Err(Error::field("order", "nothing_chosen"));
    }
    orders.iter().map(|order| give(tx, actor, now, community, order)).collect()
}

fn give(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, order: &Order) -> Result<Case> {
    let named = |rule| Error::refused(rule, vec![("number", order.number.clone())]);
    let mut case = cases::read(tx, actor, now, community, &order.number)?;
    if case.version != order.version || !is_nobodys(&case) {
        return Err(named("repair.moved_meanwhile"));
    }
    if case.state == State::Reported.as_str() {
        case = act(tx, actor, now, (community, &order.number), case.version, &Act::Accept)?;
    }
    let technician = match order.technician {
        Some(technician) => technician,
        None => {
            let category = categories::of(tx, community, &case.category)?;
            let first = dispatch::candidates(tx, community, &category, now)?.into_iter().next();
            first.ok_or_else(|| named("repair.nobody_to_send"))?.load.person
        }
    };
    act(tx, actor, now, (community, &order.number), case.version, &Act::Dispatch { technician })
}
