//! Formal demands: who is to be sent one, the batches, one letter with how it was delivered.

use std::collections::BTreeMap;

use domain::demands::{self, Batch, Candidate, Demand, Proof};
use domain::{Db, Fen, Instant, LedgerAccountId, LocalDate, debts};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// Who is to be sent a demand, and what was made.
#[derive(Debug, Serialize)]
pub(crate) struct DemandsView {
    pub(crate) due: Vec<CandidateRow>,
    /// How many more there are than one batch takes.
    pub(crate) more: usize,
    pub(crate) batches: Vec<BatchRow>,
    /// How many days the letters give.
    pub(crate) days: i64,
    /// Whether the list was narrowed to one.
    pub(crate) one: bool,
    /// Whether all are ticked; else those that the form has.
    pub(crate) ticked: bool,
    pub(crate) form: Form,
}

/// Somebody who is to be sent a demand.
#[derive(Debug, Serialize)]
pub(crate) struct CandidateRow {
    pub(crate) account: LedgerAccountId,
    pub(crate) home: String,
    pub(crate) name: String,
    pub(crate) charges: i64,
    pub(crate) overdue: Fen,
    pub(crate) oldest_due_on: LocalDate,
    pub(crate) reminded_at: Instant,
}

impl From<Candidate> for CandidateRow {
    fn from(one: Candidate) -> Self {
        Self {
            account: one.account,
            home: one.home,
            name: one.name,
            charges: one.charges,
            overdue: one.overdue,
            oldest_due_on: one.oldest_due_on,
            reminded_at: one.reminded_at,
        }
    }
}

/// Letters that were made together.
#[derive(Debug, Serialize)]
pub(crate) struct BatchRow {
    pub(crate) id: i64,
    pub(crate) day: LocalDate,
    pub(crate) maker: Option<String>,
    pub(crate) letters: i64,
    pub(crate) delivered: i64,
    pub(crate) total: Fen,
}

impl From<Batch> for BatchRow {
    fn from(one: Batch) -> Self {
        Self {
            id: one.id.0,
            day: one.day,
            maker: one.maker,
            letters: one.letters,
            delivered: one.delivered,
            total: one.total,
        }
    }
}

/// The letters of a batch.
#[derive(Debug, Serialize)]
pub(crate) struct BatchView {
    pub(crate) batch: BatchRow,
    pub(crate) rows: Vec<DemandRow>,
}

/// A letter in a list.
#[derive(Debug, Serialize)]
pub(crate) struct DemandRow {
    pub(crate) id: i64,
    pub(crate) account: LedgerAccountId,
    pub(crate) number: String,
    pub(crate) home: String,
    pub(crate) addressee: String,
    pub(crate) total: Fen,
    pub(crate) day: LocalDate,
    pub(crate) term_on: LocalDate,
    /// How the last try to deliver it ended.
    pub(crate) proof: Option<&'static str>,
    pub(crate) delivered: bool,
}

impl DemandRow {
    /// The letters of accounts, newest first.
    pub(crate) fn of(db: &mut Db, accounts: &[LedgerAccountId]) -> domain::Result<Vec<Self>> {
        let all = demands::of_accounts(db, accounts)?;
        Self::all(db, all)
    }

    /// Letters with their homes and how they were delivered.
    pub(crate) fn all(db: &mut Db, all: Vec<Demand>) -> domain::Result<Vec<Self>> {
        let accounts: Vec<LedgerAccountId> = all.iter().map(|one| one.account_id).collect();
        let ids: Vec<_> = all.iter().map(|one| one.id).collect();
        let homes: BTreeMap<_, _> =
            debts::debtors(db, &accounts)?.into_iter().map(|one| (one.account, one.home)).collect();
        let proofs = demands::proofs_of(db, &ids)?;
        let row = |one: Demand| {
            let id = one.id;
            let mine = || proofs.iter().filter(move |proof| proof.demand_id == id);
            let delivered = mine().find(|proof| proof.kind.delivers());
            Self {
                id: one.id.0,
                account: one.account_id,
                home: homes.get(&one.account_id).cloned().unwrap_or_default(),
                proof: delivered.or_else(|| mine().next_back()).map(|proof| proof.kind.as_str()),
                delivered: delivered.is_some(),
                number: one.number,
                addressee: one.addressee,
                total: one.total,
                day: one.day,
                term_on: one.term_on,
            }
        };
        Ok(all.into_iter().map(row).collect())
    }

    /// A letter for samples.
    pub(super) fn sample(proof: Option<&'static str>) -> Self {
        Self {
            id: 1,
            account: LedgerAccountId(7),
            number: "CG20261122-0001".to_owned(),
            home: "3-2-1501".to_owned(),
            addressee: "黎琪艳".to_owned(),
            total: Fen(25_060),
            day: sample_line(0).due_on,
            term_on: sample_line(0).due_on,
            proof,
            delivered: proof.is_some_and(|proof| proof != "returned"),
        }
    }
}

/// One letter.
#[derive(Debug, Serialize)]
pub(crate) struct DemandView {
    pub(crate) row: DemandRow,
    pub(crate) body: String,
    pub(crate) proofs: Vec<ProofRow>,
    pub(crate) papers: Vec<PaperRow>,
    pub(crate) kinds: Vec<&'static str>,
    /// Whether it is for who looks: a colleague handles it then.
    pub(crate) own: bool,
    /// Papers that are uploaded already.
    pub(crate) kept: Vec<i64>,
    /// What a proof is recorded on.
    pub(crate) version: i32,
    pub(crate) form: Form,
}

/// How a letter was delivered, or came back.
#[derive(Debug, Serialize)]
pub(crate) struct ProofRow {
    pub(crate) kind: &'static str,
    pub(crate) day: LocalDate,
    pub(crate) reference: String,
    pub(crate) note: String,
    pub(crate) recorded_at: Instant,
}

impl From<Proof> for ProofRow {
    fn from(one: Proof) -> Self {
        Self {
            kind: one.kind.as_str(),
            day: one.day,
            reference: one.reference,
            note: one.note,
            recorded_at: one.recorded_at,
        }
    }
}

/// A photo or scan.
#[derive(Debug, Serialize)]
pub(crate) struct PaperRow {
    pub(crate) id: i64,
    pub(crate) name: String,
}

fn sample_batch() -> BatchRow {
    BatchRow {
        id: 1,
        day: sample_line(0).due_on,
        maker: Some("收费员甲".to_owned()),
        letters: 3,
        delivered: 2,
        total: Fen(75_180),
    }
}

impl View for DemandsView {
    const TEMPLATE: &'static str = "money/demands.html";

    fn samples() -> Vec<Self> {
        let one = CandidateRow {
            account: LedgerAccountId(7),
            home: "3-2-1501".to_owned(),
            name: "黎琪艳".to_owned(),
            charges: 2,
            overdue: Fen(25_060),
            oldest_due_on: sample_line(0).due_on,
            reminded_at: sample_at(),
        };
        let wrong = Form::sample("demands.form", &[], &[("accounts", "required")]).refused("demand.not_due");
        let full = Self {
            due: vec![one],
            more: 3,
            batches: vec![sample_batch()],
            days: 15,
            one: false,
            ticked: true,
            form: wrong,
        };
        let blank = || Form::new("demands.form");
        let none =
            Self { due: vec![], more: 0, batches: vec![], days: 1, one: true, ticked: false, form: blank() };
        vec![full, none]
    }
}

impl View for BatchView {
    const TEMPLATE: &'static str = "money/demand_batch.html";

    fn samples() -> Vec<Self> {
        let rows = [None, Some("handed_over"), Some("returned")].map(DemandRow::sample).into();
        vec![Self { batch: sample_batch(), rows }]
    }
}

impl View for DemandView {
    const TEMPLATE: &'static str = "money/demand.html";

    fn samples() -> Vec<Self> {
        let one = |own: bool, proof: Option<&'static str>, form: Form| {
            let proofs = proof.map(|kind| ProofRow {
                kind,
                day: sample_line(0).due_on,
                reference: "EMS123".to_owned(),
                note: "本人签收".to_owned(),
                recorded_at: sample_at(),
            });
            Self {
                row: DemandRow::sample(proof),
                body: "黎琪艳：\n请缴清。".to_owned(),
                papers: proof.map(|_| PaperRow { id: 1, name: "签收.jpg".to_owned() }).into_iter().collect(),
                proofs: proofs.into_iter().collect(),
                kinds: vec!["handed_over", "registered", "refused", "returned"],
                own,
                kept: vec![5],
                version: 1,
                form,
            }
        };
        let wrong = [("kind", "choice"), ("day", "proof_day"), ("reference", "required")];
        vec![
            one(
                false,
                None,
                Form::sample("demands.form", &[("day", "2026-01-01")], &wrong).refused("debt.own"),
            ),
            one(true, Some("registered"), Form::new("demands.form")),
        ]
    }
}
