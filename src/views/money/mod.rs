//! Pages about money: bills, payments, billing, collection.

pub(crate) mod arrears;
pub(crate) mod bank;
pub(crate) mod billing;
pub(crate) mod bills;
pub(crate) mod cashier;
pub(crate) mod closings;
pub(crate) mod collection;
pub(crate) mod correct;
pub(crate) mod corrections;
pub(crate) mod counted;
pub(crate) mod debts;
pub(crate) mod demands;
pub(crate) mod deposits;
pub(crate) mod developer;
pub(crate) mod disputes;
pub(crate) mod given_back;
pub(crate) mod limitation;
pub(crate) mod online;
pub(crate) mod plans;
pub(crate) mod shared;
pub(crate) mod split;
pub(crate) mod statement;

/// A rate in hundredths of a percent as people read it: `97.35 %`; a dash where nothing was due.
pub(crate) fn percent(rate: Option<i64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{}.{:02} %", rate / 100, rate % 100))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_rate_has_two_decimals() {
        assert_eq!(percent(Some(9_735)), "97.35 %");
        assert_eq!(percent(Some(10_000)), "100.00 %");
        assert_eq!(percent(None), "–");
    }
}
