//! A move-in's bodies: what is applied for, and what each action needs.

use std::collections::BTreeMap;

use domain::access::Actor;
use domain::cases::{Case, Channel};
use domain::categories::{Code, Shipped};
use domain::move_in::{self, Act, Defect, Form, Handover, Kind};
use domain::{AttachmentId, CommunityId, Db, Error, Instant, homes};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rest;
use crate::api::Day;

/// What the short form asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Apply {
    home: String,
    /// `owner`, `tenant`, `shop_operator`.
    category: Option<Kind>,
    channel: Option<Channel>,
    /// A word for the desk; kept with the application.
    text: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    id_last4: Option<String>,
    lease_from: Option<Day>,
    lease_to: Option<Day>,
    #[serde(default)]
    pays: bool,
    wished_on: Option<Day>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// Applies for a move-in.
pub(super) fn open(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    fields: Map<String, Value>,
) -> domain::Result<Case> {
    let apply: Apply = rest(fields)?;
    let home = homes::find(tx, actor, now, community, apply.home.trim())?;
    let form = Form {
        kind: apply.category,
        name: apply.name.unwrap_or_default(),
        phone: apply.phone,
        email: apply.email,
        id_last4: apply.id_last4,
        lease_from: apply.lease_from.map(|day| day.0),
        lease_to: apply.lease_to.map(|day| day.0),
        pays: apply.pays,
        wished_on: apply.wished_on.map(|day| day.0),
    };
    let channel = apply.channel.unwrap_or(Channel::Portal);
    let words = apply.text.unwrap_or_default();
    move_in::apply(tx, actor, now, (community, home), (&form, channel, &words, &apply.attachments))
}

/// The fields that changed before it is sent again; those left out stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    category: Option<Kind>,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    id_last4: Option<String>,
    lease_from: Option<Day>,
    lease_to: Option<Day>,
    pays: Option<bool>,
    wished_on: Option<Day>,
}

impl Changed {
    fn over(self, form: Form) -> Form {
        Form {
            kind: self.category.or(form.kind),
            name: self.name.unwrap_or(form.name),
            phone: self.phone.or(form.phone),
            email: self.email.or(form.email),
            id_last4: self.id_last4.or(form.id_last4),
            lease_from: self.lease_from.map(|day| day.0).or(form.lease_from),
            lease_to: self.lease_to.map(|day| day.0).or(form.lease_to),
            pays: self.pays.unwrap_or(form.pays),
            wished_on: self.wished_on.map(|day| day.0).or(form.wished_on),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remarks {
    remarks: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandOver {
    identity_seen: bool,
    readings: BTreeMap<String, Value>,
    keys: Value,
    #[serde(default)]
    defects: Vec<Found>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// A defect: in words, or with its category.
#[derive(Deserialize)]
#[serde(untagged)]
enum Found {
    Words(String),
    Full { category: Option<Code>, text: String },
}

impl From<Found> for Defect {
    fn from(found: Found) -> Self {
        match found {
            Found::Words(text) => Self { category: Shipped::Other.into(), text },
            Found::Full { category, text } => {
                Self { category: category.unwrap_or_else(|| Shipped::Other.into()), text }
            }
        }
    }
}

/// A number or a text as it is written.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl From<HandOver> for Handover {
    fn from(body: HandOver) -> Self {
        Self {
            identity_seen: body.identity_seen,
            readings: body.readings.iter().map(|(meter, value)| (meter.clone(), written(value))).collect(),
            keys: written(&body.keys),
            defects: body.defects.into_iter().map(Into::into).collect(),
            attachments: body.attachments,
        }
    }
}

/// Moves a move-in by one action.
pub(super) fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    version: i32,
    (action, fields): (&str, Map<String, Value>),
) -> domain::Result<Case> {
    let plain = |act: Act, fields| rest::<Nothing>(fields).map(|_| act);
    let reason = |fields| rest::<Reason>(fields).map(|body| body.reason);
    let act = match action {
        "submit" => {
            let (row, _) = move_in::of(tx, case.id)?;
            Act::Submit(Some(rest::<Changed>(fields)?.over(Form::from(&row))))
        }
        "start_review" => plain(Act::StartReview, fields)?,
        "return" => Act::Return(rest::<Remarks>(fields)?.remarks),
        "approve" => plain(Act::Approve, fields)?,
        "reject" => Act::Reject(reason(fields)?),
        "hand_over" => Act::HandOver(rest::<HandOver>(fields)?.into()),
        "withdraw" => Act::Withdraw(reason(fields)?),
        "cancel" => Act::Cancel(reason(fields)?),
        "close" => plain(Act::Close, fields)?,
        _ => return Err(Error::NotFound),
    };
    move_in::act(tx, actor, now, (case.id, version), &act)
}
