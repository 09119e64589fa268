//! What is owed on a home, month by month, and what was paid.

use domain::billing::explain::explain_stored;
use domain::ledger::ChargeLine;
use domain::payments::Payment;
use domain::{Fen, Instant, LocalDate, Month};
use serde::Serialize;

use crate::views::View;

/// A home's bills.
#[derive(Debug, Serialize)]
pub(crate) struct BillsView {
    /// The home's code.
    pub(crate) home: String,
    /// The other homes of who looks.
    pub(crate) homes: Vec<String>,
    /// What is to be paid now.
    pub(crate) owed: Fen,
    /// The next day on which something is due.
    pub(crate) due_on: Option<LocalDate>,
    /// Whether that day has passed.
    pub(crate) overdue: bool,
    /// What is paid ahead.
    pub(crate) prepaid: Fen,
    /// The months, newest first.
    pub(crate) months: Vec<MonthBill>,
    /// What was paid, newest first.
    pub(crate) payments: Vec<PaymentRow>,
    /// Whether the one who looks takes payments.
    pub(crate) cashier: bool,
}

/// A month's bill.
#[derive(Debug, Serialize)]
pub(crate) struct MonthBill {
    pub(crate) period: Month,
    pub(crate) amount: Fen,
    pub(crate) open: Fen,
    pub(crate) lines: Vec<BillLine>,
}

/// A charge, opening to how it was worked out.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BillLine {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) period: Month,
    pub(crate) payer: String,
    pub(crate) from_on: LocalDate,
    pub(crate) to_on: LocalDate,
    pub(crate) amount: Fen,
    pub(crate) open: Fen,
    pub(crate) waived: Fen,
    pub(crate) due_on: LocalDate,
    pub(crate) explanation: String,
}

impl BillLine {
    /// A charge in the words of a language.
    pub(crate) fn of(line: ChargeLine, language: &str) -> Self {
        let charge = line.charge;
        Self {
            id: charge.id.0,
            open: charge.open(),
            name: line.item_name,
            subject: charge.subject,
            period: charge.period,
            payer: line.payer,
            from_on: charge.from_on,
            to_on: charge.to_on,
            amount: charge.amount,
            waived: charge.waived,
            due_on: charge.due_on,
            explanation: explain_stored(&charge.basis, language),
        }
    }
}

/// A payment.
#[derive(Debug, Serialize)]
pub(crate) struct PaymentRow {
    pub(crate) receipt: String,
    pub(crate) amount: Fen,
    pub(crate) method: &'static str,
    pub(crate) taken_at: Instant,
    pub(crate) voided: bool,
}

impl From<Payment> for PaymentRow {
    fn from(payment: Payment) -> Self {
        Self {
            receipt: payment.receipt,
            amount: payment.amount,
            method: payment.method.as_str(),
            taken_at: payment.taken_at,
            voided: payment.voided_at.is_some(),
        }
    }
}

/// Bills by month, newest first, from charges in any order.
pub(crate) fn by_month(mut lines: Vec<BillLine>) -> Vec<MonthBill> {
    lines.sort_by_key(|line| std::cmp::Reverse(line.period));
    let mut months: Vec<MonthBill> = Vec::new();
    for line in lines {
        if months.last().is_none_or(|month| month.period != line.period) {
            months.push(MonthBill {
                period: line.period,
                amount: Fen::ZERO,
                open: Fen::ZERO,
                lines: Vec::new(),
            });
        }
        if let Some(month) = months.last_mut() {
            month.amount += line.amount;
            month.open += line.open;
            month.lines.push(line);
        }
    }
    months
}

/// A charge for samples.
pub(super) fn sample_line(open: i64) -> BillLine {
    let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
    BillLine {
        id: 1,
        name: "物业管理费（住宅）".to_owned(),
        subject: "B1-0013".to_owned(),
        period,
        payer: "黎琪艳".to_owned(),
        from_on: period.first_day(),
        to_on: period.last_day(),
        amount: Fen(25_060),
        open: Fen(open),
        waived: Fen(60),
        due_on: period.day_or_last(25),
        explanation: "89.50 m² × ¥2.80 × 1 month = ¥250.60".to_owned(),
    }
}

/// A moment for samples.
pub(super) fn sample_at() -> Instant {
    Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now())
}

impl View for BillsView {
    const TEMPLATE: &'static str = "money/bills.html";

    fn samples() -> Vec<Self> {
        let payment = |voided| PaymentRow {
            receipt: "SJ20261122-0001".to_owned(),
            amount: Fen(25_060),
            method: "cash",
            taken_at: sample_at(),
            voided,
        };
        let line = sample_line(25_060);
        let empty = Self {
            home: "3-2-1501".to_owned(),
            homes: vec![],
            owed: Fen::ZERO,
            due_on: None,
            overdue: false,
            prepaid: Fen::ZERO,
            months: vec![],
            payments: vec![],
            cashier: false,
        };
        let full = Self {
            home: "3-2-1501".to_owned(),
            homes: vec!["3-2-1501".to_owned(), "S-1-0101".to_owned()],
            owed: Fen(25_060),
            due_on: Some(line.due_on),
            overdue: true,
            prepaid: Fen(1_000),
            months: by_month(vec![line, sample_line(0)]),
            payments: vec![payment(false), payment(true)],
            cashier: true,
        };
        vec![empty, full]
    }
}
