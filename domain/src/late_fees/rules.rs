//! How a late fee is worked out: simple interest by the day on what is open of a charge, from the day after its due
//! day and grace, never above its cap. Values in, values out.
//!
//! | a day | counts |
//! | --- | --- |
//! | up to the due day and the grace | no |
//! | at whose end nothing is open: it was paid on it, waived, or before | no |
//! | on which the charge was disputed, from the first to the last day of the dispute | no |
//! | on which an instalment plan held, from the day it was agreed on to the instalment that was missed | no |
//! | any other | with what was open at its end |

use std::fmt;
use std::str::FromStr;

use chrono::Days;

use crate::billing::rules::NoBasis;
use crate::money::round_half_up;
use crate::{Fen, LocalDate, Rate};

/// What was agreed for late payment of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// A day's rate, in 1/10,000 of a percent; 0 where there is none.
    pub rate: Rate,
    /// Days after the due day that cost nothing.
    pub grace: u64,
    /// The most that ever grows on a charge, in percent of it.
    pub cap: i64,
}

/// The highest rate of a day: 0.3 %.
pub const MOST_RATE: Rate = Rate(3_000);

/// The most days of grace.
pub const MOST_GRACE: i64 = 365;

impl Terms {
    /// The first day that counts for a charge.
    pub fn first_day(&self, due_on: LocalDate) -> LocalDate {
        due_on + Days::new(self.grace + 1)
    }

    /// The most that ever grows on a charge of this amount.
    pub fn most(&self, amount: Fen) -> Fen {
        let fen = i128::from(amount.0) * i128::from(self.cap) / 100;
        Fen(i64::try_from(fen).unwrap_or(i64::MAX))
    }
}

/// What happened to a charge.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// What it was made for.
    pub amount: Fen,
    /// What moved on it and when: negative where it was paid or waived.
    pub moves: Vec<(LocalDate, Fen)>,
    /// From which day to which it was disputed or in a plan; none where it still is.
    pub quiet: Vec<(LocalDate, Option<LocalDate>)>,
}

impl Course {
    fn open(&self, day: LocalDate) -> Fen {
        let moved: Fen = self.moves.iter().filter(|(on, _)| *on <= day).map(|(_, fen)| *fen).sum();
        self.amount + moved
    }

    fn is_quiet(&self, day: LocalDate) -> bool {
        self.quiet.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to))
    }
}

/// Days in a row on which the same sum was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first of them.
    pub from: LocalDate,
    /// How many.
    pub days: i64,
    /// What was open.
    pub open: Fen,
}

impl Stretch {
    /// The last of them.
    pub fn to(&self) -> LocalDate {
        self.from + Days::new(u64::try_from(self.days - 1).unwrap_or(0))
    }
}

/// What made a late fee; kept with the charge as `late:500<5032:2026-12-26*6*25161`, stretches joined by `+`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// A day's rate, in 1/10,000 of a percent.
    pub rate: Rate,
    /// What could still grow before the cap.
    pub left: Fen,
    /// The days that counted.
    pub stretches: Vec<Stretch>,
}

impl Late {
    /// The exact amount in fen before the cap, as a fraction.
    pub fn exact(&self) -> (i128, i128) {
        let days: i128 = self.stretches.iter().map(|one| i128::from(one.open.0) * i128::from(one.days)).sum();
        (days * i128::from(self.rate.0), 1_000_000)
    }

    /// The amount before the cap, rounded half up once.
    pub fn uncapped(&self) -> Fen {
        let (top, bottom) = self.exact();
        Fen(i64::try_from(round_half_up(top, bottom)).unwrap_or(i64::MAX))
    }

    /// The amount.
    pub fn amount(&self) -> Fen {
        self.uncapped().min(self.left)
    }
}

/// What has grown from a day to another, both counted, where so much was charged before; none where it is nothing.
pub fn grown(
    terms: &Terms,
    course: &Course,
    (from, to): (LocalDate, LocalDate),
    charged: Fen,
) -> Option<Late> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for day in from.iter_days().take_while(|day| *day <= to) {
        let open = course.open(day);
        if open <= Fen::ZERO || course.is_quiet(day) {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if last.open == open && last.to() + Days::new(1) == day => last.days += 1,
            _ => stretches.push(Stretch { from: day, days: 1, open }),
        }
    }
    let left = terms.most(course.amount) - charged;
    let late = Late { rate: terms.rate, left, stretches };
    (left > Fen::ZERO && late.amount() > Fen::ZERO).then_some(late)
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "late:{}<{}:", self.rate.0, self.left.0)?;
        for (n, one) in self.stretches.iter().enumerate() {
            let plus = if n == 0 { "" } else { "+" };
            write!(f, "{plus}{}*{}*{}", one.from, one.days, one.open.0)?;
        }
        Ok(())
    }
}

impl FromStr for Late {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed =
            text.strip_prefix("late:").and_then(|rest| rest.split_once(':')).and_then(|(head, tail)| {
                let (rate, left) = head.split_once('<')?;
                let stretches = tail.split('+').map(stretch).collect::<Option<Vec<_>>>()?;
                Some(Self { rate: Rate(rate.parse().ok()?), left: Fen(left.parse().ok()?), stretches })
            });
        parsed.ok_or_else(|| NoBasis::of(text))
    }
}

fn stretch(text: &str) -> Option<Stretch> {
    let mut parts = text.split('*');
    let (from, days, open) = (parts.next()?, parts.next()?, parts.next()?);
    let days = days.parse().ok().filter(|days| *days > 0)?;
    Some(Stretch { from: from.parse().ok()?, days, open: Fen(open.parse().ok()?) })
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
