//! What was charged ahead and is owed no more 多收退回: a charge by days whose bay or item ends within them, or for
//! whose home something else was agreed, is taken back and charged anew for what is left of it (domain.md §10: a
//! part-month, each item ends at its own end). What was paid of it pays the shorter charge; the rest is prepaid and the
//! next bill uses it. A run of the items does it before it charges anything, and its preview shows it before.
//!
//! | within the days of a charge | the charge |
//! | --- | --- |
//! | the bay is given up | is shortened to the last day on which it is held; gone where there is none |
//! | the item ends | is shortened to the item's last day; gone where there is none |
//! | what was agreed for the home begins or ends | is worked out anew by what holds in each month |
//! | the bay is held again, or the item goes on | is charged anew up to there, where it was shortened before |
//!
//! A part of a charge that was split is only ever shortened. What somebody has to decide about first stays as it is and is
//! listed: what is partly waived, disputed, in a plan of instalments, or has a correction that waits.

mod act;
mod facts;
mod faults;
mod find;
mod rules;
mod told;
mod touched;
pub mod words;

pub use faults::faults;
pub use find::{Due, Hand, due, due_of_item};
pub use rules::Cause;
pub use told::{Was, of_accounts, of_run};

pub(super) use act::next;
pub(super) use find::is_due;
