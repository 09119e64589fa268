//! `/admin/jobs`: the worker's queue: what waits, runs and failed, and running a failed one again.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use jobs::JobState;
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::admin::jobs::{JobCount, JobView, JobsView};

/// How many are shown.
const PAGE: i64 = 100;

/// Which are shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<String>,
}

/// `GET /admin/jobs`
pub(crate) async fn show(ctx: Ctx, which: Query<Which>) -> Reply {
    let state = which.state.as_deref().and_then(|state| state.parse().ok()).unwrap_or(JobState::Failed);
    let real_now = ctx.real_now();
    let (health, counts, rows) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Administer, Object::Installation)?;
            Ok((jobs::health(db, real_now)?, jobs::counts(db)?, jobs::list(db, state, PAGE)?))
        })
        .await?;
    ctx.page(&JobsView {
        state: state.as_str(),
        workers: health.workers,
        waiting_secs: health.waiting_secs,
        counts: counts.into_iter().map(|(state, count)| JobCount { state: state.as_str(), count }).collect(),
        rows: rows.into_iter().map(JobView::from).collect(),
        form: Form::new("jobs.form"),
    })
}

/// `POST /admin/jobs/{id}/again`
pub(crate) async fn again(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    posted.form("jobs.form").done(Some(()))?;
    let (id, real_now) = (*id, ctx.real_now());
    ctx.write(move |tx, actor, now| jobs::run_again(tx, actor, now, real_now, id)).await?;
    Ok(see_other("/admin/jobs?done=job_again"))
}
