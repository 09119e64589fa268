//! A steward's day: what is owed, in walking order, and whom to visit next.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use diesel::prelude::*;

use super::plan::{self, Reason};
use super::quota::Facts;
use super::{end_of, promises, rules};
use crate::db::schema::{accounts, cases, duties as table, homes, logins, people};
use crate::duties::{Duty, Kind, State, SubjectKind};
use crate::{
    CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, Month, PersonId, Result, access, community,
};

/// Something owed today, or since before.
#[derive(Debug, Clone)]
pub struct Due {
    /// The duty.
    pub duty: Duty,
    /// The case's number, where it is about one.
    pub number: Option<String>,
    /// The home's code.
    pub code: Option<String>,
    /// What was promised.
    pub words: String,
    order: i64,
}

impl Due {
    /// The home's place in the register; what has no home comes last.
    pub(super) fn order(&self) -> i64 {
        self.order
    }
}

/// What a steward owes today, in walking order: open first, then what is done.
pub(super) fn due_today(
    db: &mut Db,
    community: CommunityId,
    owner: PersonId,
    now: Instant,
) -> Result<Vec<Due>> {
    let zone = community::by_id(db, community)?.zone()?;
    let today = zone.date(now);
    let all: Vec<Duty> = table::table
        .filter(table::community_id.eq(community.0).and(table::owner_id.eq(owner.0)))
        .filter(table::not_before.le(end_of(zone, today)))
        .filter(
            table::state.eq(State::Open).or(table::finished_at.ge(zone.start_of(today)).assume_not_null()),
        )
        .filter(table::state.ne_all([State::Cancelled, State::Missed]))
        .order(table::id)
        .select(Duty::as_select())
        .load(db)?;
    let mut due: Vec<Due> = all.into_iter().map(|duty| located(db, duty)).collect::<Result<_>>()?;
    due.sort_by_key(|one| (one.duty.state != State::Open, one.order, one.duty.id));
    Ok(due)
}

fn located(db: &mut Db, duty: Duty) -> Result<Due> {
    let (number, home): (Option<String>, Option<HomeId>) = match duty.subject_kind {
        SubjectKind::Case => {
            cases::table.find(duty.subject_id).select((cases::number, cases::home_id)).first(db)?
        }
        SubjectKind::Home => (None, Some(HomeId(duty.subject_id))),
        SubjectKind::Person | SubjectKind::Community => (None, None),
    };
    let place = home.map(|home| codes(db, &[home])).transpose()?.unwrap_or_default().into_values().next();
    let words = if duty.kind == Kind::FollowUp { promises::words(db, &duty)? } else { String::new() };
    let (code, order) = place.map_or((None, i64::MAX), |(code, order)| (Some(code), order));
    Ok(Due { duty, number, code, words, order })
}

/// Codes of homes with their place in the register.
pub fn codes(db: &mut Db, ids: &[HomeId]) -> Result<BTreeMap<HomeId, (String, i64)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(HomeId, String, i64)> = homes::table
        .filter(homes::id.eq_any(ids))
        .select((homes::id, homes::code, homes::register_order))
        .load(db)?;
    Ok(rows.into_iter().map(|(id, code, order)| (id, (code, order))).collect())
}

/// Whom to visit next, and why.
#[derive(Debug, Clone)]
pub struct Next {
    /// Where.
    pub home: HomeId,
    /// Its code.
    pub code: String,
    /// Why.
    pub reason: Reason,
    /// On which day the plan has it; none where there is no plan yet.
    pub day: Option<LocalDate>,
    /// The last visit; none since the register began.
    pub last_visit: Option<Instant>,
    order: i64,
}

impl Next {
    /// The home's place in the register.
    pub(super) fn order(&self) -> i64 {
        self.order
    }
}

/// The households to visit next: the plan's that do not count yet this month, those up to today first in
/// walking order; without a plan, those that a plan would begin with.
pub fn next_visits(
    db: &mut Db,
    community: CommunityId,
    steward: PersonId,
    now: Instant,
    limit: usize,
) -> Result<Vec<Next>> {
    let today = community::by_id(db, community)?.today(now)?;
    let month = Month::of(today);
    let facts = Facts::load(db, community, month)?;
    let counting = facts.visits(steward).iter().filter_map(rules::counting);
    let seen: BTreeSet<HouseholdId> = counting.map(|one| one.household).collect();
    let entries = plan::planned(db, community, steward, month)?;
    let candidates = plan::candidates(db, community, steward, today)?;
    let last: BTreeMap<HouseholdId, Option<Instant>> =
        candidates.iter().map(|one| (one.household, one.last_visit)).collect();
    let mut chosen: Vec<(HouseholdId, HomeId, Reason, Option<LocalDate>)> = if entries.is_empty() {
        let signs = plan::signs(db, community, now)?;
        let all = plan::ordered(candidates, &signs, today).into_iter();
        all.map(|(one, reason)| (one.household, one.home, reason, None)).collect()
    } else {
        entries.into_iter().map(|one| (one.household_id, one.home_id, one.reason, Some(one.day))).collect()
    };
    chosen.retain(|one| !seen.contains(&one.0) && last.contains_key(&one.0));
    chosen.truncate(limit);
    let places = codes(db, &chosen.iter().map(|one| one.1).collect::<Vec<_>>())?;
    let next = |(household, home, reason, day): (HouseholdId, HomeId, Reason, Option<LocalDate>)| {
        let (code, order) = places.get(&home).cloned()?;
        let last_visit = last.get(&household).copied().flatten();
        Some(Next { home, code, reason, day, last_visit, order })
    };
    let mut all: Vec<Next> = chosen.into_iter().filter_map(next).collect();
    let tomorrow = today + Days::new(1);
    all.sort_by_key(|one| {
        let is_due = one.day.is_none_or(|day| day < tomorrow);
        (!is_due, if is_due { None } else { one.day }, one.order)
    });
    Ok(all)
}

/// The person of a login of the community's.
///
/// # Errors
/// Not found where nobody of the community signs in so.
pub fn by_login(db: &mut Db, community: CommunityId, login: &str) -> Result<PersonId> {
    Ok(logins::table
        .inner_join(accounts::table.on(accounts::id.eq(logins::account_id)))
        .inner_join(people::table.on(people::id.eq(accounts::person_id)))
        .filter(logins::name.eq(access::login::fold(login)))
        .filter(people::community_id.eq(community.0).assume_not_null())
        .select(accounts::person_id)
        .first(db)?)
}
