//! The cookies: the session's, the language, large mode. Over plain HTTP on this machine the session's has
//! another name, as browsers refuse `__Host-` there.

use actix_web::cookie::{Cookie, SameSite, time::Duration};

use crate::app::App;

/// The language that a browser chose.
pub(crate) const LANGUAGE: &str = "linli-lang";
/// Large mode.
pub(crate) const LARGE: &str = "linli-large";
/// Who showed the right password and owes a code.
pub(crate) const HALF: &str = "linli-half";

/// Who asked for a one-time code by mail.
pub(crate) const ASKED: &str = "linli-asked";

/// The name of the session's cookie.
pub(crate) fn session_name(app: &App) -> &'static str {
    if app.is_plain_http() { "linli-development" } else { "__Host-linli" }
}

/// The session's cookie; it lasts as long as the browser allows, the server decides when it ends.
pub(crate) fn session(app: &App, token: String) -> Cookie<'static> {
    let mut cookie = private(app, session_name(app), token);
    cookie.set_max_age(Duration::days(180));
    cookie
}

/// A cookie that no script reads.
pub(crate) fn private(app: &App, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(!app.is_plain_http())
        .same_site(SameSite::Lax)
        .finish()
}

/// A choice that is remembered for a year.
pub(crate) fn choice(app: &App, name: &'static str, value: &'static str) -> Cookie<'static> {
    let mut cookie = private(app, name, value.to_owned());
    cookie.set_max_age(Duration::days(365));
    cookie
}

/// The same cookie, taken away.
pub(crate) fn gone(app: &App, name: &'static str) -> Cookie<'static> {
    let mut cookie = private(app, name, String::new());
    cookie.make_removal();
    cookie.set_path("/");
    cookie
}
