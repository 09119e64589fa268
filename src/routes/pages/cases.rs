//! What was asked of us, and what is looked at behind it.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::{Can, SignedIn};
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/cases/filters", SignedIn, pages::cases::filters::save),
        post("/cases/filters/{id}/remove", SignedIn, pages::cases::filters::remove),
        get("/cases", Can(Action::ReadCase), pages::cases::list::show),
        get("/cases/{number}", Can(Action::ReadCase), pages::cases::show::show),
        post("/cases/{number}/{action}", Can(Action::MoveCase), pages::cases::act::submit),
        get("/repairs/new", Can(Action::OpenCase), pages::repairs::report::show),
        post("/repairs/new", Can(Action::OpenCase), pages::repairs::report::submit),
        get("/repairs/register", Can(Action::RegisterCase), pages::repairs::register::show),
        post("/repairs/register", Can(Action::RegisterCase), pages::repairs::register::submit),
        get("/dispatch", Can(Action::DispatchWork), pages::dispatch::show),
        post("/dispatch", Can(Action::DispatchWork), pages::dispatch::submit),
        get("/service-checks", Can(Action::CheckService), pages::service_checks::list),
        get("/service-checks/{id}", Can(Action::CheckService), pages::service_checks::show),
        post("/service-checks/{id}", Can(Action::CheckService), pages::service_checks::submit),
        get("/incidents", Can(Action::DispatchWork), pages::incidents::show),
        post("/incidents", Can(Action::DispatchWork), pages::incidents::submit),
        get("/stock", Can(Action::ManageStock), pages::stock::show),
        post("/stock/receipts", Can(Action::ManageStock), pages::stock::receive),
        post("/stock/counts", Can(Action::ManageStock), pages::stock::count),
        get("/stock/month", Can(Action::ManageStock), pages::stock::month),
        get("/stock/month.csv", Can(Action::ManageStock), pages::stock::month_file),
        get("/stock/month.xlsx", Can(Action::ManageStock), pages::stock::month_file),
        get("/complaints/new", Can(Action::OpenCase), pages::complaints::new::show),
        post("/complaints/new", Can(Action::OpenCase), pages::complaints::new::submit),
        get("/complaints/register", Can(Action::RegisterCase), pages::complaints::register::show),
        post("/complaints/register", Can(Action::RegisterCase), pages::complaints::register::submit),
        get("/complaints/figures", Can(Action::ReadFigures), pages::complaints::figures::show),
        get("/complaints/figures/paper", Can(Action::ReadFigures), pages::complaints::figures::paper),
        get("/complaints/figures.csv", Can(Action::Export), pages::complaints::figures::file),
        get("/complaints/figures.xlsx", Can(Action::Export), pages::complaints::figures::file),
        get("/complaints/{number}", Can(Action::ReadCase), pages::complaints::show::show),
        get("/complaints/{number}/paper", Can(Action::ReadCase), pages::complaints::paper::show),
        post("/complaints/{number}/{action}", Can(Action::MoveCase), pages::complaints::act::submit),
        get("/desk/call", Can(Action::RegisterCase), pages::desk::call),
        get("/desk/callers/{id}", Can(Action::RegisterCase), pages::desk::caller),
        get("/enquiries/new", Can(Action::OpenCase), pages::enquiries::new::show),
        post("/enquiries/new", Can(Action::OpenCase), pages::enquiries::new::submit),
        get("/enquiries/register", Can(Action::RegisterCase), pages::enquiries::register::show),
        post("/enquiries/register", Can(Action::RegisterCase), pages::enquiries::register::submit),
        get("/enquiries/{number}", Can(Action::ReadCase), pages::enquiries::show::show),
        post("/enquiries/{number}/{action}", Can(Action::MoveCase), pages::enquiries::act::submit),
        get("/knowledge", Can(Action::ReadKnowledge), pages::knowledge::show::list),
        get("/knowledge/new", Can(Action::WriteKnowledge), pages::knowledge::edit::new),
        post("/knowledge/new", Can(Action::WriteKnowledge), pages::knowledge::edit::create),
        get("/knowledge/{id}", Can(Action::ReadKnowledge), pages::knowledge::show::show),
        get("/knowledge/{id}/edit", Can(Action::WriteKnowledge), pages::knowledge::edit::show),
        post("/knowledge/{id}/edit", Can(Action::WriteKnowledge), pages::knowledge::edit::save),
        get("/departments", Can(Action::ChangeSettings), pages::complaints::departments::show),
        post("/departments", Can(Action::ChangeSettings), pages::complaints::departments::save),
        get("/rectifications", Can(Action::ReadCase), pages::rectifications::list),
        get("/rectifications/{id}", Can(Action::ReadCase), pages::rectifications::show),
        post("/rectifications/{id}", Can(Action::MoveCase), pages::rectifications::submit),
        get("/return-visits", Can(Action::ReadDuties), pages::return_visits::due::show),
        post("/return-visits/{id}", Can(Action::RecordDuty), pages::return_visits::due::submit),
        get("/return-visits/coverage", Can(Action::ReadFigures), pages::return_visits::coverage::show),
        get("/return-visits/{id}", Can(Action::ReadDuties), pages::return_visits::paper::show),
    ]
}
