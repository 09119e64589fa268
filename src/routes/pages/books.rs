//! What the books say: months closed, collection, income and expenditure.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/closings", Can(Action::CloseMonth), pages::money::closings::list),
        post("/closings", Can(Action::CloseMonth), pages::money::closings::close),
        get("/closings/{month}", Can(Action::CloseMonth), pages::money::closings::show),
        get("/collection", Can(Action::ReadCollection), pages::money::collection::show),
        get("/charges", Can(Action::ReadCollection), pages::money::collection::charges),
        get("/books", Can(Action::KeepBooks), pages::books::show),
        post("/books", Can(Action::KeepBooks), pages::books::enter),
        get("/books.csv", Can(Action::KeepBooks), pages::books::file),
        get("/books.xlsx", Can(Action::KeepBooks), pages::books::file),
        get("/books/{id}/counter", Can(Action::KeepBooks), pages::books::ask_counter),
        post("/books/{id}/counter", Can(Action::KeepBooks), pages::books::counter),
        get("/publications", Can(Action::ReadPublications), pages::publications::list),
        post("/publications", Can(Action::KeepBooks), pages::publications::draft),
        get("/publications/{id}", Can(Action::ReadPublications), pages::publications::show),
        get("/publications/{id}/paper", Can(Action::ReadPublications), pages::publications::paper),
        get("/publications/{id}/figures.csv", Can(Action::ReadPublications), pages::publications::file),
        get("/publications/{id}/figures.xlsx", Can(Action::ReadPublications), pages::publications::file),
        post("/publications/{id}/approve", Can(Action::ApprovePublication), pages::publications::approve),
        post("/publications/{id}/publish", Can(Action::ApprovePublication), pages::publications::publish),
    ]
}
