//! A steward's walk through the day: what is owed, the visits that the plan has for today, and what is done
//! already, in the order in which the homes stand.

use std::collections::BTreeSet;

use super::plan::Reason;
use super::records::of_month;
use super::today::{self, Due, Next, codes};
use crate::duties::State;
use crate::{CommunityId, Db, HomeId, Instant, Month, PersonId, Result, community};

/// Somewhere to go today, or where somebody was.
#[derive(Debug, Clone)]
pub struct Stop {
    /// What for.
    pub what: What,
    /// The home's code; none for what has no home.
    pub code: Option<String>,
    order: i64,
}

/// What a stop is for.
#[derive(Debug, Clone)]
pub enum What {
    /// A duty.
    Duty(Box<Due>),
    /// A visit that the plan has for today, and why.
    Planned(Reason),
    /// A visit that was made today.
    Visited(Instant),
}

impl Stop {
    /// Whether nothing is left to do there.
    pub fn is_done(&self) -> bool {
        match &self.what {
            What::Duty(due) => due.duty.state != State::Open,
            What::Planned(_) => false,
            What::Visited(_) => true,
        }
    }
}

/// A steward's stops today, with those of the visits to come (`next`) that the plan has for it: what is open in
/// walking order, then what is done.
pub fn walk(
    db: &mut Db,
    (community, steward): (CommunityId, PersonId),
    next: &[Next],
    now: Instant,
) -> Result<Vec<Stop>> {
    let today = community::by_id(db, community)?.today(now)?;
    let due = today::due_today(db, community, steward, now)?;
    let mut stops: Vec<Stop> = due.into_iter().map(owed).collect();
    let to_go: BTreeSet<String> = stops.iter().filter_map(|stop| stop.code.clone()).collect();
    // Who is owed something is gone to for that; the visit is logged on the way.
    let planned = next.iter().filter(|one| one.day == Some(today) && !to_go.contains(&one.code));
    stops.extend(planned.map(|one| Stop {
        what: What::Planned(one.reason),
        code: Some(one.code.clone()),
        order: one.order(),
    }));
    let mut made = of_month(db, community, Month::of(today), Some(steward))?;
    made.retain(|visit| visit.row.day == today && visit.voided().is_none());
    let places = codes(db, &made.iter().map(|visit| visit.row.home_id).collect::<Vec<HomeId>>())?;
    stops.extend(made.iter().filter_map(|visit| {
        let (code, order) = places.get(&visit.row.home_id).cloned()?;
        Some(Stop { what: What::Visited(visit.row.started_at), code: Some(code), order })
    }));
    stops.sort_by_key(|stop| (stop.is_done(), stop.order));
    Ok(stops)
}

fn owed(due: Due) -> Stop {
    Stop { code: due.code.clone(), order: due.order(), what: What::Duty(Box::new(due)) }
}
