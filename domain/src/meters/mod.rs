//! Meters 水电气表: which home has which, what they were read at, and what a month's run bills of it. A reading
//! that cannot be is refused, one that is odd waits for somebody to look at it, one that is missing is estimated,
//! marked, and put right by the next (domain.md §10). Utilities are passed on without a mark-up (条例 44).

mod bill;
mod decide;
mod faults;
mod keep;
mod listed;
mod readings;
mod register;
mod resident;
pub mod rules;
mod tell;

pub use bill::{measure_home, to_measure};
pub use decide::{Act, decide};
pub use faults::faults;
pub use keep::{Last, Successor, add, end, exchange, home};
pub use listed::{Listed, Looked, Past, ToDecide, Wanted, list, meter, reading, seen};
pub use readings::{
    NewReading, Row, Seen, Source, State, buildings, community_of, read, read_all, sheet, waiting,
};
pub use register::{Kind, Meter, NewMeter, by_number};
pub use resident::{
    NewOwn, OwnMeter, Sent, has_meters, home_of_sent, own_meter, own_meters, send, take_back,
};

pub(crate) use bill::{left_out, prepare, unread};
pub(crate) use readings::{judge, was_read};
pub(crate) use register::{known, write};
