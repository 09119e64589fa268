//! When something may be kept of a deposit, and when it may go back. Values in, values out.

use chrono::Days;

use crate::{Error, Fen, FieldError, LocalDate, Result};

crate::words! {
    /// What a deposit is for.
    Purpose {
        /// 装修押金
        Renovation = "renovation",
        /// 出入证押金
        Pass = "pass",
        /// 钥匙、门禁卡押金
        Key = "key",
        /// 物品借用押金
        Loan = "loan",
        /// 其他押金
        Other = "other",
    }
}

crate::words! {
    /// How far a deposit has come.
    State {
        /// The office holds it.
        Held = "held",
        /// Somebody asked to give it back, somebody else does.
        Returning = "returning",
        /// Given back, less what was kept.
        Returned = "returned",
        /// Its payment was voided.
        Voided = "voided",
    }
}

crate::words! {
    /// How far something that is to be kept of a deposit has come.
    DeductionState {
        /// The payer knows of it and may contest it.
        Proposed = "proposed",
        /// The payer agrees.
        Accepted = "accepted",
        /// The payer does not agree.
        Contested = "contested",
        /// A manager has decided that it stands.
        Upheld = "upheld",
        /// It is not kept.
        Dropped = "dropped",
    }
}

/// Something that is to be kept of a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// How far it has come.
    pub state: DeductionState,
    /// How much.
    pub amount: Fen,
    /// Until when its payer may contest it.
    pub until: LocalDate,
}

impl Kept {
    /// Whether it counts, unless it is dropped.
    pub fn counts(&self) -> bool {
        self.state != DeductionState::Dropped
    }
}

/// The last day on which what was proposed on a day may be contested.
pub fn contestable_until(proposed_on: LocalDate, days: u64) -> LocalDate {
    proposed_on + Days::new(days)
}

/// Whether so much can be kept of a deposit, where this is to be kept already.
///
/// # Errors
/// By field: no amount, more than is left.
pub fn can_keep(deposit: Fen, before: &[Kept], amount: Fen) -> Result<()> {
    let left = deposit - before.iter().filter(|one| one.counts()).map(|one| one.amount).sum();
    if amount <= Fen::ZERO {
        return Err(Error::field("amount", "not_positive"));
    }
    if amount > left {
        return Err(Error::Invalid(vec![FieldError::new("amount", "more_than_held").with("left", left)]));
    }
    Ok(())
}

/// What of a deposit goes back on a day, and what is kept.
///
/// # Errors
/// Refused while its payer contests something (`deposit.contested`), or still may (`deposit.contestable`).
pub fn settled(deposit: Fen, kept: &[Kept], today: LocalDate) -> Result<(Fen, Fen)> {
    if kept.iter().any(|one| one.state == DeductionState::Contested) {
        return Err(Error::refused("deposit.contested", vec![]));
    }
    let open = kept.iter().filter(|one| one.state == DeductionState::Proposed && one.until >= today);
    if let Some(until) = open.map(|one| one.until).max() {
        return Err(Error::refused("deposit.contestable", vec![("until", until.to_string())]));
    }
    let keeps: Fen = kept.iter().filter(|one| one.counts()).map(|one| one.amount).sum();
    Ok((deposit - keeps, keeps))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::DeductionState::{Accepted, Contested, Dropped, Proposed, Upheld};
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn kept(list: &[(DeductionState, i64, &str)]) -> Vec<Kept> {
        let one = |(state, fen, until): &(DeductionState, i64, &str)| Kept {
            state: *state,
            amount: Fen(*fen),
            until: day(until),
        };
        list.iter().map(one).collect()
    }

    #[test]
    fn what_goes_back_is_what_is_not_kept() {
        let past = "2026-11-20";
        // A deposit of ¥2,000.00, looked at on 22 November.
        for (list, expected) in [
            (vec![], Ok((200_000, 0))),
            (vec![(Proposed, 30_000, past)], Ok((170_000, 30_000))),
            (vec![(Proposed, 30_000, "2026-11-22")], Err("deposit.contestable")),
            (vec![(Accepted, 30_000, "2026-11-30")], Ok((170_000, 30_000))),
            (vec![(Contested, 30_000, past)], Err("deposit.contested")),
            (vec![(Upheld, 30_000, past), (Dropped, 50_000, past)], Ok((170_000, 30_000))),
            (vec![(Accepted, 200_000, past)], Ok((0, 200_000))),
        ] {
            let found = match settled(Fen(200_000), &kept(&list), day("2026-11-22")) {
                Ok((back, keeps)) => Ok((back.0, keeps.0)),
                Err(Error::Refused(refusal)) => Err(refusal.rule),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{list:?}");
        }
    }

    #[test]
    fn no_more_is_kept_than_is_held() {
        let before = kept(&[(Proposed, 150_000, "2026-11-22"), (Dropped, 50_000, "2026-11-22")]);
        for (fen, expected) in [
            (50_000, None),
            (50_001, Some("more_than_held")),
            (0, Some("not_positive")),
            (-1, Some("not_positive")),
        ] {
            let found = match can_keep(Fen(200_000), &before, Fen(fen)) {
                Ok(()) => None,
                Err(Error::Invalid(fields)) => Some(fields[0].code),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{fen}");
        }
        assert_eq!(contestable_until(day("2026-11-22"), 3), day("2026-11-25"));
    }

    proptest! {
        #[test]
        fn the_sums_close(deposit in 1i64..10_000_000, tried in proptest::collection::vec(1i64..5_000_000, 0..6)) {
            let mut all: Vec<Kept> = Vec::new();
            for fen in tried {
                if can_keep(Fen(deposit), &all, Fen(fen)).is_ok() {
                    all.push(Kept { state: Accepted, amount: Fen(fen), until: day("2026-11-22") });
                }
            }
            let (back, keeps) = settled(Fen(deposit), &all, day("2026-11-22")).unwrap();
            prop_assert_eq!(back + keeps, Fen(deposit));
            prop_assert!(back >= Fen::ZERO);
        }
    }
}
