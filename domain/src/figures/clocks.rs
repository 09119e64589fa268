//! The clocks of cases that have run out or soon will, and nobody has met yet.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::cases::{Kind, Urgency};
use crate::{CommunityId, Db, Instant, Result};

/// A clock that still runs.
#[derive(Debug, Clone, QueryableByName)]
pub struct Clock {
    /// The case's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// What kind of case.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// Its category.
    #[diesel(sql_type = Text)]
    pub category: String,
    /// How fast it has to go.
    #[diesel(sql_type = Text)]
    pub urgency: Urgency,
    /// `respond` or `resolve`.
    #[diesel(sql_type = Text)]
    pub clock: String,
    /// When it runs out.
    #[diesel(sql_type = Timestamp)]
    pub due_at: Instant,
    /// The home's code.
    #[diesel(sql_type = Nullable<Text>)]
    pub home: Option<String>,
    /// The public place.
    #[diesel(sql_type = Nullable<Text>)]
    pub place: Option<String>,
    /// Who answers for it.
    #[diesel(sql_type = Nullable<Text>)]
    pub accountable: Option<String>,
    /// The technician who has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub technician: Option<String>,
}

/// The clocks that run out before `until`, those that already have included, the first one first.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn clocks(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    until: Instant,
    limit: i64,
) -> Result<Vec<Clock>> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    // A clock stands still while a case waits; whether it had run out before is in its breaches.
    let running = "submitted_at IS NOT NULL AND paused_at IS NULL AND closed_at IS NULL";
    let sql = format!(
        "SELECT c.number, c.kind, c.category, c.urgency, k.clock, k.due_at, h.code AS home, c.place, \
         p.name AS accountable, t.name AS technician FROM \
         (SELECT id, 'respond' AS clock, respond_by AS due_at FROM cases \
          WHERE community_id = $1 AND respond_by < $2 AND responded_at IS NULL AND {running} \
          UNION ALL SELECT id, 'resolve' AS clock, resolve_by AS due_at FROM cases \
          WHERE community_id = $3 AND resolve_by < $4 AND resolved_at IS NULL AND {running}) k \
         JOIN cases c ON c.id = k.id LEFT JOIN repairs r ON r.case_id = c.id \
         LEFT JOIN homes h ON h.id = c.home_id LEFT JOIN people p ON p.id = c.accountable_id \
         LEFT JOIN people t ON t.id = r.technician_id ORDER BY k.due_at, c.id, k.clock LIMIT $5"
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(until)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(until)
        .bind::<BigInt, _>(limit)
        .load(db)?)
}
