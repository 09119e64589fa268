//! Working days and business hours of a community: Monday to Friday less public holidays plus make-up
//! days 调休 (domain.md §9), and the minutes that a normal repair's clock counts (§3).

use std::collections::BTreeMap;

mod hours;
mod years;

pub use hours::BusinessHours;
pub(crate) use years::write;
pub use years::{Day, fill, missing, of_year, put, remove, ship, shipped, warn};

use chrono::{Datelike, Weekday};
use diesel::prelude::*;

use crate::db::schema::holidays;
use crate::{CommunityId, Db, LocalDate, Result};

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
}
