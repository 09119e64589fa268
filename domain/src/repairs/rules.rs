//! What is allowed in a repair and what follows (domain.md §6): the states and the one transition table,
//! the categories, how fast each has to go. Values in, values out.

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

crate::words! {
    /// What is broken: the two-level list that ships.
    Category {
        /// 漏水
        WaterLeak = "water.leak",
        /// 堵塞
        WaterBlocked = "water.blocked",
        /// 停水
        WaterNone = "water.none",
        /// 停电
        PowerOut = "power.out",
        /// 插座
        PowerSocket = "power.socket",
        /// 灯
        PowerLight = "power.light",
        /// 门锁
        DoorLock = "door.lock",
        /// 窗
        DoorWindow = "door.window",
        /// 电梯困人
        LiftStuck = "lift.stuck",
        /// 电梯故障
        LiftFault = "lift.fault",
        /// 渗水
        WallLeak = "wall.leak",
        /// 开裂
        WallCrack = "wall.crack",
        /// 暖气不热
        HeatingCold = "heating.cold",
        /// 燃气异味
        GasSmell = "gas.smell",
        /// 公共照明
        PublicLight = "public.light",
        /// 道路
        PublicRoad = "public.road",
        /// 绿化
        PublicGreen = "public.green",
        /// 其他
        Other = "other.other",
    }
}

impl Category {
    /// The first level: `water`.
    pub fn group(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }

    /// The skill (技能) that mends it, as the staff register names skills; 综合 does everything.
    pub fn skill(self) -> &'static str {
        match self.group() {
            "water" | "heating" | "gas" => "水",
            "power" => "电",
            "door" => "门窗",
            "lift" => "电梯",
            _ if self == Self::PublicLight => "电",
            _ => ALL_ROUND,
        }
    }
}

/// The skill of who mends everything.
pub const ALL_ROUND: &str = "综合";

/// How fast a category has to go at least: gas, someone trapped, power out are emergencies by themselves;
/// a leak becomes one (flooding) when who reports it says so.
pub fn least_urgency(category: Category) -> Urgency {
    match category {
        Category::GasSmell | Category::LiftStuck | Category::PowerOut => Urgency::Emergency,
        Category::WaterLeak | Category::WaterNone | Category::DoorLock | Category::LiftFault => {
            Urgency::Urgent
        }
        _ => Urgency::Normal,
    }
}

/// The urgency of a repair: the category's, or a higher one that was asked for. Nobody can lower it.
pub fn urgency(category: Category, asked: Option<Urgency>) -> Urgency {
    asked.map_or(least_urgency(category), |asked| asked.min(least_urgency(category)))
}

const DESK: Who = Who::Role(Role::Desk);
const NOT_TAKEN: &[State] = &[State::Reported, State::Accepted];

const fn row(
    action: &'static str,
    from: &'static [State],
    to: State,
    by: &'static [Who],
) -> Transition<State> {
    Transition { action, from, to, by }
}

/// Every step there is. `cancel` from *dispatched* is open to the reporter for the ten minutes in which
/// what was submitted can be withdrawn (domain.md §11); `time_out`, `visit_closes` and `visit_reopens` are
/// the portal's own, by the clock and by a return visit.
pub const TABLE: &[Transition<State>] = &[
    row("accept", &[State::Reported], State::Accepted, &[DESK, Who::Role(Role::Steward), Who::Portal]),
    row("dispatch", &[State::Accepted], State::Dispatched, &[DESK, Who::Portal]),
    row("take", &[State::Accepted], State::Taken, &[Who::Role(Role::Technician)]),
    row("take", &[State::Dispatched], State::Taken, &[Who::Technician]),
    row("decline", &[State::Dispatched], State::Accepted, &[Who::Technician]),
    row("time_out", &[State::Dispatched], State::Accepted, &[Who::Portal]),
    row("arrive", &[State::Taken], State::OnSite, &[Who::Technician]),
    row("release", &[State::Taken], State::Accepted, &[Who::Technician]),
    row("hand_over", &[State::Taken], State::Dispatched, &[Who::Technician, DESK]),
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

    /// domain.md §6, line by line: from, by which action, to.
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
        ("taken", "arrive", "on_site"),
        ("taken", "release", "accepted"),
        ("taken", "hand_over", "dispatched"),
        ("taken", "cancel", "cancelled"),
        ("on_site", "wait", "waiting_parts"),
        ("on_site", "wait", "waiting_resident"),
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
        for (category, asked, decided) in [
            (Category::GasSmell, None, Urgency::Emergency),
            (Category::GasSmell, Some(Urgency::Normal), Urgency::Emergency),
            (Category::LiftStuck, None, Urgency::Emergency),
            (Category::PowerOut, Some(Urgency::Urgent), Urgency::Emergency),
            (Category::WaterLeak, None, Urgency::Urgent),
            (Category::WaterLeak, Some(Urgency::Emergency), Urgency::Emergency),
            (Category::DoorWindow, None, Urgency::Normal),
            (Category::DoorWindow, Some(Urgency::Urgent), Urgency::Urgent),
        ] {
            assert_eq!(urgency(category, asked), decided, "{category} {asked:?}");
        }
    }

    #[test]
    fn every_category_has_a_group_and_a_skill() {
        for category in Category::ALL {
            assert!(!category.group().is_empty() && !category.skill().is_empty());
        }
    }
}
