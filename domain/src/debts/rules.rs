//! Instalments: how a sum is divided, what may be agreed on, and whether a plan is kept. Values in, values out.

use chrono::Days;

use crate::{Error, Fen, FieldError, LocalDate, Result};

crate::words! {
    /// How far a plan has come.
    State {
        /// It holds.
        Running = "running",
        /// All was paid in time.
        Kept = "kept",
        /// An instalment was not there in time.
        Broken = "broken",
        /// Ended by agreement before that.
        Ended = "ended",
    }
}

/// An instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// When.
    pub due_on: LocalDate,
    /// How much.
    pub amount: Fen,
}

/// The most instalments that a plan has.
pub const MOST_PARTS: usize = 36;

/// A sum in so many parts that add up to it; the first ones are a fen more where it does not divide.
pub fn divide(total: Fen, parts: usize) -> Vec<Fen> {
    let Some(count) = i64::try_from(parts).ok().filter(|count| *count > 0) else { return Vec::new() };
    let (each, more) = (total.0 / count, total.0 % count);
    (0..count).map(|n| Fen(each + i64::from(n < more))).collect()
}

/// Whether instalments can be agreed on: from today on, one after the other, each above zero, together what is owed.
///
/// # Errors
/// By field: `due.<n>`, `amount.<n>`, and `parts` where the sums do not add up.
pub fn agreeable(total: Fen, parts: &[Part], today: LocalDate) -> Result<()> {
    let mut wrong = Vec::new();
    if parts.is_empty() || parts.len() > MOST_PARTS {
        wrong.push(FieldError::new("parts", "between").with("least", 1).with("most", MOST_PARTS));
    }
    let mut before = today.pred_opt().unwrap_or(today);
    for (n, part) in parts.iter().enumerate() {
        if part.due_on <= before {
            wrong.push(FieldError::new(format!("due.{n}"), if n == 0 { "day_past" } else { "in_order" }));
        }
        if part.amount <= Fen::ZERO {
            wrong.push(FieldError::new(format!("amount.{n}"), "not_positive"));
        }
        before = part.due_on;
    }
    let sum: i128 = parts.iter().map(|part| i128::from(part.amount.0)).sum();
    if wrong.is_empty() && sum != i128::from(total.0) {
        let typed = Fen(i64::try_from(sum).unwrap_or(i64::MAX));
        wrong.push(FieldError::new("parts", "sums_differ").with("sum", typed).with("total", total));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// What a plan has come to, where its charges' open sum at the end of a day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Running,
    /// Nothing is open any more, and nothing was late.
    Kept,
    /// The instalment of this day was not there when its grace had passed.
    Broken(LocalDate),
}

/// Payments count for the oldest instalment first, so each is there when all up to it are. An instalment may be late
/// by the days of grace; what is given up or taken back of a charge counts like what is paid.
pub fn stand(
    total: Fen,
    parts: &[Part],
    open: impl Fn(LocalDate) -> Fen,
    today: LocalDate,
    grace: u64,
) -> Standing {
    let mut owed_by_now = Fen::ZERO;
    for part in parts {
        owed_by_now += part.amount;
        let last = part.due_on + Days::new(grace);
        if last < today && open(last) > total - owed_by_now {
            return Standing::Broken(part.due_on);
        }
    }
    if open(today) <= Fen::ZERO { Standing::Kept } else { Standing::Running }
}

/// What of each instalment is settled, oldest first.
pub fn settled(total: Fen, parts: &[Part], open: Fen) -> Vec<Fen> {
    let mut left = (total - open).max(Fen::ZERO);
    let take = |part: &Part| {
        let taken = left.min(part.amount);
        left -= taken;
        taken
    };
    parts.iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn parts(list: &[(&str, i64)]) -> Vec<Part> {
        list.iter().map(|(on, fen)| Part { due_on: day(on), amount: Fen(*fen) }).collect()
    }

    #[test]
    fn what_is_agreed_on_adds_up_and_lies_ahead() {
        let wrong = |list: &[(&str, i64)]| match agreeable(Fen(1_000), &parts(list), day("2026-11-22")) {
            Ok(()) => vec![],
            Err(Error::Invalid(fields)) => fields.into_iter().map(|f| (f.field, f.code)).collect(),
            Err(other) => panic!("{other}"),
        };
        let field = |name: &str, code| vec![(name.to_owned(), code)];
        for (list, expected) in [
            (&[("2026-11-22", 1_000)][..], vec![]),
            (&[("2026-12-10", 500), ("2027-01-10", 500)], vec![]),
            (&[("2026-12-10", 999), ("2027-01-10", 1)], vec![]),
            (&[("2026-12-10", 500), ("2027-01-10", 499)], field("parts", "sums_differ")),
            (&[("2026-12-10", 501), ("2027-01-10", 500)], field("parts", "sums_differ")),
            (&[("2026-11-21", 1_000)], field("due.0", "day_past")),
            (&[("2026-12-10", 500), ("2026-12-10", 500)], field("due.1", "in_order")),
            (&[("2026-12-10", 1_000), ("2027-01-10", 0)], field("amount.1", "not_positive")),
            (&[], field("parts", "between")),
        ] {
            assert_eq!(wrong(list), expected, "{list:?}");
        }
    }

    /// What was open from which day on.
    type Course = &'static [(&'static str, i64)];

    #[test]
    fn a_plan_is_kept_broken_or_holds() {
        let agreed = parts(&[("2026-12-10", 400), ("2027-01-10", 300), ("2027-02-10", 300)]);
        // How the plan stands on a day, with three days of grace.
        let table: &[(Course, &str, Standing)] = &[
            (&[], "2026-12-10", Standing::Running),
            (&[], "2026-12-13", Standing::Running),
            (&[], "2026-12-14", Standing::Broken(day("2026-12-10"))),
            (&[("2026-12-13", 600)], "2026-12-14", Standing::Running),
            (&[("2026-12-14", 600)], "2026-12-14", Standing::Broken(day("2026-12-10"))),
            (&[("2026-12-10", 601)], "2026-12-20", Standing::Broken(day("2026-12-10"))),
            // Ahead of the plan: the next instalments are there too.
            (&[("2026-12-01", 200)], "2027-02-13", Standing::Running),
            (&[("2026-12-01", 200)], "2027-02-14", Standing::Broken(day("2027-02-10"))),
            (&[("2026-12-10", 600), ("2027-01-10", 300)], "2027-01-14", Standing::Running),
            (&[("2026-12-10", 600)], "2027-01-14", Standing::Broken(day("2027-01-10"))),
            (&[("2026-12-01", 0)], "2026-12-01", Standing::Kept),
            (&[("2026-12-10", 600), ("2027-01-10", 0)], "2027-03-01", Standing::Kept),
            // Paid too late is a fact too.
            (&[("2027-02-20", 0)], "2027-03-01", Standing::Broken(day("2026-12-10"))),
        ];
        for (course, today, expected) in table {
            let open = |on: LocalDate| {
                let known = course.iter().rev().find(|(since, _)| day(since) <= on);
                Fen(known.map_or(1_000, |(_, fen)| *fen))
            };
            let found = stand(Fen(1_000), &agreed, open, day(today), 3);
            assert_eq!(found, *expected, "{course:?} {today}");
        }
    }

    proptest! {
        #[test]
        fn parts_add_up_and_differ_by_a_fen_at_most(total in 1i64..1_000_000_000, count in 1usize..37) {
            let parts = divide(Fen(total), count);
            prop_assert_eq!(parts.len(), count);
            prop_assert_eq!(parts.iter().map(|fen| fen.0).sum::<i64>(), total);
            let (least, most) = (parts.iter().min().unwrap(), parts.iter().max().unwrap());
            prop_assert!(most.0 - least.0 <= 1);
        }

        #[test]
        fn what_is_paid_fills_the_oldest_instalments(sums in proptest::collection::vec(1i64..10_000, 1..12), open in 0i64..120_000) {
            let parts: Vec<Part> = sums.iter().map(|fen| Part { due_on: day("2026-12-10"), amount: Fen(*fen) }).collect();
            let total: i64 = sums.iter().sum();
            let open = open.min(total);
            let filled = settled(Fen(total), &parts, Fen(open));
            prop_assert_eq!(filled.iter().map(|fen| fen.0).sum::<i64>(), total - open);
            let first_short = filled.iter().zip(&sums).position(|(paid, sum)| paid.0 < *sum);
            if let Some(short) = first_short {
                prop_assert!(filled[short + 1..].iter().all(|paid| paid.0 == 0));
            }
        }
    }
}
