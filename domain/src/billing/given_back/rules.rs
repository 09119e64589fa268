//! What is left of a charge when what it is for ends within its days. Values in, values out.

use chrono::Days as Plus;

use crate::billing::exceptions::Terms;
use crate::billing::items::Tariffed;
use crate::billing::rules::Basis;
use crate::billing::split::Rest;
use crate::billing::worked::{Held, work_out};
use crate::ledger::Charge;
use crate::{Fen, LocalDate};

crate::words! {
    /// Why a charge is not what it would be now.
    Cause {
        /// 项目停收: the item ends within its days.
        Item = "item",
        /// 车位退用: the bay is given up within its days.
        Bay = "bay",
        /// 约定有变: something else was agreed for the home.
        Agreed = "agreed",
        /// 按实际天数: the bay is held again, or the item goes on after all.
        Again = "again",
    }
}

/// A first and a last day.
pub(super) type Days = (LocalDate, LocalDate);

/// What is known about what a charge is for.
pub(super) struct Facts<'f> {
    /// Its item.
    pub(super) item: &'f Tariffed,
    /// The days on which it is held, in order, no two of them next to each other.
    pub(super) held: &'f [Days],
    /// What was agreed for the home in each month of the charge's period.
    pub(super) agreed: &'f [Option<Terms>],
    /// Whether another part of it is somebody else's.
    pub(super) split: bool,
    /// Until when it was charged before it was shortened; none where it never was.
    pub(super) before: Option<LocalDate>,
}

/// What becomes of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Becomes {
    /// It stays.
    AsItIs,
    /// Nothing is left of it.
    Gone,
    /// It is charged for these days instead.
    Anew(Made),
}

/// What is charged instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) days: Days,
    pub(super) basis: String,
    pub(super) amount: Fen,
}

/// What becomes of a charge that stands.
pub(super) fn becomes(charge: &Charge, facts: &Facts<'_>) -> Becomes {
    if let Ok(rest) = charge.basis.parse::<Rest>() {
        return shortened(charge, facts, |days| {
            let rest = Rest { whole: without_last(&rest.whole, days), ..rest.clone() };
            (rest.to_string(), rest.amount())
        });
    }
    let Ok(basis) = charge.basis.parse::<Basis>() else { return Becomes::AsItIs };
    if facts.split {
        return shortened(charge, facts, |days| {
            let basis = without_last(&basis, days);
            (basis.to_string(), basis.amount())
        });
    }
    worked_out(charge, &basis, facts)
}

/// The charge without the days after the last on which it is held, as `left` makes it of so many days less.
fn shortened(charge: &Charge, facts: &Facts<'_>, left: impl Fn(i64) -> (String, Fen)) -> Becomes {
    let held = facts.held.iter().filter(|(from, to)| *from <= charge.to_on && *to >= charge.from_on);
    let last = held.map(|(_, to)| *to).max().map(|last| last.min(ends(facts.item)));
    match last {
        Some(last) if last >= charge.to_on => Becomes::AsItIs,
        Some(last) if last >= charge.from_on => {
            let (basis, amount) = left(charge.to_on.signed_duration_since(last).num_days());
            Becomes::Anew(Made { days: (charge.from_on, last), basis, amount })
        }
        _ => Becomes::Gone,
    }
}

fn without_last(basis: &Basis, days: i64) -> Basis {
    let all: i64 = basis.parts.iter().map(|part| part.days).sum();
    basis.first_days(all - days)
}

/// The charge by the tariffs of its period and what holds now, for the quantity that it was made for.
fn worked_out(charge: &Charge, basis: &Basis, facts: &Facts<'_>) -> Becomes {
    let (Some(period), Some(part)) = (facts.item.charged_in(charge.period), basis.parts.first()) else {
        return Becomes::AsItIs;
    };
    let until = facts.before.unwrap_or(charge.to_on);
    let of_stretch = |(from, to): &Days| {
        let held =
            Held { quantity: part.quantity, starts: vec![charge.from_on, *from], ends: vec![*to, until] };
        work_out(facts.item, (basis.unit, &held), &period, facts.agreed)
    };
    let Some((days, now)) = facts.held.iter().filter_map(of_stretch).reduce(together) else {
        return Becomes::Gone;
    };
    if days == (charge.from_on, charge.to_on) && now.amount() == charge.amount {
        return Becomes::AsItIs;
    }
    Becomes::Anew(Made { days, basis: now.to_string(), amount: now.amount() })
}

/// One charge for two stretches of days with a gap between them.
fn together((days, one): (Days, Basis), (more, next): (Days, Basis)) -> (Days, Basis) {
    let days = (days.0, more.1);
    let parts = one.parts.iter().chain(&next.parts).copied().collect();
    (days, Basis { parts, span: one.span.map(|_| days), ..one })
}

/// The days on which something is held, from the rows that say so: in order, those next to each other as one.
pub(super) fn held_days(mut rows: Vec<Days>) -> Vec<Days> {
    rows.sort_unstable();
    let mut found: Vec<Days> = Vec::new();
    for (from, to) in rows {
        match found.last_mut() {
            Some((_, last)) if from <= last.checked_add_days(Plus::new(1)).unwrap_or(*last) => {
                *last = (*last).max(to);
            }
            _ => found.push((from, to)),
        }
    }
    found
}

/// Why a charge becomes something else, of which this is the last day.
pub(super) fn cause(charge: &Charge, last: Option<LocalDate>, facts: &Facts<'_>) -> Cause {
    match last {
        Some(last) if last > charge.to_on || facts.held.len() > 1 => Cause::Again,
        Some(last) if last == charge.to_on => Cause::Agreed,
        Some(last) if last == ends(facts.item) => Cause::Item,
        None if ends(facts.item) < charge.from_on => Cause::Item,
        None if facts.held == [ALWAYS] => Cause::Agreed,
        _ => Cause::Bay,
    }
}

/// The days of what has no end of its own.
pub(super) const ALWAYS: Days = (LocalDate::MIN, LocalDate::MAX);

fn ends(item: &Tariffed) -> LocalDate {
    item.item.ends_on.unwrap_or(LocalDate::MAX)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
