//! What everybody has: signing in and out, one's account, what one was told.

use domain::access::Action;

use crate::routes::Access::{Can, HalfSignedIn, Public, SignedIn};
use crate::routes::{Route, get, post};
use crate::{api, assets, pages};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/healthz", Public, api::health::alive),
        get("/readyz", Public, api::health::ready),
        get("/static/{digest}/{file:.+}", Public, assets::serve),
        get("/", SignedIn, pages::home::show),
        get("/login", Public, pages::access::login::show),
        post("/login", Public, pages::access::login::submit),
        get("/login/code", Public, pages::access::code::show),
        post("/login/code", Public, pages::access::code::submit),
        get("/login/mail", Public, pages::access::one_time::ask),
        post("/login/mail", Public, pages::access::one_time::send),
        get("/login/mail/code", Public, pages::access::one_time::show),
        post("/login/mail/code", Public, pages::access::one_time::submit),
        get("/reset", Public, pages::access::one_time::ask_reset),
        post("/reset", Public, pages::access::one_time::send_reset),
        get("/reset/code", Public, pages::access::one_time::show_reset),
        post("/reset/code", Public, pages::access::one_time::submit_reset),
        post("/logout", Public, pages::access::logout),
        get("/activate", Public, pages::access::activate::show),
        post("/activate", Public, pages::access::activate::submit),
        get("/design", Public, pages::design::show),
        post("/language", Public, pages::switches::language),
        post("/large", Public, pages::switches::large),
        get("/account", SignedIn, pages::account::show),
        post("/account/password", SignedIn, pages::account::password),
        post("/account/sessions/{id}/end", SignedIn, pages::account::end_session),
        get("/account/data.json", SignedIn, pages::account::data::download),
        get("/account/residents", Can(Action::InviteResident), pages::account::residents::show),
        post("/account/residents", Can(Action::InviteResident), pages::account::residents::invite),
        post("/account/residents/{id}/revoke", Can(Action::InviteResident), pages::account::residents::revoke),
        get("/account/second-factor", HalfSignedIn, pages::account::second_factor::show),
        post("/account/second-factor", HalfSignedIn, pages::account::second_factor::submit),
        get("/notifications", SignedIn, pages::notifications::show),
        post("/notifications/read", SignedIn, pages::notifications::read),
        get("/attachments/{id}", SignedIn, api::attachments::show),
    ]
}
