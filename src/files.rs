//! Uploads on their way in and attachments on their way out.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use domain::attachments::{self, Attachment, ContentType, Stored};
use domain::{AttachmentId, CommunityId, Error};

use crate::ctx::{Ctx, Reply};
use crate::form::{File, Form};

/// Makes uploads fit to be kept, off the async threads and no more at once than there are cores, and
/// writes their files. Their rows follow in a transaction.
pub(crate) async fn keep(ctx: &Ctx, community: CommunityId, files: Vec<File>) -> domain::Result<Vec<Stored>> {
    let most = ctx.read(move |db, _, _| attachments::most_bytes(db, community)).await?;
    let mut kept = Vec::new();
    for file in files {
        let prepared = ctx.app.hashing(move || attachments::prepare(&file.name, file.bytes, most)).await?;
        kept.push(attachments::keep(ctx.app.files.as_ref(), prepared).await?);
    }
    Ok(kept)
}

/// Keeps uploads with their rows, so that a form that comes back still has them.
pub(crate) async fn upload(
    ctx: &Ctx,
    community: CommunityId,
    files: Vec<File>,
) -> domain::Result<Vec<AttachmentId>> {
    if files.is_empty() {
        return Ok(vec![]);
    }
    let kept = keep(ctx, community, files).await?;
    let add = move |tx: &mut domain::Db, actor: &domain::access::Actor, now| {
        kept.iter().map(|one| attachments::add(tx, actor, now, community, one)).collect()
    };
    ctx.write(add).await
}

/// The photos that earlier tries of a form brought, in the field `kept`, and those of this one, in `new`; what is
/// wrong with one is noted beside `new`, and the others stay.
pub(crate) async fn gather(
    ctx: &Ctx,
    form: &mut Form,
    (kept, new): (&str, &str),
) -> domain::Result<Vec<AttachmentId>> {
    let mut all: Vec<AttachmentId> = form.many(kept, "unknown_file").unwrap_or_default();
    let files = form.files(new);
    match upload(ctx, ctx.community()?.id, files).await {
        Ok(added) => all.extend(added),
        Err(error) => form.note(error.renamed("file", new))?,
    }
    Ok(all)
}

/// Serves an attachment to who may see what it belongs to: as what it is, without anything that could run.
pub(crate) async fn serve(ctx: &Ctx, id: AttachmentId, small: bool) -> Reply {
    let found = ctx.read(move |db, actor, now| attachments::read(db, actor, now, id)).await?;
    if found.is_noted(&ctx.actor) {
        let noted = found.clone();
        ctx.write(move |tx, actor, now| attachments::opened(tx, actor, now, &noted)).await?;
    }
    let bytes = attachments::content(ctx.app.files.as_ref(), &found, small).await?;
    let kind = if small && found.thumbnail.is_some() { ContentType::Jpeg } else { found.content_type };
    Ok(HttpResponse::Ok()
        .content_type(kind.as_str())
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"))
        .insert_header((CONTENT_DISPOSITION, disposition(&found)))
        .body(bytes))
}

/// Pictures open, papers are saved; the name travels encoded.
fn disposition(found: &Attachment) -> String {
    let how = if found.content_type == ContentType::Pdf { "attachment" } else { "inline" };
    let letter = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    let name: String = found.name.bytes().map(letter).collect();
    format!("{how}; filename*=UTF-8''{name}")
}

/// Documents as one PDF, typeset off the async threads; browsers show it.
pub(crate) async fn pdf(ctx: &Ctx, name: &str, documents: Vec<paper::Document>) -> Reply {
    let (title, language) = (name.trim_end_matches(".pdf").to_owned(), ctx.lang.tag());
    let work = move || paper::pdf(&documents, &title, language).map_err(Error::internal);
    let bytes = ctx.app.hashing(work).await?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::Pdf.as_str())
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
        .body(bytes))
}

/// What a program's upload has to be: one part `file`, and the community where it is needed.
pub(crate) fn one(mut files: Vec<File>) -> domain::Result<File> {
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => Ok(file),
        (None, _) => Err(Error::field("file", "required")),
        (Some(_), false) => Err(Error::field("file", "one_file")),
    }
}
