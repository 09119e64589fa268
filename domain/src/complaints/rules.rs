//! What is allowed in a complaint and what follows (domain.md §7): the states and the one transition table,
//! what it is about, what caused it, which department answers for it. Values in, values out.

use crate::access::Role;
use crate::cases::{Transition, Who};

crate::words! {
    /// How far a complaint is.
    State {
        /// 已登记
        Registered = "registered",
        /// 有效投诉: the supervisor found it founded and named a department.
        Founded = "founded",
        /// 无效投诉: the supervisor found it unfounded, with a reason that can be shown.
        Unfounded = "unfounded",
        /// 调查中
        Investigating = "investigating",
        /// 已提方案
        Proposed = "proposed",
        /// 方案已批准
        Approved = "approved",
        /// 处理中
        CarryingOut = "carrying_out",
        /// 已答复: waits for its return visit.
        Answered = "answered",
        /// 已关闭
        Closed = "closed",
        /// 已撤回. Final, but for the ten minutes in which who withdrew it can take that back.
        Withdrawn = "withdrawn",
        /// Another case covers it. Final.
        Merged = "merged",
    }
}

impl State {
    /// It is still to be answered.
    pub fn is_before_answer(self) -> bool {
        BEFORE_ANSWER.contains(&self)
    }
}

crate::words! {
    /// What a complaint is about 投诉类别.
    Category {
        /// 服务态度
        Service = "complaint.service",
        /// 维修
        Repair = "complaint.repair",
        /// 保洁
        Cleaning = "complaint.cleaning",
        /// 秩序、门岗
        Security = "complaint.security",
        /// 停车
        Parking = "complaint.parking",
        /// 噪音扰民
        Noise = "complaint.noise",
        /// 装修
        Renovation = "complaint.renovation",
        /// 收费
        Fees = "complaint.fees",
        /// 公共设施
        Facilities = "complaint.facilities",
        /// 绿化
        Greening = "complaint.greening",
        /// 邻里纠纷
        Neighbours = "complaint.neighbours",
        /// 其他
        Other = "complaint.other",
    }
}

crate::words! {
    /// What lay behind it, as the department found 投诉原因.
    Cause {
        /// 服务态度
        Attitude = "attitude",
        /// 处理不及时
        Delay = "delay",
        /// 工作质量
        Quality = "quality",
        /// 沟通不到位
        Communication = "communication",
        /// 制度流程
        Rules = "rules",
        /// 设施设备
        Facility = "facility",
        /// 第三方单位
        ThirdParty = "third_party",
        /// 邻里之间
        Neighbour = "neighbour",
        /// 其他
        Other = "other",
    }
}

crate::words! {
    /// A department of the office 责任部门.
    Department {
        /// 客服部
        Service = "service",
        /// 工程部
        Engineering = "engineering",
        /// 秩序部
        Security = "security",
        /// 保洁部
        Cleaning = "cleaning",
        /// 绿化部
        Greening = "greening",
        /// 装修管理
        Renovation = "renovation",
        /// 财务部
        Finance = "finance",
    }
}

const SUPERVISOR: Who = Who::Role(Role::Supervisor);
const MANAGER: Who = Who::Role(Role::Manager);
const DESK: Who = Who::Role(Role::Desk);

/// The states in which who complained still waits for the answer.
const BEFORE_ANSWER: &[State] = &[
    State::Registered,
    State::Founded,
    State::Unfounded,
    State::Investigating,
    State::Proposed,
    State::Approved,
    State::CarryingOut,
];

const fn row(
    action: &'static str,
    from: &'static [State],
    to: State,
    by: &'static [Who],
) -> Transition<State> {
    Transition { action, from, to, by }
}

const fn reply(from: &'static [State], to: State) -> Transition<State> {
    row("reply", from, to, &[Who::Accountable, Who::Head, DESK, SUPERVISOR])
}

const fn undo(to: State) -> Transition<State> {
    row("undo", &[State::Withdrawn], to, &[Who::Reporter])
}

/// Every step there is. Who reopens one that was found unfounded has it judged anew; a founded one goes back
/// to its department. `undo` leads to where it was withdrawn from. The manager takes the supervisor's steps
/// where the complaint is about a supervisor, and approves a plan that promises money
/// ([`super::act`] asks for both).
pub const TABLE: &[Transition<State>] = &[
    row("founded", &[State::Registered], State::Founded, &[SUPERVISOR]),
    row("unfounded", &[State::Registered], State::Unfounded, &[SUPERVISOR]),
    row("reassign", &[State::Founded, State::Investigating], State::Founded, &[SUPERVISOR]),
    row("investigate", &[State::Founded], State::Investigating, &[Who::Head]),
    row("propose", &[State::Investigating], State::Proposed, &[Who::Head]),
    row("send_back", &[State::Proposed], State::Investigating, &[SUPERVISOR, MANAGER]),
    row("approve", &[State::Proposed], State::Approved, &[SUPERVISOR, MANAGER]),
    row("choose", &[State::Approved], State::Approved, &[Who::Reporter, Who::Accountable]),
    row("carry_out", &[State::Approved], State::CarryingOut, &[Who::Head]),
    row("answer", &[State::CarryingOut], State::Answered, &[Who::Head, Who::Accountable]),
    row("answer", &[State::Unfounded], State::Answered, &[Who::Accountable, SUPERVISOR]),
    reply(&[State::Registered], State::Registered),
    reply(&[State::Founded], State::Founded),
    reply(&[State::Investigating], State::Investigating),
    reply(&[State::Proposed], State::Proposed),
    reply(&[State::Approved], State::Approved),
    reply(&[State::CarryingOut], State::CarryingOut),
    row("withdraw", BEFORE_ANSWER, State::Withdrawn, &[Who::Reporter, SUPERVISOR]),
    undo(State::Registered),
    undo(State::Founded),
    undo(State::Unfounded),
    undo(State::Investigating),
    undo(State::Proposed),
    undo(State::Approved),
    undo(State::CarryingOut),
    row("merge", BEFORE_ANSWER, State::Merged, &[DESK, SUPERVISOR]),
    row("visit_closes", &[State::Answered], State::Closed, &[Who::Portal]),
    row("no_contact", &[State::Answered], State::Closed, &[Who::Portal]),
    row("visit_reopens", &[State::Answered], State::Investigating, &[Who::Portal]),
    row("visit_reopens", &[State::Answered], State::Registered, &[Who::Portal]),
    row("reopen", &[State::Answered], State::Investigating, &[Who::Reporter]),
    row("reopen", &[State::Answered], State::Registered, &[Who::Reporter]),
    row("reopen", &[State::Closed], State::Investigating, &[Who::Reporter, SUPERVISOR]),
    row("reopen", &[State::Closed], State::Registered, &[Who::Reporter, SUPERVISOR]),
    row("learn", &[State::Answered], State::Answered, &[Who::Head, SUPERVISOR]),
    row("learn", &[State::Closed], State::Closed, &[Who::Head, SUPERVISOR]),
];

/// Where a complaint goes that is opened again: to its department, or, found unfounded, to be judged anew.
pub(super) fn reopens_to(founded: bool) -> State {
    if founded { State::Investigating } else { State::Registered }
}

/// The most options of a plan.
pub const OPTIONS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::table;

    /// domain.md §7, line by line: from, by which action, to.
    const SPEC: &[(&str, &str, &str)] = &[
        ("registered", "founded", "founded"),
        ("registered", "unfounded", "unfounded"),
        ("founded", "reassign", "founded"),
        ("investigating", "reassign", "founded"),
        ("founded", "investigate", "investigating"),
        ("investigating", "propose", "proposed"),
        ("proposed", "send_back", "investigating"),
        ("proposed", "approve", "approved"),
        ("approved", "choose", "approved"),
        ("approved", "carry_out", "carrying_out"),
        ("carrying_out", "answer", "answered"),
        ("unfounded", "answer", "answered"),
        ("answered", "visit_closes", "closed"),
        ("answered", "no_contact", "closed"),
        ("answered", "visit_reopens", "investigating"),
        ("answered", "visit_reopens", "registered"),
        ("answered", "reopen", "investigating"),
        ("answered", "reopen", "registered"),
        ("closed", "reopen", "investigating"),
        ("closed", "reopen", "registered"),
        ("answered", "learn", "answered"),
        ("closed", "learn", "closed"),
    ];

    #[test]
    fn the_table_is_the_documents_and_nothing_else() {
        let mut spec = SPEC.to_vec();
        for state in BEFORE_ANSWER {
            spec.push((state.as_str(), "withdraw", "withdrawn"));
            spec.push(("withdrawn", "undo", state.as_str()));
            spec.push((state.as_str(), "merge", "merged"));
            // Of one that is unfounded the next word is the answer itself.
            if *state != State::Unfounded {
                spec.push((state.as_str(), "reply", state.as_str()));
            }
        }
        let mut rows: Vec<_> = TABLE
            .iter()
            .flat_map(|row| row.from.iter().map(|from| (from.as_str(), row.action, row.to.as_str())))
            .collect();
        rows.sort_unstable();
        spec.sort_unstable();
        assert_eq!(rows, spec);
    }

    #[test]
    fn merged_is_final_and_withdrawn_can_only_be_taken_back() {
        assert!(table::actions(TABLE, State::Merged, |_| true).is_empty());
        assert_eq!(table::actions(TABLE, State::Withdrawn, |_| true), ["undo"]);
    }

    #[test]
    fn nobody_but_the_portal_closes_one_and_nobody_but_a_supervisor_judges() {
        for row in TABLE {
            if row.to == State::Closed && row.from == [State::Answered] {
                assert_eq!(row.by, [Who::Portal], "{}", row.action);
            }
            if row.from.contains(&State::Registered) && matches!(row.to, State::Founded | State::Unfounded) {
                assert_eq!(row.by, [SUPERVISOR], "{}", row.action);
            }
        }
    }

    #[test]
    fn what_is_opened_again_goes_where_it_can_be_mended() {
        assert_eq!(reopens_to(true), State::Investigating);
        assert_eq!(reopens_to(false), State::Registered);
    }
}
