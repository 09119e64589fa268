//! Whether the process is alive, and whether it can work.

use actix_web::HttpResponse;
use serde_json::json;

use crate::ctx::{Ctx, Reply};

/// `GET /healthz`
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// `GET /readyz`: the database answers and takes writes.
pub(crate) async fn ready(ctx: Ctx) -> Reply {
    let database = ctx.app.store.read(|db| domain::installation::is_empty(db)).await;
    if let Err(error) = &database {
        tracing::error!(%error, "not ready");
    }
    let well = database.is_ok();
    ctx.json(if well { 200 } else { 503 }, &json!({"database": if well { "ok" } else { "unavailable" }}))
}
