//! What a demand's text may say, its term, and what proves that it arrived. Values in, values out.

use chrono::Days;

use crate::LocalDate;

crate::words! {
    /// How a letter reached whom it was for, or did not.
    ProofKind {
        /// 当面送达: they signed for it.
        HandedOver = "handed_over",
        /// 邮寄签收: registered mail, signed for.
        Registered = "registered",
        /// 拒收: they refused it before a witness.
        Refused = "refused",
        /// 退回: it came back.
        Returned = "returned",
    }
}

impl ProofKind {
    /// Whether it proves the delivery, which starts the limitation anew (Civil Code art. 195).
    pub fn delivers(self) -> bool {
        self != Self::Returned
    }
}

/// The last day of a reasonable term.
pub fn term(day: LocalDate, days: i64) -> LocalDate {
    day + Days::new(days.unsigned_abs().max(1))
}

/// A text with what it mentions; a name that is none stays as it stands.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, behind)| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, behind))
        });
        match known {
            Some((value, behind)) => {
                filled.push_str(value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_once_with_what_it_names() {
        let values = [("name", "黎{sum}"), ("sum", "250.60")];
        for (text, expected) in [
            ("{name}：欠 ¥{sum}。", "黎{sum}：欠 ¥250.60。"),
            ("没有变量", "没有变量"),
            ("{other} {sum", "{other} {sum"),
            ("{{sum}}", "{250.60}"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &values), expected);
        }
    }

    #[test]
    fn the_term_is_fifteen_days_or_what_was_set_and_never_none() {
        for (day, days, expected) in [
            ("2026-11-22", 15, "2026-12-07"),
            ("2026-02-20", 15, "2026-03-07"),
            ("2026-11-22", 0, "2026-11-23"),
        ] {
            assert_eq!(term(day.parse().unwrap(), days), expected.parse::<LocalDate>().unwrap());
        }
    }

    #[test]
    fn what_came_back_proves_nothing() {
        let proves: Vec<_> =
            ProofKind::ALL.iter().filter(|kind| kind.delivers()).map(|kind| kind.as_str()).collect();
        assert_eq!(proves, ["handed_over", "registered", "refused"]);
    }
}
