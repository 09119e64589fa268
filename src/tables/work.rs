//! Tables of work: cases, duties, quotas, complaints, what lies in the store.

use domain::complaints::Entry;
use domain::figures::{CaseRow, DutyRow};
use domain::row;
use domain::sheets::{Cell, Shape};
use domain::stock;

use crate::views::figures::QuotaRow;

pub(crate) const CASES: Shape = Shape {
    name: "cases",
    columns: &[
        "number",
        "kind",
        "state",
        "home",
        "category",
        "urgency",
        "accountable",
        "submitted_at",
        "resolve_by",
        "resolved_at",
        "rating",
    ],
};

pub(crate) fn case(one: CaseRow) -> Vec<Cell> {
    row![
        one.number,
        one.kind.as_str(),
        one.state,
        one.home.or(one.place),
        one.category,
        one.urgency.as_str(),
        one.accountable,
        one.submitted_at,
        one.resolve_by,
        one.resolved_at,
        one.rating,
    ]
}

pub(crate) const DUTIES: Shape = Shape {
    name: "duties",
    columns: &["case", "home", "owner", "due_at", "state", "finished_at", "attempts", "reason"],
};

pub(crate) fn duty(one: DutyRow) -> Vec<Cell> {
    let state = one.state.to_string();
    row![one.number, one.home, one.owner, one.due_at, state, one.finished_at, one.attempts, one.reason]
}

pub(crate) const QUOTA: Shape =
    Shape { name: "quota", columns: &["steward", "counted", "quota", "expected", "short_by", "state"] };

pub(crate) fn quota(one: QuotaRow) -> Vec<Cell> {
    row![one.name, one.counted, one.quota, one.expected, one.short_by, one.state]
}

pub(crate) const COMPLAINTS: Shape = Shape {
    name: "complaints",
    columns: &[
        "number",
        "registered_at",
        "channel",
        "category",
        "cause",
        "department",
        "state",
        "outcome",
        "hours",
        "late",
        "lesson",
    ],
};

pub(crate) fn complaint(one: Entry) -> Vec<Cell> {
    let (outcome, hours, late) = (one.outcome(), one.hours(), (one.breaches > 0).to_string());
    row![
        one.number,
        one.at,
        one.channel,
        one.category,
        one.cause.map(|cause| cause.to_string()),
        one.department.map(|part| part.to_string()),
        one.state,
        outcome,
        hours,
        late,
        one.lesson,
    ]
}

pub(crate) const STOCK: Shape = Shape {
    name: "stock",
    columns: &[
        "item",
        "name",
        "unit",
        "opening",
        "received",
        "taken",
        "counted",
        "closing",
        "price_fen",
        "taken_fen",
    ],
};

pub(crate) fn stocked(one: stock::Month) -> Vec<Cell> {
    let item = one.item;
    row![
        item.code,
        item.zh,
        item.unit,
        one.opening,
        one.received,
        one.taken,
        one.counted,
        one.closing,
        item.price,
        one.worth,
    ]
}
