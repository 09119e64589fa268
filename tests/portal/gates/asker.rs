//! Who asks: sessions written straight into the database, so that any person of any community can ask as a
//! browser and as a program.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use domain::access::Actor;
use domain::access::activation;
use domain::access::sessions::{self, NewSession, SessionKind};
use domain::{Clock, Db, PersonId, Store};
use reqwest::blocking::Client;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};

use super::Route;
use crate::harness::{Answer, App};

/// Somebody who asks, or nobody.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) name: String,
    pub(super) role: String,
    cookie: Option<String>,
    bearer: Option<String>,
    csrf: String,
    base: String,
    client: Client,
}

/// What is sent along.
pub(super) type Fields = Vec<(String, String)>;

impl Asker {
    pub(super) fn nobody(app: &App) -> Self {
        Self::of(app, ("nobody", "nobody"), None)
    }

    /// A person with sessions of both kinds, second factor shown.
    pub(super) fn person(app: &App, name: &str, role: &str, person: i64) -> Self {
        let real_now = Clock::system().real_now();
        let store = Store::open(app.database.url()).unwrap();
        let start = |tx: &mut Db, kind| -> domain::Result<String> {
            let account = activation::account_of(tx, PersonId(person), real_now)?;
            let agent = "gates".to_owned();
            let new = NewSession { account, kind, second_factor: true, agent };
            let actor = Actor::load(tx, PersonId(person), real_now.0.date(), "test")?;
            Ok(sessions::start(tx, &actor, &new, real_now)?.0)
        };
        let tokens = store
            .write_now(|tx| Ok((start(tx, SessionKind::Cookie)?, start(tx, SessionKind::Bearer)?)))
            .unwrap();
        Self::of(app, (name, role), Some(tokens))
    }

    fn of(app: &App, (name, role): (&str, &str), tokens: Option<(String, String)>) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let (cookie, bearer) = tokens.unzip();
        let (name, role) = (name.to_owned(), role.to_owned());
        let mut asker = Self { name, role, cookie, bearer, csrf: String::new(), base: app.url(), client };
        let page = if asker.cookie.is_some() { "/account" } else { "/login" };
        let page = asker.ask("GET", page, &[]);
        asker.csrf =
            page.text().split_once("name=\"csrf\" value=\"").expect("a form").1.chars().take(80).collect();
        asker
    }

    /// The token of this person's forms.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Asks as a browser, or as a program below `/api`, with what the route is sent.
    pub(super) fn try_route(&self, route: &Route, path: &str, fields: &Fields) -> Answer {
        let mut fields = fields.clone();
        if !route.is_api() && route.method != "GET" {
            fields.push(("csrf".to_owned(), self.csrf.clone()));
        }
        self.ask(&route.method, path, &fields)
    }

    pub(super) fn ask(&self, method: &str, path: &str, fields: &[(String, String)]) -> Answer {
        self.send(method, path, &[("sec-fetch-site", "same-origin")], fields)
    }

    /// Any request with headers of the test's own.
    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(String, String)],
    ) -> Answer {
        let asked = format!("{} asks {method} {path}", self.name);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let api = path.starts_with("/api/");
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        request = request.header("accept-language", "zh-CN");
        match (&self.cookie, &self.bearer) {
            (_, Some(token)) if api => request = request.bearer_auth(token),
            (Some(token), _) if !api => {
                request = request.header(COOKIE, format!("linli-development={token}"))
            }
            _ => {}
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if method == Method::POST {
            request = if api {
                request.header(CONTENT_TYPE, "application/json").body(body(fields).to_string())
            } else {
                request.form(fields)
            };
        }
        Answer::read(asked, request.send().unwrap()).unwrap()
    }

    /// A request to the API with the browser's cookie alone, as another site could make the browser send it.
    pub(super) fn borrowed(&self, method: &str, path: &str, fields: &[(String, String)]) -> StatusCode {
        let cookie = format!("linli-development={}", self.cookie.clone().unwrap_or_default());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.base)).header(COOKIE, cookie);
        request
            .header(CONTENT_TYPE, "application/json")
            .body(body(fields).to_string())
            .send()
            .unwrap()
            .status()
    }
}

/// The fields as JSON; what reads as JSON is sent as such.
fn body(fields: &[(String, String)]) -> Value {
    let value = |text: &String| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.clone()));
    let map: Map<String, Value> = fields.iter().map(|(name, text)| (name.clone(), value(text))).collect();
    map.into()
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    value: String,
}

/// The first value of a query, as text.
#[track_caller]
pub(crate) fn look_up(app: &App, sql: &str) -> String {
    let store = Store::open(app.database.url()).unwrap();
    let sql = format!("SELECT CAST(value AS TEXT) AS value FROM ({sql}) found");
    let found: Option<One> = store
        .read_now(|db| Ok(sql_query(&sql).get_result(db).optional()?))
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    found.unwrap_or_else(|| panic!("nothing found by {sql}")).value
}

/// Changes rows.
#[track_caller]
pub(crate) fn change(app: &App, sql: &str) {
    let store = Store::open(app.database.url()).unwrap();
    store.write_now(|tx| Ok(sql_query(sql).execute(tx)?)).unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Somebody new in a community, with these roles.
pub(super) fn somebody(app: &App, community: &str, name: &str, roles: &[&str]) -> i64 {
    let place: i64 = look_up(app, &format!("SELECT id AS value FROM communities WHERE code = '{community}'"))
        .parse()
        .unwrap();
    let store = Store::open(app.database.url()).unwrap();
    let add = |tx: &mut Db| {
        let sql =
            "INSERT INTO people (community_id, name, created_at) VALUES ($1, $2, '2026-01-01 00:00:00')";
        sql_query(sql).bind::<BigInt, _>(place).bind::<Text, _>(name).execute(tx)?;
        for role in roles {
            let sql = format!(
                "INSERT INTO role_grants (community_id, person_id, role, starts_on) \
                 SELECT community_id, id, '{role}', '2026-01-01' FROM people WHERE name = $1"
            );
            sql_query(sql).bind::<Text, _>(name).execute(tx)?;
        }
        Ok(())
    };
    store.write_now(add).unwrap();
    look_up(app, &format!("SELECT id AS value FROM people WHERE name = '{name}'")).parse().unwrap()
}
