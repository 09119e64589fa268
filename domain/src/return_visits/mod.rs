//! Return visits 回访: contact after a case is done, to ask whether it is really done (domain.md §8). Each
//! finish owes exactly one, to the accountable and never to the technician who did the work. It is a duty
//! with attempts; what is heard closes the case or reopens it.

mod ends;
mod faults;
mod overdue;
mod plan;
mod record;
mod records;
pub mod rules;

#[cfg(test)]
mod tests;

pub use faults::faults;
pub use overdue::escalate;
pub use plan::{plan, plan_missed, request};
pub use record::record;
pub use records::{Attempt, attempts};

use crate::Instant;

/// The rule that raises them, with its version.
pub const RULE: &str = "return_visit.v1";
/// The same for what staff reported in a public place: a look at the place.
pub const LOOK: &str = "return_visit.look.v1";

crate::words! {
    /// What came of an attempt.
    Outcome {
        /// 满意
        Satisfied = "satisfied",
        /// 未修好
        NotMended = "not_mended",
        /// 修好了但不满意
        Unsatisfied = "unsatisfied",
        /// 无人接听
        NoAnswer = "no_answer",
        /// 改约
        CallLater = "call_later",
    }
}

/// What was heard in an attempt.
#[derive(Debug, Clone)]
pub struct Heard {
    /// What came of it.
    pub outcome: Outcome,
    /// The resident's words.
    pub words: String,
    /// When to call again, for *call later*.
    pub agreed_at: Option<Instant>,
}
