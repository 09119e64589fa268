//! Which months a period has, and which month's run charges it. Values in, values out.

use chrono::Datelike;

use crate::Month;

crate::words! {
    /// Which run charges a period.
    Timing {
        /// 期初, that of its first month: in advance.
        First = "first",
        /// 期末, that of its last month: in arrears.
        Last = "last",
    }
}

/// How often an item is billed from a month on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The first month of its first period.
    pub from: Month,
    /// How many months a period has: 1, 3, 6 or 12.
    pub months: i32,
    /// Which run charges it.
    pub timing: Timing,
}

/// A period: one month, or several that are charged at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first month.
    pub first: Month,
    /// Its last month.
    pub last: Month,
    /// Which run charges it.
    pub timing: Timing,
}

impl Period {
    /// A month alone.
    pub fn month(month: Month) -> Self {
        Self { first: month, last: month, timing: Timing::First }
    }

    /// The month whose run charges it.
    pub fn charged_in(&self) -> Month {
        match self.timing {
            Timing::First => self.first,
            Timing::Last => self.last,
        }
    }

    /// Whether it is one month.
    pub fn is_month(&self) -> bool {
        self.first == self.last
    }

    /// Its months, in order.
    pub fn each_month(&self) -> impl Iterator<Item = Month> + use<> {
        let last = self.last;
        std::iter::successors(Some(self.first), |month| Some(month.next()))
            .take_while(move |month| *month <= last)
    }

    /// How many months it has.
    pub fn months(&self) -> usize {
        self.each_month().count()
    }
}

/// The period of an item that a month lies in; each month lies in exactly one. Periods are counted from the first
/// month of what holds, and the last before something else holds is cut short.
pub fn period_of(intervals: &[Interval], month: Month) -> Period {
    let Some(holds) = intervals.iter().filter(|one| one.from <= month).max_by_key(|one| one.from) else {
        return Period::month(month);
    };
    let whole = i64::from(holds.months.max(1));
    let first = plus(holds.from, between(holds.from, month) / whole * whole);
    let last = plus(first, whole - 1);
    let next = intervals.iter().map(|one| one.from).filter(|from| *from > holds.from).min();
    let last = next.map_or(last, |next| last.min(next.prev()));
    Period { first, last, timing: holds.timing }
}

/// The period that the run of a month charges; none where it is another month's.
pub fn charged_in(intervals: &[Interval], run: Month) -> Option<Period> {
    Some(period_of(intervals, run)).filter(|period| period.charged_in() == run)
}

/// Whether an item is billed just so from a month on as things stand.
pub fn holds_already(intervals: &[Interval], new: &Interval) -> bool {
    let holds = intervals.iter().filter(|one| one.from <= new.from).max_by_key(|one| one.from);
    match holds {
        None => new.months == 1,
        Some(holds) if holds.months != new.months => false,
        Some(_) if new.months == 1 => true,
        Some(holds) => holds.timing == new.timing && period_of(intervals, new.from).first == new.from,
    }
}

/// The period before one, where it is as long and charged as it is: only then the two are alike.
pub fn alike_before(intervals: &[Interval], period: &Period) -> Option<Period> {
    let before = period_of(intervals, period.first.prev());
    (before.months() == period.months() && before.timing == period.timing).then_some(before)
}

/// From one month to a later one, in months.
fn between(from: Month, to: Month) -> i64 {
    let number =
        |month: Month| i64::from(month.first_day().year()) * 12 + i64::from(month.first_day().month0());
    number(to) - number(from)
}

/// So many months later.
fn plus(month: Month, months: i64) -> Month {
    (0..months).fold(month, |month, _| month.next())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn interval(from: &str, months: i32, timing: Timing) -> Interval {
        Interval { from: month(from), months, timing }
    }

    #[test]
    fn a_month_lies_in_one_period_and_one_run_charges_it() {
        use Timing::{First, Last};
        let quarters = vec![interval("2026-10", 3, First)];
        let ended = vec![interval("2026-10", 3, Last), interval("2027-02", 1, First)];
        let years = vec![interval("2026-12", 12, First)];
        for (intervals, asked, first, last, run) in [
            (&vec![], "2026-11", "2026-11", "2026-11", "2026-11"),
            (&quarters, "2026-09", "2026-09", "2026-09", "2026-09"),
            (&quarters, "2026-10", "2026-10", "2026-12", "2026-10"),
            (&quarters, "2026-12", "2026-10", "2026-12", "2026-10"),
            (&quarters, "2027-01", "2027-01", "2027-03", "2027-01"),
            // In arrears, and cut short by what holds next.
            (&ended, "2026-11", "2026-10", "2026-12", "2026-12"),
            (&ended, "2027-01", "2027-01", "2027-01", "2027-01"),
            (&ended, "2027-02", "2027-02", "2027-02", "2027-02"),
            // Over the end of a year, with a leap day.
            (&years, "2028-02", "2027-12", "2028-11", "2027-12"),
        ] {
            let period = period_of(intervals, month(asked));
            assert_eq!((period.first, period.last), (month(first), month(last)), "{asked}");
            assert_eq!(period.charged_in(), month(run), "{asked}");
            assert_eq!(charged_in(intervals, month(run)), Some(period));
        }
        assert_eq!(charged_in(&quarters, month("2026-11")), None);
        let winter = charged_in(&quarters, month("2027-01")).unwrap();
        assert_eq!(alike_before(&quarters, &winter), Some(period_of(&quarters, month("2026-10"))));
        let autumn = period_of(&quarters, month("2026-10"));
        assert_eq!(alike_before(&quarters, &autumn), None, "months and a quarter are not alike");
    }

    fn some() -> impl Strategy<Value = Vec<Interval>> {
        let one = (0i64..60, prop::sample::select(vec![1, 3, 6, 12]), any::<bool>());
        prop::collection::btree_map(0i64..60, one, 0..5).prop_map(|all| {
            let of = |(from, (_, months, last)): (i64, (i64, i32, bool))| Interval {
                from: plus(month("2026-01"), from),
                months,
                timing: if last { Timing::Last } else { Timing::First },
            };
            all.into_iter().map(of).collect()
        })
    }

    proptest! {
        #[test]
        fn however_it_changes_each_month_is_charged_by_exactly_one_run(intervals in some()) {
            let all = || std::iter::successors(Some(month("2025-06")), |month| Some(month.next())).take(90);
            let charged: Vec<Month> = all()
                .filter_map(|run| charged_in(&intervals, run))
                .flat_map(|period| period.each_month())
                .collect();
            let mut sorted = charged.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(charged.len(), sorted.len(), "no month twice");
            // The last periods may be charged by runs that were not looked at any more.
            let missing: Vec<Month> = all().take(70).filter(|month| !sorted.contains(month)).collect();
            prop_assert!(missing.is_empty(), "{:?}", missing.len());
        }
    }
}
