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
    ("GET", "/api/v1/debtors/{id}", &["account"], &[], "cashier"),
    ("GET", "/api/v1/debtors/{id}/file.pdf", &["account"], &[], "cashier"),
    ("POST", "/api/v1/debtors/{id}/disputes", &["account"], &[("charge", "1"), ("reason", "多算")], "cashier"),
    ("POST", "/api/v1/debtors/{id}/plans", &["account"], &[("charges", "[1]"), ("parts", r#"[{"due_on": "2026-12-10", "amount_fen": 1}]"#), ("agreed_by", "业主"), ("agreed_on", "2026-12-03")], "cashier"),
    ("POST", "/api/v1/debtors/{id}/acknowledgements", &["account"], &[("charges", "[1]"), ("day", "2026-12-03"), ("signed_by", "业主"), ("attachments", "[]")], "cashier"),
    ("GET", "/api/v1/homes/{code}/disputes", &["home"], &[], "resident"),
    ("GET", "/api/v1/disputes/{id}", &["dispute"], &[], "resident"),
    ("POST", "/api/v1/disputes/{id}/take-back", &["own_dispute"], &[], "resident"),
    ("POST", "/api/v1/disputes/{id}/answer", &["dispute"], &[("outcome", "rejected"), ("answer", "不符")], "cashier"),
    ("GET", "/api/v1/plans/{id}", &["plan"], &[], "cashier"),
    ("POST", "/api/v1/plans/{id}/end", &["plan"], &[("reason", "付清")], "cashier"),
    ("GET", "/api/v1/demands/{id}", &["demand"], &[], "cashier"),
    ("GET", "/api/v1/demands/{id}/letter.pdf", &["demand"], &[], "resident"),
    ("POST", "/api/v1/demands/{id}/proofs", &["demand"], &[("kind", "handed_over"), ("day", "2026-12-03")], "cashier"),
    ("GET", "/api/v1/demand-batches/{id}", &["batch"], &[], "cashier"),
    ("GET", "/api/v1/demand-batches/{id}/letters.pdf", &["batch"], &[], "cashier"),
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
