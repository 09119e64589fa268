//! `POST /attachments` (multipart), `GET /attachments/{id}`: uploaded first, attached by what names its id.

use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::attachments::{self, ContentType};
use domain::idempotency::{self, Answer, Key};
use domain::{AttachmentId, Error};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::ctx::{Ctx, Reply, community_of};
use crate::{files, form};

/// An upload.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Uploaded {
    /// What a case or an action names.
    id: i64,
    /// Its name.
    name: String,
    /// What it is, by what is in it.
    content_type: &'static str,
    /// Its size as it is kept.
    bytes: i64,
}

/// The form of an upload.
pub(crate) fn form(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}, "community": {"type": "string"}},
        "additionalProperties": false,
    })
}

/// `POST /attachments`
pub(crate) async fn create(ctx: Ctx, req: HttpRequest, payload: web::Payload) -> Reply {
    let key = form::key_of(&req)?;
    let (fields, mut parts) = form::read_body(&req, payload.into_inner()).await?;
    if let Some(unknown) = parts.keys().find(|name| *name != "file") {
        return Err(Error::field(unknown.clone(), "unknown").into());
    }
    if let Some((unknown, _)) = fields.iter().find(|(name, _)| name != "community") {
        return Err(Error::field(unknown.clone(), "unknown").into());
    }
    let code = fields.into_iter().next().map(|(_, code)| code);
    let file = files::one(parts.remove("file").unwrap_or_default())?;
    let community = ctx.read(move |db, actor, _| Ok(community_of(db, actor, code.as_deref())?.id)).await?;
    let key = key.map(|key| Key::new(&ctx.actor, &ctx.route, &key, &file.bytes));
    let kept = files::keep(&ctx, community, vec![file]).await?;
    let stored = kept.into_iter().next().ok_or_else(|| Error::internal("an upload was not kept"))?;
    let answer = ctx
        .write(move |tx, actor, now| {
            let work = |tx: &mut domain::Db| {
                let id = attachments::add(tx, actor, now, community, &stored)?;
                let content_type = ContentType::as_str(stored.content_type);
                let made =
                    Uploaded { id: id.0, name: stored.name.clone(), content_type, bytes: stored.bytes };
                Ok(Answer { status: 201, body: serde_json::to_string(&made).map_err(Error::internal)? })
            };
            match &key {
                Some(key) => idempotency::once(tx, key, now, work),
                None => work(tx),
            }
        })
        .await?;
    Ok(HttpResponse::Created().content_type("application/json").body(answer.body))
}

/// How an attachment is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Size {
    /// Anything asks for its thumbnail.
    small: Option<String>,
}

/// `GET /attachments/{id}`, of the API and of pages.
pub(crate) async fn show(ctx: Ctx, id: Path<i64>, size: Query<Size>) -> Reply {
    files::serve(&ctx, AttachmentId(*id), size.small.is_some()).await
}
