//! A repair's bodies: what is reported, and what each action needs.

use domain::access::Actor;
use domain::cases::{Case, Channel, Urgency};
use domain::categories::Code;
use domain::repairs::pays::Quoted;
use domain::repairs::{self, Act, DayPart, NewRepair, WaitFor};
use domain::stock::Used;
use domain::{AttachmentId, CommunityId, Db, Error, Instant, PersonId, homes, on_duty};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rest;
use crate::api::json::Count;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Report {
    home: Option<String>,
    place: Option<String>,
    /// A code of `GET /categories`.
    #[schemars(with = "String")]
    category: Code,
    text: String,
    #[schemars(schema_with = "words::<Channel>")]
    #[serde(default)]
    channel: Option<Channel>,
    #[schemars(schema_with = "words::<Urgency>")]
    #[serde(default)]
    urgency: Option<Urgency>,
    available: Option<String>,
    #[schemars(schema_with = "words::<DayPart>")]
    #[serde(default)]
    call_part: Option<DayPart>,
    #[schemars(with = "Option<i64>")]
    reporter: Option<PersonId>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    /// Ids of `POST /attachments`.
    #[serde(default)]
    #[schemars(with = "Vec<i64>")]
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Technician {
    /// An id, a staff number or a login name.
    #[schemars(with = "String")]
    technician: Value,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(rename = "for")]
    #[schemars(schema_with = "words::<WaitFor>")]
    wait_for: WaitFor,
    note: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Line {
    item: String,
    /// A number with at most two decimals.
    #[schemars(with = "f64")]
    quantity: Count,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Quote {
    lines: Vec<Line>,
    #[serde(default)]
    caused_by_people: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Agree {
    /// Ids of `POST /attachments`.
    #[serde(default)]
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Finish {
    work: String,
    cause: String,
    minutes: i32,
    #[serde(default)]
    materials: Vec<Line>,
    /// Ids of `POST /attachments`.
    #[serde(default)]
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rate {
    score: i32,
    word: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    reason: String,
}

#[derive(Deserialize, JsonSchema)]
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
        "quote" => {
            let Quote { lines, caused_by_people } = rest(fields)?;
            let quoted = |line: Line| Quoted { item: line.item, quantity: line.quantity.0 };
            Act::Quote { lines: lines.into_iter().map(quoted).collect(), caused_by_people }
        }
        "agree" => Act::Agree { signature: rest::<Agree>(fields)?.attachments.first().copied() },
        "disagree" => plain(Act::Disagree, fields)?,
        "refuse" => Act::Refuse { reason: rest::<Reason>(fields)?.reason },
        "finish" => {
            let Finish { work, cause, minutes, materials, attachments } = rest(fields)?;
            let used = |line: Line| Used { item: line.item, quantity: line.quantity.0 };
            let materials = materials.into_iter().map(used).collect();
            Act::Finish { work, cause, minutes, materials, attachments }
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

/// A word of a list.
trait Listed {
    fn all() -> Vec<&'static str>;
}

macro_rules! listed {
    ($($name:ty),+) => {$(
        impl Listed for $name {
            fn all() -> Vec<&'static str> {
                Self::ALL.iter().map(|one| one.as_str()).collect()
            }
        }
    )+};
}

listed!(Channel, Urgency, DayPart, WaitFor);

fn words<T: Listed>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": T::all() })
}

/// The body that reports a repair, for the API's description.
pub(super) fn report_body(generator: &mut SchemaGenerator) -> Schema {
    Report::json_schema(generator)
}

/// The body of each action, with what it does.
pub(super) fn action_bodies(generator: &mut SchemaGenerator) -> Vec<(&'static str, &'static str, Schema)> {
    let nothing = Nothing::json_schema(generator);
    let technician = Technician::json_schema(generator);
    let reason = Reason::json_schema(generator);
    vec![
        ("accept", "Answer for it.", nothing.clone()),
        ("dispatch", "Give it to a technician.", technician.clone()),
        ("decline", "Not to take it.", nothing.clone()),
        ("take", "Take it: given, or from the pool.", nothing.clone()),
        ("release", "Give it back.", nothing.clone()),
        ("hand_over", "Give it to another technician.", technician),
        ("arrive", "Be there.", nothing.clone()),
        ("wait", "Wait for parts or the resident.", Wait::json_schema(generator)),
        ("resume", "Go on.", nothing.clone()),
        ("quote", "Offer what it costs the resident.", Quote::json_schema(generator)),
        ("agree", "Agree to the quote; a technician attaches the signature.", Agree::json_schema(generator)),
        ("disagree", "Take the agreement back.", nothing.clone()),
        ("refuse", "Say no to the quote.", reason.clone()),
        ("finish", "Be done.", Finish::json_schema(generator)),
        ("rate", "Say how it was, 1 to 5.", Rate::json_schema(generator)),
        ("reopen", "Say that it is not mended.", reason.clone()),
        ("cancel", "Withdraw it.", reason),
        ("merge", "End it in another one.", Merge::json_schema(generator)),
        ("no_access", "Close what nobody lets us into.", nothing),
    ]
}
