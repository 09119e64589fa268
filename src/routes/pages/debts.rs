//! Money that does not come in, or came in wrongly: corrections, disputes, plans, demands.

use domain::access::Action;

use crate::pages;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/homes/{code}/charges/{id}/split", Can(Action::Bill), pages::money::corrections::split::confirm),
        post("/homes/{code}/charges/{id}/split", Can(Action::Bill), pages::money::corrections::split::submit),
        get("/homes/{code}/charges/{id}/{act}", Can(Action::Bill), pages::money::corrections::charge::confirm),
        post("/homes/{code}/charges/{id}/{act}", Can(Action::Bill), pages::money::corrections::charge::submit),
        get("/corrections", Can(Action::AskCorrection), pages::money::corrections::list),
        post("/corrections/{id}/{decision}", Can(Action::AskCorrection), pages::money::corrections::decide),
        get("/debts", Can(Action::KeepDebts), pages::money::debts::list),
        get("/debtors/{account}", Can(Action::KeepDebts), pages::money::debts::debtor::show),
        get("/debtors/{account}/file.pdf", Can(Action::KeepDebts), pages::money::debts::file::pdf),
        get("/debtors/{account}/dispute", Can(Action::KeepDebts), pages::money::debts::dispute::form),
        post("/debtors/{account}/dispute", Can(Action::KeepDebts), pages::money::debts::dispute::note),
        get("/debtors/{account}/plan", Can(Action::KeepDebts), pages::money::debts::plan::form),
        post("/debtors/{account}/plan", Can(Action::KeepDebts), pages::money::debts::plan::submit),
        get("/debtors/{account}/acknowledge", Can(Action::KeepDebts), pages::money::debts::limitation::form),
        post("/debtors/{account}/acknowledge", Can(Action::KeepDebts), pages::money::debts::limitation::submit),
        get("/limitation", Can(Action::KeepDebts), pages::money::debts::limitation::list),
        get("/homes/{code}/charges/{id}/dispute", Can(Action::RaiseDispute), pages::money::debts::raise::show),
        post("/homes/{code}/charges/{id}/dispute", Can(Action::RaiseDispute), pages::money::debts::raise::submit),
        get("/disputes/{id}", Can(Action::ReadLedger), pages::money::debts::seen::show),
        post("/disputes/{id}/take-back", Can(Action::RaiseDispute), pages::money::debts::seen::take_back),
        get("/disputes/{id}/end", Can(Action::KeepDebts), pages::money::debts::dispute::answer),
        post("/disputes/{id}/end", Can(Action::KeepDebts), pages::money::debts::dispute::end),
        get("/plans/{id}/end", Can(Action::KeepDebts), pages::money::debts::plan::confirm_end),
        post("/plans/{id}/end", Can(Action::KeepDebts), pages::money::debts::plan::end),
        get("/demands", Can(Action::KeepDebts), pages::money::demands::list),
        post("/demands", Can(Action::KeepDebts), pages::money::demands::make),
        get("/demands/batches/{id}", Can(Action::KeepDebts), pages::money::demands::batch::show),
        get("/demands/batches/{id}/letters.pdf", Can(Action::KeepDebts), pages::money::demands::batch::letters),
        get("/demands/{id}", Can(Action::KeepDebts), pages::money::demands::letter::show),
        post("/demands/{id}/proof", Can(Action::KeepDebts), pages::money::demands::letter::prove),
        get("/homes/{code}/demands/{id}/letter.pdf", Can(Action::ReadLedger), pages::money::demands::letter::pdf),
        get("/arrears", Can(Action::ReadCollection), pages::money::arrears::show),
        get("/arrears.csv", Can(Action::Export), pages::money::arrears::file),
        get("/arrears.xlsx", Can(Action::Export), pages::money::arrears::file),
    ]
}
