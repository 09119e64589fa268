//! Shared consumption 公摊: a bill of the whole house, shared among the delivered homes of a use (domain.md §10),
//! by floor area (the law's default, Civil Code 283), by household or by share.
//!
//! A run of its own first works out the parts of each bill and keeps them in `measured`: from then on the bill
//! stands, whatever happens to the register, and its parts add up to it to the fen. Then it charges them, batch
//! after batch, as any other run.

mod bills;
mod faults;
mod preview;
pub mod rules;
mod seen;
mod shares;
mod split;

pub use bills::{Bill, NewBill, find, in_period, list, remove, save};
pub use faults::faults;
pub use preview::{left_out, preview};
pub use rules::{Method, Part};
pub use seen::{HomePart, Seen, buildings, of_home, parts};
pub use shares::{Share, set as set_share, shares};

pub(super) use bills::items_of;
pub(crate) use bills::{known, write};
pub(super) use split::next as split_next;
