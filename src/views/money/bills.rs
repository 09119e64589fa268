//! What is owed on a home, month by month, and what was paid.

use std::collections::BTreeMap;

use chrono::Datelike;
use domain::billing::explain::explain_stored;
use domain::billing::given_back::{Was, words};
use domain::corrections::Line;
use domain::debts::{Dispute, Outcome, Plan, State};
use domain::ledger::{Account, Charge, ChargeLine, Corrected};
use domain::payments::Payment;
use domain::{ChargeId, Fen, Instant, LedgerAccountId, LocalDate, Month};
use serde::Serialize;

use super::demands::DemandRow;
use super::deposits::DepositRow;
use super::plans::PlanRow;
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
    /// Who owes and has paid ahead how much of it.
    pub(crate) payers: Vec<PayerRow>,
    /// The latest months, newest first.
    pub(crate) months: Vec<MonthBill>,
    /// The earlier ones, folded by year.
    pub(crate) years: Vec<YearBills>,
    /// The instalments that were agreed on and hold, or held until lately.
    pub(crate) plans: Vec<PlanRow>,
    /// The deposits that were handed in, newest first.
    pub(crate) deposits: Vec<DepositRow>,
    /// The formal demands that were sent, newest first.
    pub(crate) demands: Vec<DemandRow>,
    /// What was paid, newest first.
    pub(crate) payments: Vec<PaymentRow>,
    /// What was taken back, given up or given back, newest first.
    pub(crate) corrected: Vec<CorrectedRow>,
    /// Whether the one who looks can pay by themselves.
    pub(crate) pays_online: bool,
    /// The number of an order of theirs that waits to be paid.
    pub(crate) waiting: Option<String>,
    /// Whether the one who looks corrects charges.
    pub(crate) corrects: bool,
    /// Whether the one who looks takes payments.
    pub(crate) cashier: bool,
}

/// Who pays, what they owe and what they have paid ahead.
#[derive(Debug, Serialize)]
pub(crate) struct PayerRow {
    pub(crate) name: String,
    pub(crate) owed: Fen,
    pub(crate) prepaid: Fen,
}

impl PayerRow {
    /// Of each account on which something is owed or paid ahead, by the charges that are open.
    pub(crate) fn of(
        accounts: &[Account],
        open: &[&Charge],
        prepaid: &BTreeMap<LedgerAccountId, Fen>,
    ) -> Vec<Self> {
        let row = |account: &Account| Self {
            name: account.payer.clone(),
            owed: open.iter().filter(|one| one.account_id == account.id).map(|one| one.open()).sum(),
            prepaid: prepaid.get(&account.id).copied().unwrap_or(Fen::ZERO),
        };
        let rows = accounts.iter().map(row);
        rows.filter(|row| row.owed > Fen::ZERO || row.prepaid > Fen::ZERO).collect()
    }

    pub(super) fn samples() -> Vec<Self> {
        let row = |(name, owed, prepaid): (&str, i64, i64)| Self {
            name: name.to_owned(),
            owed: Fen(owed),
            prepaid: Fen(prepaid),
        };
        [("黎琪艳", 25_060, 0), ("王租客", 0, 1_000)].map(row).into()
    }
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
    /// Whether it is a part of a bill that all share.
    pub(crate) shared: bool,
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
    pub(crate) reversed: bool,
    /// What who corrects charges can do to it.
    pub(crate) acts: Vec<&'static str>,
    /// Why nobody is reminded of it: `disputed` or `planned`.
    pub(crate) quiet: Option<&'static str>,
    /// What was last said against it and not taken back.
    pub(crate) dispute: Option<i64>,
    /// Whether the one who looks can say something against it.
    pub(crate) disputable: bool,
    /// What was asked for and waits: `waiver` or `refund`.
    pub(crate) waits: Option<&'static str>,
    /// What it was before something of it was given back.
    pub(crate) was: Option<WasRow>,
    #[serde(skip)]
    paid: Fen,
    #[serde(skip)]
    revision: i32,
}

/// What a charge was before something of it was given back, and why.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WasRow {
    pub(crate) why: String,
    pub(crate) until_on: LocalDate,
    pub(crate) before: Fen,
}

/// Says of each charge that was made of a longer one what it was before.
pub(crate) fn recall(lines: &mut [BillLine], was: &[Was], language: &str) {
    for line in lines {
        let found = was.iter().find(|one| one.made_id.is_some_and(|id| id.0 == line.id));
        line.was = found.map(|one| WasRow {
            why: words::why(one.cause, one.last_on, language),
            until_on: one.until_on,
            before: one.before,
        });
    }
}

impl BillLine {
    /// A charge in the words of a language.
    pub(crate) fn of(line: ChargeLine, language: &str) -> Self {
        let charge = line.charge;
        Self {
            id: charge.id.0,
            open: charge.open(),
            name: line.item_name,
            shared: line.item.starts_with("shared:"),
            subject: charge.subject,
            period: charge.period,
            payer: line.payer,
            from_on: charge.from_on,
            to_on: charge.to_on,
            amount: charge.amount,
            waived: charge.waived,
            reversed: charge.reversed,
            acts: vec![],
            quiet: None,
            dispute: None,
            disputable: false,
            waits: None,
            was: None,
            paid: charge.paid,
            revision: charge.revision,
            due_on: charge.due_on,
            explanation: explain_stored(&charge.basis, language),
        }
    }
}

impl BillLine {
    /// What every revision of a charge has in common.
    fn what(&self) -> (String, String, Month) {
        (self.name.clone(), self.subject.clone(), self.period)
    }

    fn possible(&self, followed: bool) -> Vec<&'static str> {
        if self.reversed {
            return if followed { vec![] } else { vec!["again"] };
        }
        let mut acts = vec!["reverse"];
        if self.waits.is_none() && self.open > Fen::ZERO {
            acts.push("waive");
        }
        if self.waits.is_none() && self.paid > Fen::ZERO {
            acts.push("refund");
        }
        acts
    }
}

/// Puts to each charge what can be done to it, and what was asked for already.
pub(crate) fn offer(lines: &mut [BillLine], waiting: &[Line]) {
    let known: Vec<_> = lines.iter().map(|line| (line.what(), line.revision)).collect();
    for line in lines {
        let what = line.what();
        let followed = known.iter().any(|(other, revision)| *other == what && *revision > line.revision);
        let asked = waiting.iter().find(|one| one.charge_id.is_some_and(|id| id.0 == line.id));
        line.waits = asked.map(|one| one.kind.as_str());
        line.acts = line.possible(followed);
    }
}

/// Puts to each charge whose payer may have changed within its days that it can be split.
pub(crate) fn offer_split(lines: &mut [BillLine], changes: &[LocalDate]) {
    let within = |line: &BillLine| changes.iter().any(|day| line.from_on < *day && *day <= line.to_on);
    lines.iter_mut().filter(|line| !line.reversed && within(line)).for_each(|line| line.acts.push("split"));
}

/// Says of each charge that is open why nobody is reminded of it.
pub(crate) fn silence(lines: &mut [BillLine], disputes: &[Dispute], plans: &[Plan]) {
    for line in lines.iter_mut().filter(|line| line.open > Fen::ZERO) {
        let disputed = disputes.iter().any(|one| one.charge_id.0 == line.id && one.ended_at.is_none());
        let mut holding = plans.iter().filter(|plan| plan.state == State::Running);
        let planned = holding.any(|plan| plan.charges.iter().any(|charge| charge.0 == line.id));
        line.quiet = if disputed { Some("disputed") } else { planned.then_some("planned") };
    }
}

/// Says of each charge what was said against it, newest first, and whether the one who looks can say something.
pub(crate) fn contest(lines: &mut [BillLine], disputes: &[Dispute], disputable: &[ChargeId]) {
    for line in lines {
        let mut said = disputes.iter().filter(|one| one.outcome != Some(Outcome::TakenBack));
        line.dispute = said.find(|one| one.charge_id.0 == line.id).map(|one| one.id.0);
        line.disputable = disputable.iter().any(|id| id.0 == line.id);
    }
}

/// What was taken back, given up or given back, with the reason.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectedRow {
    pub(crate) at: Instant,
    pub(crate) kind: &'static str,
    pub(crate) amount: Fen,
    /// The item with its bay; nothing where a payment was given back.
    pub(crate) item: String,
    pub(crate) period: Option<Month>,
    pub(crate) receipt: Option<String>,
    pub(crate) reason: String,
}

impl From<Corrected> for CorrectedRow {
    fn from(row: Corrected) -> Self {
        Self {
            at: row.at,
            kind: row.kind.as_str(),
            amount: row.amount_fen.max(-row.amount_fen),
            item: row.matter.what(),
            period: row.matter.period,
            receipt: row.matter.receipt,
            reason: row.reason,
        }
    }
}

/// A payment.
#[derive(Debug, Serialize)]
pub(crate) struct PaymentRow {
    pub(crate) id: i64,
    /// What of it is paid ahead.
    pub(crate) prepaid: Fen,
    pub(crate) receipt: String,
    /// The first and the last month that it pays; none where it pays ahead only.
    pub(crate) months: Option<(Month, Month)>,
    pub(crate) amount: Fen,
    pub(crate) method: &'static str,
    pub(crate) taken_at: Instant,
    pub(crate) voided: bool,
}

impl PaymentRow {
    /// A payment with the months that it pays.
    pub(crate) fn of(payment: Payment, months: Option<(Month, Month)>) -> Self {
        Self {
            id: payment.id.0,
            months,
            prepaid: payment.unallocated,
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
            // What was taken back is shown, and counts nothing.
            month.amount += if line.reversed { Fen::ZERO } else { line.amount };
            month.open += line.open;
            month.lines.push(line);
        }
    }
    months
}

/// The months of a year, behind one fold.
#[derive(Debug, Serialize)]
pub(crate) struct YearBills {
    pub(crate) year: i32,
    pub(crate) amount: Fen,
    pub(crate) open: Fen,
    pub(crate) months: Vec<MonthBill>,
}

/// Months by year, in the order they come.
pub(crate) fn by_year(months: Vec<MonthBill>) -> Vec<YearBills> {
    let mut years: Vec<YearBills> = Vec::new();
    for month in months {
        let year = month.period.first_day().year();
        if years.last().is_none_or(|last| last.year != year) {
            years.push(YearBills { year, amount: Fen::ZERO, open: Fen::ZERO, months: Vec::new() });
        }
        if let Some(last) = years.last_mut() {
            last.amount += month.amount;
            last.open += month.open;
            last.months.push(month);
        }
    }
    years
}

/// A charge for samples.
/// A bay that somebody else pays for since a day in the month, as the books have it: no page shows it so.
pub(super) const SPLIT: &str = "B1-0013 ≥2026-11-16";

pub(super) fn sample_line(open: i64) -> BillLine {
    let period = Month::new(2026, 11).unwrap_or_else(|| Month::of(LocalDate::MIN));
    BillLine {
        id: 1,
        name: "物业管理费（住宅）".to_owned(),
        shared: open == 9,
        subject: SPLIT.to_owned(),
        period,
        payer: "黎琪艳".to_owned(),
        from_on: period.first_day(),
        to_on: period.last_day(),
        amount: Fen(25_060),
        open: Fen(open),
        waived: Fen(60),
        due_on: period.day_or_last(25),
        explanation: "89.50 m² × ¥2.80 × 1 month = ¥250.60".to_owned(),
        reversed: false,
        acts: vec![],
        quiet: None,
        dispute: None,
        disputable: open == 25_060,
        waits: None,
        was: None,
        paid: Fen(25_000 - open.min(25_000)),
        revision: 0,
    }
}

/// A moment for samples.
pub(in crate::views) fn sample_at() -> Instant {
    Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now())
}

impl View for BillsView {
    const TEMPLATE: &'static str = "money/bills.html";

    fn samples() -> Vec<Self> {
        let payment = |voided| PaymentRow {
            id: 1,
            prepaid: Fen(if voided { 0 } else { 1_000 }),
            receipt: "SJ20261122-0001".to_owned(),
            months: (!voided).then(|| (sample_line(0).period, sample_line(0).period.next())),
            amount: Fen(25_060),
            method: "cash",
            taken_at: sample_at(),
            voided,
        };
        let corrected = |kind: &'static str| CorrectedRow {
            at: sample_at(),
            kind,
            amount: Fen(25_060),
            item: if kind == "refund" {
                String::new()
            } else {
                format!("物业管理费（住宅） {SPLIT}")
            },
            period: (kind != "refund").then(|| sample_line(0).period),
            receipt: (kind == "refund").then(|| "SJ20261122-0001".to_owned()),
            reason: "面积登记有误".to_owned(),
        };
        let line = sample_line(25_060);
        let quiet = |quiet: &'static str| BillLine { quiet: Some(quiet), dispute: Some(1), ..sample_line(9) };
        let reversed = BillLine { reversed: true, acts: vec!["again"], ..sample_line(0) };
        let was = WasRow {
            why: "车位只用到 2026-11-14，之后的不再收取".to_owned(),
            until_on: line.to_on,
            before: Fen(96_000),
        };
        let given_back = BillLine { was: Some(was), ..sample_line(9) };
        let asked = BillLine { waits: Some("waiver"), acts: vec!["reverse"], ..sample_line(9) };
        let empty = || Self {
            home: "3-2-1501".to_owned(),
            homes: vec![],
            owed: Fen::ZERO,
            due_on: None,
            overdue: false,
            prepaid: Fen::ZERO,
            payers: vec![],
            months: vec![],
            years: vec![],
            plans: vec![],
            deposits: vec![],
            demands: vec![],
            payments: vec![],
            corrected: vec![],
            pays_online: false,
            waiting: None,
            corrects: false,
            cashier: false,
        };
        let full = Self {
            home: "3-2-1501".to_owned(),
            homes: vec!["3-2-1501".to_owned(), "S-1-0101".to_owned()],
            owed: Fen(25_060),
            due_on: Some(line.due_on),
            overdue: true,
            prepaid: Fen(1_000),
            payers: PayerRow::samples(),
            plans: vec![PlanRow::sample(State::Running), PlanRow::sample(State::Broken)],
            deposits: vec![DepositRow::sample("held"), DepositRow::sample("returned")],
            demands: vec![DemandRow::sample(None)],
            years: by_year(by_month(vec![sample_line(0), sample_line(9)])),
            months: by_month(vec![
                line,
                sample_line(0),
                reversed,
                asked,
                quiet("disputed"),
                quiet("planned"),
                given_back,
            ]),
            payments: vec![payment(false), payment(true), PaymentRow { months: None, ..payment(false) }],
            corrected: ["reversal", "waiver", "refund"].map(corrected).into(),
            corrects: true,
            cashier: true,
            ..empty()
        };
        let paying = Self {
            owed: Fen(25_060),
            pays_online: true,
            waiting: Some("ZF20261122-0001".to_owned()),
            ..empty()
        };
        vec![empty(), full, paying]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_folded_by_year_with_what_is_open() {
        let line = |period: &str, open| BillLine { period: period.parse().unwrap(), ..sample_line(open) };
        let lines = vec![line("2025-12", 9), line("2026-02", 0), line("2026-01", 0), line("2025-11", 1)];
        let years = by_year(by_month(lines));
        let told: Vec<_> =
            years.iter().map(|year| (year.year, year.months.len(), year.amount, year.open)).collect();
        assert_eq!(told, [(2026, 2, Fen(50_120), Fen(0)), (2025, 2, Fen(50_120), Fen(10))]);
    }
}
