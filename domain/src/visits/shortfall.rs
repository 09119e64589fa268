//! A month that stayed short: the steward is asked for the reason on the 3rd, the supervisor for a decision.
//! It stands in the assessment, whatever the decision.

use chrono::NaiveTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::pace;
use super::quota::{closes_at, figures, frozen};
use super::rules::State;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{visit_months, visit_shortfalls};
use crate::error::Conflict;
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Error, Instant, LocalDate, Month, PersonId, Result, community, on_duty};

crate::words! {
    /// What the supervisor decided about a short month.
    Decision {
        /// Made up next month, on top of its quota.
        MakeUp = "make_up",
        /// Excused.
        Excused = "excused",
    }
}

/// A short month.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = visit_shortfalls)]
pub struct Shortfall {
    /// Its id.
    pub id: i64,
    /// The community.
    pub community_id: CommunityId,
    /// The steward.
    pub steward_id: PersonId,
    /// The month.
    pub month: Month,
    /// Households missing, as they stood when it was asked.
    pub short_by: i64,
    /// When the reason was asked for.
    pub asked_at: Instant,
    /// The steward's reason.
    pub reason: Option<String>,
    /// The supervisor's decision.
    pub decision: Option<Decision>,
    /// In which month it is made up.
    pub make_up_month: Option<Month>,
    /// What the supervisor wrote.
    pub note: String,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// Grows with each change.
    pub version: i32,
}

/// Asks for the reasons of every closed month that is short and was not asked about, from the 3rd at 08:30
/// after it. Returns how many stewards were asked.
pub fn ask(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let zone = community::by_id(tx, community)?.zone()?;
    let today = zone.date(now);
    let months: Vec<Month> = visit_months::table
        .filter(visit_months::community_id.eq(community.0))
        .select(visit_months::month)
        .distinct()
        .order(visit_months::month.desc())
        .limit(3)
        .load(tx)?;
    let mut asked = 0;
    for month in months {
        let third = month.next().first_day() + chrono::Days::new(2);
        if zone.at(third, NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default()) > now {
            continue;
        }
        for figure in figures(tx, community, month, now)? {
            if figure.is_frozen && figure.state == State::Short {
                let key = (community, figure.steward, month);
                asked += usize::from(ask_one(tx, key, figure.short_by(), (today, now))?);
            }
        }
    }
    Ok(asked)
}

fn ask_one(
    tx: &mut Db,
    (community, steward, month): (CommunityId, PersonId, Month),
    short_by: i64,
    (today, now): (LocalDate, Instant),
) -> Result<bool> {
    let sql = "INSERT INTO visit_shortfalls (community_id, steward_id, month, short_by, asked_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community_id, steward_id, month) DO NOTHING";
    let made = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(steward.0)
        .bind::<Text, _>(month.as_str())
        .bind::<BigInt, _>(short_by)
        .bind::<Timestamp, _>(now)
        .execute(tx)?;
    if made == 0 {
        return Ok(false);
    }
    let name = pace::name(tx, steward)?;
    let mut tell = Tell {
        community,
        event: format!("visits.short:{community}:{steward}:{month}"),
        person: steward,
        code: "visits.short",
        args: serde_json::json!({ "month": month.as_str(), "short_by": short_by, "steward": name }),
        link: Some("/visits".to_owned()),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &tell, now)?;
    tell.code = "visits.short_decide";
    tell.link = Some("/visits/team".to_owned());
    let supervisors = on_duty::supervisors_on(tx, community, today)?;
    notifications::tell_all(tx, &supervisors, &tell, now)?;
    Ok(true)
}

/// The shortfalls of a community, newest month first; of one steward where given.
pub fn shortfalls(db: &mut Db, community: CommunityId, steward: Option<PersonId>) -> Result<Vec<Shortfall>> {
    let mut query =
        visit_shortfalls::table.filter(visit_shortfalls::community_id.eq(community.0)).into_boxed();
    if let Some(steward) = steward {
        query = query.filter(visit_shortfalls::steward_id.eq(steward.0));
    }
    let newest = (visit_shortfalls::month.desc(), visit_shortfalls::steward_id);
    Ok(query.order(newest).limit(60).select(Shortfall::as_select()).load(db)?)
}

/// The shortfall of an id.
pub fn shortfall(db: &mut Db, id: i64) -> Result<Shortfall> {
    Ok(visit_shortfalls::table.find(id).select(Shortfall::as_select()).first(db)?)
}

/// The steward's reason; it can be written anew until the supervisor has decided.
pub fn explain(tx: &mut Db, actor: &Actor, now: Instant, id: i64, reason: &str) -> Result<()> {
    let row = shortfall(tx, id)?;
    if actor.person != Some(row.steward_id) {
        return Err(Error::NotFound);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let set = (visit_shortfalls::reason.eq(reason), visit_shortfalls::reason_at.eq(now));
    take(tx, &row)?;
    diesel::update(visit_shortfalls::table.find(id)).set(set).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(row.community_id, "shortfall.explain", "shortfall", id))
}

/// The supervisor's decision. What is made up comes on top of the next month's quota; of the present month's
/// where the next is closed already.
pub fn decide(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: i64,
    (decision, note): (Decision, &str),
) -> Result<()> {
    let row = shortfall(tx, id)?;
    allow(tx, actor, now, Action::DecideVisit, Object::Community(row.community_id))
        .map_err(|_| Error::NotFound)?;
    let next = make_up_month(tx, &row, now)?;
    let set = (
        visit_shortfalls::decision.eq(decision),
        visit_shortfalls::make_up_month.eq((decision == Decision::MakeUp).then_some(next)),
        visit_shortfalls::note.eq(note.trim()),
        visit_shortfalls::decided_by.eq(actor.person),
        visit_shortfalls::decided_at.eq(now),
    );
    take(tx, &row)?;
    diesel::update(visit_shortfalls::table.find(id)).set(set).execute(tx)?;
    let line = Line::new(row.community_id, "shortfall.decide", "shortfall", id).fields(decision.as_str());
    audit::write(tx, actor, now, &line)
}

fn make_up_month(db: &mut Db, row: &Shortfall, now: Instant) -> Result<Month> {
    let zone = community::by_id(db, row.community_id)?.zone()?;
    let next = row.month.next();
    let is_closed =
        closes_at(zone, next) <= now || frozen(db, row.community_id, next)?.contains_key(&row.steward_id);
    Ok(if is_closed { Month::of(zone.date(now)) } else { next })
}

/// Takes a shortfall that was not decided yet; whoever looked at it before is told so.
fn take(tx: &mut Db, row: &Shortfall) -> Result<()> {
    let open = visit_shortfalls::table
        .filter(visit_shortfalls::id.eq(row.id).and(visit_shortfalls::version.eq(row.version)))
        .filter(visit_shortfalls::decision.is_null());
    let taken = diesel::update(open).set(visit_shortfalls::version.eq(row.version + 1)).execute(tx)?;
    if taken == 1 {
        return Ok(());
    }
    let state = row.decision.map_or_else(|| "open".to_owned(), |decision| decision.to_string());
    Err(Error::Conflict(Conflict { what: "shortfall", state, version: row.version }))
}
