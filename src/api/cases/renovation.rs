//! A renovation's bodies: a running one as the desk registers it, and what each action needs.

use domain::access::Actor;
use domain::cases::Case;
use domain::renovation::{self, Move, NewRunning};
use domain::{CommunityId, Db, Error, Instant, homes};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rest;
use crate::api::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Running {
    home: String,
    permit_number: String,
    /// Why it is registered without an application; `text` is taken as well.
    #[serde(alias = "text")]
    reason: String,
    contractor: String,
    contractor_phone: Option<String>,
    starts_on: Day,
    ends_on: Day,
}

/// Registers a running renovation.
pub(super) fn open(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    mut fields: Map<String, Value>,
) -> domain::Result<Case> {
    // What every kind is opened with; here it says nothing more.
    for name in ["category", "channel"] {
        fields.remove(name);
    }
    let running: Running = rest(fields)?;
    let new = NewRunning {
        community,
        home: homes::find(tx, actor, now, community, running.home.trim())?,
        permit_number: running.permit_number,
        reason: running.reason,
        contractor: running.contractor,
        contractor_phone: running.contractor_phone,
        starts_on: running.starts_on.0,
        ends_on: running.ends_on.0,
    };
    renovation::register_running(tx, actor, now, &new)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    reason: String,
    /// The permit's new last day, for `extend`.
    ends_on: Option<Day>,
    /// The site's last day, for `abandon`.
    ended_on: Option<Day>,
}

/// Moves a renovation by one action.
pub(super) fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    version: i32,
    (action, fields): (&str, Map<String, Value>),
) -> domain::Result<Case> {
    let step: Step = rest(fields)?;
    let wanted = match (action, step.ends_on) {
        ("stop", _) => Move::Stop,
        ("resume", _) => Move::Resume,
        ("extend", Some(day)) => Move::Extend(day.0),
        ("extend", None) => return Err(Error::field("ends_on", "required")),
        ("abandon", _) => Move::Abandon(step.ended_on.map(|day| day.0)),
        _ => return Err(Error::NotFound),
    };
    renovation::act(tx, actor, now, (case.id, version), (&wanted, &step.reason))
}
