//! The statement of account: a part for each payer and book.

use domain::ledger::{OpenCharge, Statement, StatementLine};
use domain::{Fen, Instant, LocalDate, Month};
use serde::Serialize;

use super::bills::{SPLIT, sample_at, sample_line};
use crate::views::View;

/// What was owed, what moved, what is owed.
#[derive(Debug, Serialize)]
pub(crate) struct StatementView {
    pub(crate) home: String,
    pub(crate) from: LocalDate,
    pub(crate) to: LocalDate,
    pub(crate) made_on: LocalDate,
    pub(crate) parts: Vec<Part>,
}

/// An account's part.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) payer: String,
    pub(crate) book: &'static str,
    pub(crate) opening: Fen,
    pub(crate) lines: Vec<MoveRow>,
    pub(crate) closing: Fen,
    pub(crate) open: Vec<OpenRow>,
    pub(crate) ahead: Fen,
}

/// Something that moved, and the balance after it.
#[derive(Debug, Serialize)]
pub(crate) struct MoveRow {
    pub(crate) at: Instant,
    pub(crate) kind: &'static str,
    pub(crate) what: String,
    pub(crate) period: Option<Month>,
    pub(crate) receipt: Option<String>,
    pub(crate) note: String,
    pub(crate) amount: Fen,
    pub(crate) balance: Fen,
}

/// A charge that was open.
#[derive(Debug, Serialize)]
pub(crate) struct OpenRow {
    pub(crate) what: String,
    pub(crate) period: Option<Month>,
    pub(crate) due_on: LocalDate,
    pub(crate) open: Fen,
}

impl From<Statement> for Part {
    fn from(one: Statement) -> Self {
        let mut balance = one.opening;
        let mut line = |line: StatementLine| {
            balance += line.amount_fen;
            MoveRow {
                at: line.at,
                kind: line.kind.as_str(),
                what: line.matter.what(),
                period: line.matter.period,
                receipt: line.matter.receipt,
                note: line.note,
                amount: line.amount_fen,
                balance,
            }
        };
        let open = |one: OpenCharge| OpenRow {
            what: one.matter.what(),
            period: one.matter.period,
            due_on: one.due_on,
            open: one.open_fen,
        };
        Self {
            payer: one.account.payer,
            book: one.account.book.as_str(),
            opening: one.opening,
            lines: one.lines.into_iter().map(&mut line).collect(),
            closing: one.closing,
            open: one.open.into_iter().map(open).collect(),
            ahead: one.ahead,
        }
    }
}

impl View for StatementView {
    const TEMPLATE: &'static str = "money/statement.html";

    fn samples() -> Vec<Self> {
        let bill = sample_line(25_060);
        let line = |kind: &'static str, fen: i64, receipt: bool| MoveRow {
            at: sample_at(),
            kind,
            what: if receipt { String::new() } else { format!("{} {SPLIT}", bill.name) },
            period: (!receipt).then_some(bill.period),
            receipt: receipt.then(|| "SJ20261122-0001".to_owned()),
            note: if kind == "waiver" { "停水三天".to_owned() } else { String::new() },
            amount: Fen(fen),
            balance: Fen(fen),
        };
        let open = OpenRow {
            what: format!("{} {SPLIT}", bill.name),
            period: Some(bill.period),
            due_on: bill.due_on,
            open: Fen(25_060),
        };
        let part = |book: &'static str, closing: i64, lines, open| Part {
            payer: "黎琪艳".to_owned(),
            book,
            opening: Fen(1_200),
            lines,
            closing: Fen(closing),
            open,
            ahead: Fen(if closing < 0 { -closing } else { 0 }),
        };
        let moves =
            vec![line("charge", 25_060, false), line("payment", -1_200, true), line("waiver", -100, false)];
        let view = |parts| Self {
            home: "3-2-1501".to_owned(),
            from: bill.from_on,
            to: bill.to_on,
            made_on: bill.to_on,
            parts,
        };
        vec![
            view(vec![]),
            view(vec![part("fees", 25_060, moves, vec![open]), part("deposits", -200_000, vec![], vec![])]),
        ]
    }
}
