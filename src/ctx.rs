//! Who asks, in which language, at what moment: what every handler starts from and answers with.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, web};
use domain::access::Actor;
use domain::access::sessions::Session;
use domain::categories::Names;
use domain::community::{self, Community};
use domain::idempotency::{self, Answer, Key};
use domain::{CommunityId, Db, Error, Instant, db, random};
use futures::future::{Ready, ready};
use serde::Serialize;

use crate::app::App;
use crate::fail::Fail;
use crate::form::Form;
use crate::guard::cross_site;
use crate::lang::Lang;
use crate::views::{Shell, View, nav};

/// What a handler gives back.
pub(crate) type Reply = Result<HttpResponse, Fail>;

/// The request as our code sees it.
#[derive(Clone)]
pub(crate) struct Ctx {
    /// What all requests share.
    pub(crate) app: web::Data<App>,
    /// Who asks; nobody where nobody signed in.
    pub(crate) actor: Actor,
    /// The session that was shown.
    pub(crate) session: Option<Session>,
    /// The community of who asks.
    pub(crate) community: Option<Community>,
    /// How many messages of theirs are unread.
    pub(crate) unread: i64,
    /// The categories that the community names itself.
    pub(crate) categories: Arc<BTreeMap<String, Names>>,
    /// The language to answer in.
    pub(crate) lang: Lang,
    /// Whether pages are large (关怀版).
    pub(crate) large: bool,
    /// The portal's moment.
    pub(crate) now: Instant,
    /// The path that was asked for, with its query.
    pub(crate) path: String,
    /// The method and path without its query, as the idempotency of a submission knows it.
    pub(crate) route: String,
    /// Whether a program asks.
    pub(crate) api: bool,
    /// Whether a page asks by itself, so that its list moves: nobody has done anything.
    pub(crate) polls: bool,
    /// The address that asks.
    pub(crate) address: String,
    /// The browser or program, as it calls itself.
    pub(crate) agent: String,
    /// What a script of ours is allowed by.
    pub(crate) nonce: String,
    /// What finds the request in the log.
    pub(crate) request_id: String,
}

impl FromRequest for Ctx {
    type Error = Fail;
    type Future = Ready<Result<Self, Fail>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

impl Ctx {
    /// The context that the outermost layer put into a request.
    pub(crate) fn of(req: &HttpRequest) -> Result<Self, Fail> {
        let found = req.extensions().get::<Self>().cloned();
        found.ok_or_else(|| Error::internal("a request without its context").into())
    }

    /// Reads: `ctx.read(|db, actor, now| …)`.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db, &Actor, Instant) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let (actor, now) = (self.actor.clone(), self.now);
        self.app.store.read(move |db| db::together(db, |db| query(db, &actor, now))).await
    }

    /// Reads a little, as [`domain::Store::glance`] does it.
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db, &Actor, Instant) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let (actor, now) = (self.actor.clone(), self.now);
        self.app.store.glance(move |db| db::together(db, |db| query(db, &actor, now))).await
    }

    /// Changes, in one transaction that may run twice: `ctx.write(|tx, actor, now| …)`.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Db, &Actor, Instant) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let (actor, now) = (self.actor.clone(), self.now);
        self.app.store.write(move |tx| change(tx, &actor, now)).await
    }

    /// Does what a form asks for, once for the form's key, and leads to the address that `work` gives.
    ///
    /// # Errors
    /// Wrong fields (`input` is none then, or the form has unknown ones) and whatever `work` says.
    pub(crate) async fn submit<I: Send + 'static>(
        &self,
        form: &mut Form,
        input: Option<I>,
        work: impl Fn(&mut Db, &Actor, Instant, &I) -> domain::Result<String> + Send + 'static,
    ) -> domain::Result<HttpResponse> {
        let input = form.done(input)?;
        let key = form.key().map(|(key, body)| Key::new(&self.actor, &self.route, key, body));
        let answer = self
            .write(move |tx, actor, now| {
                let work =
                    |tx: &mut Db| work(tx, actor, now, &input).map(|body| Answer { status: 303, body });
                match &key {
                    Some(key) => idempotency::once(tx, key, now, work),
                    None => work(tx),
                }
            })
            .await?;
        Ok(see_other(&answer.body))
    }

    /// The outcome of a form: where it leads, or the page again with what was typed and what is wrong.
    pub(crate) fn outcome<V: View>(
        &self,
        done: domain::Result<HttpResponse>,
        mut form: Form,
        view: impl FnOnce(Form) -> V,
    ) -> Reply {
        let error = match done {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let fail = Fail::from(error);
        let status = fail.status();
        if let Error::Unavailable(cause) = &fail.error {
            tracing::error!(request_id = self.request_id, route = self.route, ?cause, "unavailable");
        }
        form.note(fail.error)?;
        let mut response = self.page(&view(form))?;
        *response.status_mut() = status;
        Ok(response)
    }

    /// A page.
    pub(crate) fn page<V: View>(&self, view: &V) -> Reply {
        let page = self.app.views.page(&self.shell()?, view)?;
        Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page))
    }

    /// JSON with a status.
    pub(crate) fn json<T: Serialize>(&self, status: u16, value: &T) -> Reply {
        let text = serde_json::to_string(value).map_err(Error::internal)?;
        let status = actix_web::http::StatusCode::from_u16(status).map_err(Error::internal)?;
        Ok(HttpResponse::build(status).content_type("application/json").body(text))
    }

    /// The text of a key in the language of who asks.
    pub(crate) fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.app.views.texts(self.lang).say(key, args)
    }

    /// What a category, or a group of them, is called in the language of who asks.
    pub(crate) fn category(&self, code: &str) -> String {
        if let Some(names) = self.categories.get(code) {
            return self.lang.of_two(&names.zh, &names.en).to_owned();
        }
        let texts = self.app.views.texts(self.lang);
        let list = if code.contains('.') { "category" } else { "category_group" };
        texts.get(&format!("words.{list}.{code}")).unwrap_or(code).to_owned()
    }

    /// The session that was shown.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`] where none was.
    pub(crate) fn signed_in(&self) -> domain::Result<&Session> {
        self.session.as_ref().ok_or(Error::NotSignedIn)
    }

    /// The community of who asks.
    ///
    /// # Errors
    /// The field `community` where they belong to none.
    pub(crate) fn community(&self) -> domain::Result<&Community> {
        self.community.as_ref().ok_or_else(|| Error::field("community", "community_needed"))
    }

    /// Real time, for sessions and limits.
    pub(crate) fn real_now(&self) -> Instant {
        self.app.clock.real_now()
    }

    /// The frame of a page.
    fn shell(&self) -> domain::Result<Shell> {
        let roles = self.roles();
        let zone = self.community.as_ref().map(Community::zone).transpose()?;
        let zone = zone.unwrap_or(domain::Zone(chrono_tz::Asia::Shanghai));
        let clock =
            self.app.clock.is_set().then(|| zone.local(self.now).format("%Y-%m-%dT%H:%M:%S").to_string());
        Ok(Shell {
            lang: self.lang,
            other_lang: if self.lang == Lang::Zh { Lang::En.code() } else { Lang::Zh.code() },
            csrf: cross_site::token(&self.app, self.session.as_ref())?,
            key: random::hex(16)?,
            path: self.path.clone(),
            nonce: self.nonce.clone(),
            large: self.large,
            community: self.community.as_ref().map(|community| community.name.clone()),
            person: self.session.as_ref().map(|_| self.actor.name.clone()),
            staff: nav::is_staff(&roles),
            finds: nav::finds(&roles),
            nav: nav::of(&roles, &self.path),
            unread: self.unread,
            categories: self.categories.keys().map(|code| (code.clone(), self.category(code))).collect(),
            clock,
            mail_to_files: nav::runs(&roles) && self.app.config.mail.smtp_url.is_none(),
            done: self.done(),
            zone: zone.0.name().to_owned(),
            today: zone.date(self.now),
        })
    }

    /// The roles held, each once.
    pub(crate) fn roles(&self) -> Vec<domain::access::Role> {
        let mut roles: Vec<_> = self.actor.grants.iter().map(|grant| grant.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// `?done=saved` after a form: the name of a text that says what was done.
    fn done(&self) -> Option<String> {
        let query = self.path.split_once('?')?.1;
        let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done")?.1.into_owned();
        let known = self.app.views.texts(self.lang).get(&format!("words.done.{name}")).is_some();
        known.then_some(name)
    }
}

/// The community that a program names, or that of who belongs to one only (interfaces.md).
///
/// # Errors
/// The field `community` where it is needed, unknown, or not theirs.
pub(crate) fn community_of(db: &mut Db, actor: &Actor, code: Option<&str>) -> domain::Result<Community> {
    let own = actor.communities();
    let Some(code) = code else {
        return match own.as_slice() {
            [only] => community::by_id(db, *only),
            _ => Err(Error::field("community", "community_needed")),
        };
    };
    let unknown = || Error::field("community", "community_unknown");
    let found = community::by_code(db, code).map_err(|error| match error {
        Error::NotFound => unknown(),
        other => other,
    })?;
    let reaches = own.contains(&found.id) || actor.roles_in(CommunityId(0)).next().is_some();
    if reaches { Ok(found) } else { Err(unknown()) }
}

/// Leads the browser to another page.
pub(crate) fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// Adds how long to wait.
pub(crate) fn retry_after(response: &mut HttpResponse, secs: u64) {
    response.headers_mut().insert(RETRY_AFTER, secs.into());
}
