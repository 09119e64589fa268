//! What correcting a charge or giving back a prepayment will do, before it is done.

use domain::billing::Anew;
use domain::billing::explain::explain_stored;
use domain::{Fen, LocalDate};
use serde::Serialize;

use super::bills::{BillLine, sample_line};
use super::cashier::ReceiptView;
use crate::form::Form;
use crate::views::View;

/// One act on a charge, named before it is done.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectView {
    /// `reverse`, `again`, `waive`, `refund`.
    pub(crate) act: &'static str,
    pub(crate) home: String,
    pub(crate) line: BillLine,
    pub(crate) paid: Fen,
    /// The payments whose money it frees or gives back.
    pub(crate) freed: Vec<Freed>,
    /// What charging anew would make.
    pub(crate) again: Option<Again>,
    /// What can be waived for the payer without an approval.
    pub(crate) free_limit: Fen,
    /// How the charge was when the page was made.
    pub(crate) seen: String,
    /// The rule that stands against it.
    pub(crate) stop: Option<&'static str>,
    pub(crate) form: Form,
}

/// What a payment gets back.
#[derive(Debug, Serialize)]
pub(crate) struct Freed {
    pub(crate) receipt: String,
    pub(crate) amount: Fen,
}

/// What charging anew would make.
#[derive(Debug, Serialize)]
pub(crate) struct Again {
    pub(crate) amount: Fen,
    pub(crate) explanation: String,
    pub(crate) due_on: LocalDate,
}

impl Again {
    /// In the words of a language.
    pub(crate) fn of(again: &Anew, language: &str) -> Self {
        Self {
            amount: again.amount,
            explanation: explain_stored(&again.basis, language),
            due_on: again.due_on,
        }
    }
}

impl View for CorrectView {
    const TEMPLATE: &'static str = "money/correct.html";

    fn samples() -> Vec<Self> {
        let one = |act: &'static str, stop: Option<&'static str>| {
            let line = sample_line(25_060);
            let again = Again {
                amount: Fen(25_200),
                explanation: "90.00 m² × ¥2.80 × 1 month = ¥252.00".to_owned(),
                due_on: line.due_on,
            };
            let freed = Freed { receipt: "SJ20261122-0001".to_owned(), amount: Fen(1_000) };
            let wrong = [("amount", "more_than_open"), ("reason", "required")];
            Self {
                act,
                home: "3-2-1501".to_owned(),
                paid: Fen(if act == "waive" { 0 } else { 1_000 }),
                freed: if act == "waive" { vec![] } else { vec![freed] },
                again: (act == "again" && stop.is_none()).then_some(again),
                free_limit: Fen(44_000),
                seen: "1000-60-0".to_owned(),
                stop,
                form: Form::sample("correct.form", &[("amount", "999")], &wrong).refused("charge.changed"),
                line,
            }
        };
        vec![
            one("reverse", None),
            one("again", None),
            one("waive", None),
            one("refund", None),
            one("again", Some("charge.nothing")),
        ]
    }
}

/// Giving back what is prepaid on a payment.
#[derive(Debug, Serialize)]
pub(crate) struct RefundView {
    pub(crate) receipt: ReceiptView,
    pub(crate) form: Form,
}

impl RefundView {
    pub(crate) fn of(receipt: ReceiptView, form: Form) -> Self {
        Self { receipt, form }
    }
}

impl View for RefundView {
    const TEMPLATE: &'static str = "money/refund.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("correct.form", &[("amount", "9")], &[("amount", "more_than_prepaid")]);
        vec![
            Self::of(ReceiptView::sample(false), wrong),
            Self::of(ReceiptView::sample(true), Form::new("correct.form")),
        ]
    }
}
