//! Meters, what they were read at, and by whom.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/meters", Can(Action::ReadMeter), pages::meters::show),
        post("/meters/readings", Can(Action::ReadMeter), pages::meters::enter),
        get("/meters/readings/{id}", Can(Action::ReadMeter), pages::meters::reading::show),
        post("/meters/readings/{id}/take-back", Can(Action::SendReading), pages::meters::own::take_back),
        post("/meters/readings/{id}/{decision}", Can(Action::Bill), pages::meters::reading::decide),
        get("/meters/register", Can(Action::ReadMeter), pages::meters::register::list),
        get("/meters/new", Can(Action::KeepMeters), pages::meters::register::new),
        post("/meters/new", Can(Action::KeepMeters), pages::meters::register::add),
        get("/meters/{id}", Can(Action::ReadMeter), pages::meters::register::show),
        get("/meters/{id}/exchange", Can(Action::KeepMeters), pages::meters::register::exchange_form),
        post("/meters/{id}/exchange", Can(Action::KeepMeters), pages::meters::register::exchange),
        get("/meters/{id}/end", Can(Action::KeepMeters), pages::meters::register::end_form),
        post("/meters/{id}/end", Can(Action::KeepMeters), pages::meters::register::end),
        get("/homes/{code}/meters", Can(Action::SendReading), pages::meters::own::list),
        get("/homes/{code}/meters/{id}", Can(Action::SendReading), pages::meters::own::show),
        post("/homes/{code}/meters/{id}", Can(Action::SendReading), pages::meters::own::submit),
    ]
}
