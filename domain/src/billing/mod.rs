//! Billing 出账: what each delivered home is charged for a period, as a preview and as a run (domain.md §10).
//!
//! A run works in batches of 1,000 homes in register order, each a transaction of its own and a few
//! statements long. It can be run again, by two at once, be cancelled between batches or killed: what is
//! charged stays, the next run completes it.

mod again;
mod batch;
mod calendar;
mod candidates;
pub mod counted;
pub mod developer;
mod differences;
mod example;
pub mod exceptions;
pub mod explain;
pub mod given_back;
pub mod intervals;
pub mod items;
pub mod keep;
mod over_months;
mod preview;
pub mod rules;
mod runs;
pub mod service;
pub mod shared;
mod split;
pub mod subject;
mod worked;

pub use again::{Anew, anew, charge_again};
pub use calendar::periods_to_bill;
pub use differences::{Change, Difference};
pub use example::{Example, example, interval_example};
pub use preview::{ItemTotal, LeftOut, Preview, Reason, left_out, preview, preview_of};
pub use runs::{Run, State, Step, What, ask, cancel, list, of, run_now, step};

pub use split::{Halves, Rest, halves, payer_changes, split};

/// The kind of the job that carries a run through.
pub const JOB: &str = "billing_run";
