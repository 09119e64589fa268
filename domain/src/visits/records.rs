//! The rows of visits: what was made never changes, what was decided about it stands beside it.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{visit_decisions, visits};
use crate::{CommunityId, Db, HomeId, HouseholdId, Instant, LocalDate, Month, PersonId, Result, VisitId};

crate::words! {
    /// What was decided about a visit.
    Verdict {
        /// It was written down wrongly.
        Voided = "voided",
        /// It counts although it was logged late.
        Accepted = "accepted",
        /// It was logged late and does not count.
        Refused = "refused",
    }
}

crate::words! {
    /// Why a frozen month was corrected.
    Cause {
        /// A visit arrived in time by the 48-hour rule.
        Arrived = "arrived",
        /// A late visit was accepted.
        Accepted = "accepted",
        /// A late visit was refused.
        Refused = "refused",
        /// A visit was voided.
        Voided = "voided",
    }
}

impl From<Verdict> for Cause {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Voided => Self::Voided,
            Verdict::Accepted => Self::Accepted,
            Verdict::Refused => Self::Refused,
        }
    }
}

/// A visit's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visits)]
pub struct Row {
    /// Its id.
    pub id: VisitId,
    /// The community.
    pub community_id: CommunityId,
    /// Who made it.
    pub steward_id: PersonId,
    /// At which home.
    pub home_id: HomeId,
    /// To which household, as it was then.
    pub household_id: HouseholdId,
    /// When it began.
    pub started_at: Instant,
    /// The community's day of its beginning.
    pub day: LocalDate,
    /// The month it belongs to.
    pub month: Month,
    /// Who was spoken to.
    pub spoken_to: String,
    /// What about, a line each.
    pub topics: String,
    /// What they said.
    pub said: String,
    /// How satisfied they are, 1 to 5.
    pub satisfaction: i32,
    /// What was promised; none where nothing was.
    pub follow_up: Option<String>,
    /// Whether its maker was the steward of the home then.
    pub in_area: bool,
    /// Whether it was logged too late to count by itself.
    pub late: bool,
    /// When it arrived.
    pub logged_at: Instant,
}

/// What somebody decided about a visit.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visit_decisions)]
pub struct Said {
    /// The visit.
    pub visit_id: VisitId,
    /// What.
    pub decision: Verdict,
    /// Why.
    pub reason: String,
    /// Who.
    pub by_id: PersonId,
    /// When.
    pub at: Instant,
}

/// A visit with what was decided about it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// As it was made.
    pub row: Row,
    /// Decisions, oldest first.
    pub said: Vec<Said>,
}

impl Visit {
    /// How it was voided, if it was.
    pub fn voided(&self) -> Option<&Said> {
        self.said.iter().find(|said| said.decision == Verdict::Voided)
    }

    /// What was decided about its lateness.
    pub fn late_verdict(&self) -> Option<&Said> {
        self.said.iter().find(|said| said.decision != Verdict::Voided)
    }

    /// Whether the supervisor has yet to decide about it.
    pub fn waits_for_decision(&self) -> bool {
        self.row.late && self.row.in_area && self.said.is_empty()
    }

    /// The topics, one by one.
    pub fn topics(&self) -> Vec<&str> {
        self.row.topics.lines().collect()
    }
}

/// A visit of its id, with what was decided about it.
pub fn by_id(db: &mut Db, id: VisitId) -> Result<Visit> {
    let row: Row = visits::table.find(id.0).select(Row::as_select()).first(db)?;
    with_decisions(db, vec![row])?.pop().ok_or(crate::Error::NotFound)
}

/// All visits of a community's month, or those of one steward, in the order they were made.
pub fn of_month(
    db: &mut Db,
    community: CommunityId,
    month: Month,
    steward: Option<PersonId>,
) -> Result<Vec<Visit>> {
    let mut query =
        visits::table.filter(visits::community_id.eq(community.0).and(visits::month.eq(month))).into_boxed();
    if let Some(steward) = steward {
        query = query.filter(visits::steward_id.eq(steward.0));
    }
    let rows = query.order((visits::started_at, visits::id)).select(Row::as_select()).load(db)?;
    with_decisions(db, rows)
}

/// The newest visits to a home that were not voided.
pub fn of_home(db: &mut Db, home: HomeId, limit: i64) -> Result<Vec<Visit>> {
    let rows = visits::table
        .filter(visits::home_id.eq(home.0))
        .order(visits::started_at.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(db)?;
    let all = with_decisions(db, rows)?;
    Ok(all.into_iter().filter(|visit| visit.voided().is_none()).collect())
}

/// Late visits of the community that wait for the supervisor, oldest first.
pub fn waiting(db: &mut Db, community: CommunityId) -> Result<Vec<Visit>> {
    let rows = visits::table
        .left_join(visit_decisions::table.on(visit_decisions::visit_id.eq(visits::id)))
        .filter(visits::community_id.eq(community.0).and(visits::late.eq(true)).and(visits::in_area.eq(true)))
        .filter(visit_decisions::id.nullable().is_null())
        .order(visits::id)
        .select(Row::as_select())
        .load(db)?;
    with_decisions(db, rows)
}

fn with_decisions(db: &mut Db, rows: Vec<Row>) -> Result<Vec<Visit>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let said: Vec<Said> = visit_decisions::table
        .filter(visit_decisions::visit_id.eq_any(ids))
        .order(visit_decisions::id)
        .select(Said::as_select())
        .load(db)?;
    let mut by_visit: HashMap<VisitId, Vec<Said>> = HashMap::new();
    for one in said {
        by_visit.entry(one.visit_id).or_default().push(one);
    }
    let join = |row: Row| Visit { said: by_visit.remove(&row.id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(join).collect())
}

/// The newest moment at which anything of a steward's month was written down.
pub(super) fn latest(db: &mut Db, month: (CommunityId, PersonId, Month)) -> Result<Option<Instant>> {
    let all = of_month(db, month.0, month.2, Some(month.1))?;
    let moments = all.iter().flat_map(|v| v.said.iter().map(|s| s.at).chain([v.row.logged_at]));
    Ok(moments.max())
}

/// What is written down of a new visit.
pub(super) struct Fresh<'a> {
    pub(super) steward: PersonId,
    pub(super) household: HouseholdId,
    pub(super) day: LocalDate,
    pub(super) in_area: bool,
    pub(super) late: bool,
    pub(super) logged_at: Instant,
    pub(super) new: &'a super::NewVisit,
}

pub(super) fn insert(tx: &mut Db, community: CommunityId, fresh: &Fresh<'_>) -> Result<VisitId> {
    let new = fresh.new;
    let row = (
        (
            visits::community_id.eq(community),
            visits::steward_id.eq(fresh.steward),
            visits::home_id.eq(new.home),
            visits::household_id.eq(fresh.household),
            visits::started_at.eq(new.started_at),
            visits::day.eq(fresh.day),
            visits::month.eq(Month::of(fresh.day)),
        ),
        visits::spoken_to.eq(new.spoken_to.trim()),
        visits::topics.eq(new.topics.iter().map(|topic| topic.trim()).collect::<Vec<_>>().join("\n")),
        visits::said.eq(new.said.trim()),
        visits::satisfaction.eq(new.satisfaction),
        visits::follow_up.eq(new.follow_up.as_deref().map(str::trim)),
        visits::in_area.eq(fresh.in_area),
        visits::late.eq(fresh.late),
        visits::logged_at.eq(fresh.logged_at),
    );
    Ok(diesel::insert_into(visits::table).values(row).returning(visits::id).get_result(tx)?)
}

pub(super) fn insert_said(tx: &mut Db, community: CommunityId, said: &Said) -> Result<()> {
    let row = (
        visit_decisions::community_id.eq(community),
        visit_decisions::visit_id.eq(said.visit_id),
        visit_decisions::decision.eq(said.decision),
        visit_decisions::reason.eq(&said.reason),
        visit_decisions::by_id.eq(said.by_id),
        visit_decisions::at.eq(said.at),
    );
    diesel::insert_into(visit_decisions::table).values(row).execute(tx)?;
    Ok(())
}
