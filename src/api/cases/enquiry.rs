//! An enquiry's bodies: what is asked, what each action needs, and what is told of one.

use domain::access::Actor;
use domain::cases::{Case, Channel, Voice};
use domain::enquiries::{self, Act, NewEnquiry};
use domain::knowledge::Category;
use domain::{AttachmentId, CommunityId, Db, Error, Instant, PersonId, homes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::rest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    home: Option<String>,
    place: Option<String>,
    category: Category,
    text: String,
    channel: Option<Channel>,
    reporter: Option<PersonId>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// Asks.
pub(super) fn open(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    fields: Map<String, Value>,
) -> domain::Result<Case> {
    let asked: Ask = rest(fields)?;
    let home = asked.home.map(|code| homes::find(tx, actor, now, community, &code)).transpose()?;
    let voice = Voice {
        community,
        home,
        place: asked.place,
        channel: asked.channel.unwrap_or(Channel::Portal),
        reporter: asked.reporter,
        reporter_name: asked.reporter_name,
        reporter_phone: asked.reporter_phone,
    };
    let new =
        NewEnquiry { voice, category: asked.category, text: asked.text, attachments: asked.attachments };
    enquiries::ask(tx, actor, now, &new)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    text: Option<String>,
    article: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    text: String,
}

/// Moves an enquiry by one action.
pub(super) fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    version: i32,
    (action, fields): (&str, Map<String, Value>),
) -> domain::Result<Case> {
    let plain = |act: Act, fields| rest::<Nothing>(fields).map(|_| act);
    let words = |fields| rest::<Answer>(fields).map(|body| (body.text.unwrap_or_default(), body.article));
    let act = match action {
        "answer" => words(fields).map(|(text, article)| Act::Answer { text, article })?,
        "add" => words(fields).map(|(text, article)| Act::Add { text, article })?,
        "helped" => plain(Act::Helped, fields)?,
        "ask_back" => Act::AskBack { text: rest::<Back>(fields)?.text },
        "withdraw" => plain(Act::Withdraw, fields)?,
        "close" => plain(Act::Close, fields)?,
        _ => return Err(Error::NotFound),
    };
    enquiries::act(tx, actor, now, (case.community_id, case.number()), version, &act)
}

/// What is an enquiry's own.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EnquiryJson {
    /// The answer that holds; empty where there is none.
    answer: String,
    /// The article that it refers to.
    article: Option<i64>,
    /// Whether it helped, as far as was said.
    helped: Option<bool>,
}

impl EnquiryJson {
    /// An enquiry.
    pub(super) fn of(db: &mut Db, case: &Case) -> domain::Result<Self> {
        let row = enquiries::of_case(db, case.id)?;
        Ok(Self { answer: row.answer, article: row.article_id, helped: row.helped })
    }
}
