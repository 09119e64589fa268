//! The rows of the duty spine.

use diesel::prelude::*;

use super::{Kind, State, SubjectKind};
use crate::db::schema::duties;
use crate::{CommunityId, Db, DutyId, Instant, PersonId, Result};

/// A duty as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = duties)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// The community.
    pub community_id: CommunityId,
    /// What is owed.
    pub kind: Kind,
    /// What kind of thing it is about.
    pub subject_kind: SubjectKind,
    /// Which.
    pub subject_id: i64,
    /// Which occurrence.
    pub occurrence: String,
    /// By which rule.
    pub rule: String,
    /// Who owes it.
    pub owner_id: PersonId,
    /// From when it can be done.
    pub not_before: Instant,
    /// When it is tried next.
    pub next_at: Instant,
    /// When it has to be done.
    pub due_at: Instant,
    /// What became of it.
    pub state: State,
    /// Attempts made.
    pub attempts: i32,
    /// What kind of record fulfilled it.
    pub record_kind: Option<String>,
    /// Which.
    pub record_id: Option<i64>,
    /// When it was recorded as missed.
    pub missed_at: Option<Instant>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// The rule that took it out.
    pub cancel_rule: Option<String>,
    /// Who took it out.
    pub cancelled_by: Option<PersonId>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// When it was raised.
    pub created_at: Instant,
}

/// Which duties to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only owed by this person.
    pub owner: Option<PersonId>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only due at or after this.
    pub from: Option<Instant>,
    /// Only due before this.
    pub to: Option<Instant>,
    /// Only those with an id above this.
    pub after: Option<DutyId>,
}

pub(super) fn list(db: &mut Db, community: CommunityId, filter: &Filter, limit: i64) -> Result<Vec<Duty>> {
    let mut query = duties::table.filter(duties::community_id.eq(community.0)).into_boxed();
    if let Some(owner) = filter.owner {
        query = query.filter(duties::owner_id.eq(owner));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(duties::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(duties::state.eq(state));
    }
    if let Some(from) = filter.from {
        query = query.filter(duties::due_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(duties::due_at.lt(to));
    }
    if let Some(after) = filter.after {
        query = query.filter(duties::id.gt(after.0));
    }
    Ok(query.order(duties::id).limit(limit).select(Duty::as_select()).load(db)?)
}
