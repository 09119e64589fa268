//! What is allowed in an enquiry (domain.md §7): asked, answered, closed, and asked back as often as it needs.

use crate::access::Role;
use crate::cases::{Transition, Who};

crate::words! {
    /// How far an enquiry is.
    State {
        /// 待答复
        Asked = "asked",
        /// 已答复
        Answered = "answered",
        /// 已关闭
        Closed = "closed",
    }
}

const STAFF: &[Who] =
    &[Who::Role(Role::Desk), Who::Role(Role::Steward), Who::Role(Role::Supervisor), Who::Accountable];

const fn row(
    action: &'static str,
    from: &'static [State],
    to: State,
    by: &'static [Who],
) -> Transition<State> {
    Transition { action, from, to, by }
}

/// Every step there is. `close` is the portal's, when nobody asks back for days, or staff's, of who is asked
/// no more; `add` puts an answer right that was given.
pub const TABLE: &[Transition<State>] = &[
    row("answer", &[State::Asked], State::Answered, STAFF),
    row("add", &[State::Answered], State::Answered, STAFF),
    row("helped", &[State::Answered], State::Closed, &[Who::Reporter]),
    row("ask_back", &[State::Answered, State::Closed], State::Asked, &[Who::Reporter, Who::Role(Role::Desk)]),
    row("withdraw", &[State::Asked], State::Closed, &[Who::Reporter]),
    row(
        "close",
        &[State::Answered],
        State::Closed,
        &[Who::Role(Role::Desk), Who::Role(Role::Supervisor), Who::Portal],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_documents_and_nothing_else() {
        let mut rows: Vec<_> = TABLE
            .iter()
            .flat_map(|row| row.from.iter().map(|from| (from.as_str(), row.action, row.to.as_str())))
            .collect();
        rows.sort_unstable();
        let spec = [
            ("answered", "add", "answered"),
            ("answered", "ask_back", "asked"),
            ("answered", "close", "closed"),
            ("answered", "helped", "closed"),
            ("asked", "answer", "answered"),
            ("asked", "withdraw", "closed"),
            ("closed", "ask_back", "asked"),
        ];
        assert_eq!(rows, spec);
    }
}
