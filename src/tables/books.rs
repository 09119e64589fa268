//! Tables of the community's own books: what is entered, and what is published.

use domain::publications::{Entry, Line};
use domain::row;
use domain::sheets::{Cell, Shape};

pub(crate) const BOOKS: Shape = Shape {
    name: "books",
    columns: &[
        "id",
        "day",
        "section",
        "category",
        "amount_fen",
        "party",
        "document",
        "note",
        "corrects",
        "at",
    ],
};

pub(crate) fn entry(one: Entry) -> Vec<Cell> {
    let corrects = one.corrects.map(|id| id.0);
    row![
        one.id.0,
        one.day,
        one.kind.as_str(),
        one.category,
        one.amount,
        one.party,
        one.document,
        one.note,
        corrects,
        one.at,
    ]
}

pub(crate) const PUBLICATION: Shape = Shape {
    name: "publication",
    columns: &["section", "item", "name", "entries", "billed_fen", "amount_fen"],
};

/// A line under the name that it has in the language of who reads.
pub(crate) fn line(one: &Line, name: String) -> Vec<Cell> {
    row![one.section.as_str(), one.item.as_str(), name, one.entries, one.billed, one.amount]
}
