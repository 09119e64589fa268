//! Who asks: the session of the cookie (pages) or of the bearer token (programs), with the roles of today.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, USER_AGENT};
use actix_web::web::Data;
use domain::access::sessions::{self, Session, SessionKind};
use domain::access::{Actor, login};
use domain::categories::{self, Names};
use domain::community::Community;
use domain::{Db, Instant, db, notifications, random};

use super::cookies;
use crate::app::App;
use crate::ctx::Ctx;
use crate::lang::Lang;

/// What a list that fetches itself says: its asking keeps no session alive.
const POLL: &str = "linli-poll";

/// Somebody who is signed in.
struct Known {
    session: Session,
    actor: Actor,
    community: Option<Community>,
    lang: Lang,
    unread: i64,
    categories: BTreeMap<String, Names>,
}

/// The context of a request before anybody is known.
pub(super) fn nobody(req: &HttpRequest, app: &Data<App>) -> domain::Result<Ctx> {
    let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let lang = req.cookie(cookies::LANGUAGE).and_then(|cookie| Lang::of(cookie.value()));
    Ok(Ctx {
        app: app.clone(),
        actor: Actor::nobody(),
        session: None,
        community: None,
        unread: 0,
        categories: Arc::default(),
        lang: lang.unwrap_or_else(|| Lang::accepted(header(ACCEPT_LANGUAGE))),
        large: req.cookie(cookies::LARGE).is_some_and(|cookie| cookie.value() == "yes"),
        now: app.clock.now(),
        path: req.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        route: format!("{} {}", req.method(), req.path()),
        api: req.path().starts_with("/api/"),
        polls: req.headers().contains_key(POLL),
        address: address(req, app),
        agent: header(USER_AGENT).to_owned(),
        nonce: random::hex(16)?,
        request_id: random::hex(8)?,
    })
}

/// Finds out who asks.
pub(super) async fn resolve(req: &HttpRequest, ctx: &mut Ctx) -> domain::Result<()> {
    let Some((token, kind)) = token(req, ctx) else { return Ok(()) };
    let (now, real_now) = (ctx.now, ctx.real_now());
    let known = move |db: &mut Db| db::together(db, |db| find(db, &token, kind, (now, real_now)));
    let found = ctx.app.store.glance(known).await?;
    let Some(known) = found else { return Ok(()) };
    if !ctx.polls {
        note_use(ctx, &known, real_now).await;
    }
    ctx.actor = known.actor;
    ctx.session = Some(known.session);
    ctx.community = known.community;
    ctx.lang = known.lang;
    ctx.unread = known.unread;
    ctx.categories = Arc::new(known.categories);
    Ok(())
}

fn token(req: &HttpRequest, ctx: &Ctx) -> Option<(String, SessionKind)> {
    if ctx.api {
        let header = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = header.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| (token.trim().to_owned(), SessionKind::Bearer));
    }
    let cookie = req.cookie(cookies::session_name(&ctx.app))?;
    Some((cookie.value().to_owned(), SessionKind::Cookie))
}

fn find(
    db: &mut Db,
    token: &str,
    kind: SessionKind,
    (now, real_now): (Instant, Instant),
) -> domain::Result<Option<Known>> {
    let Some(session) = sessions::find(db, token, kind, real_now)? else { return Ok(None) };
    let login::Known { actor, language, community } =
        login::known(db, session.person, now, login::cause(kind))?;
    if sessions::is_idle(&session, &actor, real_now) {
        return Ok(None);
    }
    let lang = Lang::of(&language).unwrap_or_default();
    // Programs have no header to show it in, and read codes.
    let for_a_page = kind == SessionKind::Cookie;
    let unread = if for_a_page { notifications::unread(db, session.person)? } else { 0 };
    let named = community.as_ref().filter(|_| for_a_page);
    let categories = named.map(|one| categories::own_names(db, one.id)).transpose()?.unwrap_or_default();
    Ok(Some(Known { session, actor, community, lang, unread, categories }))
}

/// Writes down that the session is used, now and then; a failure to do so is no reason to turn anybody away.
async fn note_use(ctx: &Ctx, known: &Known, real_now: Instant) {
    if !sessions::is_stale(&known.session, real_now) {
        return;
    }
    let (session, actor) = (known.session.clone(), known.actor.clone());
    let noted = ctx.app.store.write(move |tx| sessions::seen(tx, &session, &actor, real_now)).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a session was not written down");
    }
}

/// The address that asks; behind a proxy that we trust, the one that it saw.
fn address(req: &HttpRequest, app: &App) -> String {
    let peer = req.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default();
    if !app.config.web.trust_proxy {
        return peer;
    }
    let forwarded = req.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // The last one is what our own proxy saw; earlier ones are what was claimed.
    forwarded.and_then(|list| list.rsplit(',').next()).map_or(peer, |last| last.trim().to_owned())
}
