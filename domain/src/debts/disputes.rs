//! Disputes 争议: a charge that its payer does not accept, with their reason, until somebody has answered it. Here the
//! office notes and answers them; what residents raise by themselves is in [`super::raised`].

use diesel::prelude::*;

use super::dispute_rules::{Outcome, Raised, can_end};
use super::{held, over, records, tell};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::disputes;
use crate::{
    ChargeId, CommunityId, Db, DisputeId, Error, Fen, Instant, LedgerAccountId, PersonId, Result, ledger,
};

/// A dispute as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = disputes)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// The community.
    pub community_id: CommunityId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// Which charge.
    pub charge_id: ChargeId,
    /// What the payer says.
    pub reason: String,
    /// Who noted it.
    pub noted_by: Option<PersonId>,
    /// When.
    pub noted_at: Instant,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the payer was answered.
    pub answer: String,
    /// Who answered.
    pub ended_by: Option<PersonId>,
    /// When.
    pub ended_at: Option<Instant>,
    /// Whether the office noted it or a resident raised it.
    pub raised_by: Raised,
}

/// Notes that a charge is disputed: nobody is reminded of it until that is answered.
///
/// # Errors
/// By field: no reason, a charge of another account. Refused where nothing is open (`debt.nothing_open`), where
/// it is disputed already (`debt.disputed`) or in a plan (`debt.planned`), and for one's own.
pub fn dispute(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    account: LedgerAccountId,
    charge: ChargeId,
    reason: &str,
) -> Result<DisputeId> {
    let community = held(tx, actor, now, account)?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let found = ledger::charge_on(tx, account, charge, "charge")?;
    if found.open() <= Fen::ZERO {
        return Err(Error::refused("debt.nothing_open", vec![]));
    }
    records::not_quiet(tx, &[charge])?;
    let row = (
        disputes::community_id.eq(community),
        disputes::account_id.eq(account),
        disputes::charge_id.eq(charge),
        disputes::reason.eq(reason.trim()),
        disputes::noted_by.eq(actor.person),
        disputes::noted_at.eq(now),
    );
    let id: DisputeId =
        diesel::insert_into(disputes::table).values(row).returning(disputes::id).get_result(tx)?;
    let made = by_id(tx, id)?;
    tell::of_dispute(tx, now, &made, ("debt.disputed", format!("dispute:{id}")))?;
    audit::write(tx, actor, now, &Line::new(community, "dispute.note", "charge", charge.0))?;
    Ok(id)
}

/// Answers a dispute: reminders speak again, unless the charge was corrected.
///
/// # Errors
/// By field: no answer, an outcome that is not the office's; over already (`debt.answered`, `debt.taken_back`).
pub fn end_dispute(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: DisputeId,
    outcome: Outcome,
    answer: &str,
) -> Result<LedgerAccountId> {
    let account = by_id(tx, id)?.account_id;
    held(tx, actor, now, account)?;
    let found = by_id(tx, id)?;
    may_end(tx, &found, (outcome, Raised::Office))?;
    if answer.trim().is_empty() {
        return Err(Error::field("answer", "required"));
    }
    let ended = (
        disputes::outcome.eq(outcome),
        disputes::answer.eq(answer.trim()),
        disputes::ended_by.eq(actor.person),
        disputes::ended_at.eq(now),
    );
    diesel::update(disputes::table.find(id.0)).set(ended).execute(tx)?;
    let answered = by_id(tx, id)?;
    tell::of_dispute(tx, now, &answered, ("debt.answered", format!("dispute:{id}:answer")))?;
    audit::write(tx, actor, now, &Line::new(found.community_id, "dispute.end", "charge", found.charge_id.0))?;
    Ok(account)
}

/// Whether a dispute can end like this. It moves once, with its account locked: so it has no version, and who comes
/// second is told who was first, when, and what they answered.
///
/// # Errors
/// As [`can_end`].
pub(super) fn may_end(db: &mut Db, found: &Dispute, (to, by): (Outcome, Raised)) -> Result<()> {
    match can_end(found.outcome, to, by) {
        Err(Error::Refused(refusal)) => {
            let mut args = over(db, found.community_id, (found.ended_by, found.ended_at))?;
            args.push(("answer", found.answer.clone()));
            Err(Error::refused(refusal.rule, args))
        }
        other => other,
    }
}

pub(super) fn by_id(db: &mut Db, id: DisputeId) -> Result<Dispute> {
    Ok(disputes::table.find(id.0).select(Dispute::as_select()).first(db)?)
}

/// The community of a dispute.
pub fn community_of(db: &mut Db, id: DisputeId) -> Result<CommunityId> {
    Ok(disputes::table.find(id.0).select(disputes::community_id).first(db)?)
}

/// A dispute, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn dispute_of(db: &mut Db, actor: &Actor, now: Instant, id: DisputeId) -> Result<Dispute> {
    let found = by_id(db, id)?;
    super::debtor(db, actor, now, found.account_id)?;
    Ok(found)
}

/// The disputes of accounts, newest first.
pub fn disputes_of(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Dispute>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let rows = disputes::table.filter(disputes::account_id.eq_any(ids)).order(disputes::id.desc());
    Ok(rows.select(Dispute::as_select()).load(db)?)
}

/// What waits for an answer, oldest first, from behind the last that was seen, at most so many: for who keeps debts.
pub fn open_disputes(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (after, limit): (Option<DisputeId>, i64),
) -> Result<Vec<Dispute>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    let rows = disputes::table
        .filter(disputes::community_id.eq(community.0).and(disputes::ended_at.is_null()))
        .filter(disputes::id.gt(after.map_or(0, |id| id.0)))
        .order(disputes::id)
        .limit(limit);
    Ok(rows.select(Dispute::as_select()).load(db)?)
}
