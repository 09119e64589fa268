//! How a charge is worked out (domain.md §10): chargeable days, the tariffs that hold in them, the exact
//! sum and its one rounding, the due day. Values in, values out.

use std::fmt;
use std::str::FromStr;

use chrono::Days;

use super::exceptions::Terms;
use crate::money::round_half_up;
use crate::{Fen, LocalDate, Month, Rate};

crate::words! {
    /// What a fee item is charged by.
    Unit {
        /// The floor area, by the square metre.
        Area = "area",
        /// The home, a fixed sum.
        Home = "home",
        /// Each parking bay.
        Bay = "bay",
    }
}

/// One unit, in the hundredths that quantities are counted in.
pub const ONE: i64 = 100;

/// A tariff and the days of a month in which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Its first day in the month.
    pub from: LocalDate,
    /// Its last day in the month.
    pub to: LocalDate,
    /// Yuan per unit and month.
    pub rate: Rate,
}

/// The tariffs of an item within a month, from all it ever had. Before the first tariff there is none.
pub fn segments(tariffs: &[(LocalDate, Rate)], month: Month) -> Vec<Segment> {
    let mut sorted = tariffs.to_vec();
    sorted.sort_unstable_by_key(|(starts, _)| *starts);
    let ends = sorted.iter().skip(1).map(|(next, _)| *next - Days::new(1)).chain([month.last_day()]);
    let within = sorted.iter().zip(ends).map(|((starts, rate), ends)| Segment {
        from: (*starts).max(month.first_day()),
        to: ends.min(month.last_day()),
        rate: *rate,
    });
    within.filter(|segment| segment.from <= segment.to).collect()
}

/// The chargeable days of a month or a period, of which the first and the last day are given: from the latest start to
/// the earliest end, both counted.
pub fn span(
    (first, last): (LocalDate, LocalDate),
    starts: &[LocalDate],
    ends: &[LocalDate],
) -> Option<(LocalDate, LocalDate)> {
    let from = starts.iter().copied().fold(first, LocalDate::max);
    let to = ends.iter().copied().fold(last, LocalDate::min);
    (from <= to).then_some((from, to))
}

/// A part of a charge: a quantity at one rate for some days of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Hundredths of a square metre, or of a piece.
    pub quantity: i64,
    /// Yuan per unit and month.
    pub rate: Rate,
    /// Chargeable days.
    pub days: i64,
    /// Days of the calendar month.
    pub of: i64,
    /// Percent of it, where that differs from month to month: kept behind the days as `%50`.
    pub percent: Option<i64>,
}

/// What made a charge; kept with it as `area:8950*28000*30/30`, parts joined by `+`, an exception behind an `@`. Where
/// it is for several months, its days stand before the parts, as `area:20261001~20261231:8950*28000*31/31+…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// What it is charged by.
    pub unit: Unit,
    /// One part for each rate.
    pub parts: Vec<Part>,
    /// What was agreed for this home alone.
    pub agreed: Agreed,
    /// Its first and last day, where it is for several months.
    pub span: Option<(LocalDate, LocalDate)>,
}

/// The least that both divide.
pub(super) fn lcm(a: i128, b: i128) -> i128 {
    let (mut high, mut low) = (a, b);
    while low != 0 {
        (high, low) = (low, high % low);
    }
    a / high * b
}

/// What was agreed for a home alone: kept behind an `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agreed {
    /// Nothing: it is charged as all are.
    #[default]
    Nothing,
    /// So many percent, as `@50%`.
    Part(i64),
    /// The rate in its parts, as `@rate`.
    Rate,
}

impl Basis {
    /// The parts of the days between `from` and `to`, by the tariffs that hold in them.
    pub fn new(
        unit: Unit,
        quantity: i64,
        (from, to): (LocalDate, LocalDate),
        segments: &[Segment],
        month: Month,
    ) -> Self {
        let part = |segment: &Segment| {
            let days = segment.to.min(to).signed_duration_since(segment.from.max(from)).num_days() + 1;
            (days > 0).then_some(Part { quantity, rate: segment.rate, days, of: month.days(), percent: None })
        };
        let parts = segments.iter().filter_map(part).collect();
        Self { unit, parts, agreed: Agreed::Nothing, span: None }
    }

    /// The same under what was agreed for the home; none where it is charged nothing.
    #[must_use]
    pub fn agreed(mut self, terms: Option<Terms>) -> Option<Self> {
        match terms {
            None => {}
            Some(Terms::Free) => return None,
            Some(Terms::Part(percent)) => self.agreed = Agreed::Part(percent),
            Some(Terms::Rate(rate)) => {
                self.parts.iter_mut().for_each(|part| part.rate = rate);
                self.agreed = Agreed::Rate;
            }
        }
        Some(self)
    }

    /// The same for its first days alone.
    #[must_use]
    pub fn first_days(&self, days: i64) -> Self {
        let mut left = days;
        let cut = |part: &Part| {
            let taken = part.days.min(left);
            left -= taken;
            (taken > 0).then_some(Part { days: taken, ..*part })
        };
        let parts = self.parts.iter().filter_map(cut).collect();
        let upto = |from: LocalDate| from + Days::new(days.saturating_sub(1).unsigned_abs());
        Self { parts, span: self.span.map(|(from, _)| (from, upto(from))), ..self.clone() }
    }

    /// The exact amount in fen, as a fraction: summed before anything is rounded.
    pub fn exact(&self) -> (i128, i128) {
        let (top, bottom) = self.whole();
        match self.agreed {
            Agreed::Part(percent) => (top * i128::from(percent), bottom * 100),
            _ => (top, bottom),
        }
    }

    /// The same before what was agreed for the home.
    fn whole(&self) -> (i128, i128) {
        self.parts.iter().fold((0, 1), |(top, bottom), part| {
            let hundred = if part.percent.is_some() { 100 } else { 1 };
            let of = i128::from(part.of) * 10_000 * hundred;
            let fen = i128::from(part.quantity) * i128::from(part.rate.0) * i128::from(part.days);
            let fen = fen * i128::from(part.percent.unwrap_or(1));
            let both = lcm(bottom, of);
            (top * (both / bottom) + fen * (both / of), both)
        })
    }

    /// The amount, rounded half up once.
    pub fn amount(&self) -> Fen {
        let (top, bottom) = self.exact();
        Fen(i64::try_from(round_half_up(top, bottom)).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.unit)?;
        if let Some((from, to)) = self.span {
            write!(f, "{}~{}:", from.format(DAY), to.format(DAY))?;
        }
        for (n, part) in self.parts.iter().enumerate() {
            let plus = if n == 0 { "" } else { "+" };
            write!(f, "{plus}{}*{}*{}/{}", part.quantity, part.rate.0, part.days, part.of)?;
            if let Some(percent) = part.percent {
                write!(f, "%{percent}")?;
            }
        }
        match self.agreed {
            Agreed::Nothing => Ok(()),
            Agreed::Part(percent) => write!(f, "@{percent}%"),
            Agreed::Rate => write!(f, "@rate"),
        }
    }
}

/// How a day is written in a basis: without the strokes, which stand for a difference elsewhere.
const DAY: &str = "%Y%m%d";

/// A text that is no basis of a charge.
#[derive(Debug, thiserror::Error)]
#[error("no basis of a charge: {0:?}")]
pub struct NoBasis(String);

impl NoBasis {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for Basis {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once(':').and_then(|(unit, parts)| {
            let (span, parts) = match parts.split_once(':') {
                Some((span, parts)) => (Some(parse_span(span)?), parts),
                None => (None, parts),
            };
            let (parts, agreed) = parts
                .split_once('@')
                .map_or((parts, Some(Agreed::Nothing)), |(parts, agreed)| (parts, parse_agreed(agreed)));
            let parts = parts.split('+').map(parse_part).collect::<Option<Vec<Part>>>()?;
            Some(Self { unit: unit.parse().ok()?, parts, agreed: agreed?, span })
        });
        parsed.ok_or_else(|| NoBasis(text.to_owned()))
    }
}

fn parse_agreed(text: &str) -> Option<Agreed> {
    if text == "rate" {
        return Some(Agreed::Rate);
    }
    let percent = text.strip_suffix('%')?.parse().ok().filter(|percent| (1..=99).contains(percent))?;
    Some(Agreed::Part(percent))
}

fn parse_span(text: &str) -> Option<(LocalDate, LocalDate)> {
    let (from, to) = text.split_once('~')?;
    let day = |text: &str| LocalDate::parse_from_str(text, DAY).ok();
    Some((day(from)?, day(to)?)).filter(|(from, to)| from <= to)
}

fn parse_part(text: &str) -> Option<Part> {
    let (product, of) = text.split_once('/')?;
    let (of, percent) = match of.split_once('%') {
        Some((of, percent)) => (of, Some(percent.parse().ok().filter(|percent| (1..=99).contains(percent))?)),
        None => (of, None),
    };
    let mut factors = product.split('*').map(|n| n.parse::<i64>().ok());
    let (quantity, rate, days) = (factors.next()??, factors.next()??, factors.next()??);
    let of = of.parse().ok().filter(|of| *of > 0)?;
    factors.next().is_none().then_some(Part { quantity, rate: Rate(rate), days, of, percent })
}

/// The due day: that of the period's month, never earlier than `least_days` after the charge was made.
pub fn due_on(period: Month, due_day: u32, made_on: LocalDate, least_days: u64) -> LocalDate {
    period.day_or_last(due_day).max(made_on + Days::new(least_days))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
