//! Daily closure 日清日结 (domain.md §3): what was opened in a day and is neither done nor closed at its end.

use std::collections::BTreeMap;

use chrono::Days;
use serde_json::json;

use super::{Case, Filter};
use crate::access::Role;
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Instant, LocalDate, PersonId, Result, community, on_duty, settings};

/// Tells each steward of their area, and the desk of everything, once a day; says how many have something open.
pub fn daily_closure(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let zone = community::by_id(tx, community)?.zone()?;
    let ends = settings::get_time(tx, community, settings::DAILY_CLOSURE)?;
    let today = zone.date(now);
    let day = if zone.time(now) >= ends { today } else { today - Days::new(1) };
    let open = open_of(tx, community, (zone.start_of(day), zone.start_of(day + Days::new(1))))?;
    let mut of: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    let desk = on_duty::holders(tx, community, Role::Desk, now)?;
    for case in &open {
        let there = |home| on_duty::steward_on(tx, community, home, day);
        let steward = case.home_id.map(there).transpose()?.flatten();
        for person in desk.iter().copied().chain(steward) {
            of.entry(person).or_default().push(case.number().to_owned());
        }
    }
    for (person, numbers) in &of {
        tell(tx, community, (day, *person, numbers), now)?;
    }
    Ok(of.len())
}

fn open_of(db: &mut Db, community: CommunityId, (from, to): (Instant, Instant)) -> Result<Vec<Case>> {
    let filter = Filter { running: true, since: Some(from), ..Filter::default() };
    let mut open = super::list(db, community, &filter, 10_000)?;
    open.retain(|case| case.resolved_at.is_none() && case.submitted_at.is_some_and(|at| at < to));
    open.reverse();
    Ok(open)
}

fn tell(
    tx: &mut Db,
    community: CommunityId,
    (day, person, numbers): (LocalDate, PersonId, &[String]),
    now: Instant,
) -> Result<()> {
    let some = numbers.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    let news = Tell {
        community,
        event: format!("daily_closure:{community}:{day}"),
        person,
        code: "daily_closure",
        args: json!({ "day": day, "count": numbers.len(), "numbers": some }),
        link: Some("/cases".to_owned()),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &news, now)
}
