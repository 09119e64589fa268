//! What is charged for, the runs that charge it, and what came in of what was due.

use domain::access::Action;

use crate::api::fee_items::{exceptions, tariffs};
use crate::api::{self, Items, Where, billing, closings, fee_items, shared_bills, split};
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/api/v1/charges", Can(Action::ChargeQuantity), api::counted::create)
            .about("Charge a home for hours or pieces that no run bills, or show what it would cost.")
            .takes::<api::counted::NewCharge>()
            .gives::<api::counted::Counted>()
            .done(&[200, 201]),
        get("/api/v1/homes/{code}/charges/{id}/split", Can(Action::Bill), split::show)
            .about("What splitting a charge whose payer changed within its days would make.")
            .asks::<split::Asked>()
            .gives::<split::SplitJson>(),
        post("/api/v1/homes/{code}/charges/{id}/split", Can(Action::Bill), split::submit)
            .about("Split a charge by the day from which somebody else pays: it is taken back, two stand in its place.")
            .takes::<split::Split>()
            .gives::<Items<api::ledger::ChargeState>>()
            .done(&[201]),
        post("/api/v1/billing-runs", Can(Action::Bill), billing::create)
            .about("Preview a billing run, or ask for one.")
            .takes::<billing::NewRun>()
            .gives::<billing::RunState>()
            .done(&[200, 202]),
        get("/api/v1/billing-runs/{id}", Can(Action::Bill), billing::show)
            .about("How far a billing run has come.")
            .gives::<billing::RunState>(),
        get("/api/v1/shared-bills", Can(Action::Bill), shared_bills::list)
            .about("Bills that are shared among homes, of a month or the latest.")
            .asks::<shared_bills::Which>()
            .gives::<Items<shared_bills::BillJson>>(),
        get("/api/v1/shared-bills/{id}", Can(Action::Bill), shared_bills::show)
            .about("A shared bill with what is charged and paid of it.")
            .asks::<Where>()
            .gives::<shared_bills::BillWhole>(),
        post("/api/v1/shared-bills/{id}/take-back", Can(Action::Bill), shared_bills::take_back)
            .about("Take a whole shared bill back: what was paid of it is prepaid again, each payer is told.")
            .takes::<shared_bills::TakeBack>()
            .gives::<shared_bills::BillWhole>(),
        get("/api/v1/fee-items", Can(Action::ChangeSettings), fee_items::list)
            .about("Fee items with their tariffs, in register order.")
            .asks::<Where>()
            .gives::<Items<fee_items::FeeItemJson>>(),
        get("/api/v1/fee-items/{code}/interval", Can(Action::ChangeSettings), fee_items::interval)
            .about("How often an item is billed, and since when.")
            .asks::<Where>()
            .gives::<fee_items::IntervalsJson>(),
        post("/api/v1/fee-items/{code}/interval", Can(Action::ChangeSettings), fee_items::set_interval)
            .about("Bill an item each month, by quarter, half-year or year from a month on, or show what that would come to.")
            .takes::<fee_items::SetInterval>()
            .gives::<fee_items::IntervalsJson>(),
        post("/api/v1/fee-items/{code}/tariffs", Can(Action::ChangeSettings), tariffs::set)
            .about("Charge an item at another rate from a day on, or show what that would come to.")
            .takes::<tariffs::SetTariff>()
            .gives::<tariffs::TariffsJson>(),
        get("/api/v1/fee-items/{code}/exceptions", Can(Action::ChangeSettings), exceptions::list)
            .about("Homes that an item is not charged to, or only in part, or at a rate of their own, newest first.")
            .asks::<Where>()
            .gives::<Items<exceptions::ExceptionJson>>(),
        post("/api/v1/fee-items/{code}/exceptions", Can(Action::ChangeSettings), exceptions::agree)
            .about("Agree that an item is charged otherwise to a home, with the reason.")
            .takes::<exceptions::Agree>()
            .gives::<exceptions::ExceptionJson>()
            .done(&[201]),
        post("/api/v1/fee-items/{code}/exceptions/{id}/end", Can(Action::ChangeSettings), exceptions::end)
            .about("End an exception with a month.")
            .takes::<exceptions::End>()
            .gives::<exceptions::ExceptionJson>(),
        get("/api/v1/closings", Can(Action::CloseMonth), closings::list)
            .about("The month to close next with what keeps it open, and the months that are closed.")
            .asks::<Where>()
            .gives::<closings::ClosingsJson>(),
        post("/api/v1/closings", Can(Action::CloseMonth), closings::close)
            .about("Close a month: its sums are frozen, nothing is dated into it any more.")
            .takes::<closings::Close>()
            .gives::<closings::ClosedMonth>()
            .done(&[201]),
        get("/api/v1/closings/{month}", Can(Action::CloseMonth), closings::show)
            .about("A month that is closed, with what was frozen.")
            .asks::<Where>()
            .gives::<closings::ClosedMonth>(),
        get("/api/v1/collection", Can(Action::ReadCollection), billing::collected)
            .about("What came in of what was due.")
            .asks::<billing::Asked>()
            .gives::<billing::Collected>(),
    ]
}
