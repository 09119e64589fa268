//! When a return visit is tried (domain.md §8): the first attempt at the first callable minute at least two
//! hours after the finish, and so within a day of it; then on the following days, in turn morning,
//! afternoon, evening. Values in, values out.

use chrono::{Days, NaiveTime, TimeDelta, Timelike};

use crate::repairs::DayPart;
use crate::{Instant, LocalDate, Zone};

/// From and up to which hour people are called: nobody before nine, at noon, or after eight.
const CALLABLE: [(u32, u32); 2] = [(9, 12), (14, 20)];

/// A mended thing is lived with for so long before anybody asks.
const LEAST: TimeDelta = TimeDelta::hours(2);

impl DayPart {
    fn hours(self) -> (u32, u32) {
        match self {
            Self::Morning => (9, 12),
            Self::Afternoon => (14, 17),
            Self::Evening => (17, 20),
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Morning => Self::Afternoon,
            Self::Afternoon => Self::Evening,
            Self::Evening => Self::Morning,
        }
    }

    /// The part of the day that an attempt at a local time belongs to.
    fn of(time: NaiveTime) -> Self {
        match time.hour() {
            0..=12 => Self::Morning,
            13..=16 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// The first attempt after a finish, inside the part of the day that the resident would rather have.
pub fn first_attempt(zone: Zone, finished: Instant, preferred: Option<DayPart>) -> Instant {
    let earliest = full_minute(finished.plus(LEAST));
    let wanted = preferred.map(|part| [part.hours()]);
    let windows: &[(u32, u32)] = wanted.as_ref().map_or(&CALLABLE, |one| one);
    let today = zone.date(earliest);
    let candidates = [today, today + Days::new(1)].into_iter().flat_map(|day| {
        windows.iter().map(move |(from, to)| (zone.at(day, hour(*from)), zone.at(day, hour(*to))))
    });
    let mut callable = candidates.filter(|(_, to)| earliest < *to).map(|(from, _)| from.max(earliest));
    callable.next().unwrap_or_else(|| zone.at(today + Days::new(1), hour(9)))
}

/// The next attempt after one that nobody answered.
pub fn next_attempt(zone: Zone, attempted: Instant) -> Instant {
    let part = DayPart::of(zone.time(attempted)).next();
    zone.at(zone.date(attempted) + Days::new(1), hour(part.hours().0))
}

/// Nine on the morning after a day: when a manager hears of what is overdue.
pub fn next_morning(zone: Zone, day: LocalDate) -> Instant {
    zone.at(day + Days::new(1), hour(9))
}

fn full_minute(at: Instant) -> Instant {
    let over = at.micros().rem_euclid(60_000_000);
    if over == 0 { at } else { at.plus(TimeDelta::microseconds(60_000_000 - over)) }
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    fn local(text: &str) -> Instant {
        format!("{text}+08:00").parse().unwrap()
    }

    #[test]
    fn the_first_attempt_is_at_the_first_callable_minute_two_hours_later() {
        for (finished, first) in [
            ("2026-11-22T07:30:00", "2026-11-22T09:30:00"),
            ("2026-11-22T05:00:00", "2026-11-22T09:00:00"),
            ("2026-11-22T09:59:00", "2026-11-22T11:59:00"),
            ("2026-11-22T09:59:01", "2026-11-22T14:00:00"), // 11:59:01 is past the last full minute
            ("2026-11-22T10:00:00", "2026-11-22T14:00:00"), // noon is not callable
            ("2026-11-22T12:00:00", "2026-11-22T14:00:00"),
            ("2026-11-22T15:20:30", "2026-11-22T17:21:00"),
            ("2026-11-22T17:59:00", "2026-11-22T19:59:00"),
            ("2026-11-22T18:00:00", "2026-11-23T09:00:00"),
            ("2026-11-22T23:30:00", "2026-11-23T09:00:00"),
            ("2026-11-30T21:00:00", "2026-12-01T09:00:00"),
        ] {
            assert_eq!(first_attempt(zone(), local(finished), None), local(first), "{finished}");
        }
    }

    #[test]
    fn a_preference_is_kept_within_the_day() {
        for (finished, part, first) in [
            ("2026-11-22T10:30:00", DayPart::Morning, "2026-11-23T09:00:00"),
            ("2026-11-22T10:30:00", DayPart::Afternoon, "2026-11-22T14:00:00"),
            ("2026-11-22T10:30:00", DayPart::Evening, "2026-11-22T17:00:00"),
            ("2026-11-22T15:01:00", DayPart::Afternoon, "2026-11-23T14:00:00"),
            ("2026-11-22T18:30:00", DayPart::Evening, "2026-11-23T17:00:00"),
        ] {
            assert_eq!(first_attempt(zone(), local(finished), Some(part)), local(first), "{finished} {part}");
        }
    }

    #[test]
    fn attempts_go_round_the_day_on_the_following_days() {
        let mut at = local("2026-11-22T11:10:00");
        for next in ["2026-11-23T14:00:00", "2026-11-24T17:00:00", "2026-11-25T09:00:00"] {
            at = next_attempt(zone(), at);
            assert_eq!(at, local(next));
        }
    }

    proptest! {
        #[test]
        fn the_first_attempt_is_always_in_calling_hours_two_to_24_hours_later(
            seconds in 0_i64..4 * 365 * 86_400,
            part in proptest::option::of(0_usize..3),
            place in 0_usize..3,
        ) {
            let zone: Zone = ["Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi"][place].parse().unwrap();
            let finished = local("2026-01-01T00:00:00").plus(TimeDelta::seconds(seconds));
            let part = part.map(|n| DayPart::ALL[n]);
            let first = first_attempt(zone, finished, part);
            let hour = zone.time(first).hour();
            prop_assert!(CALLABLE.iter().any(|(from, to)| (*from..*to).contains(&hour)));
            prop_assert_eq!(zone.time(first).second(), 0);
            let after = first.since(finished);
            prop_assert!(after >= LEAST);
            // The night in which clocks are set back has an hour more.
            let day = if place == 1 { TimeDelta::hours(25) } else { TimeDelta::hours(24) };
            prop_assert!(after <= day, "{}", after);
            if let Some(part) = part {
                prop_assert!((part.hours().0..part.hours().1).contains(&hour));
            }
        }

        #[test]
        fn three_attempts_fit_into_the_time_that_is_due(seconds in 0_i64..365 * 86_400) {
            let finished = local("2026-01-01T00:00:00").plus(TimeDelta::seconds(seconds));
            let first = first_attempt(zone(), finished, None);
            let third = next_attempt(zone(), next_attempt(zone(), first));
            prop_assert!(third.since(finished) <= TimeDelta::hours(72));
        }
    }
}
