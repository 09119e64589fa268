//! What counts towards the quota and how large it is (每月走访户数不少于30户, domain.md §9). Pure: values in,
//! values out. Thirty distinct households are a floor, not a ceiling.

use std::collections::{BTreeMap, BTreeSet};

use super::records::{Cause, Verdict, Visit};
use crate::{HouseholdId, Instant, PersonId, VisitId};

crate::words! {
    /// Where a steward's month stands.
    State {
        /// It still runs and the floor is not reached.
        Running = "running",
        /// The floor is reached.
        Met = "met",
        /// It is over and the floor was not reached.
        Short = "short",
        /// No day of it was the steward's own: nothing is asked.
        None = "none",
    }
}

/// From when to when a visit counts for its household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// The household.
    pub household: HouseholdId,
    /// From its arrival; logged late, from its acceptance.
    pub from: Instant,
    /// Until it was voided.
    pub until: Option<Instant>,
}

/// When a visit counts, if it ever does: made by the steward of the home at that time, arrived in time or
/// accepted by the supervisor. A visit by anybody else is kept and never counts.
pub fn counting(visit: &Visit) -> Option<Counting> {
    let from = match (visit.row.late, visit.late_verdict()) {
        (false, _) => Some(visit.row.logged_at),
        (true, Some(said)) if said.decision == Verdict::Accepted => Some(said.at),
        (true, _) => None,
    };
    let until = visit.voided().map(|said| said.at);
    let from = from.filter(|from| visit.row.in_area && until.is_none_or(|until| until > *from))?;
    Some(Counting { household: visit.row.household_id, from, until })
}

/// Distinct households that counted just before `as_of`; without it, all that count now.
pub fn counted(visits: &[Visit], as_of: Option<Instant>) -> i64 {
    let counts = |one: &Counting| match as_of {
        Some(at) => one.from < at && one.until.is_none_or(|until| until >= at),
        None => one.until.is_none(),
    };
    let all: BTreeSet<HouseholdId> =
        visits.iter().filter_map(counting).filter(counts).map(|one| one.household).collect();
    whole(all.len())
}

/// What makes a steward's quota for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The community's quota for a whole month.
    pub full: i64,
    /// The steward's own working days.
    pub own_days: i64,
    /// The month's working days.
    pub month_days: i64,
    /// What is made up from a short month, on top.
    pub make_up: i64,
    /// Households that stood in the area at some time of the month.
    pub households: i64,
}

impl Share {
    /// What would be asked if the area had households enough: quota × own ÷ month's days, rounded up.
    pub fn wanted(&self) -> i64 {
        if self.own_days == 0 || self.month_days == 0 {
            return 0;
        }
        (self.full * self.own_days + self.month_days - 1) / self.month_days + self.make_up
    }

    /// What is asked: never more than the households of the area.
    pub fn quota(&self) -> i64 {
        self.wanted().min(self.households)
    }

    /// Whether the area is smaller than what would be asked.
    pub fn is_capped(&self) -> bool {
        self.wanted() > self.households
    }
}

/// What is expected when so many of the own working days are gone, rounded down.
pub fn expected(quota: i64, days_gone: i64, own_days: i64) -> i64 {
    if own_days == 0 { 0 } else { quota * days_gone / own_days }
}

/// Where a month stands.
pub fn state(quota: i64, counted: i64, is_over: bool) -> State {
    match (quota, counted >= quota) {
        (0, _) => State::None,
        (_, true) => State::Met,
        (_, false) if is_over => State::Short,
        (_, false) => State::Running,
    }
}

/// Whether three quarters of the own working days are gone.
pub fn is_last_quarter(days_gone: i64, own_days: i64) -> bool {
    own_days > 0 && days_gone * 4 >= own_days * 3
}

/// What became known of a month after it was frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Which visit.
    pub visit: VisitId,
    /// What happened to it.
    pub cause: Cause,
    /// How the number of households changed.
    pub delta: i64,
    /// Who did it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Every arrival in time and every decision since the month was frozen at `as_of`, in order, each with what
/// it changed. A visit that never counted changes nothing, and its decisions are lines all the same.
pub fn changes_since(visits: &[Visit], as_of: Instant) -> Vec<Change> {
    let mut holding: BTreeMap<HouseholdId, i64> = BTreeMap::new();
    for one in visits.iter().filter_map(counting) {
        if one.from < as_of && one.until.is_none_or(|until| until >= as_of) {
            *holding.entry(one.household).or_default() += 1;
        }
    }
    let mut happened: Vec<(&Visit, Change, i64)> = visits.iter().flat_map(|v| events(v, as_of)).collect();
    happened.sort_by_key(|(_, change, _)| (change.at, change.visit));
    let mut changes = Vec::new();
    for (visit, mut change, step) in happened {
        let held = holding.entry(visit.row.household_id).or_default();
        let before = i64::from(*held > 0);
        *held += step;
        change.delta = i64::from(*held > 0) - before;
        changes.push(change);
    }
    changes
}

/// What happened to one visit since `as_of`, with how many of its household's visits began or ceased to count.
fn events(visit: &Visit, as_of: Instant) -> Vec<(&Visit, Change, i64)> {
    let counts = counting(visit);
    let change = |cause, by, at| Change { visit: visit.row.id, cause, delta: 0, by, at };
    let mut all = Vec::new();
    if counts.is_some() && !visit.row.late && visit.row.logged_at >= as_of {
        all.push((visit, change(Cause::Arrived, visit.row.steward_id, visit.row.logged_at), 1));
    }
    for said in visit.said.iter().filter(|said| visit.row.in_area && said.at >= as_of) {
        let step = match (said.decision, counts) {
            (Verdict::Accepted, Some(one)) if one.from == said.at => 1,
            (Verdict::Voided, Some(_)) => -1,
            _ => 0,
        };
        all.push((visit, change(said.decision.into(), said.by_id, said.at), step));
    }
    all
}

/// How long a plan is: the quota and so many percent, never more than the households.
pub fn plan_length(quota: i64, extra_percent: i64, households: i64) -> i64 {
    ((quota * (100 + extra_percent) + 99) / 100).min(households)
}

/// The day of each of `count` entries, spread evenly over `days`.
pub fn spread<D: Copy>(count: usize, days: &[D]) -> Vec<D> {
    (0..count).filter_map(|n| days.get(n * days.len() / count).copied()).collect()
}

fn whole(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
