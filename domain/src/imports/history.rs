//! The imports that were made, with their reports.

use diesel::prelude::*;

use super::report::{Import, Kind, Outcome, Report};
use super::{Place, action};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{imports, people};
use crate::{CommunityId, Db, Error, ImportId, Instant, Result};

pub(super) fn keep(
    tx: &mut Db,
    actor: &Actor,
    place: &Place,
    (kind, file_name): (Kind, &str),
    outcome: Outcome,
    report: &Report,
) -> Result<ImportId> {
    let row = (
        imports::community_id.eq(place.community.0),
        imports::kind.eq(kind.as_str()),
        imports::file_name.eq(file_name),
        imports::actor_id.eq(actor.person.map(|person| person.0)),
        imports::at.eq(place.now),
        imports::outcome.eq(outcome.as_str()),
        imports::rows_read.eq(report.rows),
        imports::added.eq(report.added),
        imports::changed.eq(report.changed),
        imports::report.eq(serde_json::to_string(report).map_err(Error::internal)?),
    );
    Ok(diesel::insert_into(imports::table).values(row).returning(imports::id).get_result(tx)?)
}

type Row = (ImportId, CommunityId, Kind, String, Option<String>, Instant, Outcome, String);

fn import((id, community, kind, file_name, by, at, outcome, report): Row) -> Result<Import> {
    let report = serde_json::from_str(&report).map_err(Error::internal)?;
    Ok(Import { id, community, kind, file_name, by, at, outcome, report })
}

/// An import with its report.
///
/// # Errors
/// Not found where there is none, or it is another community's.
pub fn get(db: &mut Db, actor: &Actor, now: Instant, id: ImportId) -> Result<Import> {
    let row: Row = imports::table
        .left_join(people::table.on(people::id.nullable().eq(imports::actor_id)))
        .filter(imports::id.eq(id.0))
        .select((
            imports::id,
            imports::community_id,
            imports::kind,
            imports::file_name,
            people::name.nullable(),
            imports::at,
            imports::outcome,
            imports::report,
        ))
        .first(db)?;
    let import = import(row)?;
    match allow(db, actor, now, action(import.kind), Object::Community(import.community)) {
        // Its number must not tell that it exists.
        Err(Error::NotAllowed) => Err(Error::NotFound),
        other => other.map(|()| import),
    }
}

/// The newest imports of a community, those before `before` where it is given.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    before: Option<ImportId>,
    limit: i64,
) -> Result<Vec<Import>> {
    allow(db, actor, now, Action::Import, Object::Community(community))?;
    let rows: Vec<Row> = imports::table
        .left_join(people::table.on(people::id.nullable().eq(imports::actor_id)))
        .filter(imports::community_id.eq(community.0))
        .filter(imports::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .order(imports::id.desc())
        .limit(limit)
        .select((
            imports::id,
            imports::community_id,
            imports::kind,
            imports::file_name,
            people::name.nullable(),
            imports::at,
            imports::outcome,
            imports::report,
        ))
        .load(db)?;
    rows.into_iter().map(import).collect()
}
