//! The states of a running renovation and who may move it (domain.md §5): the part of the table that begins
//! with *working*, as a site that the desk registers is already at work.

use crate::access::Role;
use crate::cases::{Transition, Who};

crate::words! {
    /// Where a renovation stands.
    State {
        /// 施工中
        Working = "working",
        /// 停工整改
        Stopped = "stopped",
        /// Its permit has run out; the site is looked at all the same.
        Expired = "expired",
        /// Given up, or closed by who follows the site.
        Abandoned = "abandoned",
    }
}

impl State {
    /// Whether the site is to be inspected on a day that it begins so.
    pub fn is_inspected(self) -> bool {
        self != Self::Abandoned
    }
}

/// The transition table.
pub const TABLE: &[Transition<State>] = &[
    Transition {
        action: "stop",
        from: &[State::Working],
        to: State::Stopped,
        by: &[Who::Role(Role::Officer), Who::Role(Role::Supervisor), Who::Portal],
    },
    Transition {
        action: "resume",
        from: &[State::Stopped],
        to: State::Working,
        by: &[Who::Role(Role::Officer), Who::Role(Role::Supervisor)],
    },
    Transition {
        action: "extend",
        from: &[State::Working, State::Expired],
        to: State::Working,
        by: &[Who::Role(Role::Officer)],
    },
    Transition {
        action: "extend",
        from: &[State::Stopped],
        to: State::Stopped,
        by: &[Who::Role(Role::Officer)],
    },
    Transition {
        action: "abandon",
        from: &[State::Working, State::Stopped, State::Expired],
        to: State::Abandoned,
        by: &[Who::Role(Role::Officer), Who::Role(Role::Desk)],
    },
    Transition {
        action: "expire",
        from: &[State::Working, State::Stopped],
        to: State::Expired,
        by: &[Who::Portal],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::table;

    #[test]
    fn every_state_but_the_last_goes_somewhere_and_nothing_leaves_the_last() {
        for state in State::ALL {
            let leaves = !table::actions(TABLE, *state, |_| true).is_empty();
            assert_eq!(leaves, *state != State::Abandoned, "{state}");
        }
    }

    #[test]
    fn only_the_officer_extends_and_only_the_portal_lets_a_permit_expire() {
        for (action, who) in [("extend", Who::Role(Role::Officer)), ("expire", Who::Portal)] {
            assert!(TABLE.iter().filter(|row| row.action == action).all(|row| row.by == [who]));
        }
    }
}
