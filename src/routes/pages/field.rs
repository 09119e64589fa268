//! The work outside: the roster, visits, renovations, move-ins.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::{Can, SignedIn};
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/roster", Can(Action::ReadRoster), pages::roster::show),
        get("/roster/{person}", Can(Action::KeepRoster), pages::roster::person::show),
        post("/roster/{person}/rest", Can(Action::KeepRoster), pages::roster::person::set_rest),
        post("/roster/{person}/leave", Can(Action::KeepRoster), pages::roster::person::grant),
        get("/leave/new", Can(Action::AskLeave), pages::roster::leave::form),
        post("/leave/new", Can(Action::AskLeave), pages::roster::leave::ask),
        post("/leave/{id}/{decision}", Can(Action::AskLeave), pages::roster::leave::decide),
        get("/today", Can(Action::LogVisit), pages::visits::today::show),
        get("/visits/new", Can(Action::LogVisit), pages::visits::log::pick),
        get("/visits/new/{home}", Can(Action::LogVisit), pages::visits::log::form),
        post("/visits/new/{home}", Can(Action::LogVisit), pages::visits::log::submit),
        get("/households/{home}", Can(Action::LogVisit), pages::visits::door::show),
        post("/households/{home}/promises/{id}", Can(Action::LogVisit), pages::visits::door::keep),
        get("/visits", Can(Action::LogVisit), pages::visits::month::own),
        get("/visits/team", Can(Action::DecideVisit), pages::visits::team::show),
        get("/visits/team/{steward}", Can(Action::DecideVisit), pages::visits::month::of_steward),
        get("/visits/{id}", Can(Action::LogVisit), pages::visits::paper::show),
        post("/visits/{id}/void", Can(Action::LogVisit), pages::visits::paper::void),
        post("/visits/{id}/decide", Can(Action::DecideVisit), pages::visits::decide::late),
        post("/shortfalls/{id}/reason", Can(Action::LogVisit), pages::visits::decide::explain),
        post("/shortfalls/{id}/decide", Can(Action::DecideVisit), pages::visits::decide::short),
        get("/renovations", SignedIn, pages::renovation::list),
        get("/renovations/new", Can(Action::RegisterRenovation), pages::renovation::register::show),
        post("/renovations", Can(Action::RegisterRenovation), pages::renovation::register::submit),
        get("/renovations/{number}", Can(Action::ReadCase), pages::renovation::site::show),
        get("/renovations/{number}/inspect", Can(Action::Inspect), pages::renovation::inspect::show),
        post("/renovations/{number}/inspect", Can(Action::Inspect), pages::renovation::inspect::submit),
        post("/renovations/{number}/{action}", Can(Action::MoveCase), pages::renovation::site::act),
        get("/inspections/misses", Can(Action::DecideVisit), pages::renovation::misses),
        get("/inspections/{id}", SignedIn, pages::renovation::inspect::paper),
        get("/move-ins", Can(Action::ReadCase), pages::move_ins::list::show),
        get("/move-ins/new", Can(Action::OpenCase), pages::move_ins::begin::show),
        post("/move-ins/new", Can(Action::OpenCase), pages::move_ins::begin::submit),
        get("/move-ins/form/{id}/{step}", Can(Action::ReadCase), pages::move_ins::write::show),
        post("/move-ins/form/{id}/{step}", Can(Action::OpenCase), pages::move_ins::write::submit),
        post("/move-ins/form/{id}/discard", Can(Action::OpenCase), pages::move_ins::write::discard),
        get("/move-ins/register", Can(Action::RegisterCase), pages::move_ins::register::show),
        post("/move-ins/register", Can(Action::RegisterCase), pages::move_ins::register::submit),
        get("/move-ins/{number}", Can(Action::ReadCase), pages::move_ins::show::show),
        get("/move-ins/{number}/handover", Can(Action::MoveCase), pages::move_ins::handover::show),
        post("/move-ins/{number}/handover", Can(Action::MoveCase), pages::move_ins::handover::submit),
        get("/move-ins/{number}/handover/record", Can(Action::ReadCase), pages::move_ins::record::show),
        post("/move-ins/{number}/agreements", Can(Action::MoveCase), pages::move_ins::agreements::sign),
        post("/move-ins/{number}/{action}", Can(Action::MoveCase), pages::move_ins::act::submit),
    ]
}
