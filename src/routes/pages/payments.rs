//! Money that comes in: bills, the desk, by phone, by bank, deposits.

use domain::access::Action;

use crate::routes::Access::{Can, Provider};
use crate::routes::{Route, get, post};
use crate::{pages, pay};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/bills", Can(Action::ReadLedger), pages::money::bills::own),
        get("/homes/{code}/bills", Can(Action::ReadLedger), pages::money::bills::show),
        get("/receipts/{number}", Can(Action::ReadLedger), pages::money::receipts::show),
        get("/cashier", Can(Action::TakePayment), pages::money::cashier::show),
        get("/closing", Can(Action::TakePayment), pages::money::cashier::day),
        get("/homes/{code}/pay", Can(Action::TakePayment), pages::money::cashier::pay),
        post("/homes/{code}/pay", Can(Action::TakePayment), pages::money::cashier::take),
        get("/homes/{code}/pay-online", Can(Action::PayOnline), pages::money::online::form),
        post("/homes/{code}/pay-online", Can(Action::PayOnline), pages::money::online::ask),
        get("/pay-orders", Can(Action::TakePayment), pages::money::online::list::show),
        get("/pay-orders/{number}", Can(Action::ReadLedger), pages::money::online::order::show),
        post("/pay-orders/{number}/handle", Can(Action::TakePayment), pages::money::online::order::handle),
        post("/pay-orders/{number}/close", Can(Action::PayOnline), pages::money::online::order::close),
        get("/practice/{order}", Can(Action::PayOnline), pages::money::online::practice::show),
        post("/practice/{order}", Can(Action::PayOnline), pages::money::online::practice::pay),
        post(pay::WECHAT, Provider, pages::money::online::notifications::wechat),
        post(pay::ALIPAY, Provider, pages::money::online::notifications::alipay),
        get("/payments/{id}/void", Can(Action::VoidPayment), pages::money::receipts::confirm),
        post("/payments/{id}/void", Can(Action::VoidPayment), pages::money::receipts::void),
        get("/payments/{id}/refund", Can(Action::AskCorrection), pages::money::corrections::refund::confirm),
        post("/payments/{id}/refund", Can(Action::AskCorrection), pages::money::corrections::refund::submit),
        get("/bank", Can(Action::ImportBank), pages::money::bank::list),
        post("/bank", Can(Action::ImportBank), pages::money::bank::upload),
        get("/bank/queue", Can(Action::ImportBank), pages::money::bank::lines::queue),
        get("/bank/lines/{id}", Can(Action::ImportBank), pages::money::bank::lines::show),
        post("/bank/lines/{id}/book", Can(Action::TakePayment), pages::money::bank::lines::book),
        post("/bank/lines/{id}/aside", Can(Action::TakePayment), pages::money::bank::lines::aside),
        post("/bank/lines/{id}/again", Can(Action::TakePayment), pages::money::bank::lines::again),
        get("/bank/profiles", Can(Action::ImportBank), pages::money::bank::profiles::list),
        get("/bank/profile", Can(Action::ImportBank), pages::money::bank::profiles::show),
        post("/bank/profile", Can(Action::ImportBank), pages::money::bank::profiles::save),
        post("/bank/profile/remove", Can(Action::ImportBank), pages::money::bank::profiles::remove),
        get("/bank/drafts/{id}", Can(Action::ImportBank), pages::money::bank::draft),
        post("/bank/drafts/{id}", Can(Action::ImportBank), pages::money::bank::take_in),
        post("/bank/drafts/{id}/discard", Can(Action::ImportBank), pages::money::bank::discard),
        get("/bank/{id}", Can(Action::ImportBank), pages::money::bank::show),
        get("/homes/{code}/statement", Can(Action::ReadLedger), pages::money::statement::show),
        get("/deposits", Can(Action::KeepDeposits), pages::money::deposits::list),
        post("/deposits", Can(Action::TakePayment), pages::money::deposits::take),
        get("/deposits/new", Can(Action::TakePayment), pages::money::deposits::new),
        get("/deposits/{id}", Can(Action::ReadLedger), pages::money::deposits::show),
        post("/deposits/{id}/deductions", Can(Action::KeepDeposits), pages::money::deposits::deduct),
        post("/deposits/{id}/return", Can(Action::KeepDeposits), pages::money::deposits::ask_return),
        post("/deposits/{id}/keep", Can(Action::KeepDeposits), pages::money::deposits::keep),
        post("/deposits/{id}/give-back", Can(Action::VoidPayment), pages::money::deposits::give_back),
        get("/deductions/{id}", Can(Action::ReadLedger), pages::money::deposits::deduction::show),
        post("/deductions/{id}/accept", Can(Action::ReadLedger), pages::money::deposits::deduction::accept),
        post("/deductions/{id}/contest", Can(Action::ReadLedger), pages::money::deposits::deduction::contest),
        post("/deductions/{id}/decide", Can(Action::ApproveWaiver), pages::money::deposits::deduction::decide),
        post("/deductions/{id}/drop", Can(Action::KeepDeposits), pages::money::deposits::deduction::drop),
    ]
}
