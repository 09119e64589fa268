//! The years of a community's calendar: a manager enters each year's public holidays and make-up days 调休
//! as the State Council announces them in the November before. What ships is the year that is known; a
//! year that is missing is said to be missing before it begins.

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};
use serde_json::json;

use super::{Calendar, DayKind};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::db::schema::holidays;
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Error, FieldError, Instant, LocalDate, PersonId, Result, community, on_duty};

/// The years that ship, each as the State Council announced it.
const SHIPPED: &[(i32, &str)] = &[(2026, include_str!("2026.csv"))];
/// Days before a missing year begins on which the managers are told of it.
const WARNED_AT: [i64; 3] = [31, 7, 0];

/// A day that differs from the weekly rule.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, serde::Serialize)]
pub struct Day {
    /// Which.
    pub day: LocalDate,
    /// Off, or worked.
    pub kind: DayKind,
    /// What it is called.
    pub name: String,
}

/// The days of a year that ships; none where that year does not.
pub fn shipped(year: i32) -> Option<Vec<Day>> {
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == year)?;
    Some(text.lines().skip(1).filter_map(read).collect())
}

fn read(line: &str) -> Option<Day> {
    let mut cells = line.splitn(3, ',');
    let (day, kind, name) = (cells.next()?, cells.next()?, cells.next()?);
    Some(Day { day: day.parse().ok()?, kind: kind.parse().ok()?, name: name.trim().to_owned() })
}

/// A community's days of a year, in order.
pub fn of_year(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    year: i32,
) -> Result<Vec<Day>> {
    allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(|| Error::field("year", "number"));
    Ok(holidays::table
        .filter(holidays::community_id.eq(community.0))
        .filter(holidays::day.ge(first(year)?).and(holidays::day.lt(first(year + 1)?)))
        .order(holidays::day)
        .select((holidays::day, holidays::kind, holidays::name))
        .load(db)?)
}

/// Enters a day, or changes it.
///
/// # Errors
/// A name that is missing or too long, by field.
pub fn put(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, day: &Day) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let name = day.name.trim();
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    if name.chars().count() > 40 {
        return Err(Error::Invalid(vec![FieldError::new("name", "too_long").with("most", 40)]));
    }
    write(tx, community, &Day { name: name.to_owned(), ..day.clone() })?;
    let line = Line::new(community, "holiday.enter", "community", community.0);
    audit::write(tx, actor, now, &line.fields(format!("{}={}", day.day, day.kind)))
}

/// Takes a day out: it follows the weekly rule again.
///
/// # Errors
/// Not found where no such day was entered.
pub fn remove(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    day: LocalDate,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let gone = diesel::delete(holidays::table.find((community.0, day))).execute(tx)?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    let line = Line::new(community, "holiday.remove", "community", community.0);
    audit::write(tx, actor, now, &line.fields(day.to_string()))
}

/// Enters every day of a year that ships; days that were entered before become as they ship.
///
/// # Errors
/// Not found for a year that does not ship.
pub fn fill(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, year: i32) -> Result<usize> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let days = shipped(year).ok_or(Error::NotFound)?;
    days.iter().try_for_each(|day| write(tx, community, day))?;
    let line = Line::new(community, "holiday.fill", "community", community.0);
    audit::write(tx, actor, now, &line.fields(year.to_string()))?;
    Ok(days.len())
}

/// Gives a new community whose clocks are China's every year that ships.
pub fn ship(tx: &mut Db, community: CommunityId, timezone: &str) -> Result<()> {
    if !matches!(timezone, "Asia/Shanghai" | "Asia/Urumqi" | "Asia/Chongqing" | "Asia/Harbin" | "PRC") {
        return Ok(());
    }
    let all = SHIPPED.iter().filter_map(|(year, _)| shipped(*year)).flatten();
    all.into_iter().try_for_each(|day| write(tx, community, &day))
}

pub(crate) fn write(tx: &mut Db, community: CommunityId, day: &Day) -> Result<()> {
    let sql = "INSERT INTO holidays (community_id, day, kind, name) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (community_id, day) DO UPDATE SET kind = excluded.kind, name = excluded.name";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(day.day)
        .bind::<Text, _>(day.kind.as_str())
        .bind::<Text, _>(&day.name)
        .execute(tx)?;
    Ok(())
}

/// The years whose holidays are missing and matter: this one, and from November on the next.
pub fn missing(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<i32>> {
    let today = community::by_id(db, community)?.today(now)?;
    let calendar = Calendar::load(db, community)?;
    let mut years = vec![today.year()];
    years.extend((today.month() >= 11).then_some(today.year() + 1));
    years.retain(|year| !calendar.knows(*year));
    Ok(years)
}

/// Tells the managers of a year whose holidays are missing: a month and a week before it begins, and when it
/// has begun; once each. Says how many were told.
pub fn warn(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let today = community::by_id(tx, community)?.today(now)?;
    let managers = on_duty::holders_on(tx, community, Role::Manager, today)?;
    let mut told = 0;
    for year in missing(tx, community, now)? {
        let Some(stage) = stage_of(year, today) else { continue };
        let news = Tell {
            community,
            event: format!("holidays_missing:{community}:{year}:{stage}"),
            person: PersonId(0),
            code: "holidays_missing",
            args: json!({ "year": year.to_string() }),
            link: Some(format!("/settings/holidays?year={year}")),
            urgency: Urgency::Normal,
        };
        notifications::tell_all(tx, &managers, &news, now)?;
        told += managers.len();
    }
    Ok(told)
}

/// The newest warning that is due on a day: how many days before the year it is given.
fn stage_of(year: i32, today: LocalDate) -> Option<i64> {
    let begins = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let left = begins.signed_duration_since(today).num_days();
    WARNED_AT.into_iter().rfind(|days| left <= *days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_2026_ships_as_it_was_announced() {
        let days = shipped(2026).unwrap();
        let count = |kind| days.iter().filter(|day| day.kind == kind).count();
        assert_eq!((count(DayKind::Off), count(DayKind::Work)), (33, 6));
        assert!(shipped(2027).is_none());
    }

    #[test]
    fn a_missing_year_is_warned_of_a_month_and_a_week_before_and_when_it_has_begun() {
        for (today, stage) in [
            ("2026-11-30", None),
            ("2026-12-01", Some(31)),
            ("2026-12-24", Some(31)),
            ("2026-12-25", Some(7)),
            ("2026-12-31", Some(7)),
            ("2027-01-01", Some(0)),
            ("2027-06-01", Some(0)),
        ] {
            assert_eq!(stage_of(2027, today.parse().unwrap()), stage, "{today}");
        }
    }
}
