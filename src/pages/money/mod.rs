//! Pages about money: a resident's bills, the cashier's desk, billing, collection.

pub(crate) mod arrears;
pub(crate) mod bank;
pub(crate) mod billing;
pub(crate) mod bills;
pub(crate) mod cashier;
pub(crate) mod closings;
pub(crate) mod collection;
pub(crate) mod corrections;
pub(crate) mod counted;
pub(crate) mod debts;
pub(crate) mod demands;
pub(crate) mod deposits;
pub(crate) mod developer;
pub(crate) mod online;
pub(crate) mod receipts;
pub(crate) mod shared;
pub(crate) mod shares;
pub(crate) mod statement;
pub(crate) mod taken_back;
