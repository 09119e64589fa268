//! The states of a move-in 入住 and who may move it (domain.md §4), who decides about which kind, and which
//! leases meet. Pure.

use crate::LocalDate;
use crate::access::Role;
use crate::cases::{Transition, Who};

crate::words! {
    /// Where a move-in stands.
    State {
        /// Being written.
        Draft = "draft",
        /// Sent in.
        Submitted = "submitted",
        /// The desk looks at it.
        Reviewing = "reviewing",
        /// Sent back with remarks.
        Returned = "returned",
        /// Waits for the handover.
        Approved = "approved",
        /// Keys and readings are handed over.
        HandedOver = "handed_over",
        /// Done.
        Closed = "closed",
        /// Taken back by the resident.
        Withdrawn = "withdrawn",
        /// Called off after it was approved.
        Cancelled = "cancelled",
        /// Refused with a reason.
        Rejected = "rejected",
        /// Silent for too long.
        Lapsed = "lapsed",
    }
}

impl State {
    /// Whether another of the same kind has to wait for this one.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Submitted | Self::Reviewing | Self::Returned | Self::Approved)
    }

    /// Whether the home was handed over.
    pub fn was_handed_over(self) -> bool {
        matches!(self, Self::HandedOver | Self::Closed)
    }

    /// Whether nothing follows.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn | Self::Cancelled | Self::Rejected | Self::Lapsed)
    }
}

crate::words! {
    /// As what somebody moves in.
    Kind {
        /// 业主
        Owner = "owner",
        /// 租户
        Tenant = "tenant",
        /// 商户
        ShopOperator = "shop_operator",
    }
}

crate::words! {
    /// A paper that is looked at before somebody moves in; the word is the purpose of its scan.
    Paper {
        /// 身份证件
        Identity = "identity",
        /// 购房合同
        Purchase = "purchase",
        /// 租赁合同
        Lease = "lease",
        /// 业主同意书
        Consent = "consent",
        /// 营业执照
        Licence = "licence",
    }
}

crate::words! {
    /// What who moves in signs.
    Agreement {
        /// 管理规约
        CommunityRules = "community_rules",
        /// 物业服务协议
        ServiceAgreement = "service_agreement",
        /// 消防安全责任书
        FireSafety = "fire_safety",
    }
}

impl Kind {
    /// The papers that are looked at.
    pub fn papers(self) -> &'static [Paper] {
        match self {
            Self::Owner => &[Paper::Identity, Paper::Purchase],
            Self::Tenant => &[Paper::Identity, Paper::Lease, Paper::Consent],
            Self::ShopOperator => &[Paper::Identity, Paper::Lease, Paper::Licence],
        }
    }

    /// Whether it needs a lease.
    pub fn leases(self) -> bool {
        self != Self::Owner
    }
}

const APPLICANT: &[Who] = &[Who::Resident, Who::Role(Role::Desk)];
const REVIEWER: &[Who] = &[Who::Role(Role::Desk), Who::Role(Role::Supervisor)];
const HANDS_OVER: &[Who] = &[Who::Role(Role::Steward), Who::Role(Role::Supervisor)];

const fn row(
    action: &'static str,
    from: &'static [State],
    to: State,
    by: &'static [Who],
) -> Transition<State> {
    Transition { action, from, to, by }
}

/// The transition table.
pub const TABLE: &[Transition<State>] = &[
    row("submit", &[State::Draft], State::Submitted, APPLICANT),
    row("submit", &[State::Returned], State::Reviewing, APPLICANT),
    row("start_review", &[State::Submitted], State::Reviewing, REVIEWER),
    row("return", &[State::Reviewing], State::Returned, REVIEWER),
    row("approve", &[State::Reviewing], State::Approved, REVIEWER),
    row("reject", &[State::Submitted, State::Reviewing], State::Rejected, REVIEWER),
    row("hand_over", &[State::Approved], State::HandedOver, HANDS_OVER),
    row("withdraw", &[State::Submitted, State::Reviewing, State::Returned], State::Withdrawn, APPLICANT),
    row(
        "cancel",
        &[State::Approved],
        State::Cancelled,
        &[Who::Resident, Who::Role(Role::Desk), Who::Role(Role::Supervisor)],
    ),
    row(
        "close",
        &[State::HandedOver],
        State::Closed,
        &[Who::Role(Role::Steward), Who::Role(Role::Supervisor), Who::Portal],
    ),
    row("lapse", &[State::Returned, State::Approved], State::Lapsed, &[Who::Portal]),
];

/// Whether who holds `role` decides about this kind: the supervisor about tenants and shops.
pub fn decides(kind: Option<Kind>, role: Role) -> bool {
    match role {
        Role::Supervisor => true,
        Role::Desk => kind == Some(Kind::Owner),
        _ => false,
    }
}

/// Whether two spans of days meet; one without an end goes on for ever.
pub fn meet(one: (LocalDate, Option<LocalDate>), other: (LocalDate, Option<LocalDate>)) -> bool {
    other.1.is_none_or(|end| one.0 <= end) && one.1.is_none_or(|end| other.0 <= end)
}

/// A meter's reading, `1234.5`, in thousandths of its unit; none where it is no number.
pub fn reading(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<3}").parse().ok()
}

/// A reading as people write it.
pub fn written(reading: i64) -> String {
    let text = format!("{}.{:03}", reading / 1_000, reading % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::table;

    #[test]
    fn a_final_state_goes_nowhere_and_every_other_somewhere() {
        for state in State::ALL {
            let leaves = !table::actions(TABLE, *state, |_| true).is_empty();
            assert_eq!(leaves, !state.is_final(), "{state}");
        }
    }

    #[test]
    fn who_may_do_what_in_each_state() {
        let resident = |by: &[Who]| by.contains(&Who::Resident);
        let desk = |by: &[Who]| by.contains(&Who::Role(Role::Desk));
        let steward = |by: &[Who]| by.contains(&Who::Role(Role::Steward));
        for (state, theirs, desks, stewards) in [
            (State::Draft, vec!["submit"], vec!["submit"], vec![]),
            (State::Submitted, vec!["withdraw"], vec!["start_review", "reject", "withdraw"], vec![]),
            (State::Reviewing, vec!["withdraw"], vec!["return", "approve", "reject", "withdraw"], vec![]),
            (State::Returned, vec!["submit", "withdraw"], vec!["submit", "withdraw"], vec![]),
            (State::Approved, vec!["cancel"], vec!["cancel"], vec!["hand_over"]),
            (State::HandedOver, vec![], vec![], vec!["close"]),
        ] {
            assert_eq!(table::actions(TABLE, state, resident), theirs, "{state}");
            assert_eq!(table::actions(TABLE, state, desk), desks, "{state}");
            assert_eq!(table::actions(TABLE, state, steward), stewards, "{state}");
        }
    }

    #[test]
    fn the_supervisor_decides_about_tenants_and_shops() {
        assert!(decides(Some(Kind::Owner), Role::Desk) && decides(Some(Kind::Tenant), Role::Supervisor));
        assert!(!decides(Some(Kind::Tenant), Role::Desk) && !decides(Some(Kind::ShopOperator), Role::Desk));
        assert!(!decides(Some(Kind::Owner), Role::Steward));
    }

    #[test]
    fn leases_meet_when_they_share_a_day() {
        let day = |n: u32| LocalDate::from_ymd_opt(2026, 11, n).unwrap();
        for (one, other, expected) in [
            ((day(1), Some(day(10))), (day(10), Some(day(20))), true),
            ((day(1), Some(day(10))), (day(11), None), false),
            ((day(5), None), (day(1), None), true),
            ((day(5), None), (day(1), Some(day(4))), false),
        ] {
            assert_eq!(meet(one, other), expected);
            assert_eq!(meet(other, one), expected);
        }
    }

    #[test]
    fn readings_are_kept_to_a_thousandth() {
        for (text, expected) in [
            ("1234.5", Some(1_234_500)),
            (" 0 ", Some(0)),
            ("7.001", Some(7_001)),
            ("7.0001", None),
            ("-1", None),
            ("", None),
            ("12a", None),
            (".5", None),
        ] {
            assert_eq!(reading(text), expected, "{text:?}");
        }
        assert_eq!((written(1_234_500), written(0)), ("1234.5".to_owned(), "0".to_owned()));
    }
}
