//! Who asks: signing in, what one was told, what one uploads.

use crate::api;
use crate::api::Items;
use crate::routes::Access::{HalfSignedIn, Public, SignedIn};
use crate::routes::{Route, delete, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/openapi.json", Public, api::openapi::show)
            .about("This description.")
            .gives::<serde_json::Value>(),
        post("/api/v1/sessions", Public, api::sessions::create)
            .about("Sign in.")
            .takes::<api::sessions::NewSession>()
            .gives::<api::sessions::Started>()
            .done(&[201]),
        delete("/api/v1/sessions/current", HalfSignedIn, api::sessions::end).about("Sign out.").done(&[204]),
        post("/api/v1/activations", Public, api::activations::redeem)
            .about("Use an activation code.")
            .takes::<api::activations::Redeem>()
            .gives::<api::activations::Activated>()
            .done(&[201]),
        post("/api/v1/me/totp", HalfSignedIn, api::me::totp)
            .about("Set up a second factor: without a code the secret, with one it is kept.")
            .takes::<api::me::Totp>()
            .gives::<api::me::TotpState>(),
        get("/api/v1/me", HalfSignedIn, api::me::show).about("Who I am.").gives::<api::me::Me>(),
        get("/api/v1/notifications", SignedIn, api::notifications::list)
            .about("What I was told, newest first, in my language.")
            .asks::<api::notifications::Asked>()
            .gives::<Items<api::notifications::NotificationJson>>(),
        post("/api/v1/attachments", SignedIn, api::attachments::create)
            .about("Upload a photo or a paper (multipart, part `file`).")
            .uploads(api::attachments::form)
            .gives::<api::attachments::Uploaded>()
            .done(&[201]),
        get("/api/v1/attachments/{id}", SignedIn, api::attachments::show)
            .about("An attachment; `small` asks for its thumbnail.")
            .asks::<api::attachments::Size>()
            .gives_a_file(),
    ]
}
