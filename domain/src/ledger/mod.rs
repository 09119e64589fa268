//! The ledger 账: who owes what, as append-only entries per payer and home in separate books
//! (domain.md §10). Positive is owed by the payer; a balance is the sum of its entries, always. An
//! allocation links a payment to a charge and moves no money.
//!
//! Locks are taken in one order everywhere: account, counter, summary rows by their keys, audit head.

mod accounts;
mod allocations;
mod charges;
mod corrected;
mod entries;
mod faults;
pub(crate) mod matter;
mod statement;
mod summaries;
mod taken_back;
mod waivers;

pub use accounts::{Account, account, entries_of, home, of_home, prepaid, prepaid_of_each, seen_by, visible};
pub use allocations::{Allocation, of_charge, of_payment, receipts_of};
pub use charges::{
    Charge, ChargeFilter, ChargeLine, NewCharge, Page, as_seen, charge, charge_of, line_of, lines_of, list,
    reverse,
};
pub use corrected::{Corrected, corrected};
pub use entries::{Entry, EntryLine, export_entries};
pub use faults::faults;
pub use matter::Matter;
pub use statement::{OpenCharge, Span, Statement, StatementLine, statement};
pub use waivers::waived_in_year;

pub(crate) use accounts::{About, add_entry, is_of, lock, lock_all};
pub(crate) use allocations::{Freed, allocate, free, use_prepayments};
pub(crate) use charges::charge_on;
pub(crate) use summaries::{COLLECTED, add as add_to_summaries};
pub(crate) use taken_back::{lock_accounts_of, reverse_all};
pub(crate) use waivers::{lock_payer, waive};

crate::words! {
    /// A set of accounts kept apart from the others.
    Book {
        /// What is charged for.
        Fees = "fees",
        /// Deposits 押金.
        Deposits = "deposits",
        /// Collected on behalf of others 代收.
        Collected = "collected",
    }
}

crate::words! {
    /// What an entry of the ledger is.
    EntryKind {
        /// 应收, adds.
        Charge = "charge",
        /// 冲红, takes a charge back.
        Reversal = "reversal",
        /// 收款, takes off.
        Payment = "payment",
        /// 退款, gives a payment back, so adds.
        Refund = "refund",
        /// 减免, takes off.
        Waiver = "waiver",
    }
}
