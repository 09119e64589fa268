//! `GET /limitation`, `POST /debtors/{id}/acknowledgements`: until when what is owed can be demanded, and what was
//! acknowledged in writing.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::attachments::{self, Subject};
use domain::cases::voice::words;
use domain::limitation::{
    self, Acknowledgement, Course, Interruption, NewAcknowledgement, Standing, Watched,
};
use domain::{AttachmentId, ChargeId, Db, Error, LedgerAccountId, LocalDate, Month, debts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::json::at_most;
use crate::api::{Body, Day, Where};
use crate::ctx::{Ctx, Reply};

/// How a charge's limitation runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CourseJson {
    /// Its last day, as things stand.
    #[schemars(with = "String")]
    last_day: LocalDate,
    /// `runs`, `soon`, `over`.
    standing: &'static str,
    /// What started it anew, in order.
    interrupted: Vec<InterruptionJson>,
}

/// What started it anew.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InterruptionJson {
    #[schemars(with = "String")]
    day: LocalDate,
    /// `demand`, `payment`, `acknowledgement`.
    cause: &'static str,
}

impl CourseJson {
    pub(super) fn of(course: Course, standing: Standing) -> Self {
        let one = |one: Interruption| InterruptionJson { day: one.day, cause: one.cause.as_str() };
        Self {
            last_day: course.last_day,
            standing: standing.as_str(),
            interrupted: course.interrupted.into_iter().map(one).collect(),
        }
    }
}

/// A charge whose limitation ends soon, or has ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WatchedJson {
    /// Whose account: what `/debtors/{id}` is asked with.
    account: i64,
    home: String,
    payer: String,
    charge: i64,
    /// The item's code.
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    #[schemars(with = "String")]
    due_on: LocalDate,
    open_fen: i64,
    limitation: CourseJson,
}

impl From<Watched> for WatchedJson {
    fn from(one: Watched) -> Self {
        let charge = one.line.charge;
        Self {
            account: charge.account_id.0,
            home: one.line.home,
            payer: one.line.payer,
            charge: charge.id.0,
            item: one.line.item,
            period: charge.period,
            due_on: charge.due_on,
            open_fen: charge.open().0,
            subject: charge.subject,
            limitation: CourseJson::of(one.course, one.standing),
        }
    }
}

/// `GET /limitation`: what ends first comes first.
pub(crate) async fn list(ctx: Ctx, asked: Query<Where>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community| {
        let watched = limitation::watch(db, actor, now, community)?;
        Ok(watched.into_iter().map(WatchedJson::from).collect())
    };
    asked.into_inner().all(&ctx, find).await
}

/// What was acknowledged in writing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AcknowledgedJson {
    id: i64,
    #[schemars(with = "String")]
    day: LocalDate,
    signed_by: String,
    note: String,
    /// Its scan or photo.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

impl AcknowledgedJson {
    /// What was acknowledged, with its papers.
    pub(super) fn all(db: &mut Db, all: Vec<Acknowledgement>) -> domain::Result<Vec<Self>> {
        let subjects: Vec<_> = all.iter().map(|one| Subject::Acknowledgement(one.id)).collect();
        let mut papers = attachments::of_each(db, &subjects)?;
        let json = |one: Acknowledgement| {
            let papers = papers.remove(&Subject::Acknowledgement(one.id)).unwrap_or_default();
            Self {
                id: one.id.0,
                day: one.day,
                signed_by: one.signed_by,
                note: one.note,
                attachments: papers.into_iter().map(|paper| paper.id).collect(),
            }
        };
        Ok(all.into_iter().map(json).collect())
    }
}

/// A written acknowledgement to be recorded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acknowledge {
    /// Of which charges.
    charges: Vec<i64>,
    /// The day that stands on it.
    #[schemars(with = "String")]
    day: Day,
    signed_by: String,
    /// Where the paper lies.
    #[serde(default)]
    note: String,
    /// Its scan or photo: ids of `POST /attachments`.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

/// `POST /debtors/{id}/acknowledgements`
pub(crate) async fn acknowledge(ctx: Ctx, account: Path<i64>, body: Body<Acknowledge>) -> Reply {
    let account = LedgerAccountId(*account);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        debts::debtor(tx, actor, now, account)?;
        let new = NewAcknowledgement {
            charges: asked.charges.iter().copied().map(ChargeId).collect(),
            day: asked.day.0,
            signed_by: words("signed_by", &asked.signed_by, 100)?.to_owned(),
            note: at_most("note", &asked.note, 300)?,
            papers: asked.attachments.clone(),
        };
        let made = limitation::acknowledge(tx, actor, now, account, &new);
        let id = made.map_err(|error| error.renamed("photos", "attachments"))?;
        let mut made = limitation::acknowledgements_of(tx, account)?;
        made.retain(|one| one.id == id);
        AcknowledgedJson::all(tx, made)?.pop().ok_or(Error::NotFound)
    })
    .await
}
