//! Meters 水电气表: which home has which, what they were read at, and what a month's run bills of it. A reading
//! that cannot be is refused, one that is odd waits for somebody to look at it, one that is missing is estimated,
//! marked, and put right by the next (domain.md §10). Utilities are passed on without a mark-up (条例 44).

mod bill;
mod faults;
mod readings;
mod register;
pub mod rules;

pub use faults::faults;
pub use readings::{
    NewReading, Row, Source, State, buildings, confirm, read, read_all, refuse, sheet, waiting,
};
pub use register::{Kind, Meter, NewMeter, by_number};

pub(crate) use bill::{left_out, prepare, unread};
pub(crate) use readings::{judge, was_read};
pub(crate) use register::{known, write};
