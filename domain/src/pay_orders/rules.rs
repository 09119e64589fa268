//! How an order may move, when it is looked at again, and what a payment that the provider tells of means for it.
//! Values in, values out.

use chrono::TimeDelta;

use crate::{Fen, Instant};

crate::words! {
    /// By whom it is paid.
    Channel {
        /// 微信支付
        WeChat = "wechat",
        /// 支付宝
        Alipay = "alipay",
        /// For rehearsals: no money moves 演练.
        Practice = "practice",
    }
}

crate::words! {
    /// How far an order has come.
    State {
        /// It has its number; the provider has not answered yet.
        Asked = "asked",
        /// There is a code to scan.
        Shown = "shown",
        /// The payment is booked.
        Paid = "paid",
        /// Nobody paid in time.
        Expired = "expired",
        /// Given up before that.
        Closed = "closed",
        /// The provider refused it, or what came cannot be booked by itself.
        Failed = "failed",
    }
}

crate::words! {
    /// Why an order ended without a payment.
    Why {
        /// Nothing of the kind.
        None = "",
        /// Somebody closed it.
        ByPerson = "by_person",
        /// Another one was asked for instead.
        Replaced = "replaced",
        /// The provider closed it.
        ByProvider = "by_provider",
        /// The provider refused it.
        Refused = "refused",
        /// What was paid is not what was asked for.
        Differs = "differs",
        /// What was paid could not be booked.
        NotBooked = "not_booked",
        /// The provider has not said for days what became of it.
        Unanswered = "unanswered",
    }
}

/// Every move there is. Money that came is never lost: any order can still turn out to be paid.
pub const MOVES: &[(State, State)] = {
    use State::*;
    &[
        (Asked, Shown),
        (Asked, Expired),
        (Asked, Closed),
        (Asked, Failed),
        (Shown, Expired),
        (Shown, Closed),
        (Shown, Failed),
        (Asked, Paid),
        (Shown, Paid),
        (Expired, Paid),
        (Closed, Paid),
        (Failed, Paid),
        (Expired, Failed),
        (Closed, Failed),
    ]
};

/// So long after an order's end its provider is asked what became of it; then a person has to.
pub const ASKED_FOR: TimeDelta = TimeDelta::days(3);

impl State {
    /// Whether there is something to wait for.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Shown)
    }

    /// Whether it may become `next`.
    pub fn may_become(self, next: Self) -> bool {
        MOVES.contains(&(self, next))
    }
}

/// What a payment that the provider tells of means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is booked now.
    Book,
    /// It was booked before, or is waiting for a person already.
    Known,
    /// A second payment of what is paid: a person has to look.
    Second,
    /// Not the sum that was asked for: a person has to look.
    Differs,
}

/// Judges a payment by the order as it is: its state, its sum, and the transaction that is known of it.
pub fn judge((state, asked, known): (State, Fen, &str), (told, transaction): (Fen, &str)) -> Verdict {
    match state {
        State::Paid if known == transaction => Verdict::Known,
        State::Paid => Verdict::Second,
        State::Failed if known == transaction => Verdict::Known,
        _ if told != asked => Verdict::Differs,
        _ => Verdict::Book,
    }
}

/// How long until an order is looked at again, after so many looks: often at first, while somebody stands there.
pub fn pause(looks: i32) -> TimeDelta {
    const SECONDS: [i64; 6] = [5, 10, 20, 30, 60, 120];
    /// From here on nobody stands there any more.
    const HOURLY: i32 = 18;
    let seconds = usize::try_from(looks).ok().and_then(|looks| SECONDS.get(looks)).copied();
    TimeDelta::seconds(seconds.unwrap_or(if looks < HOURLY { 300 } else { 3600 }))
}

/// Whether an order that ran until `until` has been asked for long enough without an answer.
pub fn is_unanswered(until: Instant, now: Instant) -> bool {
    now.since(until) >= ASKED_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_came_is_never_lost_and_never_given_up() {
        for state in State::ALL {
            assert_eq!(state.may_become(State::Paid), *state != State::Paid, "{state}");
            assert!(!State::Paid.may_become(*state), "{state}");
            assert!(!state.may_become(State::Asked), "{state}");
        }
    }

    #[test]
    fn a_payment_is_booked_once_and_only_as_it_was_asked_for() {
        use State::*;
        for (state, known, told, transaction, expected) in [
            (Asked, "", 100, "t1", Verdict::Book),
            (Shown, "", 100, "t1", Verdict::Book),
            (Expired, "", 100, "t1", Verdict::Book),
            (Closed, "", 100, "t1", Verdict::Book),
            (Failed, "", 100, "t1", Verdict::Book),
            (Shown, "", 99, "t1", Verdict::Differs),
            (Closed, "", 101, "t1", Verdict::Differs),
            (Failed, "t1", 99, "t1", Verdict::Known),
            (Failed, "t1", 100, "t2", Verdict::Book),
            (Paid, "t1", 100, "t1", Verdict::Known),
            (Paid, "t1", 100, "t2", Verdict::Second),
        ] {
            let found = judge((state, Fen(100), known), (Fen(told), transaction));
            assert_eq!(found, expected, "{state} {known} {told} {transaction}");
        }
    }

    #[test]
    fn pauses_grow() {
        let pauses: Vec<_> = (0..30).map(pause).collect();
        assert!(pauses.is_sorted() && pauses[0] == TimeDelta::seconds(5));
        assert_eq!((pause(17), pause(18)), (TimeDelta::minutes(5), TimeDelta::hours(1)));
        assert_eq!(pause(i32::MAX), TimeDelta::hours(1));
    }

    #[test]
    fn a_provider_is_asked_for_three_days() {
        let until: Instant = "2026-11-22T02:00:00Z".parse().unwrap();
        for (now, expected) in [
            ("2026-11-22T02:00:00Z", false),
            ("2026-11-25T01:59:59Z", false),
            ("2026-11-25T02:00:00Z", true),
            ("2026-11-20T00:00:00Z", false),
        ] {
            assert_eq!(is_unanswered(until, now.parse().unwrap()), expected, "{now}");
        }
    }
}
