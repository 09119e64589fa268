//! What is owed and what was paid, deposits and the bank included.

use domain::access::Action;

use crate::api;
use crate::api::Items;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/homes/{code}/account", Can(Action::ReadLedger), api::ledger::account)
            .about("What is owed on a home, why, and what was paid.")
            .asks::<api::Where>()
            .gives::<api::ledger::AccountState>(),
        get("/api/v1/homes/{code}/statement", Can(Action::ReadLedger), api::statement::show)
            .about("The statement of account from a day to a day: balances before and after, and what moved.")
            .asks::<api::statement::Asked>()
            .gives::<api::statement::StatementJson>(),
        post("/api/v1/payments", Can(Action::TakePayment), api::ledger::take)
            .about("Take a payment.")
            .takes::<api::ledger::Take>()
            .gives::<api::ledger::Taken>()
            .done(&[201]),
        post("/api/v1/payments/{id}/void", Can(Action::VoidPayment), api::ledger::void)
            .about("Void a payment that somebody else took.")
            .takes::<api::ledger::Void>()
            .gives::<api::ledger::Taken>(),
        get("/api/v1/receipts/{number}", Can(Action::ReadLedger), api::ledger::receipt)
            .about("A receipt.")
            .asks::<api::Where>()
            .gives::<api::ledger::Taken>(),
        get("/api/v1/deposits", Can(Action::KeepDeposits), api::deposits::list)
            .about("Deposits that are held, newest first.")
            .asks::<api::Where>()
            .gives::<Items<api::deposits::DepositJson>>(),
        post("/api/v1/deposits", Can(Action::TakePayment), api::deposits::take)
            .about("Take a deposit in.")
            .takes::<api::deposits::TakeDeposit>()
            .gives::<api::deposits::DepositJson>()
            .done(&[201]),
        get("/api/v1/deposits/{id}", Can(Action::ReadLedger), api::deposits::show)
            .about("A deposit with what is to be kept of it.")
            .gives::<api::deposits::DepositWhole>(),
        get("/api/v1/bank-lines", Can(Action::ImportBank), api::bank::list)
            .about("Lines of bank statements in a state, oldest first; those that wait where none is named.")
            .asks::<api::bank::Which>()
            .gives::<Items<api::bank::BankLine>>(),
        get("/api/v1/bank-lines/{id}", Can(Action::ImportBank), api::bank::show)
            .about("A line of a bank's statement.")
            .gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/book", Can(Action::TakePayment), api::bank::book)
            .about("Book a line that waits to a home.")
            .takes::<api::bank::Book>()
            .gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/set-aside", Can(Action::TakePayment), api::bank::set_aside)
            .about("Set a line aside that is nobody's fee.")
            .takes::<api::bank::SetAside>()
            .gives::<api::bank::BankLine>(),
        post("/api/v1/bank-lines/{id}/take-up", Can(Action::TakePayment), api::bank::take_up)
            .about("Take up again what was set aside or held for a repetition.")
            .takes::<api::bank::TakeUp>()
            .gives::<api::bank::BankLine>(),
    ]
}
