//! Business hours: the minutes that a normal repair's clock counts (domain.md §3). They run on every day,
//! or, where a manager says so, on working days only; the hours between are no time at all.

use chrono::{Days, NaiveTime, TimeDelta};

use super::Calendar;
use crate::{Instant, LocalDate, Zone};

/// The hours of the days in which a normal repair's clock runs. Hours that begin no earlier than they end
/// are the whole day.
#[derive(Debug, Clone)]
pub struct BusinessHours {
    /// The community's time zone.
    pub zone: Zone,
    /// When they begin.
    pub from: NaiveTime,
    /// When they end.
    pub to: NaiveTime,
    /// Where only working days count, the calendar that knows them; none where every day counts.
    pub working: Option<Calendar>,
}

impl BusinessHours {
    /// The instant at which `minutes` of business time have passed since `start`.
    pub fn after(&self, start: Instant, minutes: i64) -> Instant {
        let mut left = TimeDelta::minutes(minutes);
        let mut day = self.zone.date(start);
        loop {
            if let Some((opens, closes)) = self.window(day) {
                let opens = opens.max(start);
                let open = closes.since(opens).max(TimeDelta::zero());
                if left <= open && open > TimeDelta::zero() {
                    return opens.plus(left);
                }
                left -= open;
            }
            day = day + Days::new(1);
        }
    }

    /// Business minutes between two instants, those that have begun not counted.
    pub fn minutes_between(&self, start: Instant, end: Instant) -> i64 {
        let mut total = TimeDelta::zero();
        let mut day = self.zone.date(start);
        let last = self.zone.date(end);
        while day <= last {
            if let Some((opens, closes)) = self.window(day) {
                total += closes.min(end).since(opens.max(start)).max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
        total.num_minutes()
    }

    /// When a day's hours begin and end; none on a day that does not count.
    fn window(&self, day: LocalDate) -> Option<(Instant, Instant)> {
        if self.working.as_ref().is_some_and(|calendar| !calendar.is_working(day)) {
            return None;
        }
        if self.from >= self.to {
            return Some((self.zone.start_of(day), self.zone.start_of(day + Days::new(1))));
        }
        Some((self.zone.at(day, self.from), self.zone.at(day, self.to)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::years;
    use super::*;

    const SHANGHAI: &str = "Asia/Shanghai";
    const NEW_YORK: &str = "America/New_York";

    fn hours(zone: &str, (from, to): (&str, &str), only_working: bool) -> BusinessHours {
        let days = years::shipped(2026).unwrap();
        BusinessHours {
            zone: zone.parse().unwrap(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            working: only_working.then(|| Calendar::new(days.into_iter().map(|day| (day.day, day.kind)))),
        }
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// Zone, hours, working days only, from, minutes, to.
    type Example = (&'static str, (&'static str, &'static str), bool, &'static str, i64, &'static str);

    const DAY: (&str, &str) = ("08:30:00", "17:30:00");
    const NIGHT: (&str, &str) = ("01:00:00", "05:00:00");
    const ALWAYS: (&str, &str) = ("00:00:00", "00:00:00");

    #[rustfmt::skip]
    const CLOCKS: &[Example] = &[
        // Over the night and over midnight, every day counting.
        (SHANGHAI, DAY, false, "2026-11-22T10:00:00+08:00", 540, "2026-11-23T10:00:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-22T20:00:00+08:00", 60, "2026-11-23T09:30:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-22T23:59:00+08:00", 60, "2026-11-23T09:30:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-23T00:01:00+08:00", 60, "2026-11-23T09:30:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-22T08:00:00+08:00", 60, "2026-11-22T09:30:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-22T08:30:00+08:00", 540, "2026-11-22T17:30:00+08:00"),
        (SHANGHAI, DAY, false, "2026-11-22T17:30:00+08:00", 1, "2026-11-23T08:31:00+08:00"),
        (SHANGHAI, DAY, false, "2026-12-31T17:00:00+08:00", 60, "2027-01-01T09:00:00+08:00"),
        // A holiday counts like any day where every day counts, and not at all where working days do.
        (SHANGHAI, DAY, false, "2026-09-30T16:30:00+08:00", 540, "2026-10-01T16:30:00+08:00"),
        (SHANGHAI, DAY, true, "2026-09-30T16:30:00+08:00", 540, "2026-10-08T16:30:00+08:00"),
        (SHANGHAI, DAY, true, "2026-10-03T11:00:00+08:00", 60, "2026-10-08T09:30:00+08:00"),
        (SHANGHAI, DAY, true, "2026-02-13T17:00:00+08:00", 600, "2026-02-24T09:00:00+08:00"),
        // A make-up day is a working Saturday; an ordinary Saturday and Sunday are none.
        (SHANGHAI, DAY, true, "2026-10-09T16:30:00+08:00", 120, "2026-10-10T09:30:00+08:00"),
        (SHANGHAI, DAY, true, "2026-11-20T16:30:00+08:00", 120, "2026-11-23T09:30:00+08:00"),
        // The hour that the spring takes is no time; the hour that autumn gives is.
        (NEW_YORK, NIGHT, false, "2026-03-08T00:00:00-05:00", 240, "2026-03-09T02:00:00-04:00"),
        (NEW_YORK, NIGHT, false, "2026-11-01T00:00:00-04:00", 300, "2026-11-01T05:00:00-05:00"),
        (NEW_YORK, DAY, false, "2026-03-07T17:00:00-05:00", 60, "2026-03-08T09:00:00-04:00"),
        (NEW_YORK, ALWAYS, false, "2026-03-08T00:00:00-05:00", 1_440, "2026-03-09T01:00:00-04:00"),
        (NEW_YORK, ALWAYS, false, "2026-10-31T12:00:00-04:00", 1_440, "2026-11-01T11:00:00-05:00"),
        // Hours round the clock on working days only: the weekend is left out.
        (SHANGHAI, ALWAYS, true, "2026-11-20T23:00:00+08:00", 120, "2026-11-23T01:00:00+08:00"),
    ];

    #[test]
    fn every_clock_ends_where_the_table_says() {
        for (zone, span, only_working, from, minutes, to) in CLOCKS {
            let hours = hours(zone, *span, *only_working);
            assert_eq!(hours.after(at(from), *minutes), at(to), "{zone} {from} + {minutes}");
            assert_eq!(hours.minutes_between(at(from), at(to)), *minutes, "{zone} {from} to {to}");
        }
    }

    proptest! {
        #[test]
        fn what_was_added_is_what_lies_between(
            start in 1_790_000_000_i64..1_800_000_000,
            minutes in 1_i64..5_000,
            only_working in any::<bool>(),
            zone in prop::sample::select(vec![SHANGHAI, NEW_YORK, "Australia/Lord_Howe"]),
        ) {
            let hours = hours(zone, DAY, only_working);
            let start = Instant::from_micros(start * 60_000_000 / 60).unwrap();
            prop_assert_eq!(hours.minutes_between(start, hours.after(start, minutes)), minutes);
        }
    }
}
