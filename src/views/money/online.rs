//! Paying by oneself: the form, the order with its code, the cashier's list, the page of a rehearsal.

use domain::pay_orders::Seen;
use domain::{Fen, Instant, LedgerAccountId, PayOrderId};
use serde::Serialize;

use super::bills::sample_at;
use crate::form::Form;
use crate::views::View;

/// Whose account, how much, by whom.
#[derive(Debug, Serialize)]
pub(crate) struct PayOnlineView {
    /// The home's code.
    pub(crate) home: String,
    /// Whose accounts one can pay into, who owes most first.
    pub(crate) payers: Vec<PayerRow>,
    /// The number of an order that waits already.
    pub(crate) waiting: Option<String>,
    /// With whom one can pay.
    pub(crate) channels: Vec<&'static str>,
    /// What was typed.
    pub(crate) form: Form,
}

/// Who pays, and what they owe.
#[derive(Debug, Serialize)]
pub(crate) struct PayerRow {
    pub(crate) account: LedgerAccountId,
    pub(crate) name: String,
    pub(crate) owed: Fen,
}

impl View for PayOnlineView {
    const TEMPLATE: &'static str = "money/pay_online.html";

    fn samples() -> Vec<Self> {
        let payer = |id, name: &str| PayerRow {
            account: LedgerAccountId(id),
            name: name.to_owned(),
            owed: Fen(25_060),
        };
        let form = Form::sample(
            "pay_orders.form",
            &[("amount", "x")],
            &[("amount", "money"), ("channel", "choice")],
        );
        let plain = Self {
            home: "3-2-1501".to_owned(),
            payers: vec![],
            waiting: None,
            channels: vec!["practice"],
            form: Form::new("pay_orders.form"),
        };
        let full = Self {
            home: "3-2-1501".to_owned(),
            payers: vec![payer(1, "黎琪艳"), payer(2, "王租客")],
            waiting: Some("ZF20261122-0001".to_owned()),
            channels: vec!["wechat", "alipay"],
            form,
        };
        vec![plain, full]
    }
}

/// An order.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OrderRow {
    pub(crate) number: String,
    pub(crate) home: String,
    pub(crate) payer: String,
    pub(crate) channel: &'static str,
    pub(crate) amount: Fen,
    pub(crate) state: &'static str,
    /// Why it ended without a payment; empty otherwise.
    pub(crate) why: &'static str,
    pub(crate) asked_at: Instant,
    pub(crate) expires_at: Instant,
    /// The provider's number of the payment; empty where there is none.
    pub(crate) transaction: String,
    /// How much the provider says that came.
    pub(crate) told: Option<Fen>,
    pub(crate) receipt: Option<String>,
    /// Whether a person has to look at it.
    pub(crate) waits: bool,
    /// How a person put it right; empty where nobody had to.
    pub(crate) handled: String,
    pub(crate) handled_at: Option<Instant>,
}

impl From<Seen> for OrderRow {
    fn from(seen: Seen) -> Self {
        let order = seen.order;
        Self {
            waits: order.needs_a_person(),
            handled: order.handled_note,
            handled_at: order.handled_at,
            number: order.number,
            home: seen.home,
            payer: seen.payer,
            channel: order.channel.as_str(),
            amount: order.amount,
            state: order.state.as_str(),
            why: order.why.as_str(),
            asked_at: order.asked_at,
            expires_at: order.expires_at,
            transaction: order.transaction_no,
            told: order.told,
            receipt: seen.receipt,
        }
    }
}

impl OrderRow {
    fn sample(state: &'static str, why: &'static str) -> Self {
        let came = state == "paid" || matches!(why, "differs" | "not_booked");
        Self {
            number: "ZF20261122-0001".to_owned(),
            home: "3-2-1501".to_owned(),
            payer: "黎琪艳".to_owned(),
            channel: "wechat",
            amount: Fen(25_060),
            state,
            why,
            asked_at: sample_at(),
            expires_at: sample_at(),
            transaction: if came { "4200001234202611221234567890".to_owned() } else { String::new() },
            told: came.then_some(Fen(25_060)),
            receipt: (state == "paid").then(|| "SJ20261122-0001".to_owned()),
            waits: state == "failed" && why != "refused",
            handled: if why == "refused" {
                "已手工收款，收据 SJ20261122-0002".to_owned()
            } else {
                String::new()
            },
            handled_at: (why == "refused").then(sample_at),
        }
    }

    /// One in every state, for every reason.
    fn samples() -> Vec<Self> {
        let all = [
            ("asked", ""),
            ("shown", ""),
            ("paid", ""),
            ("expired", ""),
            ("closed", "by_person"),
            ("closed", "replaced"),
            ("closed", "by_provider"),
            ("failed", "refused"),
            ("failed", "differs"),
            ("failed", "not_booked"),
            ("failed", "unanswered"),
        ];
        all.map(|(state, why)| Self::sample(state, why)).into()
    }
}

/// An order's page.
#[derive(Debug, Serialize)]
pub(crate) struct OrderView {
    pub(crate) order: OrderRow,
    /// The code to scan, as a picture.
    pub(crate) qr: Option<String>,
    /// Where a tap leads on the phone that shows the code.
    pub(crate) open: Option<String>,
    /// The number that the provider knows.
    pub(crate) code: String,
    /// How many minutes are left.
    pub(crate) minutes: i64,
    /// Whether its time has run out.
    pub(crate) is_over: bool,
    /// Whether the one who looks takes payments.
    pub(crate) cashier: bool,
    pub(crate) form: Form,
}

impl View for OrderView {
    const TEMPLATE: &'static str = "money/pay_order.html";

    fn samples() -> Vec<Self> {
        let one = |order: OrderRow, cashier: bool| Self {
            qr: (order.state == "shown").then(|| "<svg></svg>".to_owned()),
            open: (order.state == "shown" && !cashier).then(|| "https://qr.alipay.com/bax".to_owned()),
            is_over: order.state == "expired" || order.state == "asked" && cashier,
            order,
            code: "ZF2026112200015f3a9c01".to_owned(),
            minutes: 14,
            cashier,
            form: Form::new("pay_orders.form"),
        };
        let refused = Form::new("pay_orders.form").refused("pay_order.ended");
        let both = |row: OrderRow| {
            let alipay = OrderRow { channel: "alipay", ..row.clone() };
            [one(alipay, false), one(row, true)]
        };
        let mut views: Vec<Self> = OrderRow::samples().into_iter().flat_map(both).collect();
        views.push(Self { form: refused, ..one(OrderRow::sample("paid", ""), false) });
        let note = Form::sample("pay_orders.form", &[("note", "")], &[("note", "required")]);
        views.push(Self { form: note, ..one(OrderRow::sample("failed", "differs"), true) });
        views
    }
}

/// The cashier's list.
#[derive(Debug, Serialize)]
pub(crate) struct OrdersView {
    /// Those in this state only.
    pub(crate) state: Option<&'static str>,
    pub(crate) states: Vec<&'static str>,
    pub(crate) rows: Vec<OrderRow>,
    /// The id after which the next page begins.
    pub(crate) next: Option<PayOrderId>,
}

impl View for OrdersView {
    const TEMPLATE: &'static str = "money/pay_orders.html";

    fn samples() -> Vec<Self> {
        let states = vec!["asked", "shown", "paid", "expired", "closed", "failed"];
        vec![
            Self { state: None, states: states.clone(), rows: vec![], next: None },
            Self { state: Some("failed"), states, rows: OrderRow::samples(), next: Some(PayOrderId(9)) },
        ]
    }
}

/// Where the code of a rehearsal leads.
#[derive(Debug, Serialize)]
pub(crate) struct PracticeView {
    /// The number that the provider knows.
    pub(crate) trade_no: String,
    pub(crate) order: OrderRow,
    pub(crate) form: Form,
}

impl View for PracticeView {
    const TEMPLATE: &'static str = "money/practice.html";

    fn samples() -> Vec<Self> {
        let one = |state, form| Self {
            trade_no: "ZF2026112200015f3a9c01".to_owned(),
            order: OrderRow { channel: "practice", ..OrderRow::sample(state, "") },
            form,
        };
        let form = || Form::new("pay_orders.form");
        vec![one("shown", form()), one("paid", form()), one("closed", form().refused("pay_order.ended"))]
    }
}
