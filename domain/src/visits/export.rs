//! Visits as a table for other programs, with the names that people know.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::sheets::{Cell, Shape};
use crate::{CommunityId, Db, Instant, Month, Result, row};

/// Visits as they go out.
pub const TABLE: Shape = Shape {
    name: "visits",
    columns: &[
        "id",
        "started_at",
        "home",
        "steward",
        "spoken_to",
        "topics",
        "said",
        "satisfaction",
        "follow_up",
        "logged_at",
        "late",
        "voided",
    ],
};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Timestamp)]
    started_at: Instant,
    #[diesel(sql_type = Text)]
    home: String,
    #[diesel(sql_type = Text)]
    steward: String,
    #[diesel(sql_type = Text)]
    spoken_to: String,
    #[diesel(sql_type = Text)]
    topics: String,
    #[diesel(sql_type = Text)]
    said: String,
    #[diesel(sql_type = Integer)]
    satisfaction: i32,
    #[diesel(sql_type = Nullable<Text>)]
    follow_up: Option<String>,
    #[diesel(sql_type = Timestamp)]
    logged_at: Instant,
    #[diesel(sql_type = Bool)]
    late: bool,
    #[diesel(sql_type = Bool)]
    voided: bool,
}

/// The visits of a community, or those of a month, in the order they were made.
pub fn export(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Option<Month>,
) -> Result<Vec<Vec<Cell>>> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    let within = month.map_or(String::new(), |month| format!("AND v.month = '{month}' "));
    let sql = format!(
        "SELECT v.id, v.started_at, h.code AS home, p.name AS steward, v.spoken_to, v.topics, v.said, v.satisfaction, \
         v.follow_up, v.logged_at, v.late, EXISTS (SELECT 1 FROM visit_decisions d WHERE d.visit_id = v.id \
         AND d.decision = 'voided') AS voided FROM visits v JOIN homes h ON h.id = v.home_id \
         JOIN people p ON p.id = v.steward_id WHERE v.community_id = $1 {within}ORDER BY v.started_at, v.id"
    );
    let lines: Vec<Line> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(lines.into_iter().map(cells).collect())
}

fn cells(line: Line) -> Vec<Cell> {
    row![
        line.id,
        line.started_at,
        line.home,
        line.steward,
        line.spoken_to,
        line.topics.replace('\n', ", "),
        line.said,
        line.satisfaction,
        line.follow_up,
        line.logged_at,
        line.late.to_string(),
        line.voided.to_string(),
    ]
}
