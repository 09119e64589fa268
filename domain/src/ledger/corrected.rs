//! What was corrected on accounts, for who pays to read: charges taken back, sums given up or given back,
//! each with its reason.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::EntryKind;
use super::matter::{self, Matter};
use crate::{Db, Fen, Instant, LedgerAccountId, Result};

/// A reversal, waiver or refund with the names that people know.
#[derive(Debug, Clone, QueryableByName)]
pub struct Corrected {
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub at: Instant,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// How much; positive is owed by the payer.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: Fen,
    /// What it is about: the charge, or the payment that was given back.
    #[diesel(embed)]
    pub matter: Matter,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

/// What was corrected on these accounts, newest first, at most `limit`.
pub fn corrected(db: &mut Db, accounts: &[LedgerAccountId], limit: i64) -> Result<Vec<Corrected>> {
    let Some(ids) = matter::listed(accounts) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT e.at, e.kind, e.amount_fen, e.note AS reason, {} FROM ledger_entries e {} \
         WHERE e.account_id IN ({ids}) AND e.kind IN ('reversal', 'waiver', 'refund') ORDER BY e.id DESC LIMIT $1",
        matter::COLUMNS,
        matter::joins("e"),
    );
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(limit).load(db)?)
}
