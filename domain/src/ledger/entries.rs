//! The entries as rows.

use diesel::prelude::*;

use super::EntryKind;
use crate::db::schema::ledger_entries;
use crate::{ChargeId, Fen, Instant, LedgerAccountId, PaymentId, PersonId};

/// One line of an account, never changed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub struct Entry {
    /// Its id.
    pub id: i64,
    /// The account.
    pub account_id: LedgerAccountId,
    /// What it is.
    pub kind: EntryKind,
    /// How much; positive is owed by the payer.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// The charge it is about.
    pub charge_id: Option<ChargeId>,
    /// The payment it is about.
    pub payment_id: Option<PaymentId>,
    /// When.
    pub at: Instant,
    /// Who made it; none where the portal itself did.
    pub actor_id: Option<PersonId>,
    /// Why, where somebody had to say.
    pub note: String,
}
