//! Whether the process is alive, and whether the portal can do its work.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::ctx::{Ctx, Reply};
use crate::disk;

/// `GET /healthz`
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// What the portal stands on.
#[derive(Debug, Serialize)]
struct Readiness {
    /// `ok` or `unavailable`.
    database: &'static str,
    /// Workers that were seen within a minute.
    workers: i64,
    /// For how many seconds the oldest job that is due has been waiting.
    waiting_secs: i64,
    /// MiB left where the files are; none where the system does not say.
    free_mib: Option<u64>,
}

/// Work that is due and waits for longer tells that no worker is there to do it.
const PATIENCE_SECS: i64 = 60;

/// `GET /readyz`: the database answers, what is due is being done, there is room on the disk. A process that
/// only serves pages is well without a worker of its own while another does the work.
pub(crate) async fn ready(ctx: Ctx) -> Reply {
    let real_now = ctx.real_now();
    let health = ctx.app.store.read(move |db| jobs::health(db, real_now)).await;
    if let Err(error) = &health {
        tracing::error!(%error, "not ready");
    }
    let free_mib = disk::free_mib(&ctx.app.config.files.data_dir);
    let room = free_mib.is_none_or(|free| free >= disk::LEAST_FREE_MIB);
    let well = room
        && health.as_ref().is_ok_and(|health| health.workers > 0 || health.waiting_secs <= PATIENCE_SECS);
    let readiness = Readiness {
        database: if health.is_ok() { "ok" } else { "unavailable" },
        workers: health.as_ref().map_or(0, |health| health.workers),
        waiting_secs: health.as_ref().map_or(0, |health| health.waiting_secs),
        free_mib,
    };
    ctx.json(if well { 200 } else { 503 }, &readiness)
}
