//! Homes, people, staff, and how they come in.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/homes", Can(Action::ReadHomes), pages::register::homes::list),
        get("/homes/{code}", Can(Action::ReadHomes), pages::register::homes::show),
        get("/buildings/{code}", Can(Action::ReadHomes), pages::register::homes::building),
        get("/people", Can(Action::ReadHomes), pages::register::people::search),
        get("/people/{id}", Can(Action::ReadHomes), pages::register::people::show),
        post("/people/{id}/phone", Can(Action::UnmaskPhone), pages::register::people::phone),
        post("/people/{id}/activation", Can(Action::IssueActivation), pages::register::people::letter),
        post("/people/{id}/anonymise", Can(Action::Anonymise), pages::register::people::anonymise),
        get("/staff", Can(Action::ReadHomes), pages::register::people::staff),
        get("/imports", Can(Action::Import), pages::register::imports::list),
        post("/imports", Can(Action::Import), pages::register::imports::submit),
        get("/imports/{id}", Can(Action::Import), pages::register::imports::show),
        get("/imports/{id}/report.csv", Can(Action::Import), pages::register::imports::report),
        get("/imports/{id}/report.xlsx", Can(Action::Import), pages::register::imports::report),
    ]
}
