//! The duties behind [`crate::duties::Compliance`], by the same conditions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use super::Span;
use crate::access::{Action, Actor, Object, allow};
use crate::duties::{Kind, State};
use crate::{CommunityId, Db, Instant, Result};

crate::words! {
    /// The duties that a figure counts.
    DutiesOf {
        /// Every one whose latest time has passed, less those that a rule took out.
        Due = "due",
        /// Done in time.
        InTime = "in_time",
        /// Done, but late.
        Late = "late",
        /// Missed, or still open though its time has passed.
        Missed = "missed",
        /// Tried as often as the rule asks.
        Unreachable = "unreachable",
        /// Taken out by a person.
        Cancelled = "cancelled",
        /// Taken out by a named rule.
        ByRule = "by_rule",
    }
}

impl DutiesOf {
    fn condition(self) -> &'static str {
        match self {
            Self::Due => "NOT (d.state = 'cancelled' AND d.cancel_rule IS NOT NULL)",
            Self::InTime => "d.state = 'done'",
            Self::Late => "d.state = 'done_late'",
            Self::Missed => "d.state IN ('open', 'missed')",
            Self::Unreachable => "d.state = 'unreachable'",
            Self::Cancelled => "d.state = 'cancelled' AND d.cancel_rule IS NULL",
            Self::ByRule => "d.state = 'cancelled' AND d.cancel_rule IS NOT NULL",
        }
    }
}

/// A duty behind a figure.
#[derive(Debug, Clone, QueryableByName)]
pub struct DutyRow {
    /// Who owes it.
    #[diesel(sql_type = Text)]
    pub owner: String,
    /// The number of the case that it is about.
    #[diesel(sql_type = Nullable<Text>)]
    pub number: Option<String>,
    /// The code of the home that it is about.
    #[diesel(sql_type = Nullable<Text>)]
    pub home: Option<String>,
    /// When it had to be done.
    #[diesel(sql_type = Timestamp)]
    pub due_at: Instant,
    /// What became of it.
    #[diesel(sql_type = Text)]
    pub state: State,
    /// When it ended.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub finished_at: Option<Instant>,
    /// Attempts made.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// Why a person took it out.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
}

/// The duties of a kind behind a figure, due from the span's beginning and before both its end and now, the
/// newest first: those after `offset`, so many.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn duty_rows(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (kind, which, (from, to)): (Kind, DutiesOf, Span),
    (offset, limit): (i64, i64),
) -> Result<Vec<DutyRow>> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    let sql = format!(
        "SELECT o.name AS owner, c.number, h.code AS home, d.due_at, d.state, d.finished_at, d.attempts, \
         d.cancel_reason AS reason FROM duties d JOIN people o ON o.id = d.owner_id \
         LEFT JOIN cases c ON d.subject_kind = 'case' AND c.id = d.subject_id \
         LEFT JOIN homes h ON h.id = CASE WHEN d.subject_kind = 'home' THEN d.subject_id ELSE c.home_id END \
         WHERE d.community_id = $1 AND d.kind = $2 AND d.due_at >= $3 AND d.due_at < $4 AND {} \
         ORDER BY d.due_at DESC, d.id DESC LIMIT $5 OFFSET $6",
        which.condition()
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(kind.as_str())
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to.min(now))
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(offset)
        .load(db)?)
}
