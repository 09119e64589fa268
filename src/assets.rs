//! Styles, scripts and pictures, kept in the binary. Their address carries a digest of them all, so that a
//! browser may keep them for ever and a new version is seen at once.

mod stylesheet;

use std::borrow::Cow;
use std::sync::OnceLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::fail::Fail;

#[derive(RustEmbed)]
#[folder = "static/"]
#[exclude = "*.toml"]
#[exclude = "*.ttf"]
struct Static;

/// The address of a file below `static/`.
pub(crate) fn address(file: &str) -> String {
    format!("/static/{}/{file}", digest())
}

/// Whether there is such a file.
pub(crate) fn exists(file: &str) -> bool {
    Static::get(file).is_some()
}

fn digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let mut names: Vec<_> = Static::iter().collect();
        names.sort();
        let mut sha = Sha256::new();
        for name in names {
            sha.update(name.as_bytes());
            sha.update(Static::get(&name).map_or([0; 32], |file| file.metadata.sha256_hash()));
        }
        hex::encode(sha.finalize()).chars().take(12).collect()
    })
}

/// `GET /static/{digest}/{file}`
pub(crate) async fn serve(req: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, Fail> {
    let (asked, file) = path.into_inner();
    let Some(content) = content(&file) else { return Err(Error::NotFound.into()) };
    let tag = format!("\"{}\"", digest());
    if req.headers().get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    // An address of another version is answered, but not kept.
    let current = asked == digest();
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type(&file)))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((ETAG, tag))
        .body(content.into_owned()))
}

/// What is sent for a file.
fn content(file: &str) -> Option<Cow<'static, [u8]>> {
    let kept = Static::get(file)?.data;
    match std::str::from_utf8(&kept) {
        Ok(source) if file.ends_with(".css") => Some(stylesheet::sent(source).into_bytes().into()),
        _ => Some(kept),
    }
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("json" | "webmanifest") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_stays_below_thirty_kilobytes() {
        let length = content("app.css").unwrap().len();
        assert!(length < 30 * 1024, "{length} bytes: say it with what is there");
    }
}
