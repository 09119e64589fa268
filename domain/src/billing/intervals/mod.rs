//! How often an item is billed 计费周期: each month, or by quarter, half-year or year, from a month on. The run of a
//! period's first month charges it in advance, or that of its last in arrears; the charge's `period` is the month of
//! that run. Its amount is the sum over the months of the period, each with its days and tariffs, rounded once
//! (domain.md §10, docs/decisions/0016).

mod faults;
mod keep;
pub mod rules;
pub(super) mod stretches;

pub use faults::faults;
pub use keep::{Listed, NewInterval, charged_until, fits, history, set};
pub use rules::{Interval, Period, Timing};

pub(super) use keep::of_community;
pub(crate) use keep::{can_begin, of_item, write};
