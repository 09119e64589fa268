//! Which days and weeks owe a look. Pure: values in, values out.

use chrono::{Datelike, Days};

use crate::LocalDate;

/// How far back a worker that slept looks, in days.
const LOOK_BACK: u64 = 62;
const WEEK: u64 = 7;

/// The days that owe a daily look and have none yet, up to the newest list: every one since the last, or, where
/// there never was one, today's, once its list is made.
pub fn days(last: Option<LocalDate>, newest: LocalDate, today: LocalDate) -> Vec<LocalDate> {
    let first = last.map_or(today, |day| day + Days::new(1)).max(newest - Days::new(LOOK_BACK));
    first.iter_days().take_while(|day| *day <= newest).collect()
}

/// The Mondays of the weeks that owe a review and have none yet, up to the newest list. What begins mid-week is
/// first due the next: before there was any, the first whole week since `began`, the day of the first daily look.
pub fn weeks(last: Option<LocalDate>, began: LocalDate, newest: LocalDate) -> Vec<LocalDate> {
    let first = match last {
        Some(monday) => monday + Days::new(WEEK),
        None => monday_from(began),
    };
    let first = first.max(monday_from(newest - Days::new(LOOK_BACK)));
    first.iter_days().step_by(7).take_while(|monday| *monday <= newest).collect()
}

/// The Monday of a day, or the next one.
fn monday_from(day: LocalDate) -> LocalDate {
    let gone = u64::from(day.weekday().num_days_from_monday());
    if gone == 0 { day } else { day + Days::new(WEEK - gone) }
}

/// The days of the complaints that the review of the week from `monday` goes through: the week before, from its
/// Monday to its Sunday.
pub fn reviewed(monday: LocalDate) -> (LocalDate, LocalDate) {
    (monday - Days::new(WEEK), monday - Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn said(days: &[LocalDate]) -> String {
        days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_day_since_the_last_look_owes_one_and_the_first_is_today() {
        for (last, newest, expected) in [
            (None, "2026-11-22", "2026-11-22"),
            (Some("2026-11-22"), "2026-11-22", ""),
            (Some("2026-11-19"), "2026-11-22", "2026-11-20 2026-11-21 2026-11-22"),
            (Some("2026-12-30"), "2027-01-01", "2026-12-31 2027-01-01"),
        ] {
            assert_eq!(said(&days(last.map(day), day(newest), day(newest))), expected, "{last:?} {newest}");
        }
        let today = day("2026-11-22");
        assert_eq!(days(Some(day("2020-01-01")), today, today).len(), 63, "not back to the beginning");
        assert!(days(None, day("2026-11-21"), today).is_empty(), "yesterday is over before anybody knew");
    }

    #[test]
    fn a_week_owes_a_review_from_the_first_whole_one() {
        for (last, began, newest, expected) in [
            (None, "2026-11-18", "2026-11-22", ""), // a Wednesday to its Sunday
            (None, "2026-11-18", "2026-11-23", "2026-11-23"),
            (None, "2026-11-16", "2026-11-16", "2026-11-16"), // begun on a Monday
            (Some("2026-11-16"), "2026-01-01", "2026-11-22", ""),
            (Some("2026-11-02"), "2026-01-01", "2026-11-18", "2026-11-09 2026-11-16"),
        ] {
            assert_eq!(said(&weeks(last.map(day), day(began), day(newest))), expected, "{last:?} {newest}");
        }
    }

    #[test]
    fn a_review_goes_through_the_week_before() {
        assert_eq!(reviewed(day("2026-11-23")), (day("2026-11-16"), day("2026-11-22")));
    }
}
