//! `GET /incidents`, `POST /incidents`: what may be one thing, and many reports made one.

use actix_web::web::Query;
use domain::Db;
use domain::cases::Case;
use domain::repairs::{self, Cluster, Incident};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use super::Where;
use super::cases::show::CaseJson;
use crate::ctx::{Ctx, Reply, community_of};

/// What may be one thing, and what was made one.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IncidentsJson {
    /// Reports that may be one thing, the largest group first.
    proposed: Vec<ClusterJson>,
    /// What was made one, what runs first.
    incidents: Vec<IncidentJson>,
}

/// Reports of one group of categories, in one building or in public places.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClusterJson {
    group: String,
    /// None for public places.
    building: Option<String>,
    /// What somebody is at already and these may repeat.
    known: Option<String>,
    /// The numbers of the reports, the oldest first.
    cases: Vec<String>,
}

/// An incident.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IncidentJson {
    /// The repair that covers it.
    number: String,
    notice: String,
    reports: i64,
    opened_at: String,
    ended_at: Option<String>,
}

/// `GET /incidents`
pub(crate) async fn list(ctx: Ctx, place: Query<Where>) -> Reply {
    let place = place.into_inner();
    let all = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, place.community.as_deref())?.id;
            let proposed = repairs::clusters(db, actor, now, community)?.iter().map(cluster).collect();
            let incidents = repairs::incidents_of(db, community)?;
            let incidents = incidents.iter().map(|one| incident(db, one)).collect::<domain::Result<_>>()?;
            Ok(IncidentsJson { proposed, incidents })
        })
        .await?;
    ctx.json(200, &all)
}

fn cluster(one: &Cluster) -> ClusterJson {
    let number = |case: &Case| case.number().to_owned();
    ClusterJson {
        group: one.group.clone(),
        building: one.building.clone(),
        known: one.known.as_ref().map(number),
        cases: one.cases.iter().map(number).collect(),
    }
}

fn incident(db: &mut Db, (incident, case): &(Incident, Case)) -> domain::Result<IncidentJson> {
    Ok(IncidentJson {
        number: case.number().to_owned(),
        notice: incident.notice.clone(),
        reports: repairs::reports_in(db, case.id)?,
        opened_at: incident.opened_at.to_string(),
        ended_at: incident.ended_at.or(case.closed_at).map(|at| at.to_string()),
    })
}

/// Many reports to be made one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Merge {
    community: Option<String>,
    /// The number of the repair that covers the others.
    into: String,
    /// The numbers of the others.
    cases: Vec<String>,
    /// What everybody who reported one of them is told.
    notice: String,
}

/// `POST /incidents`
pub(crate) async fn merge(ctx: Ctx, body: Body<Merge>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, merge| {
        let community = community_of(tx, actor, merge.community.as_deref())?.id;
        let said = (merge.into.as_str(), merge.cases.as_slice(), merge.notice.as_str());
        let case = repairs::make_incident(tx, actor, now, community, said)?;
        CaseJson::of(tx, actor, now, &case)
    })
    .await
}
