//! The cashier's pages: a home's payment, the receipt, its void, the day's closing.

use domain::payments::capitals::capitals;
use domain::payments::{Closing, Receipt};
use domain::{Fen, Instant, LocalDate, Month};
use serde::Serialize;

use super::bills::{BillLine, PayerRow, sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// Where a cashier begins.
#[derive(Debug, Serialize)]
pub(crate) struct CashierView {
    /// The search for a home.
    pub(crate) form: Form,
    /// What today brought in.
    pub(crate) closing: Vec<ClosingRow>,
    /// What is in the till or on the accounts.
    pub(crate) net: Fen,
}

impl View for CashierView {
    const TEMPLATE: &'static str = "money/cashier.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("cashier.form", &[("home", "9-9")], &[("home", "unknown_home")]);
        vec![
            Self { form: Form::new("cashier.form"), closing: vec![], net: Fen::ZERO },
            Self { form: wrong, closing: vec![ClosingRow::sample()], net: Fen(20_000) },
        ]
    }
}

/// One method's day.
#[derive(Debug, Serialize)]
pub(crate) struct ClosingRow {
    pub(crate) book: &'static str,
    pub(crate) method: &'static str,
    pub(crate) payments: i64,
    pub(crate) taken: Fen,
    pub(crate) returned: Fen,
    pub(crate) net: Fen,
}

impl From<&Closing> for ClosingRow {
    fn from(row: &Closing) -> Self {
        Self {
            book: row.book.as_str(),
            method: row.method.as_str(),
            payments: row.payments,
            taken: row.taken,
            returned: row.returned,
            net: row.net(),
        }
    }
}

impl ClosingRow {
    fn sample() -> Self {
        Self {
            book: "deposits",
            method: "cash",
            payments: 2,
            taken: Fen(25_060),
            returned: Fen(5_060),
            net: Fen(20_000),
        }
    }
}

/// The day's closing.
#[derive(Debug, Serialize)]
pub(crate) struct ClosingView {
    pub(crate) day: LocalDate,
    pub(crate) rows: Vec<ClosingRow>,
    pub(crate) net: Fen,
}

impl View for ClosingView {
    const TEMPLATE: &'static str = "money/closing.html";

    fn samples() -> Vec<Self> {
        let day = sample_line(0).due_on;
        vec![
            Self { day, rows: vec![], net: Fen::ZERO },
            Self { day, rows: vec![ClosingRow::sample()], net: Fen(20_000) },
        ]
    }
}

/// What a home owes, and the form that takes a payment.
#[derive(Debug, Serialize)]
pub(crate) struct PayView {
    pub(crate) home: String,
    /// Who pays, where several have an account with what each owes.
    pub(crate) payers: Vec<PayerRow>,
    pub(crate) owed: Fen,
    pub(crate) prepaid: Fen,
    /// Late fees that have grown and are not charged yet.
    pub(crate) growing: Fen,
    /// What is open, oldest first.
    pub(crate) lines: Vec<BillLine>,
    /// Whether a code to scan can be shown.
    pub(crate) pays_online: bool,
    /// The ways to pay.
    pub(crate) methods: Vec<&'static str>,
    pub(crate) form: Form,
}

impl View for PayView {
    const TEMPLATE: &'static str = "money/pay.html";

    fn samples() -> Vec<Self> {
        let one = |lines: Vec<BillLine>, form| Self {
            home: "3-2-1501".to_owned(),
            payers: PayerRow::samples(),
            owed: Fen(25_060),
            prepaid: Fen(100),
            growing: if lines.is_empty() { Fen::ZERO } else { Fen(75) },
            lines,
            pays_online: true,
            methods: vec!["cash", "card"],
            form,
        };
        let wrong = Form::sample("pay.form", &[("amount", "x"), ("method", "cash")], &[("amount", "money")]);
        vec![one(vec![sample_line(25_060)], wrong), one(vec![], Form::new("pay.form"))]
    }
}

/// A receipt to print.
#[derive(Debug, Serialize)]
pub(crate) struct ReceiptView {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) home: String,
    pub(crate) payer: String,
    pub(crate) amount: Fen,
    /// The amount in Chinese capitals 大写.
    pub(crate) capitals: String,
    pub(crate) prepaid: Fen,
    pub(crate) refunded: Fen,
    pub(crate) method: &'static str,
    pub(crate) taken_at: Instant,
    pub(crate) cashier: Option<String>,
    pub(crate) note: String,
    /// By whom it came, where the payer paid by themselves.
    pub(crate) channel: Option<&'static str>,
    /// The provider's number of it.
    pub(crate) transaction: String,
    pub(crate) voided_at: Option<Instant>,
    pub(crate) void_reason: Option<String>,
    pub(crate) lines: Vec<Covered>,
    /// What it is a deposit for, where it is one.
    pub(crate) deposit: Option<&'static str>,
    /// Whether the one who looks may void it.
    pub(crate) may_void: bool,
    /// Whether the one who looks may ask to give back what is prepaid.
    pub(crate) may_refund: bool,
}

/// What a payment covers of a charge.
#[derive(Debug, Serialize)]
pub(crate) struct Covered {
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) period: Month,
    pub(crate) amount: Fen,
}

impl ReceiptView {
    /// The same for who may ask to give back what is prepaid, where anything is.
    #[must_use]
    pub(crate) fn with_refund(self, may: bool) -> Self {
        Self { may_refund: may && self.prepaid > Fen::ZERO && self.deposit.is_none(), ..self }
    }

    /// A receipt as it is shown.
    pub(crate) fn of(receipt: Receipt, may_void: bool) -> Self {
        let payment = receipt.payment;
        let (channel, transaction) = receipt.online.unzip();
        let covered = receipt.lines.into_iter().map(|line| Covered {
            name: line.item_name,
            subject: line.subject,
            period: line.period,
            amount: line.amount,
        });
        Self {
            id: payment.id.0,
            number: payment.receipt,
            home: receipt.home,
            payer: receipt.payer,
            amount: payment.amount,
            capitals: capitals(payment.amount),
            prepaid: payment.unallocated,
            refunded: payment.refunded,
            method: payment.method.as_str(),
            taken_at: payment.taken_at,
            cashier: receipt.cashier,
            note: payment.note,
            channel: channel.map(|channel| channel.as_str()),
            transaction: transaction.unwrap_or_default(),
            may_void: may_void && payment.voided_at.is_none() && payment.refunded == Fen::ZERO,
            may_refund: false,
            deposit: receipt.deposit.map(|purpose| purpose.as_str()),
            voided_at: payment.voided_at,
            void_reason: payment.void_reason,
            lines: covered.collect(),
        }
    }

    pub(super) fn sample(voided: bool) -> Self {
        let line = sample_line(0);
        Self {
            id: 1,
            number: "SJ20261122-0001".to_owned(),
            home: "3-2-1501".to_owned(),
            payer: "黎琪艳".to_owned(),
            amount: Fen(25_060),
            capitals: capitals(Fen(25_060)),
            prepaid: Fen(if voided { 0 } else { 100 }),
            refunded: Fen(if voided { 25_060 } else { 0 }),
            method: "cash",
            taken_at: sample_at(),
            cashier: voided.then(|| "收费员甲".to_owned()),
            note: if voided { String::new() } else { "代缴".to_owned() },
            channel: (!voided).then_some("alipay"),
            transaction: "2026112222001400000000000001".to_owned(),
            voided_at: voided.then(sample_at),
            void_reason: voided.then(|| "录错".to_owned()),
            lines: vec![Covered {
                name: line.name,
                subject: line.subject,
                period: line.period,
                amount: line.amount,
            }],
            may_void: !voided,
            may_refund: !voided,
            deposit: voided.then_some("renovation"),
        }
    }
}

impl View for ReceiptView {
    const TEMPLATE: &'static str = "money/receipt.html";

    fn samples() -> Vec<Self> {
        vec![Self::sample(false), Self::sample(true)]
    }
}

/// What voiding a payment will do, and the reason for it.
#[derive(Debug, Serialize)]
pub(crate) struct VoidView {
    pub(crate) receipt: ReceiptView,
    pub(crate) form: Form,
}

impl View for VoidView {
    const TEMPLATE: &'static str = "money/void.html";

    fn samples() -> Vec<Self> {
        let wrong =
            Form::sample("void.form", &[], &[("reason", "required")]).refused("payment.second_person");
        vec![Self { receipt: ReceiptView::sample(false), form: wrong }]
    }
}
