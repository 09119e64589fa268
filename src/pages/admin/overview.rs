//! `/admin`: how the portal is, its communities, its backups.

use domain::access::{Action, Object, allow};
use domain::{Error, backup, community};
use jobs::JobState;

use super::health::{self, zone};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::admin::health::FindingRow;
use crate::views::admin::overview::{KeptRow, OverviewView, StandingRow};

/// How many backups are listed.
const LISTED: usize = 20;

/// `GET /admin`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<OverviewView> {
    let real_now = ctx.real_now();
    let (health, counts, standings) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Administer, Object::Installation)?;
            Ok((jobs::health(db, real_now)?, jobs::counts(db)?, community::standings(db, actor, now)?))
        })
        .await?;
    let findings = health::looked(ctx).await?;
    let folder = ctx.app.config.backups.folder.clone();
    let listed = tokio::task::spawn_blocking(move || backup::kept(&folder));
    let backups = listed.await.map_err(Error::internal)??;
    let waiting = counts.iter().find(|(state, _)| *state == JobState::Waiting);
    let texts = ctx.app.views.texts(ctx.lang);
    Ok(OverviewView {
        ill: findings.iter().filter(|finding| finding.advice.is_some()).count(),
        findings: findings.iter().map(|finding| FindingRow::new(finding, texts, zone(ctx))).collect(),
        waiting: waiting.map_or(0, |(_, count)| *count),
        waiting_secs: health.waiting_secs,
        failed: health.failed,
        communities: standings.into_iter().map(StandingRow::from).collect(),
        backups: backups.into_iter().take(LISTED).map(KeptRow::from).collect(),
        folder: ctx.app.config.backups.folder.display().to_string(),
        keep: ctx.app.config.backups.keep,
        form: Form::new("admin.form"),
    })
}

/// `POST /admin/backups`: asks the worker for one now.
pub(crate) async fn back_up(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("admin.form");
    let makes_some = ctx.app.config.backups.keep > 0;
    let real_now = ctx.real_now();
    let done = ctx.submit(&mut form, Some(()), move |tx, actor, now, ()| {
        if !makes_some {
            return Err(Error::refused("backup.off", vec![]));
        }
        let is_new = jobs::ask_backup(tx, actor, now, real_now)?;
        Ok(format!("/admin?done={}", if is_new { "backup_asked" } else { "backup_asked_before" }))
    });
    let done = done.await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| OverviewView { form, ..page })
}
