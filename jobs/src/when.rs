//! When a schedule ticks, in a community's own time. A tick is an instant that follows from the rule alone,
//! so two schedulers, or one that was down, come to the same ones.

use chrono::{Days, NaiveTime, TimeDelta};
use domain::{Instant, LocalDate, Month, Zone};

/// A rule of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Every so many seconds, counted from midnight UTC of 1970.
    Every(u32),
    /// At these local hours and minutes of each day.
    DailyAt(&'static [(u32, u32)]),
    /// On this day of each month (the last one where the month is shorter), at a local hour and minute.
    MonthlyAt(u32, u32, u32),
}

impl When {
    /// The newest tick that is not after `now`.
    ///
    /// A local time that a day skips ticks at the first moment after the gap; one that comes twice, the first time only.
    pub fn newest(self, zone: Zone, now: Instant) -> Option<Instant> {
        match self {
            Self::Every(seconds) => multiple(seconds, now),
            Self::DailyAt(times) => {
                let today = zone.date(now);
                let days = [Some(today), today.checked_sub_days(Days::new(1))];
                latest(days.into_iter().flatten().flat_map(|day| at_times(zone, day, times)), now)
            }
            Self::MonthlyAt(day, hour, minute) => {
                let month = Month::of(zone.date(now));
                let days = [month, month.prev()].map(|month| month.day_or_last(day));
                let time = [(hour, minute)];
                latest(days.into_iter().flat_map(|day| at_times(zone, day, &time)), now)
            }
        }
    }

    /// Every tick after `after` and not after `until`, oldest first.
    pub fn between(self, zone: Zone, after: Instant, until: Instant) -> Vec<Instant> {
        let mut ticks = Vec::new();
        let mut next = self.newest(zone, until);
        while let Some(tick) = next.filter(|tick| *tick > after) {
            ticks.push(tick);
            next = self.newest(zone, tick.minus(TimeDelta::microseconds(1)));
        }
        ticks.reverse();
        ticks
    }
}

fn multiple(seconds: u32, now: Instant) -> Option<Instant> {
    let micros = i64::from(seconds.max(1)) * 1_000_000;
    Instant::from_micros(now.micros().div_euclid(micros) * micros)
}

fn at_times(zone: Zone, day: LocalDate, times: &[(u32, u32)]) -> impl Iterator<Item = Instant> {
    times.iter().filter_map(move |(hour, minute)| {
        NaiveTime::from_hms_opt(*hour, *minute, 0).map(|time| zone.at(day, time))
    })
}

fn latest(ticks: impl Iterator<Item = Instant>, now: Instant) -> Option<Instant> {
    ticks.filter(|tick| *tick <= now).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn ticks(when: When, zone_name: &str, after: &str, until: &str) -> Vec<String> {
        when.between(zone(zone_name), at(after), at(until)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn hours_are_the_communitys() {
        let day_lists = When::DailyAt(&[(5, 0)]);
        let found = ticks(day_lists, "Asia/Shanghai", "2026-11-20T00:00:00Z", "2026-11-21T21:00:00Z");
        assert_eq!(found, ["2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z"]);
        let reminders = When::DailyAt(&[(9, 30), (15, 0)]);
        let found = ticks(reminders, "Asia/Shanghai", "2026-11-20T01:29:59Z", "2026-11-20T07:00:00Z");
        assert_eq!(found, ["2026-11-20T01:30:00Z", "2026-11-20T07:00:00Z"]);
    }

    #[test]
    fn a_month_closes_on_its_day_in_leap_years_too() {
        let close = When::MonthlyAt(1, 0, 30);
        let found = ticks(close, "Asia/Shanghai", "2026-11-01T00:00:00Z", "2027-01-31T16:30:00Z");
        assert_eq!(found, ["2026-11-30T16:30:00Z", "2026-12-31T16:30:00Z", "2027-01-31T16:30:00Z"]);
        let last = When::MonthlyAt(31, 12, 0);
        let found = ticks(last, "UTC", "2028-01-31T12:00:00Z", "2028-04-01T00:00:00Z");
        assert_eq!(found, ["2028-02-29T12:00:00Z", "2028-03-31T12:00:00Z"]);
    }

    #[test]
    fn an_hour_that_a_day_skips_ticks_once_after_the_gap() {
        let found =
            ticks(When::DailyAt(&[(2, 30)]), "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
        assert_eq!(found, ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
    }

    #[test]
    fn an_hour_that_comes_twice_ticks_once() {
        let found =
            ticks(When::DailyAt(&[(2, 30)]), "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
        assert_eq!(found, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn intervals_do_not_care_for_zones() {
        let found = ticks(When::Every(900), "Europe/Berlin", "2026-03-29T00:45:00Z", "2026-03-29T01:20:00Z");
        assert_eq!(found, ["2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z"]);
        let newest = When::Every(30).newest(zone("UTC"), at("2026-03-29T01:00:29.999999Z"));
        assert_eq!(newest, Some(at("2026-03-29T01:00:00Z")));
    }
}
