//! What an item charges a home or a bay for a period, worked out for one at a time: where a charge is made anew, and
//! for the worked example. The run says the same for all at once, in SQL.

use super::exceptions::Terms;
use super::intervals::Period;
use super::intervals::stretches::stretches;
use super::items::Tariffed;
use super::rules::{Basis, Segment, Unit, span};
use crate::LocalDate;

/// What is charged for: how much of it, and from when to when it is held.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Hundredths of a square metre, or of a piece.
    pub(super) quantity: i64,
    /// It is charged from the latest of these days.
    pub(super) starts: Vec<LocalDate>,
    /// It is charged until the earliest of these days.
    pub(super) ends: Vec<LocalDate>,
}

/// The first and last chargeable day, and what makes the amount, under what was agreed in each month of the period;
/// none where nothing is charged.
pub(super) fn work_out(
    item: &Tariffed,
    (unit, held): (Unit, &Held),
    period: &Period,
    agreed: &[Option<Terms>],
) -> Option<((LocalDate, LocalDate), Basis)> {
    let segments: Vec<Segment> = period.each_month().flat_map(|month| item.segments(month)).collect();
    let holds = (segments.first()?.from, segments.last()?.to);
    let days = span(holds, &held.starts, &held.ends)?;
    let basis = if period.is_month() {
        let basis = Basis::new(unit, held.quantity, days, &segments, period.first);
        basis.agreed(agreed.first().copied().flatten()).filter(|basis| !basis.parts.is_empty())
    } else {
        let (stretches, agreed) = stretches(item, period, agreed)?;
        Basis::over(unit, held.quantity, days, (&stretches, agreed))
    };
    basis.map(|basis| (days, basis))
}
