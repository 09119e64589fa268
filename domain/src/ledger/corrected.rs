//! What was corrected on accounts, for who pays to read: charges taken back, sums given up or given back,
//! each with its reason.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::EntryKind;
use crate::{Db, Fen, Instant, LedgerAccountId, Month, Result};

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
    /// What bills call the charge's item.
    #[diesel(sql_type = Nullable<Text>)]
    pub item: Option<String>,
    /// The charge's bay, or nothing.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject: Option<String>,
    /// The charge's month.
    #[diesel(sql_type = Nullable<Text>)]
    pub period: Option<Month>,
    /// The receipt of the payment that was given back.
    #[diesel(sql_type = Nullable<Text>)]
    pub receipt: Option<String>,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: String,
}

/// What was corrected on these accounts, newest first, at most `limit`.
pub fn corrected(db: &mut Db, accounts: &[LedgerAccountId], limit: i64) -> Result<Vec<Corrected>> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT e.at, e.kind, e.amount_fen, i.name AS item, c.subject, c.period, y.receipt, e.note AS reason \
         FROM ledger_entries e LEFT JOIN charges c ON c.id = e.charge_id \
         LEFT JOIN fee_items i ON i.id = c.fee_item_id LEFT JOIN payments y ON y.id = e.payment_id \
         WHERE e.account_id IN ({}) AND e.kind IN ('reversal', 'waiver', 'refund') \
         ORDER BY e.id DESC LIMIT $1",
        ids.join(", ")
    );
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(limit).load(db)?)
}
