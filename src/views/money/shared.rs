//! Shared consumption: the register of bills, one bill with its parts, what a home is shown of it.

use domain::billing::shared::{Bill, HomePart, Method, Part, Seen, Share, Standing, TakenBack};
use domain::{Area, Fen, Instant, Month, Quantity};
use serde::Serialize;

use super::bills::{sample_at, sample_line};
use crate::form::Form;
use crate::views::View;

/// What a home counts, as its method counts it.
fn counted(method: Method, weight: i64) -> String {
    match method {
        Method::Area => Area(weight).to_string(),
        _ => Quantity(weight).to_string(),
    }
}

/// A bill.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BillRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) period: Month,
    pub(crate) total: Fen,
    pub(crate) method: &'static str,
    pub(crate) applies_to: &'static str,
    /// When its parts were worked out; it can be corrected before.
    pub(crate) split_at: Option<Instant>,
    pub(crate) homes: i64,
    /// What all homes count.
    pub(crate) weights: String,
}

impl From<Bill> for BillRow {
    fn from(bill: Bill) -> Self {
        Self {
            id: bill.id.0,
            weights: counted(bill.method, bill.weights),
            name: bill.name,
            period: bill.period,
            total: bill.total,
            method: bill.method.as_str(),
            applies_to: bill.applies_to.as_str(),
            split_at: bill.split_at,
            homes: bill.homes,
        }
    }
}

/// A home's part.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PartRow {
    pub(crate) home: String,
    pub(crate) weight: String,
    pub(crate) amount: Fen,
}

impl From<(Method, HomePart)> for PartRow {
    fn from((method, part): (Method, HomePart)) -> Self {
        Self { home: part.home, weight: counted(method, part.weight), amount: part.amount }
    }
}

/// The register of shared bills.
#[derive(Debug, Serialize)]
pub(crate) struct SharedView {
    pub(crate) form: Form,
    /// The months that have bills, newest first.
    pub(crate) months: Vec<Month>,
    pub(crate) bills: Vec<BillRow>,
}

/// One bill: its form while it can be corrected, its parts afterwards.
#[derive(Debug, Serialize)]
pub(crate) struct SharedBillView {
    pub(crate) form: Form,
    pub(crate) version: i32,
    pub(crate) bill: BillRow,
    pub(crate) buildings: Vec<String>,
    /// Whose parts are shown.
    pub(crate) building: Option<String>,
    pub(crate) parts: Vec<PartRow>,
    /// How often it was taken back whole, the latest first.
    pub(crate) taken_back: Vec<TakenBackRow>,
}

/// A bill that was taken back whole.
#[derive(Debug, Serialize)]
pub(crate) struct TakenBackRow {
    pub(crate) at: Instant,
    pub(crate) by: Option<String>,
    pub(crate) homes: i64,
    pub(crate) amount: Fen,
    pub(crate) paid: Fen,
    pub(crate) reason: String,
}

impl From<TakenBack> for TakenBackRow {
    fn from(one: TakenBack) -> Self {
        let TakenBack { homes, amount, paid, reason, at, by } = one;
        Self { at, by, homes, amount, paid, reason }
    }
}

/// What stands of a bill and would be taken back.
#[derive(Debug, Serialize)]
pub(crate) struct StandingRow {
    pub(crate) homes: i64,
    pub(crate) amount: Fen,
    pub(crate) paid_homes: i64,
    pub(crate) paid: Fen,
}

impl From<Standing> for StandingRow {
    fn from(one: Standing) -> Self {
        let Standing { homes, amount, paid_homes, paid } = one;
        Self { homes, amount, paid_homes, paid }
    }
}

/// Whether a whole bill is really to be taken back.
#[derive(Debug, Serialize)]
pub(crate) struct TakeBackView {
    pub(crate) form: Form,
    /// What tells whether it changed since.
    pub(crate) seen: String,
    pub(crate) bill: BillRow,
    pub(crate) stands: StandingRow,
}

impl View for TakeBackView {
    const TEMPLATE: &'static str = "money/shared_take_back.html";

    fn samples() -> Vec<Self> {
        let view = |paid_homes: i64| Self {
            form: Form::sample("shared.take_back_form", &[("reason", "")], &[("reason", "required")])
                .refused("shared.running"),
            seen: "852-2710088-0-0".to_owned(),
            bill: sample_bill(true),
            stands: StandingRow {
                homes: 852,
                amount: Fen(2_710_088),
                paid_homes,
                paid: Fen(paid_homes * 3_000),
            },
        };
        vec![view(0), view(12)]
    }
}

/// A bill as a home sees it.
#[derive(Debug, Serialize)]
pub(crate) struct SeenBill {
    pub(crate) bill: BillRow,
    pub(crate) own: String,
    pub(crate) amount: Fen,
    pub(crate) explanation: String,
    pub(crate) parts: Vec<PartRow>,
}

impl SeenBill {
    /// In the words of a language.
    pub(crate) fn of(seen: Seen, language: &str) -> Self {
        let Part { method, weight, .. } = seen.own;
        Self {
            own: counted(method, weight),
            amount: seen.own.amount(),
            explanation: domain::billing::explain::explain_stored(&seen.own.to_string(), language),
            parts: seen.parts.into_iter().map(|part| (method, part).into()).collect(),
            bill: BillRow::from(seen.bill),
        }
    }
}

/// What a home is shown of a month's shared bills.
#[derive(Debug, Serialize)]
pub(crate) struct HomeView {
    pub(crate) home: String,
    pub(crate) period: Month,
    pub(crate) bills: Vec<SeenBill>,
}

/// A home that counts something else than one.
#[derive(Debug, Serialize)]
pub(crate) struct ShareRow {
    pub(crate) home: String,
    pub(crate) share: String,
}

impl From<Share> for ShareRow {
    fn from(share: Share) -> Self {
        Self { home: share.home, share: share.share.to_string() }
    }
}

/// What homes count where a bill is shared by share.
#[derive(Debug, Serialize)]
pub(crate) struct SharesView {
    pub(crate) form: Form,
    pub(crate) shares: Vec<ShareRow>,
}

fn sample_bill(split: bool) -> BillRow {
    BillRow {
        id: 1,
        name: "电梯电费".to_owned(),
        period: sample_line(0).period,
        total: Fen(2_710_088),
        method: "area",
        applies_to: "residential",
        split_at: split.then(sample_at),
        homes: if split { 852 } else { 0 },
        weights: "81532.11".to_owned(),
    }
}

fn sample_taken_back(by: Option<&str>) -> TakenBackRow {
    TakenBackRow {
        at: sample_at(),
        by: by.map(str::to_owned),
        homes: 852,
        amount: Fen(2_710_088),
        paid: Fen(36_000),
        reason: "总金额登记错了".to_owned(),
    }
}

fn sample_part(home: &str) -> PartRow {
    PartRow { home: home.to_owned(), weight: "89.86".to_owned(), amount: Fen(2_986) }
}

impl View for SharedView {
    const TEMPLATE: &'static str = "money/shared.html";

    fn samples() -> Vec<Self> {
        let form =
            Form::sample("shared.form", &[("total", "x")], &[("total", "money"), ("name", "bill_exists")]);
        vec![
            Self { form: Form::new("shared.form"), months: vec![], bills: vec![] },
            Self {
                form,
                months: vec![sample_line(0).period],
                bills: vec![sample_bill(true), sample_bill(false)],
            },
        ]
    }
}

impl View for SharedBillView {
    const TEMPLATE: &'static str = "money/shared_bill.html";

    fn samples() -> Vec<Self> {
        let view = |split| Self {
            form: Form::new("shared.form").refused("shared.charged"),
            version: 1,
            bill: sample_bill(split),
            buildings: if split { vec!["1".to_owned(), "2".to_owned()] } else { vec![] },
            building: split.then(|| "1".to_owned()),
            parts: if split { vec![sample_part("1-1-0101")] } else { vec![] },
            taken_back: if split {
                vec![]
            } else {
                vec![sample_taken_back(None), sample_taken_back(Some("钱芳"))]
            },
        };
        vec![view(true), view(false)]
    }
}

impl View for HomeView {
    const TEMPLATE: &'static str = "money/shared_home.html";

    fn samples() -> Vec<Self> {
        let bill = SeenBill {
            bill: sample_bill(true),
            own: "89.86".to_owned(),
            amount: Fen(2_986),
            explanation: "按建筑面积分摊：¥27100.88 × 89.86 / 81532.11 ㎡ = ¥29.8692… → ¥29.86".to_owned(),
            parts: vec![sample_part("1-1-0101"), sample_part("1-1-0102")],
        };
        vec![Self { home: "1-1-0101".to_owned(), period: sample_line(0).period, bills: vec![bill] }]
    }
}

impl View for SharesView {
    const TEMPLATE: &'static str = "money/shares.html";

    fn samples() -> Vec<Self> {
        let form = Form::sample("shared.share_form", &[("share", "x")], &[("share", "share")]);
        let row = ShareRow { home: "1-1-0101".to_owned(), share: "0.50".to_owned() };
        vec![Self { form: Form::new("shared.share_form"), shares: vec![] }, Self { form, shares: vec![row] }]
    }
}
