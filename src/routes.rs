//! Every address of the portal in one list, each with who may use it: [`pages`] for people, [`api`] for programs. A
//! route cannot be written down without its access, and every request passes [`guard::admit`] with it.

mod api;
mod pages;

use std::collections::BTreeMap;

use actix_web::guard as http;
use actix_web::http::header::ALLOW;
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};
use domain::Error;
use domain::access::Action;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::fail::Fail;
use crate::guard;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody.
    Public,
    /// A payment provider's server: its signature, which the handler looks at, stands for a session and for the
    /// checks against forged requests.
    Provider,
    /// Who is signed in, even where a second factor is still owed.
    HalfSignedIn,
    /// Who is signed in.
    SignedIn,
    /// Who holds a role that may ever do this; the domain asks again about the object.
    Can(Action),
}

/// One address with one method.
pub(crate) struct Route {
    /// `GET`, `POST`, `DELETE`.
    pub(crate) method: &'static str,
    /// The path, with `{names}` for its parts.
    pub(crate) path: &'static str,
    /// Who may use it.
    pub(crate) access: Access,
    /// What it does, for the API's description; pages have none.
    pub(crate) about: &'static str,
    /// What a program may ask with, behind the `?`.
    pub(crate) query: Option<SchemaOf>,
    /// The JSON that a program sends.
    pub(crate) body: Option<SchemaOf>,
    /// The multipart form that a program sends.
    pub(crate) upload: Option<SchemaOf>,
    /// What a program gets.
    pub(crate) answer: Answer,
    /// The statuses of what was done.
    pub(crate) done: &'static [u16],
    handler: actix_web::Route,
}

/// What a program gets, where it was done.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// No body.
    Nothing,
    /// JSON of this form.
    Json(SchemaOf),
    /// An attachment.
    File,
}

/// Adds a type to the API's description and refers to it.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Every route: pages first, then the API.
pub(crate) fn all() -> Vec<Route> {
    pages::routes().into_iter().chain(api::routes()).collect()
}

/// Gives a server every route.
pub(crate) fn configure(server: &mut ServiceConfig) {
    let mut by_path: BTreeMap<(Vec<bool>, &str), Vec<Route>> = BTreeMap::new();
    for route in all() {
        by_path.entry((order(route.path), route.path)).or_default().push(route);
    }
    for ((_, path), routes) in by_path {
        let methods = methods(&routes);
        let other = move || {
            let methods = methods.clone();
            async move { other_method(&methods) }
        };
        let resource = Resource::new(path).default_service(web::to(other));
        server.service(routes.into_iter().fold(resource, |resource, route| resource.route(route.guarded())));
    }
    server.default_service(web::to(nowhere));
}

/// Literal parts come before `{names}`, so that `/cases/new` is never taken for a number.
fn order(path: &str) -> Vec<bool> {
    path.split('/').map(|part| part.starts_with('{')).collect()
}

async fn nowhere() -> Result<&'static str, Fail> {
    Err(Error::NotFound.into())
}

/// The answer to a method that an address has not, with those that it has.
fn other_method(methods: &str) -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, methods)).finish()
}

/// What an address takes, as the header `Allow` lists it.
fn methods(routes: &[Route]) -> String {
    let heard = routes.iter().map(|route| if route.method == "GET" { "GET, HEAD" } else { route.method });
    let mut heard: Vec<_> = heard.collect();
    heard.sort_unstable();
    heard.join(", ")
}

fn get<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let either = http::Any(http::Get()).or(http::Head());
    route("GET", path, access, actix_web::Route::new().guard(either).to(handler))
}

fn post<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    route("POST", path, access, web::post().to(handler))
}

fn delete<F, Args>(path: &'static str, access: Access, handler: F) -> Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    route("DELETE", path, access, web::delete().to(handler))
}

fn route(method: &'static str, path: &'static str, access: Access, handler: actix_web::Route) -> Route {
    let (query, body, upload, answer) = (None, None, None, Answer::Nothing);
    Route { method, path, access, about: "", query, body, upload, answer, done: &[200], handler }
}

impl Route {
    /// What it does, in a sentence for the API's description.
    fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// What a program may ask with, behind the `?`.
    fn asks<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self
    }

    /// The multipart form that a program sends.
    fn uploads(mut self, form: SchemaOf) -> Self {
        self.upload = Some(form);
        self
    }

    /// The statuses of what was done, where it is not 200.
    fn done(mut self, statuses: &'static [u16]) -> Self {
        self.done = statuses;
        self
    }

    /// An attachment is what a program gets.
    fn gives_a_file(mut self) -> Self {
        self.answer = Answer::File;
        self
    }

    /// The body that a program sends.
    fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(|generator| generator.subschema_for::<T>());
        self
    }

    /// The body that a program gets.
    fn gives<T: JsonSchema>(mut self) -> Self {
        self.answer = Answer::Json(|generator| generator.subschema_for::<T>());
        self
    }

    fn guarded(self) -> actix_web::Route {
        let access = self.access;
        self.handler.wrap(from_fn(move |req, next| guard::admit(access, req, next)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_address_stands_twice_and_every_program_route_is_described() {
        let mut seen = BTreeSet::new();
        for route in all() {
            assert!(seen.insert((route.method, route.path)), "{} {} stands twice", route.method, route.path);
            assert_eq!(route.path.starts_with("/api/"), !route.about.is_empty(), "{}", route.path);
        }
    }

    #[test]
    fn nothing_is_changed_without_signing_in_but_these() {
        let open: Vec<_> = all()
            .into_iter()
            .filter(|r| r.access == Access::Public && r.method != "GET")
            .map(|r| r.path)
            .collect();
        assert_eq!(
            open,
            [
                "/login",
                "/login/code",
                "/login/mail",
                "/login/mail/code",
                "/reset",
                "/reset/code",
                "/logout",
                "/activate",
                "/language",
                "/large",
                "/api/v1/sessions",
                "/api/v1/activations"
            ]
        );
    }

    #[test]
    fn providers_tell_of_payments_and_nothing_else() {
        let open: Vec<_> = all().into_iter().filter(|r| r.access == Access::Provider).collect();
        let open: Vec<_> = open.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!(
            open,
            [("POST", "/channels/wechat/notifications"), ("POST", "/channels/alipay/notifications")]
        );
    }
}
