//! How the house does: what managers and supervisors read.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/manager", Can(Action::ReadFigures), pages::figures::manager::show),
        get("/manager/{table}.csv", Can(Action::Export), pages::figures::export::table),
        get("/manager/{table}.xlsx", Can(Action::Export), pages::figures::export::table),
        get("/supervisor", Can(Action::ReadFigures), pages::figures::supervisor::show),
        get("/figures/cases", Can(Action::ReadFigures), pages::figures::rows::cases),
        get("/figures/cases.csv", Can(Action::Export), pages::figures::export::cases),
        get("/figures/cases.xlsx", Can(Action::Export), pages::figures::export::cases),
        get("/figures/duties", Can(Action::ReadFigures), pages::figures::rows::duties),
        get("/figures/duties.csv", Can(Action::Export), pages::figures::export::duties),
        get("/figures/duties.xlsx", Can(Action::Export), pages::figures::export::duties),
    ]
}
