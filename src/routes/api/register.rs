//! Homes, and how registers come in.

use domain::access::Action;

use crate::api;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/homes", Can(Action::ReadHomes), api::homes::list).about("Homes that I may see, by register order.").asks::<api::homes::Wanted>().gives::<api::Items<api::homes::Home>>(),
        get("/api/v1/homes/{code}", Can(Action::ReadHomes), api::homes::show).about("A home with its people and bays.").asks::<api::Where>().gives::<api::homes::HomePage>(),
        post("/api/v1/imports", Can(Action::SendFile), api::imports::create).about("Import a register or a bank's statement: multipart with kind, file, community, dry_run, skip_bad.").uploads(api::imports::form).gives::<api::imports::Imported>().done(&[201]),
        get("/api/v1/imports/{id}", Can(Action::SendFile), api::imports::show).about("An import with its report.").gives::<api::imports::Imported>(),
    ]
}
