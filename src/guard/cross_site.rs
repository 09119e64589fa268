//! Against requests that another site makes a browser send: `Sec-Fetch-Site`, `Origin` where a browser has
//! no such header, and a token in every form.

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use domain::access::sessions::Session;
use domain::random;

use crate::app::App;
use crate::ctx::Ctx;
use crate::fail::Fail;

const PURPOSE: &str = "form";
/// Hexadecimal digits of a token's salt, so that it is another one on every page.
const SALT: usize = 16;

/// Refuses what changes something and comes from another site. Programs show no cookie, so nobody can
/// borrow theirs.
pub(super) fn check(req: &ServiceRequest, ctx: &Ctx) -> Result<(), Fail> {
    let harmless = matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || ctx.api || is_ours(req.headers(), &ctx.app.config.web.base_url) {
        return Ok(());
    }
    tracing::warn!(request_id = ctx.request_id, "a request from another site was refused");
    Err(Fail::forged())
}

fn is_ours(headers: &HeaderMap, base_url: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(ORIGIN.as_str()) else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == base_url || host.is_some() && host == header(HOST.as_str())
}

/// A form's token: bound to the session, another one on every page.
pub(crate) fn token(app: &App, session: Option<&Session>) -> domain::Result<String> {
    let salt = random::hex(SALT / 2)?;
    let seal = app.seal(PURPOSE, &format!("{salt} {}", owner(session)));
    Ok(salt + &seal)
}

/// Refuses a form without the token of the session that sends it.
pub(crate) fn check_token(req: &HttpRequest, token: &str) -> Result<(), Fail> {
    let ctx = Ctx::of(req)?;
    let sealed = token.split_at_checked(SALT).is_some_and(|(salt, seal)| {
        ctx.app.is_sealed(PURPOSE, &format!("{salt} {}", owner(ctx.session.as_ref())), seal)
    });
    if sealed { Ok(()) } else { Err(Fail::forged()) }
}

fn owner(session: Option<&Session>) -> String {
    session.map_or_else(|| "nobody".to_owned(), |session| session.id.to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_our_own_pages_change_anything() {
        for (pairs, ours) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://linli.example")], false),
            (&[("origin", "https://linli.example")], true),
            (&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true),
            (&[("origin", "https://evil.example"), ("host", "linli.example")], false),
            (&[("origin", "null"), ("host", "linli.example")], false),
            (&[], true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_ours(&headers, "https://linli.example"), ours, "{pairs:?}");
        }
    }
}
