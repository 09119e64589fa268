//! What an entry or a correction is about, by the names that people know.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::{LedgerAccountId, Month};

/// A charge, or a payment.
#[derive(Debug, Clone, Default, QueryableByName)]
pub struct Matter {
    /// What bills call the charge's item.
    #[diesel(sql_type = Nullable<Text>)]
    pub item: Option<String>,
    /// The charge's bay, or nothing.
    #[diesel(sql_type = Nullable<Text>)]
    pub subject: Option<String>,
    /// The charge's month.
    #[diesel(sql_type = Nullable<Text>)]
    pub period: Option<Month>,
    /// The payment's receipt.
    #[diesel(sql_type = Nullable<Text>)]
    pub receipt: Option<String>,
}

impl Matter {
    /// The item with its bay; nothing where it is about a payment.
    pub fn what(&self) -> String {
        let parts = [&self.item, &self.subject].into_iter().flatten().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// The columns of a [`Matter`], in a query with its [`joins`].
pub(crate) const COLUMNS: &str = "i.name AS item, c.subject, c.period, y.receipt";

/// Joins what the rows of the table called `of` are about.
pub(crate) fn joins(of: &str) -> String {
    format!(
        "LEFT JOIN charges c ON c.id = {of}.charge_id LEFT JOIN fee_items i ON i.id = c.fee_item_id \
         LEFT JOIN payments y ON y.id = {of}.payment_id"
    )
}

/// Accounts as a list in a query; none where there are none, as such a list cannot be written.
pub(crate) fn listed(accounts: &[LedgerAccountId]) -> Option<String> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}
