//! `POST /inspections`.

use domain::inspections::rules::Severity;
use domain::inspections::{self, NewInspection, NewItem};
use domain::{AttachmentId, Instant, LocalDate, cases};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Day};
use crate::ctx::{Ctx, Reply, community_of};

/// An inspection as a program logs it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInspection {
    /// The community's code, where the asker belongs to several.
    community: Option<String>,
    /// The renovation's number.
    renovation: String,
    /// What was looked at.
    items: Vec<Looked>,
    /// Workers counted.
    workers: i32,
    /// How far the work is.
    progress: String,
    /// Photos that were uploaded before.
    #[serde(default)]
    attachments: Vec<i64>,
    /// When it was made.
    #[schemars(with = "String")]
    made_at: Instant,
}

/// One item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Looked {
    /// Which, a word of the form or in words.
    item: String,
    /// Whether it was in order.
    ok: bool,
    /// What was seen; needed where it was not.
    #[serde(default)]
    note: Option<String>,
    /// `minor` or `severe`; else as the form has it.
    #[schemars(with = "Option<String>")]
    severity: Option<Severity>,
    /// By when a minor one is mended.
    deadline: Option<Day>,
}

/// An inspection that was kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Logged {
    /// Its id.
    id: i64,
    /// The renovation's number.
    renovation: String,
    /// The renovation's state now.
    state: String,
    /// The duty that it fulfilled, and what became of it.
    duty: Option<i64>,
    duty_state: Option<&'static str>,
    /// What has still to be mended.
    open_violations: Vec<Open>,
}

/// Something to be mended.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Open {
    /// The item.
    item: String,
    /// `minor` or `severe`.
    severity: &'static str,
    /// By when.
    #[schemars(with = "Option<String>")]
    deadline: Option<LocalDate>,
}

/// `POST /inspections`
pub(crate) async fn log(ctx: Ctx, body: Body<LogInspection>) -> Reply {
    body.once(&ctx, 201, |tx, actor, now, new| {
        let community = community_of(tx, actor, new.community.as_deref())?.id;
        let case = cases::read(tx, actor, now, community, new.renovation.trim())?;
        let items = new.items.iter().map(|one| NewItem {
            item: one.item.clone(),
            ok: one.ok,
            note: one.note.clone().unwrap_or_default(),
            severity: one.severity,
            deadline: one.deadline.map(|day| day.0),
        });
        let inspection = NewInspection {
            case: case.id,
            made_at: new.made_at,
            items: items.collect(),
            progress: new.progress.clone(),
            workers: new.workers,
            attachments: new.attachments.iter().copied().map(AttachmentId).collect(),
        };
        let made = inspections::log(tx, actor, now, &inspection)?;
        let duty = inspections::duty(tx, &made)?;
        let open = inspections::open_violations(tx, case.id)?.into_iter().map(|violation| Open {
            severity: violation.severity.as_str(),
            item: violation.item,
            deadline: violation.deadline,
        });
        Ok(Logged {
            id: made.id.0,
            renovation: case.number().to_owned(),
            state: cases::by_id(tx, case.id)?.state,
            duty: duty.as_ref().map(|duty| duty.id.0),
            duty_state: duty.map(|duty| duty.state.as_str()),
            open_violations: open.collect(),
        })
    })
    .await
}
