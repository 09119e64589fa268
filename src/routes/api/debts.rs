//! What is owed and not paid: disputes, plans, demands, limitation.

use domain::access::Action;

use crate::api::debts::{batches, debtor, demands, disputes, limitation, plans};
use crate::api::json::Bare;
use crate::api::{Items, List, Where};
use crate::pages::money;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/debtors/{id}", Can(Action::KeepDebts), debtor::show)
            .about("An account: what is open, whether reminders speak of it, until when it can be demanded, what was said and agreed.")
            .gives::<debtor::DebtorJson>(),
        get("/api/v1/debtors/{id}/file.pdf", Can(Action::KeepDebts), money::debts::file::pdf)
            .about("Everything about one debt as one file for a court.")
            .gives_a_file(),
        post("/api/v1/debtors/{id}/disputes", Can(Action::KeepDebts), disputes::note)
            .about("Note that a payer does not accept a charge: nobody is reminded of it until that is answered.")
            .takes::<disputes::Note>()
            .gives::<disputes::DisputeJson>()
            .done(&[201]),
        post("/api/v1/debtors/{id}/plans", Can(Action::KeepDebts), plans::agree)
            .about("Agree on instalments: nobody is reminded of these charges while the plan holds.")
            .takes::<plans::Agree>()
            .gives::<plans::PlanJson>()
            .done(&[201]),
        post("/api/v1/debtors/{id}/acknowledgements", Can(Action::KeepDebts), limitation::acknowledge)
            .about("Record what was acknowledged in writing, with its paper: the limitation starts anew.")
            .takes::<limitation::Acknowledge>()
            .gives::<limitation::AcknowledgedJson>()
            .done(&[201]),
        get("/api/v1/disputes", Can(Action::KeepDebts), disputes::list)
            .about("Disputes that wait for an answer, oldest first.")
            .asks::<List>()
            .gives::<Items<disputes::DisputeJson>>(),
        post("/api/v1/disputes", Can(Action::RaiseDispute), disputes::raise)
            .about("Say that one does not accept a charge of one's own bill.")
            .takes::<disputes::Raise>()
            .gives::<disputes::DisputeJson>()
            .done(&[201]),
        get("/api/v1/disputes/{id}", Can(Action::ReadLedger), disputes::show)
            .about("A dispute with its answer, for who sees the account.")
            .gives::<disputes::DisputeJson>(),
        post("/api/v1/disputes/{id}/take-back", Can(Action::RaiseDispute), disputes::take_back)
            .about("Take back what one raised, within ten minutes.")
            .takes::<Bare>()
            .gives::<disputes::DisputeJson>(),
        post("/api/v1/disputes/{id}/answer", Can(Action::KeepDebts), disputes::answer)
            .about("Answer a dispute: reminders speak again, unless the charge was corrected.")
            .takes::<disputes::Answer>()
            .gives::<disputes::DisputeJson>(),
        get("/api/v1/homes/{code}/disputes", Can(Action::ReadLedger), disputes::of_home)
            .about("What was said against charges of a home, newest first.")
            .asks::<Where>()
            .gives::<Items<disputes::DisputeJson>>(),
        get("/api/v1/plans", Can(Action::KeepDebts), plans::list)
            .about("Plans in a state, newest first; those that hold where none is named.")
            .asks::<plans::Which>()
            .gives::<Items<plans::PlanJson>>(),
        get("/api/v1/plans/{id}", Can(Action::KeepDebts), plans::show)
            .about("A plan with what has come in of it.")
            .gives::<plans::PlanJson>(),
        post("/api/v1/plans/{id}/end", Can(Action::KeepDebts), plans::end)
            .about("End a plan that holds: reminders speak again.")
            .takes::<plans::End>()
            .gives::<plans::PlanJson>(),
        get("/api/v1/limitation", Can(Action::KeepDebts), limitation::list)
            .about("What can soon be refused, or already: what ends first comes first.")
            .asks::<Where>()
            .gives::<Items<limitation::WatchedJson>>(),
        get("/api/v1/demands", Can(Action::KeepDebts), demands::list)
            .about("Formal demands, newest first.")
            .asks::<List>()
            .gives::<Items<demands::DemandJson>>(),
        get("/api/v1/demands/due", Can(Action::KeepDebts), batches::due)
            .about("Who is to be sent a demand, in register order.")
            .asks::<Where>()
            .gives::<Items<batches::DueJson>>(),
        post("/api/v1/demands", Can(Action::KeepDebts), batches::make)
            .about("Make a letter for each account, in one batch.")
            .takes::<batches::Make>()
            .gives::<batches::BatchWhole>()
            .done(&[201]),
        get("/api/v1/demands/{id}", Can(Action::KeepDebts), demands::show)
            .about("A demand with what it says and how it was delivered.")
            .gives::<demands::DemandWhole>(),
        get("/api/v1/demands/{id}/letter.pdf", Can(Action::ReadLedger), demands::letter)
            .about("A demand on paper, for who sees the account.")
            .gives_a_file(),
        post("/api/v1/demands/{id}/proofs", Can(Action::KeepDebts), demands::prove)
            .about("Record how a letter arrived, or that it came back.")
            .takes::<demands::Prove>()
            .gives::<demands::DemandWhole>()
            .done(&[201]),
        get("/api/v1/demand-batches", Can(Action::KeepDebts), batches::batches)
            .about("Batches of demands, newest first.")
            .asks::<Where>()
            .gives::<Items<batches::BatchJson>>(),
        get("/api/v1/demand-batches/{id}", Can(Action::KeepDebts), batches::batch)
            .about("A batch with its letters.")
            .gives::<batches::BatchWhole>(),
        get("/api/v1/demand-batches/{id}/letters.pdf", Can(Action::KeepDebts), money::demands::batch::letters)
            .about("The letters of a batch as one file to print.")
            .gives_a_file(),
    ]
}
