//! A change of who pays within a month. A periodic charge belongs to who pays on its first chargeable day, and stays
//! there; only a settlement asks for it to be split: it is taken back, and two charges by day stand in its place, the
//! second of which is the total less the first, so that together they are what it was (domain.md §10).

use std::fmt;
use std::str::FromStr;

use chrono::Days;
use diesel::prelude::*;

use super::rules::{Basis, NoBasis};
use super::subject;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{charges, occupancies as ties};
use crate::ledger::{self, Book, Charge, NewCharge};
use crate::payments::payer_on;
use crate::{
    ChargeId, Db, Error, Fen, FieldError, HomeId, Instant, LocalDate, PersonId, Result, corrections,
};

/// What is left of a charge when its first days are charged apart; kept as `rest:<whole>-<first>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The whole charge.
    pub whole: Basis,
    /// Its first days.
    pub first: Basis,
}

impl Rest {
    /// The whole less the first days, each rounded as it is charged.
    pub fn amount(&self) -> Fen {
        self.whole.amount() - self.first.amount()
    }
}

impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rest:{}-{}", self.whole, self.first)
    }
}

impl FromStr for Rest {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.strip_prefix("rest:").and_then(|rest| rest.split_once('-'));
        let (whole, first) = parsed.ok_or_else(|| NoBasis::of(text))?;
        Ok(Self { whole: whole.parse()?, first: first.parse()? })
    }
}

/// What splitting a charge would make.
#[derive(Debug, Clone)]
pub struct Halves {
    /// The day from which somebody else pays.
    pub on: LocalDate,
    /// What stays with who pays now.
    pub first: Basis,
    /// What who pays from that day on gets.
    pub rest: Rest,
    /// Who that is.
    pub payer: PersonId,
}

/// The days on which the payer of a home may have changed: a paying occupancy began, or one ended the day before.
pub fn payer_changes(db: &mut Db, home: HomeId) -> Result<Vec<LocalDate>> {
    let rows = ties::table.filter(ties::home_id.eq(home.0).and(ties::pays.eq(true)));
    let spans: Vec<(LocalDate, Option<LocalDate>)> =
        rows.select((ties::starts_on, ties::ends_on)).load(db)?;
    let after = spans.iter().filter_map(|(_, ends)| ends.and_then(|day| day.succ_opt()));
    let mut days: Vec<LocalDate> = spans.iter().map(|(starts, _)| *starts).chain(after).collect();
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// Looks at what [`split`] would make.
///
/// # Errors
/// By field: a day that is not within the charge's days, its first one included. Refused where the charge is taken
/// back (`charge.reversed`), was not made by days (`split.not_by_days`), or the same person pays on that day
/// (`split.same_payer`).
pub fn halves(db: &mut Db, actor: &Actor, now: Instant, id: ChargeId, on: LocalDate) -> Result<Halves> {
    let charge = ledger::charge_of(db, id)?;
    allow(db, actor, now, Action::Bill, Object::Community(charge.community_id))?;
    if charge.reversed {
        return Err(Error::refused("charge.reversed", vec![]));
    }
    let Ok(whole) = charge.basis.parse::<Basis>() else {
        return Err(Error::refused("split.not_by_days", vec![]));
    };
    if on <= charge.from_on || on > charge.to_on {
        let field = FieldError::new("on", "not_within").with("from", charge.from_on + Days::new(1));
        return Err(Error::Invalid(vec![field.with("to", charge.to_on)]));
    }
    let payer = payer_on(db, charge.home_id, on)?;
    let payer = payer.filter(|payer| *payer != charge.payer_id);
    let payer = payer.ok_or_else(|| Error::refused("split.same_payer", vec![]))?;
    let first = whole.first_days(on.signed_duration_since(charge.from_on).num_days());
    Ok(Halves { on, rest: Rest { whole, first: first.clone() }, first, payer })
}

/// Splits a charge that is still as it was `seen`, on the day from which somebody else pays: what was paid of it is
/// prepaid again and covers the first part; the second is the other payer's.
///
/// # Errors
/// As [`halves`]; no reason, by field; changed since (`charge.changed`).
pub fn split(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: ChargeId,
    (on, reason, seen): (LocalDate, &str, &str),
) -> Result<(ChargeId, ChargeId)> {
    let halves = halves(tx, actor, now, id, on)?;
    let old = ledger::charge_of(tx, id)?;
    let other = ledger::account(tx, old.community_id, old.home_id, halves.payer, Book::Fees)?;
    let mut both = [old.account_id, other];
    both.sort_unstable();
    ledger::lock_all(tx, &both)?;
    corrections::reverse(tx, actor, now, id, reason, seen)?;
    let first = NewCharge {
        to_on: on - Days::new(1),
        revision: old.revision + 1,
        basis: halves.first.to_string(),
        amount: halves.first.amount(),
        ..again(&old, now)
    };
    let rest = NewCharge {
        account_id: other,
        payer_id: halves.payer,
        from_on: on,
        subject: subject::from_day(&old.subject, on),
        basis: halves.rest.to_string(),
        amount: halves.rest.amount(),
        ..again(&old, now)
    };
    let made = (ledger::charge(tx, actor, &first)?, ledger::charge(tx, actor, &rest)?);
    ledger::use_prepayments(tx, &both, now)?;
    audit::write(tx, actor, now, &Line::new(old.community_id, "charge.split", "charge", id.0))?;
    Ok(made)
}

/// Whether charging anew what a charge was for would charge days twice, or to the wrong payer: it is the second part of
/// one that was split, or the first while the second stands.
pub(super) fn has_other_part(db: &mut Db, old: &Charge) -> Result<bool> {
    if old.basis.parse::<Rest>().is_ok() {
        return Ok(true);
    }
    let same = charges::table
        .filter(charges::community_id.eq(old.community_id.0).and(charges::period.eq(old.period)))
        .filter(charges::home_id.eq(old.home_id.0).and(charges::fee_item_id.eq(old.fee_item_id.0)))
        .filter(charges::reversed.eq(false).and(charges::basis.like("rest:%")))
        .select(charges::subject);
    let begin = subject::parts_begin(&old.subject);
    Ok(same.load::<String>(db)?.iter().any(|subject| subject.starts_with(&begin)))
}

/// The same charge once more, for the same days.
fn again(old: &Charge, now: Instant) -> NewCharge {
    NewCharge {
        community_id: old.community_id,
        account_id: old.account_id,
        home_id: old.home_id,
        building_id: old.building_id,
        payer_id: old.payer_id,
        fee_item_id: old.fee_item_id,
        subject: old.subject.clone(),
        period: old.period,
        revision: 0,
        from_on: old.from_on,
        to_on: old.to_on,
        basis: old.basis.clone(),
        amount: old.amount,
        due_on: old.due_on,
        due_month: old.due_month,
        made_at: now,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_second_part_is_the_total_less_the_first() {
        for (whole, days, first, second) in [
            ("area:8950*28000*30/30", 15, 12_530, 12_530),
            // 251.61 by 7 of 30 days: 58.7090 → 58.71, and the rest is what is left of the total.
            ("area:8986*28000*30/30", 7, 5_871, 19_290),
            ("area:8950*28000*10/30+8950*30000*20/30", 12, 10_143, 16_110),
            ("bay:100*800000*30/30", 29, 7_733, 267),
            ("home:100*120000*30/30@50%", 10, 200, 400),
        ] {
            let whole: Basis = whole.parse().unwrap();
            let part = whole.first_days(days);
            let rest = Rest { whole: whole.clone(), first: part.clone() };
            assert_eq!((part.amount(), rest.amount()), (Fen(first), Fen(second)), "{whole}");
            assert_eq!(part.amount() + rest.amount(), whole.amount());
            assert_eq!(rest.to_string().parse::<Rest>().unwrap(), rest);
        }
        assert!("rest:area:1*1*1/30".parse::<Rest>().is_err());
        assert!("area:1*1*1/30-area:1*1*1/30".parse::<Rest>().is_err());
    }

    proptest! {
        #[test]
        fn no_part_is_below_nothing(area in 1i64..100_000, rate in 0i64..100_000, days in 2i64..32, cut in 1i64..31) {
            prop_assume!(cut < days);
            let whole: Basis = format!("area:{area}*{rate}*{days}/31").parse().unwrap();
            let rest = Rest { first: whole.first_days(cut), whole };
            prop_assert!(rest.amount() >= Fen::ZERO && rest.first.amount() >= Fen::ZERO);
        }
    }
}
