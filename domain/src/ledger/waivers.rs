//! Waivers 减免: what is given up of a charge. Who may, and what needs approval, is [`crate::corrections`].

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use super::EntryKind;
use super::accounts::{About, add_entry};
use super::charges::{Charge, count};
use crate::access::Actor;
use crate::db::{lock_rows, schema::charges};
use crate::{Db, Fen, Instant, PersonId, Result};

/// Gives up a part of what is open of a charge. The account has to be locked, the amount looked at.
pub(crate) fn waive(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    charge: &Charge,
    amount: Fen,
    reason: &str,
) -> Result<()> {
    let waived = charges::waived_fen.eq(charges::waived_fen + amount.0);
    diesel::update(charges::table.find(charge.id.0)).set(waived).execute(tx)?;
    let entry = (EntryKind::Waiver, -amount, About::Charge(charge.id));
    add_entry(tx, charge.account_id, entry, actor, now, reason)?;
    count(tx, charge.id, (0, -i64::from(amount == charge.open())), -amount)
}

/// Takes every account of a payer: before what they were let off in the year is summed up.
pub(crate) fn lock_payer(tx: &mut Db, payer: PersonId) -> Result<()> {
    lock_rows(tx, &format!("SELECT id FROM ledger_accounts WHERE payer_id = {payer} ORDER BY id"))
}

/// What a payer was let off in the 365 days before; what was waived of a charge that is reversed since lets
/// nobody off.
pub fn waived_in_year(db: &mut Db, payer: PersonId, now: Instant) -> Result<Fen> {
    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        fen: i64,
    }
    let sql = "SELECT CAST(COALESCE(SUM(-e.amount_fen), 0) AS BIGINT) AS fen FROM ledger_entries e \
               JOIN charges c ON c.id = e.charge_id \
               WHERE c.payer_id = $1 AND NOT c.reversed AND e.kind = 'waiver' AND e.at > $2";
    let since = now.minus(TimeDelta::days(365));
    let sum: Sum =
        diesel::sql_query(sql).bind::<BigInt, _>(payer.0).bind::<Timestamp, _>(since).get_result(db)?;
    Ok(Fen(sum.fen))
}
