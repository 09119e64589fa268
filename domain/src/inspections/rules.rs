//! What is looked at on a renovation site (装修巡查记录表), and which findings are severe. Pure.

use super::NewInspection;
use crate::{Instant, LocalDate};

crate::words! {
    /// How bad a violation is.
    Severity {
        /// Put right within a deadline.
        Minor = "minor",
        /// Stops the site at once.
        Severe = "severe",
    }
}

/// A check item of the form.
#[derive(Debug, Clone, Copy)]
pub struct CheckItem {
    /// Its name in the API and the tables.
    pub code: &'static str,
    /// What a failure is, where the inspector says nothing else.
    pub severity: Severity,
}

const fn minor(code: &'static str) -> CheckItem {
    CheckItem { code, severity: Severity::Minor }
}

const fn severe(code: &'static str) -> CheckItem {
    CheckItem { code, severity: Severity::Severe }
}

/// The form's items, in its order. The severe ones are the acts that order 110, art. 5 forbids.
pub const ITEMS: &[CheckItem] = &[
    minor("permit_posted"),
    minor("workers_passes"),
    minor("working_hours"),
    minor("fire_extinguishers"),
    minor("electricity_safe"),
    minor("rubbish_bagged"),
    minor("public_parts_protected"),
    minor("facade_unchanged"),
    minor("gas_pipe_untouched"),
    minor("waterproofing"),
    severe("bearing_structure"),
    severe("wet_rooms_unmoved"),
    severe("balcony_wall"),
    severe("energy_saving"),
];

/// What a failure of an item is: as the inspector says, else as the form has it, else minor.
pub fn severity(item: &str, said: Option<Severity>) -> Severity {
    let listed = ITEMS.iter().find(|one| one.code == item).map(|one| one.severity);
    said.or(listed).unwrap_or(Severity::Minor)
}

/// By when a minor violation is mended: what the inspector named, else so many days on.
pub fn deadline(found_on: LocalDate, named: Option<LocalDate>, days: i64) -> LocalDate {
    named.filter(|day| *day >= found_on).unwrap_or(found_on + chrono::Days::new(days.unsigned_abs()))
}

/// Whether a look calls something mended that was `found` before it, each with when, and brings no photo of it.
pub fn mends_unseen<'a>(found: impl IntoIterator<Item = (&'a str, Instant)>, new: &NewInspection) -> bool {
    let mended = |item: &str| new.items.iter().any(|one| one.ok && one.item.trim() == item);
    new.attachments.is_empty() && found.into_iter().any(|(item, at)| at < new.made_at && mended(item))
}

#[cfg(test)]
mod tests {
    use super::super::NewItem;
    use super::*;
    use crate::{AttachmentId, CaseId};

    #[test]
    fn what_is_called_mended_is_seen_on_a_photo() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let (before, look) = (at("2026-11-23T02:00:00Z"), at("2026-11-24T02:00:00Z"));
        for (item, ok, photos, found, unseen) in [
            ("rubbish_bagged", true, 0, Some(before), true),
            ("rubbish_bagged", true, 1, Some(before), false),
            ("rubbish_bagged", false, 0, Some(before), false),
            ("rubbish_bagged", true, 0, Some(look), false),
            ("rubbish_bagged", true, 0, None, false),
            ("waterproofing", true, 0, Some(before), false),
        ] {
            let item =
                NewItem { item: item.to_owned(), ok, note: String::new(), severity: None, deadline: None };
            let new = NewInspection {
                case: CaseId(1),
                made_at: look,
                items: vec![item],
                progress: String::new(),
                workers: 0,
                attachments: vec![AttachmentId(1); photos],
            };
            let found = found.map(|at| ("rubbish_bagged", at));
            assert_eq!(mends_unseen(found, &new), unseen, "{new:?}");
        }
    }

    #[test]
    fn an_act_that_the_law_forbids_is_severe_unless_the_inspector_says_otherwise() {
        for (item, said, expected) in [
            ("bearing_structure", None, Severity::Severe),
            ("rubbish_bagged", None, Severity::Minor),
            ("rubbish_bagged", Some(Severity::Severe), Severity::Severe),
            ("something else", None, Severity::Minor),
        ] {
            assert_eq!(severity(item, said), expected, "{item}");
        }
    }

    #[test]
    fn a_deadline_is_never_before_the_finding() {
        let day = |text: &str| text.parse::<LocalDate>().unwrap();
        for (named, expected) in
            [(None, "2026-11-25"), (Some("2026-11-23"), "2026-11-23"), (Some("2026-11-21"), "2026-11-25")]
        {
            assert_eq!(deadline(day("2026-11-22"), named.map(day), 3), day(expected));
        }
    }
}
