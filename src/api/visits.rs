//! `POST /visits`, `GET /stewards/{login}/quota?month=`.

use actix_web::web::{Path, Query};
use domain::visits::{self, Cause, Figure, NewVisit, quota};
use domain::{Error, Instant, Month, homes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::ctx::{Ctx, Reply, community_of};

/// A visit as a program logs it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogVisit {
    /// The community's code, where the asker belongs to several.
    community: Option<String>,
    /// The home's code.
    home: String,
    /// Who was spoken to.
    spoken_to: String,
    /// What about.
    topics: Vec<String>,
    /// What they said.
    said: String,
    /// 1 to 5.
    satisfaction: i32,
    /// What was promised; left out where nothing was.
    follow_up: Option<String>,
    /// When it began.
    #[schemars(with = "String")]
    started_at: Instant,
    /// Duties of earlier promises that this visit kept.
    #[serde(default)]
    kept: Vec<i64>,
}

/// A visit that was kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Logged {
    /// Its id.
    id: i64,
    /// The home's code.
    home: String,
    /// The month it belongs to.
    #[schemars(with = "String")]
    month: Month,
    /// Whether it counts towards the quota as it stands.
    counts: bool,
    /// Whether it was logged so late that the supervisor has to accept it.
    late: bool,
}

/// `POST /visits`
pub(crate) async fn log(ctx: Ctx, body: Body<LogVisit>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, new| {
        let community = community_of(tx, actor, new.community.as_deref())?.id;
        let visit = NewVisit {
            home: homes::find(tx, actor, now, community, new.home.trim())?,
            started_at: new.started_at,
            spoken_to: new.spoken_to.clone(),
            topics: new.topics.clone(),
            said: new.said.clone(),
            satisfaction: new.satisfaction,
            follow_up: new.follow_up.clone(),
            kept: new.kept.iter().copied().map(domain::DutyId).collect(),
        };
        let visit = visits::log(tx, actor, now, community, &visit)?;
        Ok(Logged {
            id: visit.row.id.0,
            home: new.home.trim().to_owned(),
            month: visit.row.month,
            counts: visits::rules::counting(&visit).is_some(),
            late: visit.row.late,
        })
    })
    .await
}

/// Of which month.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    community: Option<String>,
    month: Option<String>,
}

/// A steward's month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Quota {
    /// Distinct households that are asked for at least.
    quota: i64,
    /// Distinct households that count; of a closed month: frozen + corrections.
    counted: i64,
    /// Households of the area, beyond which nothing is asked.
    households: i64,
    /// Distinct households expected by today.
    expected_by_today: i64,
    /// `running`, `met`, `short`, `none`.
    state: &'static str,
    /// Households missing to the quota.
    short_by: i64,
    /// Whether the month was closed.
    frozen: bool,
    /// What became known since it was closed.
    corrections: Vec<Line>,
}

/// A correction of a closed month.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Line {
    /// The visit.
    visit: i64,
    /// `arrived`, `accepted`, `refused`, `voided`.
    #[schemars(with = "String")]
    cause: Cause,
    /// How the number of households changed.
    delta: i64,
    /// When.
    #[schemars(with = "String")]
    at: Instant,
    /// The person who signed it; none for the portal.
    by: Option<i64>,
}

impl From<Figure> for Quota {
    fn from(figure: Figure) -> Self {
        let line = |line: &visits::Correction| Line {
            visit: line.visit_id.0,
            cause: line.cause,
            delta: line.delta,
            at: line.at,
            by: line.by_id.map(|person| person.0),
        };
        Self {
            quota: figure.quota,
            counted: figure.counted,
            households: figure.share.households,
            expected_by_today: figure.expected_by_today,
            state: figure.state.as_str(),
            short_by: figure.short_by(),
            frozen: figure.is_frozen,
            corrections: figure.corrections.iter().map(line).collect(),
        }
    }
}

/// `GET /stewards/{login}/quota?month=2026-11`
pub(crate) async fn steward_quota(ctx: Ctx, login: Path<String>, asked: Query<Asked>) -> Reply {
    let (login, asked) = (login.into_inner(), asked.into_inner());
    let figure = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, asked.community.as_deref())?;
            let month = match asked.month {
                Some(text) => text.parse().map_err(|_| Error::field("month", "month"))?,
                None => Month::of(community.today(now)?),
            };
            let steward = visits::by_login(db, community.id, &login)?;
            quota::of(db, actor, now, (community.id, steward), month)
        })
        .await?;
    ctx.json(200, &Quota::from(figure))
}
