//! Instants are UTC in whole microseconds; days, months and hours are the community's (domain.md §2).
//! The clock is handed to whoever needs it; nothing else in the house asks the machine for the time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::{Text, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day in a community's own calendar.
pub type LocalDate = NaiveDate;

/// A day as people and programs write it, `2026-11-22`. Years beyond 9999 are nobody's: with them a day could not be
/// counted on from.
pub fn day(text: &str) -> Option<LocalDate> {
    text.parse().ok().filter(|day: &LocalDate| (1..=9999).contains(&day.year()))
}

/// A moment, UTC, in whole microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub struct Instant(pub NaiveDateTime);

crate::sql_as!(Instant, Timestamp, NaiveDateTime);

impl Instant {
    /// An instant from microseconds since 1970.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(|at| Self(at.naive_utc()))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }

    /// The instant so much later.
    #[must_use]
    pub fn plus(self, span: TimeDelta) -> Self {
        Self(self.0 + span)
    }

    /// The instant so much earlier.
    #[must_use]
    pub fn minus(self, span: TimeDelta) -> Self {
        Self(self.0 - span)
    }

    /// How long after `earlier` this is.
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }
}

/// A text that is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no moment such as 2026-11-22T10:00:00+08:00")]
pub struct NoInstant;

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", self.0.format("%Y-%m-%dT%H:%M:%S%.f"))
    }
}

impl FromStr for Instant {
    type Err = NoInstant;

    /// RFC 3339 with any offset, in the years 1 to 9999; what is finer than a microsecond is cut.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| NoInstant)?.to_utc();
        let at = Self::from_micros(at.timestamp_micros()).filter(|at| (1..=9999).contains(&at.0.year()));
        at.ok_or(NoInstant)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A calendar month, written `2026-11`: a billing period, a quota's month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Month {
    first: LocalDate,
    /// The written form, kept so that a query can borrow it.
    text: [u8; 7],
}

impl Month {
    /// The month that a day lies in (years 1 to 9999).
    pub fn of(day: LocalDate) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        let written = format!("{:04}-{:02}", first.year(), first.month());
        Self { first, text: written.as_bytes().try_into().unwrap_or(*b"0000-00") }
    }

    /// The year and the month, 1 to 12.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        LocalDate::from_ymd_opt(year, month, 1).map(Self::of)
    }

    /// The written form.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Its first day.
    pub fn first_day(self) -> LocalDate {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> LocalDate {
        self.next().first - Days::new(1)
    }

    /// How many days it has.
    pub fn days(self) -> i64 {
        self.next().first.signed_duration_since(self.first).num_days()
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.first + Days::new(31))
    }

    /// The month before.
    #[must_use]
    pub fn prev(self) -> Self {
        Self::of(self.first - Days::new(1))
    }

    /// Every day of it, in order.
    pub fn each_day(self) -> impl Iterator<Item = LocalDate> {
        let days = usize::try_from(self.days()).unwrap_or(0);
        self.first.iter_days().take(days)
    }

    /// The day of this number, or the last one where the month is shorter.
    pub fn day_or_last(self, day: u32) -> LocalDate {
        self.first.with_day(day).unwrap_or_else(|| self.last_day())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no month.
#[derive(Debug, thiserror::Error)]
#[error("no month: {0:?}")]
pub struct NoMonth(String);

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shaped = text.len() == 7 && text.as_bytes().get(4) == Some(&b'-');
        let day = LocalDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        day.filter(|_| shaped).map(Self::of).ok_or_else(|| NoMonth(text.to_owned()))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<DB> diesel::serialize::ToSql<Text, DB> for Month
where
    DB: diesel::backend::Backend,
    str: diesel::serialize::ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        <str as diesel::serialize::ToSql<Text, DB>>::to_sql(self.as_str(), out)
    }
}

impl<DB> diesel::deserialize::FromSql<Text, DB> for Month
where
    DB: diesel::backend::Backend,
    String: diesel::deserialize::FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        Ok(String::from_sql(bytes)?.parse()?)
    }
}

/// A community's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    /// The zone of what has no place.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// The local date and time of an instant.
    pub fn local(self, at: Instant) -> NaiveDateTime {
        self.0.from_utc_datetime(&at.0).naive_local()
    }

    /// The local date of an instant.
    pub fn date(self, at: Instant) -> LocalDate {
        self.local(at).date()
    }

    /// The local time of an instant.
    pub fn time(self, at: Instant) -> NaiveTime {
        self.local(at).time()
    }

    /// The instant of a local date and time: the first of two where the clock is set back, and the
    /// first moment after the gap where it is set forward.
    pub fn at(self, day: LocalDate, time: NaiveTime) -> Instant {
        let local = day.and_time(time);
        let mut shifted = local;
        for _ in 0..=24 * 4 {
            match self.0.from_local_datetime(&shifted) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return Instant(at.naive_utc()),
                LocalResult::None => shifted += TimeDelta::minutes(15),
            }
        }
        Instant(local)
    }

    /// The first instant of a local day.
    pub fn start_of(self, day: LocalDate) -> Instant {
        self.at(day, NaiveTime::MIN)
    }
}

impl FromStr for Zone {
    type Err = chrono_tz::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The portal's clock: the machine's, or one that was set for a rehearsal and runs on from there.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    offset: TimeDelta,
    stands_at: Option<Instant>,
}

impl Clock {
    /// The machine's time.
    pub fn system() -> Self {
        Self { offset: TimeDelta::zero(), stands_at: None }
    }

    /// Reads `LINLI_CLOCK`: an instant from which the clock runs on, or an offset such as `+3d`, `-90m`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(start) = text.parse::<Instant>() {
            return Some(Self::starting_at(start));
        }
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let unit = rest.chars().next_back()?;
        let count: i64 = rest.strip_suffix(unit)?.parse().ok()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        TimeDelta::try_seconds(sign * count.checked_mul(seconds)?)
            .map(|offset| Self { offset, stands_at: None })
    }

    /// A clock that shows `start` now and runs on.
    pub fn starting_at(start: Instant) -> Self {
        Self { offset: start.since(machine_now()), stands_at: None }
    }

    /// A clock that stands still: for work that is done step by step at moments of its own.
    pub fn standing_at(at: Instant) -> Self {
        Self { stands_at: Some(at), ..Self::starting_at(at) }
    }

    /// The portal's present instant.
    pub fn now(&self) -> Instant {
        self.stands_at.unwrap_or_else(|| machine_now().plus(self.offset))
    }

    /// Real time: for sessions, second factors, leases, limits and timeouts only.
    pub fn real_now(&self) -> Instant {
        machine_now()
    }

    /// Whether it shows anything else than the machine's time.
    pub fn is_set(&self) -> bool {
        !self.offset.is_zero()
    }

    /// How long until the portal's clock shows `at`; zero when it already has.
    pub fn until(&self, at: Instant) -> Duration {
        at.since(self.now()).to_std().unwrap_or(Duration::ZERO)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn machine_now() -> Instant {
    let now = Utc::now();
    Instant::from_micros(now.timestamp_micros()).unwrap_or(Instant(now.naive_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_know_their_days() {
        for (month, days, last) in [
            ("2026-11", 30, "2026-11-30"),
            ("2026-02", 28, "2026-02-28"),
            ("2028-02", 29, "2028-02-29"),
            ("2026-12", 31, "2026-12-31"),
        ] {
            let month: Month = month.parse().unwrap();
            assert_eq!((month.days(), month.last_day()), (days, day(last)));
            assert_eq!(month.next().prev(), month);
            assert_eq!(month.each_day().last(), Some(month.last_day()));
        }
        for bad in ["2026-13", "2026-1", "202611", "2026-11-01", ""] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_and_a_moment_lie_in_years_that_can_be_counted_on_from() {
        for (text, known) in [
            ("2026-02-28", true),
            ("2026-02-30", false),
            ("9999-12-31", true),
            ("+10000-01-01", false),
            ("+262142-12-31", false),
            ("0000-12-31", false),
        ] {
            assert_eq!(super::day(text).is_some(), known, "{text}");
            assert_eq!(format!("{text}T10:00:00Z").parse::<Instant>().is_ok(), known, "{text}");
        }
    }

    #[test]
    fn days_are_the_communitys() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        let late: Instant = "2026-11-30T16:30:00Z".parse().unwrap();
        assert_eq!(zone.date(late), day("2026-12-01"));
        assert_eq!(zone.start_of(day("2026-12-01")).to_string(), "2026-11-30T16:00:00Z");
    }

    #[test]
    fn a_gap_in_the_day_gives_the_moment_after_it() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let at = zone.at(day("2026-03-29"), NaiveTime::from_hms_opt(2, 30, 0).unwrap());
        assert_eq!(at.to_string(), "2026-03-29T01:00:00Z");
        let twice = zone.at(day("2026-10-25"), NaiveTime::from_hms_opt(2, 30, 0).unwrap());
        assert_eq!(twice.to_string(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn a_rehearsal_clock_is_an_instant_or_an_offset() {
        let clock = Clock::parse("2026-11-22T02:00:00Z").unwrap();
        let shown = clock.now().since("2026-11-22T02:00:00Z".parse().unwrap());
        assert!(shown < TimeDelta::seconds(5) && shown >= TimeDelta::zero());
        assert!(Clock::parse("+3d").unwrap().now().since(machine_now()) > TimeDelta::days(2));
        let still = Clock::standing_at("2026-11-22T02:00:00Z".parse().unwrap());
        assert_eq!((still.now(), still.is_set()), (still.now(), true));
        for bad in ["3d", "+3w", "+d", "tomorrow", "", "+"] {
            assert!(Clock::parse(bad).is_none(), "{bad}");
        }
    }
}
