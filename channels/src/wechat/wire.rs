//! What WeChat Pay's answers and notifications hold, as far as we read them; new fields are theirs to add.

use serde::Deserialize;

use super::Resource;

/// The answer to a new order.
#[derive(Deserialize)]
pub(super) struct Shown {
    pub(super) code_url: String,
}

/// Why not.
#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) code: String,
}

/// A notification.
#[derive(Deserialize)]
pub(super) struct Event {
    pub(super) event_type: String,
    pub(super) resource: Resource,
}

/// How an order stands.
#[derive(Deserialize)]
pub(super) struct Transaction {
    pub(super) appid: Option<String>,
    pub(super) mchid: String,
    pub(super) out_trade_no: String,
    pub(super) transaction_id: Option<String>,
    pub(super) trade_state: String,
    pub(super) amount: Option<Amount>,
}

/// How much.
#[derive(Deserialize)]
pub(super) struct Amount {
    pub(super) total: i64,
    pub(super) currency: Option<String>,
}

/// Whether a code says that there is no such order.
pub(super) fn is_unknown(code: &str) -> bool {
    matches!(code, "ORDER_NOT_EXIST" | "ORDERNOTEXIST" | "RESOURCE_NOT_EXISTS")
}

/// Whether a code says that nobody can pay it any more.
pub(super) fn is_gone(code: &str) -> bool {
    is_unknown(code) || matches!(code, "ORDER_CLOSED" | "ORDERCLOSED" | "TRADE_CLOSED")
}
