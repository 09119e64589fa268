//! The orders of the desk's queue.

use std::cmp::Reverse;

use crate::views::cases::CaseRow;

/// What breaches next on top; what is most urgent; what came last.
pub(super) const WAYS: [&str; 3] = ["due", "urgency", "newest"];

/// Puts rows into one of the [`WAYS`].
pub(super) fn sort(rows: &mut [CaseRow], way: &str) {
    match way {
        "newest" => rows.sort_by_key(|row| Reverse(row.at)),
        "urgency" => rows.sort_by_key(|row| (urgency(row.urgency), row.due.is_none(), row.due)),
        _ => rows.sort_by_key(|row| (row.due.is_none(), row.due)),
    }
}

fn urgency(word: &str) -> u8 {
    match word {
        "emergency" => 0,
        "urgent" => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_order_has_its_first() {
        let at = |text: &str| Some(text.parse().unwrap());
        let row = |number: &str, urgency, due: Option<&str>, at| CaseRow {
            number: number.to_owned(),
            kind: "repair",
            what: String::new(),
            place: String::new(),
            state: String::new(),
            tone: "calm",
            urgency,
            stands: String::new(),
            due: due.and_then(|due| due.parse().ok()),
            clock: "respond",
            late: false,
            at,
        };
        let mut rows = [
            row("old", "normal", None, at("2026-11-20T00:00:00Z")),
            row("soon", "normal", Some("2026-11-22T01:00:00Z"), at("2026-11-21T00:00:00Z")),
            row("grave", "emergency", Some("2026-11-22T02:00:00Z"), at("2026-11-21T12:00:00Z")),
            row("new", "urgent", Some("2026-11-22T03:00:00Z"), at("2026-11-22T00:00:00Z")),
        ];
        for (way, expected) in [
            ("due", ["soon", "grave", "new", "old"]),
            ("urgency", ["grave", "new", "soon", "old"]),
            ("newest", ["new", "grave", "soon", "old"]),
        ] {
            sort(&mut rows, way);
            assert_eq!(rows.each_ref().map(|row| row.number.as_str()), expected, "{way}");
        }
    }
}
