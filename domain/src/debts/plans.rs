//! Instalment plans 分期: agreed on for chosen charges, kept or broken as the payments tell, or ended.

use diesel::prelude::*;

use super::rules::{self, Part, Standing, State};
use super::{held, over, records, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::plans;
use crate::{
    ChargeId, CommunityId, Db, Error, Fen, Instant, LedgerAccountId, LocalDate, PersonId, PlanId, Result,
    community, settings,
};

pub use super::records::Plan;

/// What is agreed on.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// The charges that it is about.
    pub charges: Vec<ChargeId>,
    /// The instalments, in their order.
    pub parts: Vec<Part>,
    /// Who agreed for the payer, by name.
    pub agreed_by: String,
    /// When.
    pub agreed_on: LocalDate,
    /// Where the paper lies, and what else was said.
    pub note: String,
}

/// Writes down what was agreed on: nobody is reminded of these charges while the plan holds.
///
/// # Errors
/// By field: no charges or one that is not open on this account, dates and sums as [`rules::agreeable`] says, a day
/// of agreement to come. Refused where a charge is disputed or in another plan, and for one's own.
pub fn agree(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    account: LedgerAccountId,
    new: &NewPlan,
) -> Result<PlanId> {
    let community = held(tx, actor, now, account)?;
    let today = community::by_id(tx, community)?.today(now)?;
    if new.agreed_by.trim().is_empty() {
        return Err(Error::field("agreed_by", "required"));
    }
    if new.agreed_on > today {
        return Err(Error::field("agreed_on", "in_past"));
    }
    let open = records::open_of(tx, account, &new.charges)?;
    records::not_quiet(tx, &new.charges)?;
    let total: Fen = open.iter().map(|(_, fen)| *fen).sum();
    rules::agreeable(total, &new.parts, today)?;
    let row = (
        plans::community_id.eq(community),
        plans::account_id.eq(account),
        plans::total_fen.eq(total),
        plans::agreed_by.eq(new.agreed_by.trim()),
        plans::agreed_on.eq(new.agreed_on),
        plans::note.eq(new.note.trim()),
        plans::made_by.eq(actor.person),
        plans::made_at.eq(now),
        plans::state.eq(State::Running),
    );
    let id: PlanId = diesel::insert_into(plans::table).values(row).returning(plans::id).get_result(tx)?;
    records::insert_charges(tx, id, &open)?;
    records::insert_parts(tx, id, &new.parts)?;
    tell::of_plan(tx, now, id, "debt.plan_agreed", "")?;
    audit::write(tx, actor, now, &Line::new(community, "plan.agree", "plan", id.0))?;
    Ok(id)
}

/// Ends a plan that holds, with a reason: reminders speak again.
///
/// # Errors
/// No reason, by field; a plan that does not hold any more (`debt.plan_over`, `debt.plan_kept`, `debt.plan_broken`).
pub fn end(tx: &mut Db, actor: &Actor, now: Instant, id: PlanId, reason: &str) -> Result<LedgerAccountId> {
    let account = records::by_id(tx, id)?.account_id;
    let community = held(tx, actor, now, account)?;
    let found = records::by_id(tx, id)?;
    holds(tx, &found)?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    finish(tx, id, now, (State::Ended, None), (actor.person, reason.trim()))?;
    tell::of_plan(tx, now, id, "debt.plan_ended", reason.trim())?;
    audit::write(tx, actor, now, &Line::new(community, "plan.end", "plan", id.0))?;
    Ok(account)
}

/// Whether a plan holds. It ends once, with its account locked: so it has no version, and who comes second is told
/// what became of it.
fn holds(db: &mut Db, found: &records::Row) -> Result<()> {
    let refusal = match found.state {
        State::Running => return Ok(()),
        State::Ended => "debt.plan_over",
        State::Kept => "debt.plan_kept",
        State::Broken => "debt.plan_broken",
    };
    let mut args = over(db, found.community_id, (found.ended_by, found.ended_at))?;
    args.push(("reason", found.end_reason.clone()));
    args.push(("missed", found.missed_on.map(|day| day.to_string()).unwrap_or_default()));
    Err(Error::refused(refusal, args))
}

fn finish(
    tx: &mut Db,
    id: PlanId,
    now: Instant,
    (state, missed_on): (State, Option<LocalDate>),
    (by, reason): (Option<PersonId>, &str),
) -> Result<()> {
    let ended = (
        plans::state.eq(state),
        plans::missed_on.eq(missed_on),
        plans::end_reason.eq(reason),
        plans::ended_by.eq(by),
        plans::ended_at.eq(now),
    );
    diesel::update(plans::table.find(id.0)).set(ended).execute(tx)?;
    Ok(())
}

/// The plans that hold so far and do not any more: for [`judge`].
pub fn to_judge(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<PlanId>> {
    let running = plans::table
        .filter(plans::community_id.eq(community.0).and(plans::state.eq(State::Running)))
        .order(plans::id)
        .select(records::Row::as_select());
    let running = running.load(db)?;
    let mut over = Vec::new();
    for plan in records::wholes(db, running)? {
        if standing(db, &plan, now)? != Standing::Running {
            over.push(plan.id);
        }
    }
    Ok(over)
}

/// Writes down that a plan was kept or broken, where it was: once, and for good. The payer is told, and of a broken
/// one who keeps debts.
pub fn judge(tx: &mut Db, actor: &Actor, now: Instant, id: PlanId) -> Result<State> {
    let found = records::by_id(tx, id)?;
    allow(tx, actor, now, Action::KeepDebts, Object::Community(found.community_id))?;
    crate::ledger::lock(tx, found.account_id)?;
    let plan = records::whole(tx, id)?;
    if plan.state != State::Running {
        return Ok(plan.state);
    }
    match standing(tx, &plan, now)? {
        Standing::Running => return Ok(State::Running),
        Standing::Kept => {
            finish(tx, id, now, (State::Kept, None), (None, ""))?;
            tell::of_plan(tx, now, id, "debt.plan_kept", "")?;
        }
        Standing::Broken(on) => {
            finish(tx, id, now, (State::Broken, Some(on)), (None, ""))?;
            tell::of_plan(tx, now, id, "debt.plan_broken", "")?;
            tell::keepers_of_plan(tx, now, id)?;
        }
    }
    let state = records::by_id(tx, id)?.state;
    let line = Line::new(plan.community_id, "plan.judge", "plan", id.0).fields(state.as_str());
    audit::write(tx, actor, now, &line)?;
    Ok(state)
}

fn standing(db: &mut Db, plan: &Plan, now: Instant) -> Result<Standing> {
    let zone = community::by_id(db, plan.community_id)?.zone()?;
    let grace = settings::get(db, plan.community_id, settings::PLAN_GRACE_DAYS)?.unsigned_abs();
    let moves = records::moves(db, plan.id)?;
    let open = |day: LocalDate| {
        moves.iter().filter(|(at, _)| at.is_none_or(|at| zone.date(at) <= day)).map(|m| m.1).sum()
    };
    Ok(rules::stand(plan.total, &plan.parts, open, zone.date(now), grace))
}

/// A plan, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn plan_of(db: &mut Db, actor: &Actor, now: Instant, id: PlanId) -> Result<Plan> {
    let plan = records::whole(db, id)?;
    super::debtor(db, actor, now, plan.account_id)?;
    Ok(plan)
}

/// The plans of accounts, newest first.
pub fn plans_of(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Plan>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let rows = plans::table.filter(plans::account_id.eq_any(ids)).order(plans::id.desc());
    let rows = rows.select(records::Row::as_select()).load(db)?;
    records::wholes(db, rows)
}

/// The plans of a community in a state, newest first, from behind the last that was seen, at most so many: for who
/// keeps debts.
pub fn plans_in(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    state: State,
    (before, limit): (Option<PlanId>, i64),
) -> Result<Vec<Plan>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    let rows = plans::table
        .filter(plans::community_id.eq(community.0).and(plans::state.eq(state)))
        .filter(plans::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .order(plans::id.desc())
        .limit(limit);
    let rows = rows.select(records::Row::as_select()).load(db)?;
    records::wholes(db, rows)
}
