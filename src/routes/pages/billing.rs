//! What is charged: runs, shared bills, the developer, by quantity.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/billing", Can(Action::Bill), pages::money::billing::show),
        get("/billing/preview", Can(Action::Bill), pages::money::billing::preview),
        post("/billing/runs", Can(Action::Bill), pages::money::billing::start),
        get("/billing/runs/{id}", Can(Action::Bill), pages::money::billing::run),
        post("/billing/runs/{id}/cancel", Can(Action::Bill), pages::money::billing::cancel),
        get("/billing/shared", Can(Action::Bill), pages::money::shared::list),
        post("/billing/shared", Can(Action::Bill), pages::money::shared::create),
        get("/billing/shared/preview", Can(Action::Bill), pages::money::shared::preview),
        get("/billing/shared/{id}", Can(Action::Bill), pages::money::shared::show),
        post("/billing/shared/{id}", Can(Action::Bill), pages::money::shared::change),
        post("/billing/shared/{id}/remove", Can(Action::Bill), pages::money::shared::remove),
        get("/billing/shared/{id}/take-back", Can(Action::Bill), pages::money::taken_back::confirm),
        post("/billing/shared/{id}/take-back", Can(Action::Bill), pages::money::taken_back::submit),
        get("/billing/developer", Can(Action::Bill), pages::money::developer::show),
        post("/billing/developer", Can(Action::ChangeSettings), pages::money::developer::set),
        get("/billing/developer/preview", Can(Action::Bill), pages::money::developer::preview),
        get("/billing/shares", Can(Action::Bill), pages::money::shares::show),
        post("/billing/shares", Can(Action::Bill), pages::money::shares::save),
        get("/homes/{code}/shared/{period}", Can(Action::ReadLedger), pages::money::shared::home),
        get("/charges/counted", Can(Action::ChargeQuantity), pages::money::counted::show),
        post("/charges/counted", Can(Action::ChargeQuantity), pages::money::counted::submit),
    ]
}
