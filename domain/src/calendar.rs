//! Working days and business hours of a community: Monday to Friday less public holidays plus make-up
//! days 调休 (domain.md §9), and the minutes that a normal repair's clock counts (§3).

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveTime, TimeDelta, Weekday};
use diesel::prelude::*;

use crate::db::schema::holidays;
use crate::{CommunityId, Db, Instant, LocalDate, Result, Zone};

crate::words! {
    /// How a day differs from the weekly rule.
    DayKind {
        /// A public holiday.
        Off = "off",
        /// A make-up working day.
        Work = "work",
    }
}

/// The days that differ from the weekly rule.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    days: BTreeMap<LocalDate, DayKind>,
}

impl Calendar {
    /// A calendar with these days out of the ordinary.
    pub fn new(days: impl IntoIterator<Item = (LocalDate, DayKind)>) -> Self {
        Self { days: days.into_iter().collect() }
    }

    /// A community's calendar.
    pub fn load(db: &mut Db, community: CommunityId) -> Result<Self> {
        let rows: Vec<(LocalDate, DayKind)> = holidays::table
            .filter(holidays::community_id.eq(community.0))
            .select((holidays::day, holidays::kind))
            .load(db)?;
        Ok(Self::new(rows))
    }

    /// Whether the community's holidays of a year are known at all.
    pub fn knows(&self, year: i32) -> bool {
        self.days.keys().any(|day| day.year() == year)
    }

    /// Whether a day is worked.
    pub fn is_working(&self, day: LocalDate) -> bool {
        match self.days.get(&day) {
            Some(kind) => *kind == DayKind::Work,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// How many of the days are worked.
    pub fn working_days(&self, days: impl Iterator<Item = LocalDate>) -> i64 {
        days.fold(0, |count, day| count + i64::from(self.is_working(day)))
    }
}

/// The hours of every day in which a normal repair's clock runs.
#[derive(Debug, Clone, Copy)]
pub struct BusinessHours {
    /// The community's time zone.
    pub zone: Zone,
    /// When they begin.
    pub from: NaiveTime,
    /// When they end.
    pub to: NaiveTime,
}

impl BusinessHours {
    /// The instant at which `minutes` of business time have passed since `start`.
    ///
    /// Hours that begin no earlier than they end count round the clock.
    pub fn after(&self, start: Instant, minutes: i64) -> Instant {
        if self.from >= self.to {
            return start.plus(TimeDelta::minutes(minutes));
        }
        let mut left = TimeDelta::minutes(minutes);
        let mut day = self.zone.date(start);
        loop {
            let opens = self.zone.at(day, self.from).max(start);
            let closes = self.zone.at(day, self.to);
            let open = closes.since(opens).max(TimeDelta::zero());
            if left <= open && open > TimeDelta::zero() {
                return opens.plus(left);
            }
            left -= open;
            day = day + Days::new(1);
        }
    }

    /// Business minutes between two instants, those that have begun not counted.
    pub fn minutes_between(&self, start: Instant, end: Instant) -> i64 {
        if self.from >= self.to {
            return end.since(start).num_minutes().max(0);
        }
        let mut total = TimeDelta::zero();
        let mut day = self.zone.date(start);
        let last = self.zone.date(end);
        while day <= last {
            let opens = self.zone.at(day, self.from).max(start);
            let closes = self.zone.at(day, self.to).min(end);
            total += closes.since(opens).max(TimeDelta::zero());
            day = day + Days::new(1);
        }
        total.num_minutes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Month;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn november_2026_has_21_working_days_13_of_them_from_the_12th() {
        let calendar = Calendar::default();
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(calendar.working_days(month.each_day()), 21);
        assert_eq!(calendar.working_days(month.each_day().filter(|d| *d >= day("2026-11-12"))), 13);
    }

    #[test]
    fn holidays_and_make_up_days_change_the_week() {
        let calendar = Calendar::new([(day("2026-10-01"), DayKind::Off), (day("2026-10-10"), DayKind::Work)]);
        assert!(!calendar.is_working(day("2026-10-01")));
        assert!(calendar.is_working(day("2026-10-10")));
        assert!(!calendar.is_working(day("2026-10-11")));
        assert!(calendar.knows(2026) && !calendar.knows(2027));
    }

    #[test]
    fn business_hours_run_over_the_night() {
        let hours = BusinessHours {
            zone: "Asia/Shanghai".parse().unwrap(),
            from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
            to: NaiveTime::from_hms_opt(17, 30, 0).unwrap(),
        };
        for (start, minutes, end) in [
            ("2026-11-22T02:00:00Z", 540, "2026-11-23T02:00:00Z"), // 10:00 + 9 h: next day 10:00
            ("2026-11-22T12:00:00Z", 60, "2026-11-23T01:30:00Z"),  // 20:00: begins 08:30
            ("2026-11-22T00:00:00Z", 60, "2026-11-22T01:30:00Z"),  // 08:00: begins 08:30
            ("2026-11-22T00:30:00Z", 540, "2026-11-22T09:30:00Z"), // a whole day
        ] {
            let (start, end): (Instant, Instant) = (start.parse().unwrap(), end.parse().unwrap());
            assert_eq!(hours.after(start, minutes), end);
            assert_eq!(hours.minutes_between(start, end), minutes);
        }
    }
}
