//! The stretches of a period: from day to day within one month, at one rate and under one agreement. What they come to
//! is said here in Rust, and in SQL by [`super::super::over_months`]; a test holds the two against each other.

use super::rules::Period;
use crate::billing::exceptions::Terms;
use crate::billing::items::Tariffed;
use crate::billing::rules::{Agreed, Basis, Part, Unit};
use crate::{LocalDate, Rate};

/// Some days of one month at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::billing) struct Stretch {
    pub(in crate::billing) from: LocalDate,
    pub(in crate::billing) to: LocalDate,
    pub(in crate::billing) rate: Rate,
    /// Days of the calendar month.
    pub(in crate::billing) of: i64,
    /// Percent of it, where that differs from month to month.
    pub(in crate::billing) percent: Option<i64>,
}

/// The stretches of an item's period under what was agreed for a home in each of its months, and what was agreed for
/// the period as a whole; nothing where all of it is free.
pub(in crate::billing) fn stretches(
    item: &Tariffed,
    period: &Period,
    agreed: &[Option<Terms>],
) -> Option<(Vec<Stretch>, Agreed)> {
    let alike = agreed.windows(2).all(|two| matches!(two, [a, b] if a == b));
    let whole = match agreed.first().copied().flatten().filter(|_| alike) {
        Some(Terms::Free) => return None,
        Some(Terms::Part(percent)) => Agreed::Part(percent),
        Some(Terms::Rate(_)) => Agreed::Rate,
        None if alike => Agreed::Nothing,
        None => Agreed::Rate,
    };
    let mut found = Vec::new();
    for (month, terms) in period.each_month().zip(agreed) {
        for segment in item.segments(month) {
            let (rate, percent) = match terms {
                Some(Terms::Free) => (Rate(0), None),
                Some(Terms::Rate(rate)) => (*rate, None),
                Some(Terms::Part(percent)) if !alike => (segment.rate, Some(*percent)),
                _ => (segment.rate, None),
            };
            let (from, to) = (segment.from, segment.to);
            found.push(Stretch { from, to, rate, of: month.days(), percent });
        }
    }
    Some((found, whole))
}

impl Basis {
    /// What the days between `from` and `to` come to; none where nothing of them is charged.
    pub(in crate::billing) fn over(
        unit: Unit,
        quantity: i64,
        (from, to): (LocalDate, LocalDate),
        (stretches, agreed): (&[Stretch], Agreed),
    ) -> Option<Self> {
        let part = |one: &Stretch| {
            let days = one.to.min(to).signed_duration_since(one.from.max(from)).num_days() + 1;
            let Stretch { rate, of, percent, .. } = *one;
            (days > 0).then_some(Part { quantity, rate, days, of, percent })
        };
        let parts: Vec<Part> = stretches.iter().filter_map(part).collect();
        let free = agreed == Agreed::Rate && parts.iter().all(|part| part.rate.0 == 0);
        (!parts.is_empty() && !free).then_some(Self { unit, parts, agreed, span: Some((from, to)) })
    }
}
