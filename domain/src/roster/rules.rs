//! What holds of leave and of weekly rest (domain.md §3, §9). Pure: values in, values out.

use chrono::{Datelike, TimeDelta, Weekday};

use crate::{FieldError, Instant, LocalDate};

crate::words! {
    /// Why somebody is away.
    Kind {
        /// 年假
        Annual = "annual",
        /// 事假
        Personal = "personal",
        /// 病假
        Sick = "sick",
        /// 调休: a day off for one that was worked.
        InLieu = "in_lieu",
        /// 培训
        Training = "training",
    }
}

crate::words! {
    /// How far a leave has come.
    State {
        /// 待批
        Asked = "asked",
        /// 已批
        Approved = "approved",
        /// 未批
        Refused = "refused",
        /// Taken back by who asked, before anybody decided.
        Withdrawn = "withdrawn",
        /// Approved, and taken back before it began.
        Cancelled = "cancelled",
    }
}

/// The days of a leave, and when what about them was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day away.
    pub starts_on: LocalDate,
    /// The last day away, as it was asked for.
    pub ends_on: LocalDate,
    /// The first day on duty again, where somebody came back before the end.
    pub back_on: Option<LocalDate>,
    /// How far it has come.
    pub state: State,
    /// When it was approved or refused.
    pub decided_at: Option<Instant>,
    /// When it was taken back or cut short.
    pub ended_at: Option<Instant>,
}

impl Span {
    /// Whether a day is off by it, as was known just before `as_of`; without it, as is known now.
    pub fn covers(&self, day: LocalDate, as_of: Option<Instant>) -> bool {
        let known = |at: Option<Instant>| at.is_some_and(|at| as_of.is_none_or(|as_of| at < as_of));
        let was_approved = matches!(self.state, State::Approved | State::Cancelled);
        if !was_approved || !known(self.decided_at) || day < self.starts_on || day > self.ends_on {
            return false;
        }
        match (known(self.ended_at), self.back_on) {
            (false, _) => true,
            (true, Some(back)) => day < back,
            (true, None) => false,
        }
    }
}

/// How long one leave may be, in days.
const LONGEST: i64 = 366;
/// How many days afterwards a leave can still be asked for: who was ill writes it down later.
const LATEST: i64 = 31;

/// What is wrong with the days that somebody asks for.
pub fn wrong_days(starts_on: LocalDate, ends_on: LocalDate, today: LocalDate) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if starts_on < today - TimeDelta::days(LATEST) {
        wrong.push(FieldError::new("starts_on", "leave_long_past").with("days", LATEST));
    }
    if ends_on < starts_on {
        wrong.push(FieldError::new("ends_on", "ends_before_start"));
    } else if (ends_on - starts_on).num_days() >= LONGEST {
        wrong.push(FieldError::new("ends_on", "leave_too_long").with("days", LONGEST));
    }
    wrong
}

/// The weekdays on which somebody rests 轮休, a bit each, Monday the lowest. None of them: no rest by the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rest(u8);

impl Rest {
    /// The weekdays as the register of rests keeps them.
    pub fn from_bits(bits: i32) -> Self {
        Self(u8::try_from(bits & 0x7f).unwrap_or(0))
    }

    /// For the register of rests.
    pub fn bits(self) -> i32 {
        i32::from(self.0)
    }

    /// By numbers, Monday 1 to Sunday 7; what is none is left out.
    pub fn of(days: impl IntoIterator<Item = u32>) -> Self {
        let bit = |day: u32| (1..=7).contains(&day).then(|| 1_u8 << (day - 1));
        Self(days.into_iter().filter_map(bit).fold(0, |all, bit| all | bit))
    }

    /// Whether a weekday is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// Whether a day is one.
    pub fn falls_on(self, day: LocalDate) -> bool {
        self.has(day.weekday())
    }

    /// Nobody rests by it.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Every day of the week: nobody can be that.
    pub fn is_all(self) -> bool {
        self.0 == 0x7f
    }

    /// The numbers of the weekdays, Monday 1.
    pub fn days(self) -> Vec<u32> {
        (1..=7).filter(|day| self.0 & (1 << (day - 1)) != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Option<Instant> {
        (!text.is_empty()).then(|| format!("{text}+08:00").parse().unwrap())
    }

    #[test]
    fn a_leave_counts_from_its_approval_until_who_was_away_is_back() {
        use State::*;
        let span = |state, decided: &str, ended: &str, back: &str| Span {
            starts_on: day("2026-11-10"),
            ends_on: day("2026-11-14"),
            back_on: (!back.is_empty()).then(|| day(back)),
            state,
            decided_at: at(decided),
            ended_at: at(ended),
        };
        let (before, during, after) = ("2026-11-05T09:00:00", "2026-11-12T08:00:00", "2026-12-01T09:00:00");
        let close = at("2026-12-01T00:30:00");
        for (what, leave, of, as_of, off) in [
            ("the day before", span(Approved, before, "", ""), "2026-11-09", None, false),
            ("the first day", span(Approved, before, "", ""), "2026-11-10", None, true),
            ("the last day", span(Approved, before, "", ""), "2026-11-14", None, true),
            ("the day after", span(Approved, before, "", ""), "2026-11-15", None, false),
            ("only asked for", span(Asked, "", "", ""), "2026-11-10", None, false),
            ("refused", span(Refused, before, "", ""), "2026-11-10", None, false),
            ("taken back before it began", span(Cancelled, before, before, ""), "2026-11-10", None, false),
            ("back early: before", span(Approved, before, during, "2026-11-12"), "2026-11-11", None, true),
            ("back early: since", span(Approved, before, during, "2026-11-12"), "2026-11-12", None, false),
            ("approved after the close", span(Approved, after, "", ""), "2026-11-10", close, false),
            ("approved before the close", span(Approved, before, "", ""), "2026-11-10", close, true),
            ("taken back after the close", span(Cancelled, before, after, ""), "2026-11-10", close, true),
        ] {
            assert_eq!(leave.covers(day(of), as_of), off, "{what}");
        }
    }

    #[test]
    fn the_days_of_a_leave_are_in_order_and_not_long_past() {
        let today = day("2026-11-22");
        for (from, to, wrong) in [
            ("2026-11-22", "2026-11-22", vec![]),
            ("2026-10-22", "2026-10-23", vec![]),
            ("2026-10-21", "2026-10-23", vec!["leave_long_past"]),
            ("2026-12-02", "2026-12-01", vec!["ends_before_start"]),
            ("2026-12-01", "2027-12-01", vec![]),
            ("2026-12-01", "2027-12-02", vec!["leave_too_long"]),
        ] {
            let found: Vec<_> = wrong_days(day(from), day(to), today).iter().map(|one| one.code).collect();
            assert_eq!(found, wrong, "{from} to {to}");
        }
    }

    #[test]
    fn weekly_rest_is_kept_as_bits_and_read_as_weekdays() {
        let rest = Rest::of([2, 3, 9, 0]);
        assert_eq!((rest.bits(), rest.days()), (0b110, vec![2, 3]));
        assert!(rest.falls_on(day("2026-11-24")) && !rest.falls_on(day("2026-11-22")));
        assert_eq!(Rest::from_bits(rest.bits()), rest);
        assert!(Rest::of([]).is_none() && Rest::of(1..=7).is_all());
    }
}
