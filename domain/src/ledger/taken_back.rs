//! Taking back many charges at once, such as all parts of one bill: the same as [`super::reverse`] does to one, in a
//! handful of statements, however many there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::allocations::{Freed, free};
use super::{EntryKind, reverse, summaries};
use crate::access::Actor;
use crate::db::schema::{charges, late_charges};
use crate::{ChargeId, CommunityId, Db, Instant, Result, closings, db};

/// Takes the accounts of the charges that `which` finds, in the order of their ids: before anything of them is looked
/// at.
pub(crate) fn lock_accounts_of(tx: &mut Db, which: &str) -> Result<()> {
    let taken = format!(
        "SELECT id FROM ledger_accounts WHERE id IN (SELECT account_id FROM charges WHERE id IN ({which})) ORDER BY id"
    );
    db::lock_rows(tx, &taken)
}

/// Takes back the charges that `which` finds, a query of the ids of charges of a community that stand and are none of
/// deposits: their payments have the sums to spend again, and what grew on them goes with them. The accounts have to
/// be locked, and the actor allowed to.
///
/// # Errors
/// A moment in a month that is closed (`closing.closed_month`).
pub(crate) fn reverse_all(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, which): (CommunityId, &str),
    reason: &str,
) -> Result<()> {
    closings::open_at(tx, community, now)?;
    let grown = grown_on(tx, which)?;
    free(tx, Freed::Charges(which), now)?;
    summaries::add(tx, &uncounted(which))?;
    enter(tx, actor, now, which, reason)?;
    let gone = format!("UPDATE charges SET reversed = TRUE, waived_fen = 0 WHERE id IN ({which})");
    diesel::sql_query(gone).execute(tx)?;
    // What grew on them has no ground any more.
    grown.into_iter().try_for_each(|late| reverse(tx, actor, now, late, reason))
}

/// What is late and stands of what grew on the charges.
fn grown_on(db: &mut Db, which: &str) -> Result<Vec<ChargeId>> {
    let grown = late_charges::table
        .inner_join(charges::table.on(charges::id.eq(late_charges::charge_id)))
        .filter(charges::reversed.eq(false))
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("late_charges.base_id IN ({which})")))
        .order(charges::id);
    Ok(grown.select(charges::id).load(db)?)
}

/// What the summaries count less: once nothing covers the charges, what is not waived of them is open.
fn uncounted(which: &str) -> String {
    format!(
        "SELECT c.community_id, c.building_id, c.fee_item_id, c.due_on, c.due_month, -1 AS charges, \
         c.waived_fen - c.amount_fen AS due_fen, 0 AS collected_fen, \
         CASE WHEN c.amount_fen > c.waived_fen THEN -1 ELSE 0 END AS opened FROM charges c \
         WHERE c.id IN ({which}) AND {COLLECTED}",
        COLLECTED = summaries::COLLECTED
    )
}

/// The entries, and the balances they change; what was waived stays waived, so that the accounts come out even.
fn enter(tx: &mut Db, actor: &Actor, now: Instant, which: &str, reason: &str) -> Result<()> {
    let entries = format!(
        "INSERT INTO ledger_entries (community_id, account_id, kind, amount_fen, charge_id, at, actor_id, note) \
         SELECT community_id, account_id, '{kind}', waived_fen - amount_fen, id, $1, $2, $3 FROM charges \
         WHERE id IN ({which}) ORDER BY id",
        kind = EntryKind::Reversal
    );
    diesel::sql_query(entries)
        .bind::<Timestamp, _>(now)
        .bind::<Nullable<BigInt>, _>(actor.person)
        .bind::<Text, _>(reason)
        .execute(tx)?;
    let balances = format!(
        "UPDATE ledger_accounts SET balance_fen = ledger_accounts.balance_fen + n.fen FROM \
         (SELECT account_id, CAST(SUM(waived_fen - amount_fen) AS BIGINT) AS fen FROM charges WHERE id IN ({which}) \
         GROUP BY account_id) n WHERE n.account_id = ledger_accounts.id"
    );
    diesel::sql_query(balances).execute(tx)?;
    Ok(())
}
