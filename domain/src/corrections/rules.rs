//! Who may correct what, and when a second person is asked. Values in, values out.

use crate::{Error, Fen, PersonId, Result};

/// Whether a waiver waits for an approval: above the limit together with what the payer was let off in the
/// year before.
pub fn needs_approval(year: Fen, amount: Fen, limit: Fen) -> bool {
    year + amount > limit
}

/// Nothing is corrected without a reason.
///
/// # Errors
/// By field.
pub fn reason(reason: &str) -> Result<()> {
    if reason.trim().is_empty() { Err(Error::field("reason", "required")) } else { Ok(()) }
}

/// A waiver is above zero and no more than is open.
///
/// # Errors
/// By field.
pub fn waiver(amount: Fen, open: Fen) -> Result<()> {
    within(amount, open, "more_than_open")
}

/// A refund is above zero and no more than is prepaid.
///
/// # Errors
/// By field.
pub fn refund(amount: Fen, prepaid: Fen) -> Result<()> {
    within(amount, prepaid, "more_than_prepaid")
}

fn within(amount: Fen, most: Fen, code: &'static str) -> Result<()> {
    match amount {
        amount if amount <= Fen::ZERO => Err(Error::field("amount", "not_positive")),
        amount if amount > most => Err(Error::field("amount", code)),
        _ => Ok(()),
    }
}

/// Nobody lets themselves off.
///
/// # Errors
/// `correction.own`.
pub fn not_own(who: Option<PersonId>, payer: PersonId) -> Result<()> {
    if who == Some(payer) { Err(Error::refused("correction.own", vec![])) } else { Ok(()) }
}

/// Who asked for it does not decide it.
///
/// # Errors
/// `correction.same_person`.
pub fn second_person(who: Option<PersonId>, asked_by: Option<PersonId>) -> Result<()> {
    if who.is_some() && who == asked_by {
        return Err(Error::refused("correction.same_person", vec![]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outcome: Result<()>) -> Option<&'static str> {
        match outcome {
            Ok(()) => None,
            Err(Error::Invalid(fields)) => fields.first().map(|field| field.code),
            Err(Error::Refused(refusal)) => Some(refusal.rule),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn five_hundred_yuan_in_a_year_are_given_up_without_asking() {
        for (year, amount, waits) in
            [(0, 50_000, false), (0, 50_001, true), (49_999, 1, false), (49_999, 2, true), (60_000, 1, true)]
        {
            assert_eq!(needs_approval(Fen(year), Fen(amount), Fen(50_000)), waits, "{year} + {amount}");
        }
    }

    #[test]
    fn no_more_is_given_up_than_is_open_and_none_given_back_that_is_not_prepaid() {
        for (amount, most, waived, refunded) in [
            (100, 100, None, None),
            (101, 100, Some("more_than_open"), Some("more_than_prepaid")),
            (0, 100, Some("not_positive"), Some("not_positive")),
            (-1, 100, Some("not_positive"), Some("not_positive")),
            (1, 0, Some("more_than_open"), Some("more_than_prepaid")),
        ] {
            assert_eq!(code(waiver(Fen(amount), Fen(most))), waived, "{amount} of {most}");
            assert_eq!(code(refund(Fen(amount), Fen(most))), refunded, "{amount} of {most}");
        }
    }

    #[test]
    fn two_people_decide_and_none_for_themselves() {
        let (a, b) = (PersonId(1), PersonId(2));
        assert_eq!(code(second_person(Some(a), Some(a))), Some("correction.same_person"));
        assert_eq!(code(second_person(Some(a), Some(b))), None);
        assert_eq!(code(second_person(Some(a), None)), None);
        assert_eq!(code(not_own(Some(a), a)), Some("correction.own"));
        assert_eq!(code(not_own(Some(b), a)), None);
        assert_eq!(code(reason(" \n")), Some("required"));
    }
}
