//! Runs, and what came in of what was due.

use domain::access::Action;

use crate::api;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/api/v1/billing-runs", Can(Action::Bill), api::billing::create)
            .about("Preview a billing run, or ask for one.")
            .takes::<api::billing::NewRun>()
            .gives::<api::billing::RunState>()
            .done(&[200, 202]),
        get("/api/v1/billing-runs/{id}", Can(Action::Bill), api::billing::show)
            .about("How far a billing run has come.")
            .gives::<api::billing::RunState>(),
        get("/api/v1/collection", Can(Action::ReadCollection), api::billing::collected)
            .about("What came in of what was due.")
            .asks::<api::billing::Asked>()
            .gives::<api::billing::Collected>(),
    ]
}
