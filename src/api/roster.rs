//! `GET /roster`, `GET /leaves`, `POST /leaves`, `POST /leaves/{id}/actions/{action}`.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::access::{Action, Object, allow};
use domain::roster::rules::Kind;
use domain::roster::{self, Leave, NewLeave, Off};
use domain::{Db, Error, LeaveId, PersonId, audit, clock, on_duty};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use super::{Day, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// Which days.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    community: Option<String>,
    /// The first day; today where it is left out.
    from: Option<String>,
    /// How many; 7 where it is left out.
    #[schemars(range(min = 1, max = 62))]
    days: Option<usize>,
}

/// Who is off duty.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Roster {
    /// The first day.
    from: String,
    /// Everybody of every post.
    staff: Vec<Staff>,
}

/// Somebody's days.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Staff {
    id: i64,
    name: String,
    post: &'static str,
    /// Per day from `from`: `on_duty`, `rest`, or the kind of leave.
    days: Vec<&'static str>,
}

/// `GET /roster?from&days`
pub(crate) async fn show(ctx: Ctx, which: Query<Span>) -> Reply {
    let which = which.into_inner();
    let roster = ctx
        .read(move |db, actor, now| {
            let place = community_of(db, actor, which.community.as_deref())?;
            let length = which.days.unwrap_or(7);
            if !(1..=62).contains(&length) {
                let error = domain::FieldError::new("days", "between").with("least", 1).with("most", 62);
                return Err(Error::Invalid(vec![error]));
            }
            let from = match which.from.as_deref() {
                Some(text) => clock::day(text).ok_or_else(|| Error::field("from", "date"))?,
                None => place.today(now)?,
            };
            let plan = roster::plan(db, actor, now, place.id, (from, length))?;
            let word = |off: &Option<Off>| match off {
                None => "on_duty",
                Some(Off::Rest) => "rest",
                Some(Off::Leave(kind)) => kind.as_str(),
            };
            let staff = plan.posts.iter().flat_map(|post| {
                post.lines.iter().map(|line| Staff {
                    id: line.person.0,
                    name: line.name.clone(),
                    post: post.role.as_str(),
                    days: line.off.iter().map(word).collect(),
                })
            });
            Ok(Roster { from: from.to_string(), staff: staff.collect() })
        })
        .await?;
    ctx.json(200, &roster)
}

/// A leave.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LeaveJson {
    id: i64,
    /// Who is away.
    person: i64,
    name: String,
    /// `annual`, `personal`, `sick`, `in_lieu`, `training`.
    kind: &'static str,
    /// `asked`, `approved`, `refused`, `withdrawn`, `cancelled`.
    state: &'static str,
    starts_on: String,
    ends_on: String,
    /// The first day on duty again, where it was cut short.
    back_on: Option<String>,
    reason: String,
    substitute: Option<i64>,
    answer: String,
}

fn json(leave: &Leave, names: &BTreeMap<PersonId, String>) -> LeaveJson {
    LeaveJson {
        id: leave.id.0,
        person: leave.person_id.0,
        name: names.get(&leave.person_id).cloned().unwrap_or_default(),
        kind: leave.kind.as_str(),
        state: leave.state.as_str(),
        starts_on: leave.starts_on.to_string(),
        ends_on: leave.ends_on.to_string(),
        back_on: leave.back_on.map(|day| day.to_string()),
        reason: leave.reason.clone(),
        substitute: leave.substitute_id.map(|person| person.0),
        answer: leave.answer.clone(),
    }
}

fn told(db: &mut Db, id: LeaveId) -> domain::Result<LeaveJson> {
    let leave = roster::by_id(db, id)?;
    let names = audit::names(db, &[leave.person_id])?;
    Ok(json(&leave, &names))
}

/// `GET /leaves`
pub(crate) async fn leaves(ctx: Ctx, which: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        let person = actor.person.ok_or(Error::NotSignedIn)?;
        let mut all = roster::waiting(db, actor, now, community)?;
        all.retain(|leave| leave.person_id != person);
        all.extend(roster::of(db, actor, now, community, person)?);
        let names = audit::names(db, &all.iter().map(|leave| leave.person_id).collect::<Vec<_>>())?;
        Ok(all.iter().map(|leave| json(leave, &names)).collect())
    };
    which.into_inner().all(&ctx, find).await
}

/// A leave as a program asks for it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskLeave {
    /// The community's code, where the asker belongs to several.
    community: Option<String>,
    /// For whom: a staff number, a login or an id; oneself where it is left out.
    person: Option<String>,
    /// `annual`, `personal`, `sick`, `in_lieu`, `training`.
    #[schemars(with = "String")]
    kind: Kind,
    /// The first day away.
    starts_on: Day,
    /// The last day away.
    ends_on: Day,
    #[serde(default)]
    reason: String,
    /// Who stands in: a staff number, a login or an id.
    substitute: Option<String>,
}

/// `POST /leaves`
pub(crate) async fn ask(ctx: Ctx, body: Body<AskLeave>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, new| {
        let community = community_of(tx, actor, new.community.as_deref())?.id;
        let mut named = |field: &'static str, name: &Option<String>| match name.as_deref() {
            None => Ok(None),
            Some(name) => on_duty::by_name(tx, community, name)?
                .map(Some)
                .ok_or_else(|| Error::field(field, "unknown_person")),
        };
        let (person, substitute) = (named("person", &new.person)?, named("substitute", &new.substitute)?);
        let leave = NewLeave {
            kind: new.kind,
            starts_on: new.starts_on.0,
            ends_on: new.ends_on.0,
            reason: new.reason.clone(),
            substitute,
        };
        let id = match person.filter(|person| Some(*person) != actor.person) {
            Some(person) => roster::grant(tx, actor, now, community, person, &leave)?,
            None => roster::ask(tx, actor, now, community, &leave)?,
        };
        told(tx, id)
    })
    .await
}

/// What is decided about a leave.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    /// For `approve`: who stands in, by staff number, login or id.
    substitute: Option<String>,
    /// For `refuse`: why.
    answer: Option<String>,
}

/// `POST /leaves/{id}/actions/{action}`: `approve`, `refuse`, `end`.
pub(crate) async fn act(ctx: Ctx, which: Path<(i64, String)>, body: Body<Decide>) -> Reply {
    let (id, action) = which.into_inner();
    let id = LeaveId(id);
    body.once(&ctx, 200, move |tx, actor, now, said| {
        match action.as_str() {
            "approve" => {
                let leave = roster::by_id(tx, id)?;
                let community = leave.community_id;
                let whose = Object::Person(community, leave.person_id);
                allow(tx, actor, now, Action::KeepRoster, whose)?;
                let unknown = || Error::field("substitute", "unknown_person");
                let substitute = match said.substitute.as_deref() {
                    None => None,
                    Some(name) => Some(on_duty::by_name(tx, community, name)?.ok_or_else(unknown)?),
                };
                roster::approve(tx, actor, now, id, substitute)?;
            }
            "refuse" => {
                roster::refuse(tx, actor, now, id, said.answer.as_deref().unwrap_or_default())?;
            }
            "end" => roster::end(tx, actor, now, id)?,
            _ => return Err(Error::NotFound),
        }
        told(tx, id)
    })
    .await
}
