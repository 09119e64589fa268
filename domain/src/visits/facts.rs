//! What the quota is worked out from: who was steward on which days, and which households stood in whose area.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use crate::access::Role;
use crate::calendar::Calendar;
use crate::db::schema::{households, role_grants};
use crate::roster::Roster;
use crate::roster::rules::Rest;
use crate::{CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, Month, PersonId, Result};

/// The working days of a month, and those of each steward in it.
#[derive(Debug, Clone)]
pub struct Days {
    whole: BTreeMap<PersonId, i64>,
    own: BTreeMap<PersonId, Vec<LocalDate>>,
}

impl Days {
    /// Every steward of the month, also those without a working day of their own.
    pub fn stewards(&self) -> Vec<PersonId> {
        self.own.keys().copied().collect()
    }

    /// How many working days the month has for a steward who is there for all of it.
    pub fn whole(&self, steward: PersonId) -> i64 {
        self.whole.get(&steward).copied().unwrap_or(0)
    }

    /// A steward's own working days, in order.
    pub fn own(&self, steward: PersonId) -> &[LocalDate] {
        self.own.get(&steward).map_or(&[], Vec::as_slice)
    }
}

/// The working days of a month by steward: joined late, left early or on approved leave, a steward has only a
/// part of it. Whose weekly rest the roster has works by that, else by the calendar. With `as_of` what of the
/// roster was known just before that moment.
pub fn days(db: &mut Db, community: CommunityId, month: Month, as_of: Option<Instant>) -> Result<Days> {
    let calendar = Calendar::load(db, community)?;
    let roster = Roster::load(db, community, (month.first_day(), month.last_day()), as_of)?;
    let spans: Vec<(PersonId, LocalDate, Option<LocalDate>)> = role_grants::table
        .filter(role_grants::community_id.eq(community.0).and(role_grants::role.eq(Role::Steward)))
        .filter(role_grants::starts_on.le(month.last_day()))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(month.first_day())))
        .select((role_grants::person_id, role_grants::starts_on, role_grants::ends_on))
        .load(db)?;
    let mut own: BTreeMap<PersonId, BTreeSet<LocalDate>> = BTreeMap::new();
    let mut whole = BTreeMap::new();
    for (steward, from, to) in spans {
        let worked: Vec<LocalDate> =
            month.each_day().filter(|day| is_worked(&calendar, roster.rest(steward, *day), *day)).collect();
        let inside = worked.iter().filter(|day| **day >= from && to.is_none_or(|to| **day <= to));
        let there = inside.filter(|day| roster.leave(steward, **day).is_none());
        own.entry(steward).or_default().extend(there);
        whole.insert(steward, i64::try_from(worked.len()).unwrap_or(0));
    }
    let own = own.into_iter().map(|(steward, days)| (steward, days.into_iter().collect())).collect();
    Ok(Days { whole, own })
}

/// Who rests by the week works the other days, holidays too; who does not, works by the calendar.
fn is_worked(calendar: &Calendar, rest: Rest, day: LocalDate) -> bool {
    if rest.is_none() { calendar.is_working(day) } else { !rest.falls_on(day) }
}

#[derive(QueryableByName)]
struct Area {
    #[diesel(sql_type = BigInt)]
    steward_id: PersonId,
    #[diesel(sql_type = BigInt)]
    households: i64,
}

/// How many households stood in each steward's area at some time of the month.
pub fn households(db: &mut Db, community: CommunityId, month: Month) -> Result<BTreeMap<PersonId, i64>> {
    let (first, last) = (month.first_day(), month.last_day());
    let sql = "SELECT s.steward_id, COUNT(DISTINCT h.id) AS households \
               FROM home_stewards s JOIN households h ON h.home_id = s.home_id \
               WHERE s.community_id = $1 AND s.starts_on <= $2 AND COALESCE(s.ends_on, $3) >= $4 \
               AND h.started_on <= $5 AND COALESCE(h.ended_on, $6) >= $7 \
               AND h.started_on <= COALESCE(s.ends_on, $8) AND s.starts_on <= COALESCE(h.ended_on, $9) \
               GROUP BY s.steward_id";
    let rows: Vec<Area> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(last)
        .bind::<Date, _>(last)
        .bind::<Date, _>(first)
        .bind::<Date, _>(last)
        .bind::<Date, _>(last)
        .bind::<Date, _>(first)
        .bind::<Date, _>(last)
        .bind::<Date, _>(last)
        .load(db)?;
    Ok(rows.into_iter().map(|row| (row.steward_id, row.households)).collect())
}

/// The household of a home on a day; none where it stands empty. On a day of change, the one that came.
pub fn household_on(db: &mut Db, home: HomeId, day: LocalDate) -> Result<Option<HouseholdId>> {
    Ok(households::table
        .filter(households::home_id.eq(home.0).and(households::started_on.le(day)))
        .filter(households::ended_on.is_null().or(households::ended_on.ge(day)))
        .order((households::started_on.desc(), households::id.desc()))
        .select(households::id)
        .first(db)
        .optional()?)
}
