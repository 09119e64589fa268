//! What a payment may be and what it may cover. Values in, values out.

use std::collections::BTreeMap;

use crate::{ChargeId, Error, Fen, FieldError, Result};

/// What is open of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The charge.
    pub id: ChargeId,
    /// How much.
    pub open: Fen,
}

/// An amount is positive, and below what nobody pays at a desk: a slip of the finger is not booked.
///
/// # Errors
/// By field.
pub fn amount(amount: Fen, most: i64) -> Result<()> {
    if amount <= Fen::ZERO {
        return Err(Error::field("amount_fen", "not_positive"));
    }
    if amount.0 > most {
        let field = FieldError::new("amount_fen", "too_much").with("most", Fen(most));
        return Err(Error::Invalid(vec![field]));
    }
    Ok(())
}

/// What the payer says it covers: each share positive and no more than is open, all together no more than
/// the payment, no charge twice.
///
/// # Errors
/// By field, one for each share that is wrong.
pub fn shares(amount: Fen, shares: &[(ChargeId, Fen)], open: &[Open]) -> Result<()> {
    let open: BTreeMap<ChargeId, Fen> = open.iter().map(|one| (one.id, one.open)).collect();
    let mut seen = Vec::new();
    let mut wrong = Vec::new();
    for (n, (charge, share)) in shares.iter().enumerate() {
        let field = |name: &str, code| FieldError::new(format!("allocate.{n}.{name}"), code);
        match open.get(charge) {
            None => wrong.push(field("charge", "unknown_charge")),
            Some(_) if seen.contains(charge) => wrong.push(field("charge", "twice")),
            Some(_) if *share <= Fen::ZERO => wrong.push(field("amount_fen", "not_positive")),
            Some(open) if share > open => {
                wrong.push(field("amount_fen", "more_than_open").with("open", *open))
            }
            Some(_) => {}
        }
        seen.push(*charge);
    }
    let total = shares.iter().fold(0_i128, |sum, (_, share)| sum + i128::from(share.0));
    if wrong.is_empty() && total > i128::from(amount.0) {
        wrong.push(FieldError::new("allocate", "more_than_paid"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(result: Result<()>) -> Vec<(String, &'static str)> {
        match result {
            Ok(()) => vec![],
            Err(Error::Invalid(fields)) => fields.into_iter().map(|f| (f.field, f.code)).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_payment_is_positive_and_no_slip_of_the_finger() {
        for (fen, expected) in
            [(1, None), (0, Some("not_positive")), (-1, Some("not_positive")), (101, Some("too_much"))]
        {
            let found = codes(amount(Fen(fen), 100));
            assert_eq!(found.first().map(|(_, code)| *code), expected);
        }
    }

    #[test]
    fn shares_stay_within_what_is_open_and_what_is_paid() {
        let (a, b, gone) = (ChargeId(1), ChargeId(2), ChargeId(3));
        let open = [Open { id: a, open: Fen(100) }, Open { id: b, open: Fen(50) }];
        for (paid, named, expected) in [
            (150, vec![(a, 100), (b, 50)], None),
            (200, vec![(a, 100)], None),
            (100, vec![(b, 50), (a, 50)], None),
            (150, vec![(a, 101)], Some(("allocate.0.amount_fen", "more_than_open"))),
            (150, vec![(a, 0)], Some(("allocate.0.amount_fen", "not_positive"))),
            (150, vec![(a, 10), (a, 10)], Some(("allocate.1.charge", "twice"))),
            (150, vec![(gone, 10)], Some(("allocate.0.charge", "unknown_charge"))),
            (99, vec![(a, 50), (b, 50)], Some(("allocate", "more_than_paid"))),
        ] {
            let named: Vec<_> = named.into_iter().map(|(id, fen)| (id, Fen(fen))).collect();
            let found = codes(shares(Fen(paid), &named, &open));
            assert_eq!(found.first().map(|(f, c)| (f.as_str(), *c)), expected, "{named:?}");
        }
    }
}
