//! The rows of the case spine.

use diesel::prelude::*;

use super::{Channel, Kind, NewCase, Urgency};
use crate::db::schema::{case_breaches, case_events, cases};
use crate::db::{Kept, directly};
use crate::{CaseId, CommunityId, Db, HomeId, Instant, PersonId, Result};

/// A case as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The community.
    pub community_id: CommunityId,
    /// The number people say; none for a draft.
    pub number: Option<String>,
    /// What kind.
    pub kind: Kind,
    /// Its state, a word of the kind's own table.
    pub state: String,
    /// The home it is about.
    pub home_id: Option<HomeId>,
    /// The public place it is about.
    pub place: Option<String>,
    /// Who reported it.
    pub reporter_id: Option<PersonId>,
    /// What a reporter outside the register is called.
    pub reporter_name: Option<String>,
    /// Their phone.
    pub reporter_phone: Option<String>,
    /// By which way it came.
    pub channel: Channel,
    /// Who answers for it.
    pub accountable_id: Option<PersonId>,
    /// Its category.
    pub category: String,
    /// How fast it has to go.
    pub urgency: Urgency,
    /// What was said.
    pub text: String,
    /// When it was submitted.
    pub submitted_at: Option<Instant>,
    /// When somebody has to take it.
    pub respond_by: Option<Instant>,
    /// When somebody did.
    pub responded_at: Option<Instant>,
    /// When it has to be done.
    pub resolve_by: Option<Instant>,
    /// When it was.
    pub resolved_at: Option<Instant>,
    /// Since when its clock stands still.
    pub paused_at: Option<Instant>,
    /// How often it was done so far.
    pub finish_number: i32,
    /// How often it was reopened so far: each time with new clocks.
    pub round: i32,
    /// The case that it was merged into.
    pub merged_into: Option<CaseId>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Grows with every step.
    pub version: i32,
    /// When it was first written down.
    pub created_at: Instant,
}

impl Case {
    /// The number, empty for a draft.
    pub fn number(&self) -> &str {
        self.number.as_deref().unwrap_or_default()
    }
}

/// A line of a timeline.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_events)]
pub struct Event {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// Who; none where the portal itself acted.
    pub actor_id: Option<PersonId>,
    /// What was done.
    pub action: String,
    /// From which state.
    pub from_state: Option<String>,
    /// To which.
    pub to_state: String,
    /// What was said.
    pub note: String,
    /// Whether the resident sees it.
    pub visible: bool,
}

/// A clock that ran out.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_breaches)]
pub struct Breach {
    /// The case.
    pub case_id: CaseId,
    /// `respond` or `resolve`.
    pub clock: String,
    /// How often the case had been reopened before.
    pub round: i32,
    /// When it should have been.
    pub due_at: Instant,
    /// When the breach was seen.
    pub recorded_at: Instant,
}

/// Which cases to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only these states.
    pub states: Vec<String>,
    /// Only those that are not closed, merged or cancelled.
    pub running: bool,
    /// Only those that are.
    pub over: bool,
    /// Only those within somebody's reach.
    pub reach: Option<Reach>,
    /// Only submitted at or after this.
    pub since: Option<Instant>,
    /// Only those with an id below this.
    pub before: Option<CaseId>,
}

/// The cases that somebody may see who may not see all: theirs, those about these homes, and these.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Reported by them, or theirs to answer for.
    pub person: PersonId,
    /// About one of these homes.
    pub homes: Vec<HomeId>,
    /// Given to them, or open for anybody to take.
    pub ids: Vec<CaseId>,
}

pub(super) fn insert(tx: &mut Db, now: Instant, new: &NewCase) -> Result<CaseId> {
    let row = (
        (
            cases::community_id.eq(new.community),
            cases::kind.eq(new.kind),
            cases::state.eq("draft"),
            cases::home_id.eq(new.home),
            cases::place.eq(&new.place),
            cases::reporter_id.eq(new.reporter),
            cases::reporter_name.eq(&new.reporter_name),
            cases::reporter_phone.eq(&new.reporter_phone),
        ),
        cases::channel.eq(new.channel),
        cases::accountable_id.eq(new.accountable),
        cases::category.eq(&new.category),
        cases::urgency.eq(new.urgency),
        cases::text.eq(&new.text),
        cases::respond_by.eq(new.respond_by),
        cases::resolve_by.eq(new.resolve_by),
        cases::created_at.eq(now),
    );
    Ok(diesel::insert_into(cases::table).values(row).returning(cases::id).get_result(tx)?)
}

pub(super) fn list(db: &mut Db, community: CommunityId, filter: &Filter, limit: i64) -> Result<Vec<Case>> {
    Ok(directly!(db, (db, Backend) => {
        let mut query = cases::table
            .filter(cases::community_id.eq(community.0).and(cases::submitted_at.is_not_null()))
            .into_boxed::<Backend>();
        if let Some(kind) = filter.kind {
            query = query.filter(cases::kind.eq(kind));
        }
        if !filter.states.is_empty() {
            query = query.filter(cases::state.eq_any(filter.states.clone()));
        }
        if filter.running {
            query = query.filter(cases::closed_at.is_null());
        }
        if filter.over {
            query = query.filter(cases::closed_at.is_not_null());
        }
        if let Some(reach) = &filter.reach {
            let homes: Vec<_> = reach.homes.iter().map(|home| home.0).collect();
            let ids: Vec<_> = reach.ids.iter().map(|id| id.0).collect();
            let theirs = cases::reporter_id.eq(reach.person.0).or(cases::accountable_id.eq(reach.person.0));
            let about = cases::home_id.eq_any(homes).or(cases::id.eq_any(ids).nullable());
            query = query.filter(theirs.or(about));
        }
        if let Some(since) = filter.since {
            query = query.filter(cases::submitted_at.ge(since));
        }
        if let Some(before) = filter.before {
            query = query.filter(cases::id.lt(before.0));
        }
        let listed = filter.reach.as_ref().map_or(0, |reach| reach.homes.len() + reach.ids.len());
        let query = query.order(cases::id.desc()).select(Case::as_select());
        Kept::listing(listed, query).at_most(limit).load(db)
    })?)
}
