//! Bank statements 银行对账单 (domain.md §10): a bank's table is read by a profile, each line is held against the
//! register, what is certain is booked without a hand, and the rest waits for a cashier.
//!
//! Taking a statement in writes its lines in one transaction; booking goes line by line, each in its own, so that
//! a kill loses nothing and what is left over is booked by the next who comes along: the worker, at the latest.
//! A line is known by the bank's number, so the same file again brings nothing.

mod book;
mod decide;
mod faults;
mod load;
pub mod mapping;
pub mod mentions;
mod plan;
mod profiles;
mod queue;
pub mod read;
pub mod rules;
mod statements;
mod write;

#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod rules_tests;

pub(crate) use book::payment_voided;
pub use book::{AT_ONCE, book_next};
pub use decide::{Booking, book, set_aside, take_up};
pub use faults::faults;
pub(crate) use plan::{Plan, plan};
pub use plan::{Planned, Tally};
pub use profiles::{Profile, profile, profiles, remove_profile, save_profile};
pub use queue::{Line, Suggestion, by_id, codes, find_homes, lines, of_statement, suggestions};
pub use rules::Why;
pub use statements::{Draft, Statement, draft, draft_of, drop_draft, list, statement};
pub(crate) use statements::{read_draft, read_file};
pub(crate) use write::write;

crate::words! {
    /// What became of a line.
    State {
        /// To be booked without a hand; soon is.
        Certain = "certain",
        /// 已入账
        Booked = "booked",
        /// 待处理
        Queued = "queued",
        /// 已搁置, with a reason.
        Aside = "aside",
        /// 支出: went out.
        Debit = "debit",
        /// 重复: the number was there before.
        Repeated = "repeated",
    }
}

/// The moves of a line, from and to.
pub const MOVES: &[(State, State)] = &[
    (State::Certain, State::Booked),
    (State::Certain, State::Queued),
    (State::Queued, State::Booked),
    (State::Queued, State::Aside),
    (State::Aside, State::Queued),
    (State::Repeated, State::Queued),
    // Its payment was voided.
    (State::Booked, State::Queued),
];

impl State {
    /// Whether a line may go from here to there.
    pub fn goes_to(self, to: Self) -> bool {
        MOVES.contains(&(self, to))
    }
}
