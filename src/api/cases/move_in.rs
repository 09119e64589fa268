//! A move-in's bodies: what is applied for, and what each action needs.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Actor;
use domain::cases::{Case, Channel};
use domain::categories::{Code, Shipped};
use domain::move_in::{self, Act, Agreement, Defect, Form, Handover, Kind};
use domain::{AttachmentId, CommunityId, Db, Error, Instant, PersonId, audit, homes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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
    /// `community_rules`, `service_agreement`, `fire_safety`: what was signed.
    #[serde(default)]
    agreements: BTreeSet<Agreement>,
    #[serde(default)]
    defects: Vec<Found>,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
}

/// What is signed after the handover.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    agreements: BTreeSet<Agreement>,
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
            agreements: body.agreements,
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
        "sign" => {
            let signed = rest::<Sign>(fields)?.agreements;
            return move_in::sign(tx, actor, now, (case.id, version), &signed);
        }
        "withdraw" => Act::Withdraw(reason(fields)?),
        "cancel" => Act::Cancel(reason(fields)?),
        "close" => plain(Act::Close, fields)?,
        _ => return Err(Error::NotFound),
    };
    move_in::act(tx, actor, now, (case.id, version), &act)
}

/// What the asker may do to a move-in now.
pub(super) fn actions(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
) -> domain::Result<Vec<&'static str>> {
    let application = move_in::seen(db, actor, now, case.id)?;
    let mut all = move_in::actions(actor, &application)?;
    if !move_in::unsigned(db, actor, case)?.is_empty() {
        all.push("sign");
    }
    Ok(all)
}

/// A handover as it was made.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HandoverJson {
    day: String,
    /// Who handed over.
    by: String,
    keys: String,
    /// By meter (`water`, `electricity`, `gas`), in its unit.
    readings: BTreeMap<String, String>,
    /// Whether the home's fees began with it.
    started_fees: bool,
    /// Each with whether, when, by whom and before whom it was signed.
    agreements: Vec<AgreementJson>,
    /// The numbers of the repairs that its defects opened.
    repairs: Vec<String>,
}

/// An agreement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AgreementJson {
    /// `community_rules`, `service_agreement`, `fire_safety`.
    agreement: &'static str,
    signed_at: Option<String>,
    signed_by: Option<String>,
    /// The member of staff before whom it was signed.
    before: Option<String>,
}

impl HandoverJson {
    /// The handover of a case, once it was made.
    pub(super) fn of(db: &mut Db, case: &Case) -> domain::Result<Option<Self>> {
        let Some(handed) = move_in::handed(db, case.id)? else { return Ok(None) };
        let signed = move_in::signed(db, case.id)?;
        let people = signed.iter().flat_map(|one| [one.signer, one.by]).chain([handed.by]);
        let names = audit::names(db, &people.collect::<Vec<_>>())?;
        let name = |id: PersonId| names.get(&id).cloned();
        let agreement = |agreement: &Agreement| {
            let found = signed.iter().find(|one| one.agreement == *agreement);
            AgreementJson {
                agreement: agreement.as_str(),
                signed_at: found.map(|one| one.at.to_string()),
                signed_by: found.and_then(|one| name(one.signer)),
                before: found.and_then(|one| name(one.by)),
            }
        };
        let reading = |(meter, reading)| (meter, move_in::rules::written(reading));
        Ok(Some(Self {
            day: handed.day.to_string(),
            by: name(handed.by).unwrap_or_default(),
            keys: handed.keys,
            readings: handed.readings.into_iter().map(reading).collect(),
            started_fees: handed.started_fees,
            agreements: Agreement::ALL.iter().map(agreement).collect(),
            repairs: handed.defects.into_iter().filter_map(|defect| defect.repair).collect(),
        }))
    }
}
