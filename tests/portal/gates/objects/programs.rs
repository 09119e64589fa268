//! The same for what programs ask: what reads as JSON is sent as such.

use super::Row;
use crate::harness::HOME;

#[rustfmt::skip]
pub(super) const PROGRAMS: &[Row] = &[
    ("GET", "/api/v1/homes/{code}/statement", &["home"], &[], "resident"),
    ("GET", "/api/v1/deposits/{id}", &["deposit"], &[], "resident"),
    ("GET", "/api/v1/homes/{code}/account", &["home"], &[], "resident"),
    ("POST", "/api/v1/payments/{id}/void", &["payment"], &[("reason", "错了")], "manager"),
    ("GET", "/api/v1/receipts/{number}", &["receipt"], &[], "resident"),
    ("GET", "/api/v1/bank-lines/{id}", &["bank_line"], &[], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/book", &["bank_line"], &[("home", HOME)], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/set-aside", &["bank_line"], &[("reason", "租金")], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/take-up", &["bank_line"], &[], "cashier"),
    ("GET", "/api/v1/billing-runs/{id}", &["run"], &[], "cashier"),
    ("GET", "/api/v1/cases/{number}", &["case"], &[], "resident"),
    ("POST", "/api/v1/cases/{number}/actions/{action}", &["case", "=cancel"], &[("version", "1"), ("reason", "不用了")], "resident"),
    ("POST", "/api/v1/leaves/{id}/actions/{action}", &["leave", "=refuse"], &[("answer", "人手不够")], "supervisor"),
    ("GET", "/api/v1/attachments/{id}", &["photo"], &[], "resident"),
    ("POST", "/api/v1/duties/{id}/record", &["duty"], &[("outcome", "satisfied"), ("note", "好")], "desk"),
    ("GET", "/api/v1/homes/{code}", &["home"], &[], "desk"),
    ("GET", "/api/v1/knowledge/{id}", &["article"], &[], "desk"),
    ("GET", "/api/v1/imports/{id}", &["import"], &[], "manager"),
    ("GET", "/api/v1/stewards/{login}/quota", &["login"], &[], "supervisor"),
];
