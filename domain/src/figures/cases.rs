//! Cases opened and finished over a span, in time or not, and what residents said of them. A figure and the
//! rows behind it come from the same condition, so that they cannot differ.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::cases::{Kind, Urgency};
use crate::{CommunityId, Db, Instant, Result};

crate::words! {
    /// The cases that a figure counts.
    CasesOf {
        /// Submitted in the span.
        Opened = "opened",
        /// Done in the span.
        Finished = "finished",
        /// Done in the span, not after they were due.
        OnTime = "on_time",
        /// Done in the span, after they were due.
        Late = "late",
        /// Not done at the end of the span, though submitted before it.
        Open = "open",
        /// Done in the span and rated.
        Rated = "rated",
    }
}

impl CasesOf {
    fn condition(self) -> String {
        const DONE: &str = "c.resolved_at >= c.first AND c.resolved_at < c.last";
        match self {
            Self::Opened => "c.submitted_at >= c.first".to_owned(),
            Self::Finished => DONE.to_owned(),
            Self::OnTime => format!("{DONE} AND (c.resolve_by IS NULL OR c.resolved_at <= c.resolve_by)"),
            Self::Late => format!("{DONE} AND c.resolved_at > c.resolve_by"),
            Self::Open => "(c.resolved_at IS NULL OR c.resolved_at >= c.last) \
                AND (c.closed_at IS NULL OR c.closed_at >= c.last) \
                AND c.state NOT IN ('cancelled', 'merged', 'withdrawn', 'rejected', 'lapsed')"
                .to_owned(),
            Self::Rated => format!("{DONE} AND r.rating IS NOT NULL"),
        }
    }
}

/// From one instant to before another.
pub type Span = (Instant, Instant);

/// The cases `c` of a community `$1` that were submitted before the end `$3` of a span, with their repairs `r`.
const CASES: &str = "WITH span AS (SELECT CAST($1 AS BIGINT) AS community, $2 AS first, $3 AS last), \
    c AS (SELECT * FROM cases, span WHERE community_id = community AND submitted_at < last)";

/// Cases over a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, QueryableByName)]
pub struct CaseFigures {
    /// Submitted in the span.
    #[diesel(sql_type = BigInt)]
    pub opened: i64,
    /// Done in the span.
    #[diesel(sql_type = BigInt)]
    pub finished: i64,
    /// Of these, done after they were due.
    #[diesel(sql_type = BigInt)]
    pub finished_late: i64,
    /// Not done at the end of the span, though submitted before it.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// Ratings given to repairs finished in the span.
    #[diesel(sql_type = BigInt)]
    pub ratings: i64,
    /// The sum of these ratings, 1 to 5 each.
    #[diesel(sql_type = BigInt)]
    pub rating_sum: i64,
}

impl CaseFigures {
    /// Done in time ÷ done, in hundredths of a percent; none where nothing was done.
    pub fn on_time_rate(&self) -> Option<i64> {
        (self.finished > 0).then(|| (self.finished - self.finished_late) * 10_000 / self.finished)
    }

    /// The mean rating in hundredths; none where nobody rated.
    pub fn mean_rating(&self) -> Option<i64> {
        (self.ratings > 0).then(|| self.rating_sum * 100 / self.ratings)
    }
}

/// The cases of a community between two instants.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn cases(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (from, to): Span,
) -> Result<CaseFigures> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    let count = |which: CasesOf| format!("COUNT(CASE WHEN {} THEN 1 END)", which.condition());
    let sql = format!(
        "{CASES} SELECT {} AS opened, {} AS finished, {} AS finished_late, {} AS open, {} AS ratings, \
         CAST(COALESCE(SUM(CASE WHEN {} THEN r.rating END), 0) AS BIGINT) AS rating_sum \
         FROM c LEFT JOIN repairs r ON r.case_id = c.id",
        count(CasesOf::Opened),
        count(CasesOf::Finished),
        count(CasesOf::Late),
        count(CasesOf::Open),
        count(CasesOf::Rated),
        CasesOf::Rated.condition(),
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to)
        .get_result(db)?)
}

/// A case behind a figure.
#[derive(Debug, Clone, QueryableByName)]
pub struct CaseRow {
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// What kind.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// Its state, a word of the kind's own table.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Its category.
    #[diesel(sql_type = Text)]
    pub category: String,
    /// How fast it has to go.
    #[diesel(sql_type = Text)]
    pub urgency: Urgency,
    /// The home's code.
    #[diesel(sql_type = Nullable<Text>)]
    pub home: Option<String>,
    /// The public place.
    #[diesel(sql_type = Nullable<Text>)]
    pub place: Option<String>,
    /// Who answers for it.
    #[diesel(sql_type = Nullable<Text>)]
    pub accountable: Option<String>,
    /// When it was submitted.
    #[diesel(sql_type = Timestamp)]
    pub submitted_at: Instant,
    /// When it has to be done.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub resolve_by: Option<Instant>,
    /// When it was.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub resolved_at: Option<Instant>,
    /// What the resident said of it, 1 to 5.
    #[diesel(sql_type = Nullable<Integer>)]
    pub rating: Option<i32>,
}

/// The cases behind a figure of [`cases`], newest first: those after `offset`, so many.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn case_rows(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (which, (from, to)): (CasesOf, Span),
    (offset, limit): (i64, i64),
) -> Result<Vec<CaseRow>> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    let sql = format!(
        "{CASES} SELECT c.number, c.kind, c.state, c.category, c.urgency, h.code AS home, c.place, \
         p.name AS accountable, c.submitted_at, c.resolve_by, c.resolved_at, r.rating \
         FROM c LEFT JOIN repairs r ON r.case_id = c.id LEFT JOIN homes h ON h.id = c.home_id \
         LEFT JOIN people p ON p.id = c.accountable_id \
         WHERE {} ORDER BY c.submitted_at DESC, c.id DESC LIMIT $4 OFFSET $5",
        which.condition()
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(offset)
        .load(db)?)
}
