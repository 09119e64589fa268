//! `/account/data.json`: what is held on oneself, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use domain::{Error, people};

use crate::ctx::{Ctx, Reply};

/// `GET /account/data.json`
pub(crate) async fn download(ctx: Ctx) -> Reply {
    let held = ctx.read(people::held::on_oneself).await?;
    let text = serde_json::to_string_pretty(&held).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"linli-data.json\""))
        .body(text))
}
