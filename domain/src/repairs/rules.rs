//! What is allowed in a repair and what follows (domain.md §6): the states and the one transition table,
//! how fast each has to go. Values in, values out.

use crate::access::Role;
use crate::cases::{Transition, Urgency, Who};

crate::words! {
    /// How far a repair is.
    State {
        /// 已报修
        Reported = "reported",
        /// 已接单: somebody answers for it; it lies in the pool.
        Accepted = "accepted",
        /// 已派工: given to a technician who has not taken it yet.
        Dispatched = "dispatched",
        /// 已接受: the technician has it.
        Taken = "taken",
        /// 已到场
        OnSite = "on_site",
        /// 待料
        WaitingParts = "waiting_parts",
        /// 待住户
        WaitingResident = "waiting_resident",
        /// 已完工: waits for its return visit.
        Done = "done",
        /// 已关闭
        Closed = "closed",
        /// Another case covers it. Final.
        Merged = "merged",
        /// 已取消. Final.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Nothing more is to be done in it, unless somebody reopens it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Merged | Self::Cancelled)
    }

    /// A technician has it.
    pub fn is_with_technician(self) -> bool {
        matches!(
            self,
            Self::Dispatched | Self::Taken | Self::OnSite | Self::WaitingParts | Self::WaitingResident
        )
    }
}

/// The urgency of a repair: the category's, or a higher one that was asked for. Nobody can lower it.
pub fn urgency(least: Urgency, asked: Option<Urgency>) -> Urgency {
    asked.map_or(least, |asked| asked.min(least))
}

const DESK: Who = Who::Role(Role::Desk);
const NOT_TAKEN: &[State] = &[State::Reported, State::Accepted];
const WITH_TECHNICIAN: &[State] =
    &[State::Dispatched, State::Taken, State::OnSite, State::WaitingParts, State::WaitingResident];

const fn row(
    action: &'static str,
    from: &'static [State],
    to: State,
    by: &'static [Who],
) -> Transition<State> {
    Transition { action, from, to, by }
}

const SIGNS: &[Who] = &[Who::Resident, Who::Technician];

/// A step that leaves a repair in the state in which it is.
const fn stays(action: &'static str, state: State, by: &'static [Who]) -> Transition<State> {
    Transition { action, from: in_itself(state), to: state, by }
}

const fn in_itself(state: State) -> &'static [State] {
    match state {
        State::Taken => &[State::Taken],
        State::OnSite => &[State::OnSite],
        State::WaitingParts => &[State::WaitingParts],
        State::WaitingResident => &[State::WaitingResident],
        _ => &[],
    }
}

/// Every step there is. `cancel` from *dispatched* is open to the reporter for the ten minutes in which
/// what was submitted can be withdrawn (domain.md §11); `time_out`, `left`, `visit_closes` and `visit_reopens`
/// are the portal's own: by the clock, when the technician no longer works here, by a return visit.
pub const TABLE: &[Transition<State>] = &[
    row("accept", &[State::Reported], State::Accepted, &[DESK, Who::Role(Role::Steward), Who::Portal]),
    row("dispatch", &[State::Accepted], State::Dispatched, &[DESK, Who::Portal]),
    row("take", &[State::Accepted], State::Taken, &[Who::Role(Role::Technician)]),
    row("take", &[State::Dispatched], State::Taken, &[Who::Technician]),
    row("decline", &[State::Dispatched], State::Accepted, &[Who::Technician]),
    row("time_out", &[State::Dispatched], State::Accepted, &[Who::Portal]),
    row("left", WITH_TECHNICIAN, State::Accepted, &[Who::Portal]),
    row("arrive", &[State::Taken], State::OnSite, &[Who::Technician]),
    row("release", &[State::Taken], State::Accepted, &[Who::Technician]),
    row("hand_over", &[State::Taken], State::Dispatched, &[Who::Technician, DESK]),
    stays("quote", State::Taken, &[Who::Technician]),
    stays("quote", State::OnSite, &[Who::Technician]),
    stays("quote", State::WaitingParts, &[Who::Technician]),
    stays("quote", State::WaitingResident, &[Who::Technician]),
    stays("agree", State::Taken, SIGNS),
    stays("agree", State::OnSite, SIGNS),
    stays("agree", State::WaitingParts, SIGNS),
    stays("agree", State::WaitingResident, SIGNS),
    stays("refuse", State::Taken, &[Who::Resident]),
    stays("refuse", State::OnSite, &[Who::Resident]),
    stays("refuse", State::WaitingParts, &[Who::Resident]),
    stays("refuse", State::WaitingResident, &[Who::Resident]),
    stays("disagree", State::Taken, &[Who::Resident]),
    stays("disagree", State::OnSite, &[Who::Resident]),
    stays("disagree", State::WaitingParts, &[Who::Resident]),
    stays("disagree", State::WaitingResident, &[Who::Resident]),
    row("finish", &[State::OnSite], State::Done, &[Who::Technician]),
    row("wait", &[State::OnSite], State::WaitingParts, &[Who::Technician]),
    row("wait", &[State::OnSite], State::WaitingResident, &[Who::Technician]),
    row("resume", &[State::WaitingParts, State::WaitingResident], State::OnSite, &[Who::Technician]),
    row("no_access", &[State::WaitingResident], State::Closed, &[DESK]),
    row("visit_closes", &[State::Done], State::Closed, &[Who::Portal]),
    row("visit_reopens", &[State::Done], State::Accepted, &[Who::Portal]),
    row("reopen", &[State::Done], State::Accepted, &[Who::Accountable, Who::Resident]),
    row("reopen", &[State::Closed], State::Accepted, &[Who::Resident, Who::Role(Role::Supervisor)]),
    row("rate", &[State::Done], State::Done, &[Who::Resident]),
    row("rate", &[State::Closed], State::Closed, &[Who::Resident]),
    row("merge", NOT_TAKEN, State::Merged, &[DESK]),
    row(
        "cancel",
        &[State::Reported, State::Accepted, State::Taken],
        State::Cancelled,
        &[Who::Reporter, DESK],
    ),
    row("cancel", &[State::Dispatched], State::Cancelled, &[Who::Reporter]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::table;

    /// domain.md §6, line by line: from, by which action, to; and `left`, by which what somebody held who no longer
    /// works here goes back to the pool; the quote and the resident's word on it (who pays).
    const SPEC: &[(&str, &str, &str)] = &[
        ("reported", "accept", "accepted"),
        ("reported", "merge", "merged"),
        ("reported", "cancel", "cancelled"),
        ("accepted", "dispatch", "dispatched"),
        ("accepted", "take", "taken"),
        ("accepted", "merge", "merged"),
        ("accepted", "cancel", "cancelled"),
        ("dispatched", "take", "taken"),
        ("dispatched", "time_out", "accepted"),
        ("dispatched", "decline", "accepted"),
        ("dispatched", "cancel", "cancelled"),
        ("dispatched", "left", "accepted"),
        ("taken", "left", "accepted"),
        ("on_site", "left", "accepted"),
        ("waiting_parts", "left", "accepted"),
        ("waiting_resident", "left", "accepted"),
        ("taken", "arrive", "on_site"),
        ("taken", "release", "accepted"),
        ("taken", "hand_over", "dispatched"),
        ("taken", "cancel", "cancelled"),
        ("on_site", "wait", "waiting_parts"),
        ("on_site", "wait", "waiting_resident"),
        ("taken", "quote", "taken"),
        ("taken", "agree", "taken"),
        ("taken", "disagree", "taken"),
        ("taken", "refuse", "taken"),
        ("on_site", "quote", "on_site"),
        ("on_site", "agree", "on_site"),
        ("on_site", "disagree", "on_site"),
        ("on_site", "refuse", "on_site"),
        ("waiting_parts", "quote", "waiting_parts"),
        ("waiting_parts", "agree", "waiting_parts"),
        ("waiting_parts", "disagree", "waiting_parts"),
        ("waiting_parts", "refuse", "waiting_parts"),
        ("waiting_resident", "quote", "waiting_resident"),
        ("waiting_resident", "agree", "waiting_resident"),
        ("waiting_resident", "disagree", "waiting_resident"),
        ("waiting_resident", "refuse", "waiting_resident"),
        ("on_site", "finish", "done"),
        ("waiting_parts", "resume", "on_site"),
        ("waiting_resident", "resume", "on_site"),
        ("waiting_resident", "no_access", "closed"),
        ("done", "visit_closes", "closed"),
        ("done", "visit_reopens", "accepted"),
        ("done", "reopen", "accepted"),
        ("closed", "reopen", "accepted"),
        ("done", "rate", "done"),
        ("closed", "rate", "closed"),
    ];

    #[test]
    fn the_table_is_the_documents_and_nothing_else() {
        let mut rows: Vec<_> = TABLE
            .iter()
            .flat_map(|row| row.from.iter().map(|from| (from.as_str(), row.action, row.to.as_str())))
            .collect();
        let mut spec = SPEC.to_vec();
        rows.sort_unstable();
        spec.sort_unstable();
        assert_eq!(rows, spec);
    }

    #[test]
    fn merged_and_cancelled_are_final() {
        for state in [State::Merged, State::Cancelled] {
            assert!(table::actions(TABLE, state, |_| true).is_empty());
        }
    }

    #[test]
    fn urgency_is_raised_never_lowered() {
        use crate::categories::{Category, Shipped};
        for (shipped, asked, decided) in [
            (Shipped::GasSmell, None, Urgency::Emergency),
            (Shipped::GasSmell, Some(Urgency::Normal), Urgency::Emergency),
            (Shipped::LiftStuck, None, Urgency::Emergency),
            (Shipped::PowerOut, Some(Urgency::Urgent), Urgency::Emergency),
            (Shipped::WaterLeak, None, Urgency::Urgent),
            (Shipped::WaterLeak, Some(Urgency::Emergency), Urgency::Emergency),
            (Shipped::DoorWindow, None, Urgency::Normal),
            (Shipped::DoorWindow, Some(Urgency::Urgent), Urgency::Urgent),
        ] {
            assert_eq!(urgency(Category::from(shipped).urgency, asked), decided, "{shipped} {asked:?}");
        }
    }

    #[test]
    fn every_category_that_ships_has_a_group_and_a_skill() {
        use crate::categories::{Category, Shipped};
        for shipped in Shipped::ALL {
            let category = Category::from(*shipped);
            assert!(!category.group().is_empty() && !category.skill.is_empty());
        }
    }
}
