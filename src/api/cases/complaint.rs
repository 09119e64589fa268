//! A complaint's bodies: what is complained of, what each action needs, and what is told of one.

use domain::access::Actor;
use domain::cases::{Case, Channel, Voice};
use domain::complaints::{self, Act, Category, Cause, Department, NewComplaint};
use domain::{AttachmentId, CommunityId, Db, Error, Fen, Instant, PersonId, homes, on_duty};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rest;
use crate::api::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complain {
    home: Option<String>,
    place: Option<String>,
    category: Category,
    text: String,
    wish: Option<String>,
    happened_on: Option<Day>,
    about: Option<Value>,
    channel: Option<Channel>,
    reference: Option<String>,
    deadline: Option<Instant>,
    reporter: Option<PersonId>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// Registers a complaint.
pub(super) fn open(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    fields: Map<String, Value>,
) -> domain::Result<Case> {
    let complain: Complain = rest(fields)?;
    let home = complain.home.map(|code| homes::find(tx, actor, now, community, &code)).transpose()?;
    let about = complain.about.map(|name| staff(tx, community, &name)).transpose()?;
    let voice = Voice {
        community,
        home,
        place: complain.place,
        channel: complain.channel.unwrap_or(Channel::Portal),
        reporter: complain.reporter,
        reporter_name: complain.reporter_name,
        reporter_phone: complain.reporter_phone,
    };
    let new = NewComplaint {
        voice,
        category: complain.category,
        text: complain.text,
        wish: complain.wish.unwrap_or_default(),
        happened_on: complain.happened_on.map(|day| day.0),
        about,
        reference: complain.reference,
        deadline: complain.deadline,
        attachments: complain.attachments,
    };
    complaints::register(tx, actor, now, &new)
}

/// A member of staff by their id, staff number or login name.
fn staff(db: &mut Db, community: CommunityId, name: &Value) -> domain::Result<PersonId> {
    let name = match name {
        Value::String(name) => name.clone(),
        Value::Number(id) => id.to_string(),
        _ => return Err(Error::field("about", "invalid")),
    };
    on_duty::by_name(db, community, &name)?.ok_or_else(|| Error::field("about", "no_staff"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    department: Department,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reassigned {
    department: Department,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    text: String,
    #[serde(default)]
    money_fen: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    cause: Cause,
    findings: String,
    options: Vec<Offer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    option: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    /// May be left out where an article says it.
    #[serde(default)]
    text: String,
    article: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    done: String,
    said: Option<String>,
    lesson: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    into: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lesson {
    lesson: String,
}

/// Moves a complaint by one action.
pub(super) fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    version: i32,
    (action, fields): (&str, Map<String, Value>),
) -> domain::Result<Case> {
    let act = read(action, fields)?;
    complaints::act(tx, actor, now, (case.community_id, case.number()), version, &act)
}

fn read(action: &str, fields: Map<String, Value>) -> domain::Result<Act> {
    let plain = |act: Act, fields| rest::<Nothing>(fields).map(|_| act);
    let reason = |fields| rest::<Reason>(fields).map(|body| body.reason);
    Ok(match action {
        "founded" => {
            let Judged { department, note } = rest(fields)?;
            Act::Founded { department, note: note.unwrap_or_default() }
        }
        "unfounded" => Act::Unfounded { reason: reason(fields)? },
        "reassign" => {
            let Reassigned { department, reason } = rest(fields)?;
            Act::Reassign { department, reason }
        }
        "investigate" => plain(Act::Investigate, fields)?,
        "propose" => {
            let Plan { cause, findings, options } = rest(fields)?;
            let options = options.into_iter().map(|offer| (offer.text, Fen(offer.money_fen))).collect();
            Act::Propose { cause, findings, options }
        }
        "send_back" => Act::SendBack { reason: reason(fields)? },
        "approve" => plain(Act::Approve, fields)?,
        "choose" => Act::Choose { option: rest::<Chosen>(fields)?.option },
        "carry_out" => plain(Act::CarryOut, fields)?,
        "reply" => {
            let Reply { text, article } = rest(fields)?;
            Act::Reply { text, article }
        }
        "answer" => {
            let Answer { done, said, lesson } = rest(fields)?;
            Act::Answer { done, said: said.unwrap_or_default(), lesson: lesson.unwrap_or_default() }
        }
        "withdraw" => Act::Withdraw { reason: reason(fields)? },
        "undo" => plain(Act::Undo, fields)?,
        "merge" => Act::Merge { into: rest::<Merge>(fields)?.into },
        "reopen" => Act::Reopen { reason: reason(fields)? },
        "learn" => Act::Learn { lesson: rest::<Lesson>(fields)?.lesson },
        _ => return Err(Error::NotFound),
    })
}

/// What is a complaint's own, as the asker may see it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ComplaintJson {
    /// What is asked for.
    wish: String,
    happened_on: Option<String>,
    /// The number that the hotline, the association or the paper gave it.
    reference: Option<String>,
    /// By when they want an answer.
    deadline: Option<String>,
    founded: Option<bool>,
    /// Why.
    verdict: String,
    department: Option<&'static str>,
    cause: Option<&'static str>,
    findings: String,
    options: Vec<OptionJson>,
    chosen: Option<i32>,
    /// What was done, or why there is nothing to do.
    done: String,
    said: String,
    lesson: String,
}

/// What a plan offers.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OptionJson {
    number: i32,
    text: String,
    money_fen: i64,
}

impl ComplaintJson {
    /// A complaint for who asks.
    pub(super) fn of(db: &mut Db, case: &Case, staff: bool) -> domain::Result<Self> {
        let (row, options) = complaints::shown(db, case, staff)?;
        let option = |one: complaints::Choice| OptionJson {
            number: one.number,
            text: one.text,
            money_fen: one.money.0,
        };
        Ok(Self {
            wish: row.wish,
            happened_on: row.happened_on.map(|day| day.to_string()),
            reference: row.reference,
            deadline: row.deadline.map(|at| at.to_string()),
            founded: row.founded,
            verdict: row.verdict,
            department: row.department.map(Department::as_str),
            cause: row.cause.map(Cause::as_str),
            findings: row.findings,
            options: options.into_iter().map(option).collect(),
            chosen: row.chosen,
            done: row.done,
            said: row.said,
            lesson: row.lesson,
        })
    }
}
