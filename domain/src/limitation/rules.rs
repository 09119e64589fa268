//! The limitation of a charge 诉讼时效 (Civil Code 188, 192, 195): three years from its due day, started anew by a demand
//! proved delivered, a part payment or a written acknowledgement. When it has run the debt stays; the debtor may
//! refuse, and only what they acknowledge themselves starts it anew. Values in, values out.

use chrono::{Days, Months};

use crate::LocalDate;

crate::words! {
    /// What starts the limitation anew.
    Cause {
        /// 催告, proved delivered.
        Demand = "demand",
        /// 部分履行: a part of the charge was paid.
        Payment = "payment",
        /// 同意履行: acknowledged in writing, instalments agreed on included.
        Acknowledgement = "acknowledgement",
    }
}

crate::words! {
    /// How a charge's limitation stands.
    Standing {
        /// It runs, and does not end soon.
        Runs = "runs",
        /// It ends within the days that were set.
        Soon = "soon",
        /// It has run.
        Over = "over",
    }
}

/// Something that may start it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interruption {
    /// On which day.
    pub day: LocalDate,
    /// What.
    pub cause: Cause,
}

/// How it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its last day, as things stand.
    pub last_day: LocalDate,
    /// What started it anew, in order.
    pub interrupted: Vec<Interruption>,
}

impl Course {
    /// How it stands on a day, where it is watched for so many days before its end.
    pub fn standing(&self, today: LocalDate, days: i64) -> Standing {
        match self.last_day {
            last if last < today => Standing::Over,
            last if last <= today + Days::new(days.unsigned_abs()) => Standing::Soon,
            _ => Standing::Runs,
        }
    }
}

/// The last day of three years: the day of the same date, or the month's last where it has none.
fn three_years(day: LocalDate) -> LocalDate {
    day.checked_add_months(Months::new(36)).unwrap_or(LocalDate::MAX)
}

/// The course of a charge's limitation. What happened before it was due starts nothing anew; a demand or a part
/// payment after its end neither.
pub fn course(due_on: LocalDate, events: &[Interruption]) -> Course {
    let mut events: Vec<Interruption> = events.iter().copied().filter(|one| one.day > due_on).collect();
    events.sort_unstable();
    events.dedup();
    let mut course = Course { last_day: three_years(due_on), interrupted: Vec::new() };
    for one in events {
        if one.day <= course.last_day || one.cause == Cause::Acknowledgement {
            course.last_day = three_years(one.day);
            course.interrupted.push(one);
        }
    }
    course
}

#[cfg(test)]
mod tests {
    use super::Cause::{Acknowledgement, Demand, Payment};
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    /// What happened on which day.
    type Events = &'static [(&'static str, Cause)];

    #[test]
    fn three_years_from_the_due_day_and_anew_from_what_interrupts() {
        let table: &[(&str, Events, &str, usize)] = &[
            ("2023-11-25", &[], "2026-11-25", 0),
            // 29 February has no like three years later.
            ("2024-02-29", &[], "2027-02-28", 0),
            ("2023-11-25", &[("2024-06-01", Demand)], "2027-06-01", 1),
            ("2023-11-25", &[("2024-06-01", Payment)], "2027-06-01", 1),
            ("2023-11-25", &[("2024-06-01", Acknowledgement)], "2027-06-01", 1),
            // Each anew, in whatever order they were recorded.
            ("2023-11-25", &[("2026-05-01", Demand), ("2024-06-01", Payment)], "2029-05-01", 2),
            // On the last day it still counts, the day after no more.
            ("2023-11-25", &[("2026-11-25", Demand)], "2029-11-25", 1),
            ("2023-11-25", &[("2026-11-26", Demand)], "2026-11-25", 0),
            ("2023-11-25", &[("2026-11-26", Payment)], "2026-11-25", 0),
            // Who acknowledges the debt after its end can refuse no more.
            ("2023-11-25", &[("2027-03-01", Acknowledgement)], "2030-03-01", 1),
            (
                "2023-11-25",
                &[("2027-02-01", Demand), ("2027-03-01", Acknowledgement), ("2027-04-01", Demand)],
                "2030-04-01",
                2,
            ),
            // An interruption carries a later one that would have come too late.
            ("2023-11-25", &[("2026-11-01", Demand), ("2029-10-01", Demand)], "2032-10-01", 2),
            // Nothing runs before it is due.
            ("2023-11-25", &[("2023-11-20", Payment)], "2026-11-25", 0),
            ("2023-11-25", &[("2024-06-01", Demand), ("2024-06-01", Demand)], "2027-06-01", 1),
        ];
        for (due, events, last, counted) in table {
            let events: Vec<_> =
                events.iter().map(|(on, cause)| Interruption { day: day(on), cause: *cause }).collect();
            let found = course(day(due), &events);
            assert_eq!((found.last_day, found.interrupted.len()), (day(last), *counted), "{due} {events:?}");
        }
    }

    #[test]
    fn the_manager_sees_it_ninety_days_before() {
        let course = course(day("2023-11-25"), &[]);
        for (today, expected) in [
            ("2026-08-26", Standing::Runs),
            ("2026-08-27", Standing::Soon),
            ("2026-11-25", Standing::Soon),
            ("2026-11-26", Standing::Over),
        ] {
            assert_eq!(course.standing(day(today), 90), expected, "{today}");
        }
    }
}
