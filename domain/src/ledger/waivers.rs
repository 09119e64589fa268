//! Waivers 减免: what is given up. Above a limit per payer and rolling year somebody else has to approve.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::EntryKind;
use super::accounts::{About, add_entry, lock};
use super::charges::{charge_of, count};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::db::schema::charges;
use crate::{ChargeId, Db, Error, Fen, Instant, PersonId, Result, settings};

/// What is to be given up of a charge.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// Of which charge.
    pub charge: ChargeId,
    /// How much of what is open.
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// Who asked for it, where the actor approves what somebody else asked for.
    pub asked_by: Option<PersonId>,
}

/// Gives up a part of a charge.
///
/// # Errors
/// More than is open, by field; above the year's limit only a manager may, for somebody else
/// (`waiver.needs_approval`).
pub fn waive(tx: &mut Db, actor: &Actor, now: Instant, waiver: &Waiver) -> Result<()> {
    let found = charge_of(tx, waiver.charge)?;
    allow(tx, actor, now, Action::Bill, Object::Community(found.community_id))?;
    if waiver.reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    lock(tx, found.account_id)?;
    let charge = charge_of(tx, waiver.charge)?;
    if waiver.amount <= Fen::ZERO || waiver.amount > charge.open() {
        return Err(Error::field("amount_fen", "more_than_open"));
    }
    let year = waived_in_year(tx, charge.payer_id, now)? + waiver.amount;
    let limit = settings::get(tx, charge.community_id, settings::WAIVER_LIMIT_FEN)?;
    let manager = actor.roles_in(charge.community_id).any(|role| role == Role::Manager);
    let approved = manager && waiver.asked_by.is_some() && waiver.asked_by != actor.person;
    if year.0 > limit && !approved {
        return Err(Error::refused("waiver.needs_approval", vec![("limit", Fen(limit).to_string())]));
    }
    let waived = charges::waived_fen.eq(charges::waived_fen + waiver.amount.0);
    diesel::update(charges::table.find(charge.id.0)).set(waived).execute(tx)?;
    let entry = (EntryKind::Waiver, -waiver.amount, About::Charge(charge.id));
    add_entry(tx, charge.account_id, entry, actor, now, waiver.reason.trim())?;
    count(tx, charge.id, 0, -waiver.amount)?;
    audit::write(tx, actor, now, &Line::new(charge.community_id, "charge.waive", "charge", charge.id.0))
}

/// What a payer was let off in the 365 days before.
fn waived_in_year(tx: &mut Db, payer: PersonId, now: Instant) -> Result<Fen> {
    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        fen: i64,
    }
    let sql = "SELECT CAST(COALESCE(SUM(-e.amount_fen), 0) AS BIGINT) AS fen FROM ledger_entries e \
               JOIN ledger_accounts a ON a.id = e.account_id \
               WHERE a.payer_id = $1 AND e.kind = 'waiver' AND e.at > $2";
    let since = now.minus(TimeDelta::days(365));
    let sum: Sum =
        diesel::sql_query(sql).bind::<BigInt, _>(payer.0).bind::<Timestamp, _>(since).get_result(tx)?;
    Ok(Fen(sum.fen))
}
