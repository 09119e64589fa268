//! `/cases`: what somebody asks of us. One `match` by kind opens a case, one moves it, one says what can be
//! done to it; each kind's bodies stand in a file of its own.

pub(crate) mod complaint;
pub(crate) mod enquiry;
pub(crate) mod move_in;
mod renovation;
mod repair;
mod schemas;
pub(crate) mod show;

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::cases::{self, Case, Filter, Kind};
use domain::{CaseId, Db, Error, Instant, homes};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::json::read;
use super::{Body, List, list};
use crate::ctx::{Ctx, Reply, community_of};
use show::CaseJson;

/// A case that was opened.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Opened {
    /// The number people say.
    number: Option<String>,
    /// Its kind.
    kind: &'static str,
    /// Its state.
    state: String,
    /// When somebody has to take it.
    respond_by: Option<String>,
    /// When it has to be done.
    resolve_by: Option<String>,
    /// What the next action has to name.
    version: i32,
    /// Whether anybody can be asked afterwards; who left no contact is told so.
    contact: bool,
}

/// A case to be opened: `kind`, and what that kind needs.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct NewCase(Map<String, Value>);

/// A body with one more field that has to be there, and the community that may be named.
fn with(mut body: Schema, name: &str, schema: Value) -> Schema {
    let map = body.ensure_object();
    if let Some(fields) = map.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
        fields.insert(name.to_owned(), schema);
        fields.insert("community".to_owned(), json!({ "type": "string" }));
    }
    if let Some(required) = map.entry("required").or_insert_with(|| json!([])).as_array_mut() {
        required.push(name.into());
    }
    body
}

/// Each action of a repair with what it does and its body, `version` and all.
pub(crate) fn described(generator: &mut SchemaGenerator) -> Vec<(&'static str, &'static str, Schema)> {
    let version = json!({ "type": "integer" });
    let whole = |(name, about, body)| (name, about, with(body, "version", version.clone()));
    repair::action_bodies(generator).into_iter().map(whole).collect()
}

/// `POST /cases`
pub(crate) async fn create(ctx: Ctx, body: Body<NewCase>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, new| open(tx, actor, now, new.0.clone())).await
}

fn open(tx: &mut Db, actor: &Actor, now: Instant, mut fields: Map<String, Value>) -> domain::Result<Opened> {
    let kind: Kind = word(&mut fields, "kind")?;
    let community = text(&mut fields, "community")?;
    let community = community_of(tx, actor, community.as_deref())?.id;
    let case = match kind {
        Kind::Repair => repair::open(tx, actor, now, community, fields)?,
        Kind::MoveIn => move_in::open(tx, actor, now, community, fields)?,
        Kind::Renovation => renovation::open(tx, actor, now, community, fields)?,
        Kind::Complaint => complaint::open(tx, actor, now, community, fields)?,
        Kind::Enquiry => enquiry::open(tx, actor, now, community, fields)?,
        Kind::MoveOut => return Err(Error::field("kind", "kind_not_here")),
    };
    let contact = domain::repairs::has_contact(tx, &case, now)?;
    Ok(Opened {
        kind: case.kind.as_str(),
        respond_by: case.respond_by.map(|at| at.to_string()),
        resolve_by: case.resolve_by.map(|at| at.to_string()),
        version: case.version,
        contact,
        number: case.number,
        state: case.state,
    })
}

/// One step of a case: `version`, and what the action needs.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct NewAction(Map<String, Value>);

/// `POST /cases/{number}/actions/{action}`
pub(crate) async fn act(ctx: Ctx, path: Path<(String, String)>, body: Body<NewAction>) -> Reply {
    let (number, action) = path.into_inner();
    let work = move |tx: &mut Db, actor: &Actor, now: Instant, new: &NewAction| {
        step(tx, actor, now, (&number, &action), new.0.clone())
    };
    body.once(&ctx, 200, work).await
}

fn step(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (number, action): (&str, &str),
    mut fields: Map<String, Value>,
) -> domain::Result<CaseJson> {
    let community = text(&mut fields, "community")?;
    let community = community_of(tx, actor, community.as_deref())?.id;
    let case = cases::read(tx, actor, now, community, number)?;
    let version = match fields.remove("version") {
        None => return Err(Error::field("version", "required")),
        Some(value) => value.as_i64().and_then(|n| i32::try_from(n).ok()),
    };
    let version = version.ok_or_else(|| Error::field("version", "number"))?;
    let moved = match case.kind {
        Kind::Repair => repair::act(tx, actor, now, &case, version, (action, fields))?,
        Kind::MoveIn => move_in::act(tx, actor, now, &case, version, (action, fields))?,
        Kind::Renovation => renovation::act(tx, actor, now, &case, version, (action, fields))?,
        Kind::Complaint => complaint::act(tx, actor, now, &case, version, (action, fields))?,
        Kind::Enquiry => enquiry::act(tx, actor, now, &case, version, (action, fields))?,
        Kind::MoveOut => return Err(Error::NotFound),
    };
    // Who has given a case away may no longer see it; the answer is what they made of it.
    CaseJson::of(tx, actor, now, &moved)
}

/// What the actor may do to a case now.
pub(crate) fn actions(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
) -> domain::Result<Vec<&'static str>> {
    match case.kind {
        Kind::Repair => domain::repairs::actions(db, actor, now, case),
        Kind::MoveIn => move_in::actions(db, actor, now, case),
        Kind::Renovation => domain::renovation::actions(actor, case),
        Kind::Complaint => domain::complaints::actions(db, actor, now, case),
        Kind::Enquiry => domain::enquiries::actions(db, actor, now, case),
        Kind::MoveOut => Ok(vec![]),
    }
}

/// Which cases to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    kind: Option<String>,
    state: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// A case in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CaseLine {
    #[serde(skip)]
    id: i64,
    number: String,
    kind: &'static str,
    state: String,
    category: String,
    urgency: &'static str,
    home: Option<String>,
    place: Option<String>,
    submitted_at: Option<String>,
    respond_by: Option<String>,
    resolve_by: Option<String>,
    version: i32,
}

/// `GET /cases`
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let Which { community, kind, state, limit, cursor } = which.into_inner();
    let kind = list::word("kind", kind.as_deref())?;
    List { community, limit, cursor }
        .answer(
            &ctx,
            move |db, actor, now, community, (before, limit)| {
                let filter = Filter {
                    kind,
                    states: state.into_iter().collect(),
                    reach: cases::reach(db, actor, now, community)?,
                    before: before.map(CaseId),
                    ..Filter::default()
                };
                let found = cases::list(db, community, &filter, limit)?;
                lines_of(db, found)
            },
            |row| row.id,
        )
        .await
}

/// Cases as a list has them.
pub(crate) fn lines_of(db: &mut Db, found: Vec<Case>) -> domain::Result<Vec<CaseLine>> {
    let about: Vec<_> = found.iter().filter_map(|case| case.home_id).collect();
    let codes = homes::codes(db, &about)?;
    let home = |case: &Case| case.home_id.and_then(|home| codes.get(&home).cloned());
    Ok(found.into_iter().map(|case| line(home(&case), case)).collect())
}

fn line(home: Option<String>, case: Case) -> CaseLine {
    CaseLine {
        id: case.id.0,
        number: case.number().to_owned(),
        kind: case.kind.as_str(),
        home,
        urgency: case.urgency.as_str(),
        submitted_at: case.submitted_at.map(|at| at.to_string()),
        respond_by: case.respond_by.map(|at| at.to_string()),
        resolve_by: case.resolve_by.map(|at| at.to_string()),
        version: case.version,
        state: case.state,
        category: case.category,
        place: case.place,
    }
}

/// Takes a text out of a body.
fn text(fields: &mut Map<String, Value>, name: &str) -> domain::Result<Option<String>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::field(name, "invalid")),
    }
}

/// Takes a word of a list out of a body.
fn word<T: std::str::FromStr>(fields: &mut Map<String, Value>, name: &str) -> domain::Result<T> {
    let text = text(fields, name)?.ok_or_else(|| Error::field(name, "required"))?;
    text.parse().map_err(|_| Error::field(name, "choice"))
}

/// Reads the rest of a body as a kind's or an action's own.
fn rest<T: serde::de::DeserializeOwned>(fields: Map<String, Value>) -> domain::Result<T> {
    read(&Value::Object(fields))
}
