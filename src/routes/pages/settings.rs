//! What the office sets, and what only an administrator sees.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/settings", Can(Action::ChangeSettings), pages::settings::show),
        post("/settings", Can(Action::ChangeSettings), pages::settings::save),
        get("/settings/holidays", Can(Action::ChangeSettings), pages::settings::holidays::show),
        post("/settings/holidays", Can(Action::ChangeSettings), pages::settings::holidays::enter),
        post("/settings/holidays/remove", Can(Action::ChangeSettings), pages::settings::holidays::remove),
        post("/settings/holidays/fill", Can(Action::ChangeSettings), pages::settings::holidays::fill),
        get("/settings/letters", Can(Action::ChangeSettings), pages::settings::letters::list),
        get("/settings/letters/{letter}", Can(Action::ChangeSettings), pages::settings::letters::show),
        post("/settings/letters/{letter}", Can(Action::ChangeSettings), pages::settings::letters::save),
        post("/settings/letters/{letter}/preview", Can(Action::ChangeSettings), pages::settings::letters::preview),
        post("/settings/letters/{letter}/reset", Can(Action::ChangeSettings), pages::settings::letters::reset),
        get("/settings/categories", Can(Action::ChangeSettings), pages::settings::categories::list),
        post("/settings/categories", Can(Action::ChangeSettings), pages::settings::categories::create),
        get("/settings/categories/new", Can(Action::ChangeSettings), pages::settings::categories::new),
        get("/settings/categories/{category}", Can(Action::ChangeSettings), pages::settings::categories::show),
        post("/settings/categories/{category}", Can(Action::ChangeSettings), pages::settings::categories::change),
        post("/settings/categories/{category}/remove", Can(Action::ChangeSettings), pages::settings::categories::remove),
        get("/settings/warranty", Can(Action::ChangeSettings), pages::settings::warranty::show),
        post("/settings/warranty", Can(Action::ChangeSettings), pages::settings::warranty::save),
        get("/settings/fees", Can(Action::ChangeSettings), pages::settings::fees::list),
        post("/settings/fees", Can(Action::ChangeSettings), pages::settings::fees::create),
        get("/settings/fees/new", Can(Action::ChangeSettings), pages::settings::fees::new),
        get("/settings/fees/{item}", Can(Action::ChangeSettings), pages::settings::fees::show),
        post("/settings/fees/{item}", Can(Action::ChangeSettings), pages::settings::fees::change),
        post("/settings/fees/{item}/tariffs", Can(Action::ChangeSettings), pages::settings::fees::set_tariff),
        post("/settings/fees/{item}/interval", Can(Action::ChangeSettings), pages::settings::intervals::set),
        post("/settings/fees/{item}/late", Can(Action::ChangeSettings), pages::settings::late::agree),
        post("/settings/fees/{item}/exceptions", Can(Action::ChangeSettings), pages::settings::fees::agree),
        post("/settings/fees/{item}/exceptions/{id}/end", Can(Action::ChangeSettings), pages::settings::fees::end),
        get("/settings/prices", Can(Action::ChangeSettings), pages::settings::prices::list),
        post("/settings/prices", Can(Action::ChangeSettings), pages::settings::prices::create),
        get("/settings/prices/new", Can(Action::ChangeSettings), pages::settings::prices::new),
        get("/settings/prices/{item}", Can(Action::ChangeSettings), pages::settings::prices::show),
        post("/settings/prices/{item}", Can(Action::ChangeSettings), pages::settings::prices::change),
        get("/audit", Can(Action::ReadAudit), pages::audit::show),
        get("/admin", Can(Action::Administer), pages::admin::overview::show),
        post("/admin/backups", Can(Action::Administer), pages::admin::overview::back_up),
        get("/admin/health", Can(Action::Administer), pages::admin::health::show),
        post("/admin/communities", Can(Action::Administer), pages::admin::communities::create),
        get("/admin/communities/new", Can(Action::Administer), pages::admin::communities::new),
        get("/admin/communities/{code}", Can(Action::Administer), pages::admin::communities::show),
        get("/admin/communities/{code}/imports", Can(Action::Administer), pages::admin::imports::list),
        post("/admin/communities/{code}/imports", Can(Action::Administer), pages::admin::imports::submit),
        get("/admin/staff/{person}", Can(Action::Administer), pages::admin::staff::show),
        post("/admin/staff/{person}/activation", Can(Action::Administer), pages::admin::staff::letter),
        post("/admin/staff/{person}/end-sessions", Can(Action::Administer), pages::admin::staff::end_sessions),
        post("/admin/staff/{person}/forget-second-factor", Can(Action::Administer), pages::admin::staff::forget_second_factor),
        get("/admin/jobs", Can(Action::Administer), pages::admin::jobs::show),
        post("/admin/jobs/{id}/again", Can(Action::Administer), pages::admin::jobs::again),
    ]
}
