//! What is looked at on a renovation site (装修巡查记录表), and which findings are severe. Pure.

use crate::LocalDate;

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

#[cfg(test)]
mod tests {
    use super::*;

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
