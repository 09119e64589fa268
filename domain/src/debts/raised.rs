//! What a resident says of their own bill 对费用有异议: raised for a charge that they see as a payer's or their
//! household's, with their reason and photos; silent at once for the reminders, answered by the office.

use diesel::prelude::*;

use super::dispute_rules::{Contested, Outcome, Raised, can_raise, undone_until};
use super::disputes::{Dispute, by_id, disputes_of, may_end};
use super::{Plan, State, plans_of, sees, tell};
use crate::access::{Action, Actor, Object, allow, may};
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::db::schema::disputes;
use crate::ledger::{self, Book, Charge};
use crate::{
    AttachmentId, ChargeId, CommunityId, Db, DisputeId, Error, HomeId, Instant, LedgerAccountId, Result,
};

/// What somebody does not accept, and why.
#[derive(Debug, Clone)]
pub struct NewDispute {
    /// The charge.
    pub charge: ChargeId,
    /// Their reason.
    pub reason: String,
    /// What they show for it.
    pub photos: Vec<AttachmentId>,
}

/// Raises a dispute from one's own bill: nobody is reminded of the charge until it is answered or taken back.
///
/// # Errors
/// Not found where the charge is none that they see as a resident; by field: no reason, files that are not theirs;
/// refused as long as the charge cannot be disputed by themselves (`dispute.…`).
pub fn raise(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
    new: &NewDispute,
) -> Result<DisputeId> {
    allow(tx, actor, now, Action::RaiseDispute, Object::Home(community, home))?;
    let charge = ledger::line_of(tx, home, new.charge)?.charge;
    ledger::lock(tx, charge.account_id)?;
    let charge = ledger::charge_of(tx, charge.id)?;
    may_raise(tx, actor, (home, &charge))?;
    if new.reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let row = (
        disputes::community_id.eq(community),
        disputes::account_id.eq(charge.account_id),
        disputes::charge_id.eq(charge.id),
        disputes::reason.eq(new.reason.trim()),
        disputes::noted_by.eq(actor.person),
        disputes::noted_at.eq(now),
        disputes::raised_by.eq(Raised::Resident),
    );
    let id: DisputeId =
        diesel::insert_into(disputes::table).values(row).returning(disputes::id).get_result(tx)?;
    attachments::attach(tx, actor, Subject::Dispute(id), "dispute", &new.photos)?;
    let made = by_id(tx, id)?;
    tell::of_dispute(tx, now, &made, ("debt.raised", format!("dispute:{id}")))?;
    tell::keepers_of_dispute(tx, now, &made, ("debt.to_answer", format!("dispute:{id}:raised")))?;
    audit::write(tx, actor, now, &Line::new(community, "dispute.raise", "charge", charge.id.0))?;
    Ok(id)
}

/// Whether the asker can dispute a charge of a home by themselves, as it stands.
///
/// # Errors
/// As [`raise`].
pub fn may_raise(db: &mut Db, actor: &Actor, (home, charge): (HomeId, &Charge)) -> Result<()> {
    if !theirs(db, actor, home)?.contains(&charge.account_id) {
        return Err(Error::NotFound);
    }
    let account = [charge.account_id];
    standing(charge, &disputes_of(db, &account)?, &plans_of(db, &account)?)
}

/// The accounts of a home that the asker sees as a resident, whatever their post.
fn theirs(db: &mut Db, actor: &Actor, home: HomeId) -> Result<Vec<LedgerAccountId>> {
    let Some(person) = actor.person else { return Ok(Vec::new()) };
    let seen = ledger::seen_by(db, person, home, Book::Fees)?;
    Ok(seen.into_iter().map(|account| account.id).collect())
}

/// Whether a charge can be disputed by a resident, as it stands.
fn standing(charge: &Charge, disputes: &[Dispute], plans: &[Plan]) -> Result<()> {
    let of_charge = disputes.iter().filter(|one| one.charge_id == charge.id);
    let before: Vec<Option<Outcome>> = of_charge.map(|one| one.outcome).collect();
    let holds = |plan: &Plan| plan.state == State::Running && plan.charges.contains(&charge.id);
    can_raise(Contested { reversed: charge.reversed, planned: plans.iter().any(holds), before: &before })
}

/// Which of these charges of a home the asker can dispute by themselves, where `disputes` and `plans` are all that was
/// said and agreed of their accounts.
pub fn disputable(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
    charges: &[Charge],
    (disputes, plans): (&[Dispute], &[Plan]),
) -> Result<Vec<ChargeId>> {
    if !may(db, actor, now, Action::RaiseDispute, Object::Home(community, home))? {
        return Ok(Vec::new());
    }
    let theirs = theirs(db, actor, home)?;
    let can =
        |charge: &&Charge| theirs.contains(&charge.account_id) && standing(charge, disputes, plans).is_ok();
    Ok(charges.iter().filter(can).map(|charge| charge.id).collect())
}

/// A dispute, for who sees the account that it is about: its payer, their household, and who reads the ledger by post.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn seen(db: &mut Db, actor: &Actor, now: Instant, id: DisputeId) -> Result<Dispute> {
    let found = by_id(db, id)?;
    sees(db, actor, now, found.account_id)?;
    Ok(found)
}

impl Dispute {
    /// Until when the asker can take it back; none where they did not raise it, where it is over, or too late.
    pub fn undo_until(&self, actor: &Actor, now: Instant) -> Option<Instant> {
        let open = self.is_of(actor) && self.outcome.is_none();
        Some(undone_until(self.noted_at)).filter(|until| open && now <= *until)
    }

    /// Whether the asker raised it by themselves.
    fn is_of(&self, actor: &Actor) -> bool {
        self.raised_by == Raised::Resident && self.noted_by.is_some() && self.noted_by == actor.person
    }
}

/// Takes back what one has raised, within ten minutes: as if nothing had been said, reminders speak again.
///
/// # Errors
/// Not found where the asker did not raise it; over already, or too late (`dispute.undo_time`).
pub fn take_back(tx: &mut Db, actor: &Actor, now: Instant, id: DisputeId) -> Result<()> {
    let found = seen(tx, actor, now, id)?;
    if !found.is_of(actor) {
        return Err(Error::NotFound);
    }
    ledger::lock(tx, found.account_id)?;
    let found = by_id(tx, id)?;
    may_end(tx, &found, (Outcome::TakenBack, Raised::Resident))?;
    if now > undone_until(found.noted_at) {
        return Err(Error::refused("dispute.undo_time", vec![]));
    }
    let ended = (
        disputes::outcome.eq(Outcome::TakenBack),
        disputes::ended_by.eq(actor.person),
        disputes::ended_at.eq(now),
    );
    diesel::update(disputes::table.find(id.0)).set(ended).execute(tx)?;
    let event = format!("dispute:{id}:taken_back");
    tell::keepers_of_dispute(tx, now, &found, ("debt.taken_back", event))?;
    audit::write(
        tx,
        actor,
        now,
        &Line::new(found.community_id, "dispute.take_back", "charge", found.charge_id.0),
    )
}
