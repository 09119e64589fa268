//! The quota of a steward's month as it stands: worked out from the visits while the month runs, the frozen
//! figures and their corrections once it is closed.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveTime;
use diesel::prelude::*;

use super::facts::{self, Days};
use super::records::{self, Cause, Visit};
use super::rules::{self, Share, State};
use crate::access::{Action, Actor, Object, allow};
use crate::community;
use crate::db::schema::{visit_corrections, visit_months, visit_shortfalls};
use crate::{CommunityId, Db, Error, Instant, Month, PersonId, Result, VisitId, Zone, settings};

/// A month as it was frozen.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visit_months)]
pub struct Frozen {
    /// The steward.
    pub steward_id: PersonId,
    /// The month.
    pub month: Month,
    /// The steward's own working days.
    pub own_days: i64,
    /// The month's.
    pub month_days: i64,
    /// Households of the area.
    pub households: i64,
    /// Made up from a short month.
    pub make_up: i64,
    /// What was asked.
    pub quota: i64,
    /// Distinct households visited.
    pub counted: i64,
    /// What had arrived before this stands in it.
    pub as_of: Instant,
    /// When it was written down.
    pub closed_at: Instant,
}

/// A line that corrects a frozen month.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visit_corrections)]
pub struct Correction {
    /// The steward.
    pub steward_id: PersonId,
    /// The visit.
    pub visit_id: VisitId,
    /// Why.
    pub cause: Cause,
    /// How the number of households changed.
    pub delta: i64,
    /// Who signed it.
    pub by_id: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// A steward's month in numbers.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The steward.
    pub steward: PersonId,
    /// The month.
    pub month: Month,
    /// Distinct households that are asked for at least.
    pub quota: i64,
    /// Distinct households that count; of a closed month: frozen + corrections.
    pub counted: i64,
    /// What the quota came from.
    pub share: Share,
    /// Own working days gone before today.
    pub days_gone: i64,
    /// Distinct households expected by today.
    pub expected_by_today: i64,
    /// Where the month stands.
    pub state: State,
    /// Whether the month was closed.
    pub is_frozen: bool,
    /// What became known since.
    pub corrections: Vec<Correction>,
}

impl Figure {
    /// Households missing to the quota.
    pub fn short_by(&self) -> i64 {
        (self.quota - self.counted).max(0)
    }

    /// Households behind what is expected by today.
    pub fn behind(&self) -> i64 {
        (self.expected_by_today - self.counted).max(0)
    }
}

/// When a month freezes: 00:30 on the 1st of the next.
pub fn closes_at(zone: Zone, month: Month) -> Instant {
    zone.at(month.next().first_day(), NaiveTime::from_hms_opt(0, 30, 0).unwrap_or_default())
}

/// The figures of one steward's month.
///
/// # Errors
/// Not found where the asker may not see them, or the person was no steward in that month.
pub fn of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, steward): (CommunityId, PersonId),
    month: Month,
) -> Result<Figure> {
    allow(db, actor, now, Action::ReadQuota, Object::Person(community, steward))?;
    let all = figures(db, community, month, now)?;
    all.into_iter().find(|figure| figure.steward == steward).ok_or(Error::NotFound)
}

/// The figures of every steward of a month.
pub fn all(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Month,
) -> Result<Vec<Figure>> {
    allow(db, actor, now, Action::ReadQuota, Object::Community(community))?;
    let own_only = !actor.roles_in(community).any(|role| {
        crate::access::policy::relations(Action::ReadQuota, role)
            .any(|r| r == crate::access::Relation::Community)
    });
    let mut all = figures(db, community, month, now)?;
    all.retain(|figure| !own_only || Some(figure.steward) == actor.person);
    Ok(all)
}

pub(super) fn figures(
    db: &mut Db,
    community: CommunityId,
    month: Month,
    now: Instant,
) -> Result<Vec<Figure>> {
    let zone = community::by_id(db, community)?.zone()?;
    let facts = Facts::load(db, community, month)?;
    let frozen = frozen(db, community, month)?;
    let mut lines = corrections(db, community, month)?;
    let stewards = facts.stewards(frozen.keys().copied());
    Ok(stewards
        .into_iter()
        .map(|steward| {
            let open = facts.figure(steward, zone, now);
            let lines = lines.remove(&steward).unwrap_or_default();
            frozen.get(&steward).map_or(open.clone(), |row| thawed(open, row, lines))
        })
        .collect())
}

/// A closed month: what was frozen and what became known since.
fn thawed(mut figure: Figure, row: &Frozen, corrections: Vec<Correction>) -> Figure {
    figure.quota = row.quota;
    figure.counted = row.counted + corrections.iter().map(|line| line.delta).sum::<i64>();
    figure.share.own_days = row.own_days;
    figure.share.month_days = row.month_days;
    figure.share.make_up = row.make_up;
    figure.share.households = row.households;
    figure.days_gone = row.own_days;
    figure.expected_by_today = row.quota;
    figure.state = rules::state(row.quota, figure.counted, true);
    figure.is_frozen = true;
    figure.corrections = corrections;
    figure
}

/// What a month's figures are worked out from, for all stewards at once.
pub(super) struct Facts {
    pub(super) month: Month,
    pub(super) days: Days,
    households: BTreeMap<PersonId, i64>,
    visits: HashMap<PersonId, Vec<Visit>>,
    make_up: HashMap<PersonId, i64>,
    full: i64,
}

impl Facts {
    pub(super) fn load(db: &mut Db, community: CommunityId, month: Month) -> Result<Self> {
        Self::load_as_of(db, community, month, None)
    }

    /// The same with what of the roster was known just before a moment.
    pub(super) fn load_as_of(
        db: &mut Db,
        community: CommunityId,
        month: Month,
        as_of: Option<Instant>,
    ) -> Result<Self> {
        let mut visits: HashMap<PersonId, Vec<Visit>> = HashMap::new();
        for visit in records::of_month(db, community, month, None)? {
            visits.entry(visit.row.steward_id).or_default().push(visit);
        }
        Ok(Self {
            month,
            days: facts::days(db, community, month, as_of)?,
            households: facts::households(db, community, month)?,
            visits,
            make_up: make_up(db, community, month)?,
            full: settings::get(db, community, settings::VISIT_QUOTA)?,
        })
    }

    pub(super) fn visits(&self, steward: PersonId) -> &[Visit] {
        self.visits.get(&steward).map_or(&[], Vec::as_slice)
    }

    pub(super) fn share(&self, steward: PersonId) -> Share {
        Share {
            full: self.full,
            own_days: count(self.days.own(steward).len()),
            month_days: self.days.whole(steward),
            make_up: self.make_up.get(&steward).copied().unwrap_or(0),
            households: self.households.get(&steward).copied().unwrap_or(0),
        }
    }

    /// Every steward of the month, and those whose month was frozen.
    pub(super) fn stewards(&self, more: impl Iterator<Item = PersonId>) -> Vec<PersonId> {
        let mut all = self.days.stewards();
        all.extend(more);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The month of a steward as it stands at `now`, not yet closed.
    pub(super) fn figure(&self, steward: PersonId, zone: Zone, now: Instant) -> Figure {
        let share = self.share(steward);
        let today = zone.date(now);
        let days_gone = count(self.days.own(steward).iter().filter(|day| **day < today).count());
        let (quota, counted) = (share.quota(), rules::counted(self.visits(steward), None));
        Figure {
            steward,
            month: self.month,
            quota,
            counted,
            share,
            days_gone,
            expected_by_today: rules::expected(quota, days_gone, share.own_days),
            state: rules::state(quota, counted, now >= closes_at(zone, self.month)),
            is_frozen: false,
            corrections: Vec::new(),
        }
    }
}

/// What is made up in a month from short ones before it, by steward.
fn make_up(db: &mut Db, community: CommunityId, month: Month) -> Result<HashMap<PersonId, i64>> {
    let rows: Vec<(PersonId, i64)> = visit_shortfalls::table
        .filter(visit_shortfalls::community_id.eq(community.0).and(visit_shortfalls::make_up_month.eq(month)))
        .select((visit_shortfalls::steward_id, visit_shortfalls::short_by))
        .load(db)?;
    let mut sums = HashMap::new();
    for (steward, short_by) in rows {
        *sums.entry(steward).or_default() += short_by;
    }
    Ok(sums)
}

/// The frozen months of a community, by steward.
pub(super) fn frozen(db: &mut Db, community: CommunityId, month: Month) -> Result<HashMap<PersonId, Frozen>> {
    let rows: Vec<Frozen> = visit_months::table
        .filter(visit_months::community_id.eq(community.0).and(visit_months::month.eq(month)))
        .select(Frozen::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(|row| (row.steward_id, row)).collect())
}

fn corrections(
    db: &mut Db,
    community: CommunityId,
    month: Month,
) -> Result<HashMap<PersonId, Vec<Correction>>> {
    let rows: Vec<Correction> = visit_corrections::table
        .filter(visit_corrections::community_id.eq(community.0).and(visit_corrections::month.eq(month)))
        .order(visit_corrections::id)
        .select(Correction::as_select())
        .load(db)?;
    let mut by_steward: HashMap<PersonId, Vec<Correction>> = HashMap::new();
    for row in rows {
        by_steward.entry(row.steward_id).or_default().push(row);
    }
    Ok(by_steward)
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}
