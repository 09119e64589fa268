//! The visit plan: on the 1st each steward gets the quota and a fifth more, spread over the working days, in
//! the order of domain.md §9: promises, key households, the unhappy, the newly moved in, the longest unvisited.

use std::collections::BTreeSet;

use chrono::{Months, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Timestamp};

use super::quota::Facts;
use super::rules;
use crate::db::schema::{cases, duties, return_visits, visit_plans, visits};
use crate::duties::{Kind, State, SubjectKind};
use crate::{
    CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, Month, PersonId, Result, community, settings,
};

crate::words! {
    /// Why somebody is on the plan.
    Reason {
        /// A promise is owed.
        FollowUp = "follow_up",
        /// 重点客户
        KeyHousehold = "key_household",
        /// Complained or was not satisfied in the last 30 days.
        Unhappy = "unhappy",
        /// Moved in within 30 days.
        MovedIn = "moved_in",
        /// Unvisited for longest.
        Longest = "longest",
    }
}

/// A line of the plan.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visit_plans)]
pub struct Entry {
    /// Its place in the order.
    pub position: i64,
    /// Whom.
    pub household_id: HouseholdId,
    /// Where.
    pub home_id: HomeId,
    /// On which day.
    pub day: LocalDate,
    /// Why.
    pub reason: Reason,
}

/// A household of an area, as the plan looks at it.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Candidate {
    #[diesel(sql_type = BigInt)]
    pub(super) household: HouseholdId,
    #[diesel(sql_type = BigInt)]
    pub(super) home: HomeId,
    #[diesel(sql_type = Bool)]
    pub(super) key: bool,
    #[diesel(sql_type = Date)]
    pub(super) since: LocalDate,
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub(super) last_visit: Option<Instant>,
}

/// What is known about homes that puts them first.
#[derive(Debug, Default)]
pub(super) struct Signs {
    pub(super) promised: BTreeSet<HomeId>,
    pub(super) unhappy: BTreeSet<HomeId>,
}

impl Signs {
    /// Why a household comes when it comes.
    pub(super) fn reason(&self, one: &Candidate, today: LocalDate) -> Reason {
        if self.promised.contains(&one.home) {
            Reason::FollowUp
        } else if one.key {
            Reason::KeyHousehold
        } else if self.unhappy.contains(&one.home) {
            Reason::Unhappy
        } else if today.signed_duration_since(one.since) <= TimeDelta::days(30) {
            Reason::MovedIn
        } else {
            Reason::Longest
        }
    }
}

/// Candidates in the order of the plan; they come in register order, which decides between equals.
pub(super) fn ordered(
    candidates: Vec<Candidate>,
    signs: &Signs,
    today: LocalDate,
) -> Vec<(Candidate, Reason)> {
    let mut all: Vec<_> = candidates
        .into_iter()
        .map(|one| {
            let reason = signs.reason(&one, today);
            (one, reason)
        })
        .collect();
    all.sort_by_key(|(one, reason)| (*reason, one.last_visit));
    all
}

/// Plans the month of every steward who has working days left in it and no plan yet: on the 1st all of them,
/// on a later morning who joined meanwhile. Returns how many plans it made.
pub fn plan_missing(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let zone = community::by_id(tx, community)?.zone()?;
    let today = zone.date(now);
    let facts = Facts::load(tx, community, Month::of(today))?;
    let extra = settings::get(tx, community, settings::VISIT_PLAN_EXTRA)?;
    let signs = signs(tx, community, now)?;
    let mut made = 0;
    for steward in facts.days.stewards() {
        let left: Vec<LocalDate> =
            facts.days.own(steward).iter().copied().filter(|day| *day >= today).collect();
        if left.is_empty() || has_plan(tx, community, steward, facts.month)? {
            continue;
        }
        let first = left.first().copied().unwrap_or(today);
        let candidates = candidates(tx, community, steward, first)?;
        let share = facts.share(steward);
        let length = rules::plan_length(share.quota(), extra, share.households);
        let chosen: Vec<_> = ordered(candidates, &signs, today)
            .into_iter()
            .take(usize::try_from(length).unwrap_or(0))
            .collect();
        insert(tx, (community, steward, facts.month), &chosen, &left)?;
        made += usize::from(!chosen.is_empty());
    }
    Ok(made)
}

fn has_plan(db: &mut Db, community: CommunityId, steward: PersonId, month: Month) -> Result<bool> {
    let count: i64 = visit_plans::table
        .filter(visit_plans::community_id.eq(community.0).and(visit_plans::steward_id.eq(steward.0)))
        .filter(visit_plans::month.eq(month))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

/// The households of a steward's area on a day, in register order, with their last visit.
pub(super) fn candidates(
    db: &mut Db,
    community: CommunityId,
    steward: PersonId,
    day: LocalDate,
) -> Result<Vec<Candidate>> {
    let sql = "SELECT h.id AS household, m.id AS home, m.key_household AS key, h.started_on AS since, \
               (SELECT MAX(v.started_at) FROM visits v WHERE v.household_id = h.id AND NOT EXISTS \
               (SELECT 1 FROM visit_decisions d WHERE d.visit_id = v.id AND d.decision = 'voided')) AS last_visit \
               FROM home_stewards s JOIN homes m ON m.id = s.home_id \
               JOIN households h ON h.home_id = m.id \
               WHERE s.community_id = $1 AND s.steward_id = $2 \
               AND s.starts_on <= $3 AND COALESCE(s.ends_on, $4) >= $5 \
               AND h.started_on <= $6 AND COALESCE(h.ended_on, $7) >= $8 ORDER BY m.register_order";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(steward.0)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .bind::<Date, _>(day)
        .load(db)?)
}

/// Homes with an open promise, and homes that complained or were not satisfied in the last 30 days.
pub(super) fn signs(db: &mut Db, community: CommunityId, now: Instant) -> Result<Signs> {
    let since = now.minus(TimeDelta::days(30));
    let promised: Vec<i64> = duties::table
        .filter(duties::community_id.eq(community.0).and(duties::kind.eq(Kind::FollowUp)))
        .filter(duties::state.eq(State::Open).and(duties::subject_kind.eq(SubjectKind::Home)))
        .select(duties::subject_id)
        .load(db)?;
    let complained: Vec<Option<HomeId>> = cases::table
        .filter(cases::community_id.eq(community.0).and(cases::kind.eq(crate::cases::Kind::Complaint)))
        .filter(cases::submitted_at.ge(since))
        .select(cases::home_id)
        .load(db)?;
    let called: Vec<Option<HomeId>> = return_visits::table
        .inner_join(cases::table.on(cases::id.eq(return_visits::case_id)))
        .filter(return_visits::community_id.eq(community.0).and(return_visits::at.ge(since)))
        .filter(return_visits::outcome.eq_any(["not_mended", "unsatisfied"]))
        .select(cases::home_id)
        .load(db)?;
    let visited: Vec<HomeId> = visits::table
        .filter(visits::community_id.eq(community.0).and(visits::started_at.ge(since)))
        .filter(visits::satisfaction.le(2))
        .select(visits::home_id)
        .load(db)?;
    Ok(Signs {
        promised: promised.into_iter().map(HomeId).collect(),
        unhappy: complained.into_iter().chain(called).flatten().chain(visited).collect(),
    })
}

fn insert(
    tx: &mut Db,
    (community, steward, month): (CommunityId, PersonId, Month),
    chosen: &[(Candidate, Reason)],
    days: &[LocalDate],
) -> Result<()> {
    let days = rules::spread(chosen.len(), days);
    for (position, ((one, reason), day)) in (1_i64..).zip(chosen.iter().zip(days)) {
        let row = (
            visit_plans::community_id.eq(community),
            visit_plans::steward_id.eq(steward),
            visit_plans::month.eq(month),
            visit_plans::position.eq(position),
            visit_plans::household_id.eq(one.household),
            visit_plans::home_id.eq(one.home),
            visit_plans::day.eq(day),
            visit_plans::reason.eq(*reason),
        );
        diesel::insert_into(visit_plans::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// A steward's plan of a month, in its order.
pub fn planned(db: &mut Db, community: CommunityId, steward: PersonId, month: Month) -> Result<Vec<Entry>> {
    Ok(visit_plans::table
        .filter(visit_plans::community_id.eq(community.0).and(visit_plans::steward_id.eq(steward.0)))
        .filter(visit_plans::month.eq(month))
        .order(visit_plans::position)
        .select(Entry::as_select())
        .load(db)?)
}

/// How far the area is from nobody being unvisited for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Households of the area today.
    pub households: i64,
    /// Of these, unvisited for longer than the setting allows.
    pub unvisited: i64,
    /// The setting, in months.
    pub months: i64,
    /// Visits a month that it takes to see everybody within that time.
    pub takes: i64,
}

/// How far a steward's area is from nobody being unvisited for longer than the setting allows.
pub fn coverage(db: &mut Db, community: CommunityId, steward: PersonId, now: Instant) -> Result<Coverage> {
    let zone = community::by_id(db, community)?.zone()?;
    let months = settings::get(db, community, settings::UNVISITED_MONTHS)?;
    let today = zone.date(now);
    let span = Months::new(u32::try_from(months).unwrap_or(12));
    let since = today.checked_sub_months(span).unwrap_or(today);
    let all = candidates(db, community, steward, today)?;
    let seen =
        |one: &&Candidate| one.last_visit.is_some_and(|at| zone.date(at) >= since) || one.since >= since;
    let households = i64::try_from(all.len()).unwrap_or(0);
    let visited = i64::try_from(all.iter().filter(seen).count()).unwrap_or(0);
    Ok(Coverage {
        households,
        unvisited: households - visited,
        months,
        takes: (households + months - 1) / months,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(home: i64, key: bool, since: &str, last: Option<&str>) -> Candidate {
        Candidate {
            household: HouseholdId(home),
            home: HomeId(home),
            key,
            since: since.parse().unwrap(),
            last_visit: last.map(|at| at.parse().unwrap()),
        }
    }

    #[test]
    fn promises_come_first_then_key_households_the_unhappy_the_new_and_the_longest_unvisited() {
        let old = "2021-06-01";
        let all = vec![
            candidate(1, false, old, Some("2026-10-20T02:00:00Z")),
            candidate(2, false, old, None),
            candidate(3, false, "2026-10-15", None),
            candidate(4, false, old, Some("2026-10-01T02:00:00Z")),
            candidate(5, true, old, Some("2026-10-30T02:00:00Z")),
            candidate(6, false, old, Some("2026-09-01T02:00:00Z")),
            candidate(7, false, old, Some("2026-10-02T02:00:00Z")),
        ];
        let signs = Signs { promised: [HomeId(4)].into(), unhappy: [HomeId(7)].into() };
        let homes: Vec<_> = ordered(all, &signs, "2026-11-01".parse().unwrap())
            .into_iter()
            .map(|(one, reason)| (one.home.0, reason))
            .collect();
        use Reason::*;
        assert_eq!(
            homes,
            [
                (4, FollowUp),
                (5, KeyHousehold),
                (7, Unhappy),
                (3, MovedIn),
                (2, Longest),
                (6, Longest),
                (1, Longest)
            ]
        );
    }
}
