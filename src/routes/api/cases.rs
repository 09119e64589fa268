//! What was asked of us, and what it takes to do it.

use domain::access::Action;

use crate::api;
use crate::api::Items;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/api/v1/cases", Can(Action::OpenCase), api::cases::create)
            .about("Report, ask, apply.")
            .takes::<api::cases::NewCase>()
            .gives::<api::cases::Opened>()
            .done(&[201]),
        get("/api/v1/categories", Can(Action::ReadCase), api::categories::list)
            .about("What can be asked for: the categories that can be chosen, with both levels.")
            .asks::<api::Where>()
            .gives::<api::Items<api::categories::CategoryJson>>(),
        get("/api/v1/cases", Can(Action::ReadCase), api::cases::list)
            .about("The cases that I may see, newest first.")
            .asks::<api::cases::Which>()
            .gives::<Items<api::cases::CaseLine>>(),
        get("/api/v1/cases/{number}", Can(Action::ReadCase), api::cases::show::show)
            .about("A case with its timeline and what I may do now.")
            .asks::<api::Where>()
            .gives::<api::cases::show::CaseJson>(),
        post("/api/v1/cases/{number}/actions/{action}", Can(Action::MoveCase), api::cases::act)
            .about("Move a case by one step.")
            .takes::<api::cases::NewAction>()
            .gives::<api::cases::show::CaseJson>(),
        get("/api/v1/dispatch", Can(Action::DispatchWork), api::dispatch::show)
            .about("The dispatch board: who has what, what waits, whom to send and why.")
            .asks::<api::Where>()
            .gives::<api::dispatch::BoardJson>(),
        post("/api/v1/dispatch", Can(Action::DispatchWork), api::dispatch::give)
            .about("Give several orders in one act: all of them, or none.")
            .takes::<api::dispatch::Give>()
            .gives::<Items<api::cases::CaseLine>>(),
        get("/api/v1/incidents", Can(Action::DispatchWork), api::incidents::list)
            .about("Reports that may be one thing, and what was made one.")
            .asks::<api::Where>()
            .gives::<api::incidents::IncidentsJson>(),
        post("/api/v1/incidents", Can(Action::DispatchWork), api::incidents::merge)
            .about("Make one incident of many reports; everybody who reported one is told once.")
            .takes::<api::incidents::Merge>()
            .gives::<api::cases::show::CaseJson>()
            .done(&[201]),
        get("/api/v1/price-list", Can(Action::ReadPrices), api::stock::prices)
            .about("What work and materials cost, and what lies in the store.")
            .asks::<api::Where>()
            .gives::<Items<api::stock::PriceJson>>(),
        post("/api/v1/stock/receipts", Can(Action::ManageStock), api::stock::receive)
            .about("Book what came in.")
            .takes::<api::stock::Book>()
            .gives::<api::stock::PriceJson>()
            .done(&[201]),
        post("/api/v1/stock/counts", Can(Action::ManageStock), api::stock::count)
            .about("Book what a count found.")
            .takes::<api::stock::Book>()
            .gives::<api::stock::PriceJson>()
            .done(&[201]),
        get("/api/v1/stock/month", Can(Action::ManageStock), api::stock::month)
            .about("The month of the store, material by material.")
            .asks::<api::stock::Asked>()
            .gives::<Items<api::stock::MonthJson>>(),
        get("/api/v1/knowledge", Can(Action::ReadKnowledge), api::knowledge::list)
            .about("The articles that answer a question, best first; without one, all by category.")
            .asks::<api::knowledge::Asked>()
            .gives::<Items<api::knowledge::ArticleJson>>(),
        get("/api/v1/knowledge/{id}", Can(Action::ReadKnowledge), api::knowledge::show)
            .about("An article in both languages.")
            .asks::<api::Where>()
            .gives::<api::knowledge::ArticleJson>(),
    ]
}
