//! The pace of the month: who falls behind hears of it in the morning, once a day at most; the supervisor
//! hears of who is behind on the first day by which three quarters of the days are gone.

use chrono::NaiveTime;

use super::quota::{Facts, Figure, frozen};
use super::rules;
use crate::notifications::{self, Tell, Urgency};
use crate::{
    CommunityId, Db, Instant, LocalDate, Month, PersonId, Result, Zone, community, on_duty, settings,
};

/// Tells stewards who are behind, and their supervisors. Returns how many stewards were behind.
///
/// Told once however often it runs: an event is told once.
pub fn pace(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let zone = community::by_id(tx, community)?.zone()?;
    let today = zone.date(now);
    let facts = Facts::load(tx, community, Month::of(today))?;
    let tolerance = settings::get(tx, community, settings::PACE_TOLERANCE)?;
    let closed = frozen(tx, community, facts.month)?;
    let active = on_duty::holders_on(tx, community, crate::access::Role::Steward, today)?;
    let mut behind = 0;
    for steward in active.into_iter().filter(|who| !closed.contains_key(who)) {
        let figure = facts.figure(steward, zone, now);
        if figure.behind() > tolerance {
            tell_steward(tx, community, &figure, today, now)?;
            behind += 1;
        }
        if let Some((day, then)) = as_of_last_quarter(&facts, &figure, zone, now)
            && then.behind() > tolerance
        {
            tell_supervisors(tx, community, &then, day, now)?;
        }
    }
    Ok(behind)
}

/// The figure as it stood at 08:30 on the first day by which three quarters of the days are gone; none before
/// that morning. A worker that was down then looks at that morning all the same.
fn as_of_last_quarter(
    facts: &Facts,
    figure: &Figure,
    zone: Zone,
    now: Instant,
) -> Option<(LocalDate, Figure)> {
    let own = facts.days.own(figure.steward);
    let count = |day: LocalDate| i64::try_from(own.iter().filter(|own| **own < day).count()).unwrap_or(0);
    let day =
        facts.month.each_day().find(|day| rules::is_last_quarter(count(*day), figure.share.own_days))?;
    let morning = zone.at(day, NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default());
    if morning > now {
        return None;
    }
    let counted = rules::counted(facts.visits(figure.steward), Some(morning));
    let expected_by_today = rules::expected(figure.quota, count(day), figure.share.own_days);
    Some((day, Figure { counted, expected_by_today, days_gone: count(day), ..figure.clone() }))
}

fn message(community: CommunityId, figure: &Figure, person: PersonId, code: &'static str) -> Tell {
    Tell {
        community,
        event: String::new(),
        person,
        code,
        args: serde_json::json!({
            "counted": figure.counted,
            "quota": figure.quota,
            "expected": figure.expected_by_today,
            "behind": figure.behind(),
            "month": figure.month.as_str(),
        }),
        link: Some("/visits".to_owned()),
        urgency: Urgency::Now,
    }
}

fn tell_steward(
    tx: &mut Db,
    community: CommunityId,
    figure: &Figure,
    today: LocalDate,
    now: Instant,
) -> Result<()> {
    let mut tell = message(community, figure, figure.steward, "visits.behind");
    tell.event = format!("visits.behind:{community}:{}:{today}", figure.steward);
    notifications::tell(tx, &tell, now)
}

fn tell_supervisors(
    tx: &mut Db,
    community: CommunityId,
    figure: &Figure,
    day: LocalDate,
    now: Instant,
) -> Result<()> {
    let people = on_duty::supervisors_on(tx, community, day)?;
    let mut tell = message(community, figure, figure.steward, "visits.behind_late");
    tell.event = format!("visits.behind_late:{community}:{}:{}", figure.steward, figure.month);
    tell.link = Some("/visits/team".to_owned());
    if let Some(args) = tell.args.as_object_mut() {
        args.insert("steward".to_owned(), name(tx, figure.steward)?.into());
    }
    notifications::tell_all(tx, &people, &tell, now)
}

pub(super) fn name(db: &mut Db, person: PersonId) -> Result<String> {
    use crate::db::schema::people;
    use diesel::prelude::*;
    Ok(people::table.find(person.0).select(people::name).first(db)?)
}
