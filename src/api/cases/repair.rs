//! A repair's bodies: what is reported, and what each action needs.

use domain::access::Actor;
use domain::cases::{Case, Channel, Urgency};
use domain::repairs::{self, Act, Category, DayPart, NewRepair, WaitFor};
use domain::{AttachmentId, CommunityId, Db, Error, Instant, PersonId, homes, on_duty};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    home: Option<String>,
    place: Option<String>,
    category: Category,
    text: String,
    channel: Option<Channel>,
    urgency: Option<Urgency>,
    available: Option<String>,
    call_part: Option<DayPart>,
    reporter: Option<PersonId>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// Reports a repair.
pub(super) fn open(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    fields: Map<String, Value>,
) -> domain::Result<Case> {
    let report: Report = rest(fields)?;
    let home = report.home.map(|code| homes::find(tx, actor, now, community, &code)).transpose()?;
    let new = NewRepair {
        community,
        home,
        place: report.place,
        category: report.category,
        text: report.text,
        channel: report.channel.unwrap_or(Channel::Portal),
        urgency: report.urgency,
        available: report.available.unwrap_or_default(),
        call_part: report.call_part,
        reporter: report.reporter,
        reporter_name: report.reporter_name,
        reporter_phone: report.reporter_phone,
        attachments: report.attachments,
    };
    repairs::report(tx, actor, now, &new)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Technician {
    technician: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(rename = "for")]
    wait_for: WaitFor,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finish {
    work: String,
    cause: String,
    minutes: i32,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    score: i32,
    word: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    into: String,
}

/// Moves a repair by one action.
pub(super) fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    version: i32,
    (action, fields): (&str, Map<String, Value>),
) -> domain::Result<Case> {
    let plain = |act: Act, fields| rest::<Nothing>(fields).map(|_| act);
    let act = match action {
        "accept" => plain(Act::Accept, fields)?,
        "decline" => plain(Act::Decline, fields)?,
        "take" => plain(Act::Take, fields)?,
        "release" => plain(Act::Release, fields)?,
        "arrive" => plain(Act::Arrive, fields)?,
        "resume" => plain(Act::Resume, fields)?,
        "no_access" => plain(Act::NoAccess, fields)?,
        "dispatch" => Act::Dispatch { technician: technician(tx, case.community_id, rest(fields)?)? },
        "hand_over" => Act::HandOver { technician: technician(tx, case.community_id, rest(fields)?)? },
        "wait" => {
            let Wait { wait_for, note } = rest(fields)?;
            Act::Wait { wait_for, note }
        }
        "finish" => {
            let Finish { work, cause, minutes, attachments } = rest(fields)?;
            Act::Finish { work, cause, minutes, attachments }
        }
        "rate" => {
            let Rate { score, word } = rest(fields)?;
            Act::Rate { score, word: word.unwrap_or_default() }
        }
        "reopen" => Act::Reopen { reason: rest::<Reason>(fields)?.reason },
        "cancel" => Act::Cancel { reason: rest::<Reason>(fields)?.reason },
        "merge" => Act::Merge { into: rest::<Merge>(fields)?.into },
        _ => return Err(Error::NotFound),
    };
    repairs::act(tx, actor, now, (case.community_id, case.number()), version, &act)
}

/// A technician by their id, staff number or login name.
fn technician(db: &mut Db, community: CommunityId, body: Technician) -> domain::Result<PersonId> {
    let name = match body.technician {
        Value::String(name) => name,
        Value::Number(id) => id.to_string(),
        _ => return Err(Error::field("technician", "invalid")),
    };
    on_duty::by_name(db, community, &name)?.ok_or_else(|| Error::field("technician", "no_technician"))
}
