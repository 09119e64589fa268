//! Shared consumption 公摊: a bill of the whole house, shared among the delivered homes of a use (domain.md §10),
//! by floor area (the law's default, Civil Code 283), by household or by share.
//!
//! A run of its own first works out the parts of each bill and keeps them in `measured`: from then on the bill
//! stands, whatever happens to the register, and its parts add up to it to the fen. Then it charges them, batch
//! after batch, as any other run. A bill that was wrong is taken back whole; what charges it anew makes the next
//! revision of its parts.

mod bills;
mod differences;
mod faults;
mod preview;
pub mod rules;
mod seen;
mod shares;
mod split;
mod take_back;

pub use bills::{Bill, NewBill, find, in_period, list, remove, save};
pub use faults::faults;
pub use preview::{left_out, preview};
pub use rules::{Method, Part};
pub use seen::{HomePart, Seen, buildings, of_home, parts};
pub use shares::{Share, set as set_share, shares};
pub use take_back::{Standing, TakenBack, standing, take_back, taken_back};

pub(super) use bills::items_of;
pub(crate) use bills::{known, write};
pub(super) use split::{hold, next as split_next, revision};
