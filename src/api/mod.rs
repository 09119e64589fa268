//! `/api/v1` for programs: JSON in and out, problems as documents, lists with a cursor.

pub(crate) mod activations;
pub(crate) mod attachments;
pub(crate) mod bank;
pub(crate) mod billing;
pub(crate) mod cases;
pub(crate) mod categories;
pub(crate) mod closings;
pub(crate) mod counted;
pub(crate) mod debts;
pub(crate) mod deposits;
pub(crate) mod dispatch;
pub(crate) mod duties;
pub(crate) mod fee_items;
pub(crate) mod health;
pub(crate) mod homes;
pub(crate) mod imports;
pub(crate) mod incidents;
pub(crate) mod inspections;
pub(crate) mod json;
pub(crate) mod knowledge;
pub(crate) mod ledger;
mod list;
pub(crate) mod me;
pub(crate) mod meters;
pub(crate) mod notifications;
pub(crate) mod openapi;
pub(crate) mod roster;
pub(crate) mod sessions;
pub(crate) mod shared_bills;
pub(crate) mod split;
pub(crate) mod statement;
pub(crate) mod stock;
mod strict;
pub(crate) mod visits;

pub(crate) use json::{Body, Day};
pub(crate) use list::{Items, List, Where};
