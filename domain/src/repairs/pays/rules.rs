//! The table of who pays, and the periods of the warranty (Regulations on Quality Management of Construction
//! Projects, art. 40: from the completion acceptance; towards the buyer counted from the handover). Pure.

use chrono::{Datelike, Months, NaiveDate};

use super::Dates;
use crate::LocalDate;
use crate::categories::Warranty;

crate::words! {
    /// Who pays.
    Payer {
        /// The property office, from the fees or the maintenance fund 物业费或维修资金.
        Office = "office",
        /// The developer, by the warranty 开发商质保.
        Developer = "developer",
        /// The resident, by the price list 住户.
        Resident = "resident",
    }
}

crate::words! {
    /// The line of the table that applied.
    Rule {
        /// A public part: the property fee or the maintenance fund.
        PublicPart = "public_part",
        /// The home has not been handed over: it is the developer's.
        NotDelivered = "not_delivered",
        /// A private part within the warranty, not caused by people.
        WithinWarranty = "within_warranty",
        /// A private part out of the warranty.
        WarrantyOver = "warranty_over",
        /// Nothing that a warranty covers.
        NoWarranty = "no_warranty",
        /// Caused by people.
        CausedByPeople = "caused_by_people",
        /// A service at the desk, which has its price.
        Service = "service",
    }
}

/// What the decision rests on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) service: bool,
    pub(super) public: bool,
    pub(super) caused: bool,
    pub(super) warranty: Warranty,
    pub(super) dates: Dates,
    /// The day on which it was reported.
    pub(super) on: LocalDate,
}

/// The periods of the warranty table.
#[derive(Debug, Clone, Copy)]
pub struct Periods {
    /// Years of roofs, wet rooms, outer walls.
    pub waterproofing: i64,
    /// Years of lines, pipes, equipment, decoration.
    pub installation: i64,
    /// Seasons of heating and cooling.
    pub heating: i64,
    /// Years of the structure.
    pub structure: i64,
}

/// Who pays, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub payer: Payer,
    /// By which line.
    pub rule: Rule,
    /// Where a warranty decided: the first day that it no longer covers.
    pub until: Option<LocalDate>,
}

/// The table, from the top.
pub(super) fn decide(facts: &Facts, periods: &Periods) -> Decision {
    let by = |payer, rule| Decision { payer, rule, until: None };
    if facts.service {
        return by(Payer::Resident, Rule::Service);
    }
    if facts.public {
        return by(Payer::Office, Rule::PublicPart);
    }
    if facts.caused {
        return by(Payer::Resident, Rule::CausedByPeople);
    }
    let Some(delivered) = facts.dates.delivered_on else {
        return by(Payer::Developer, Rule::NotDelivered);
    };
    let Some(until) = ends(facts.warranty, delivered, periods) else {
        return by(Payer::Resident, Rule::NoWarranty);
    };
    let (payer, rule) = if facts.on < until {
        (Payer::Developer, Rule::WithinWarranty)
    } else {
        (Payer::Resident, Rule::WarrantyOver)
    };
    Decision { payer, rule, until: Some(until) }
}

/// The first day that a warranty counted from `from` no longer covers; none where there is no warranty.
pub(super) fn ends(warranty: Warranty, from: LocalDate, periods: &Periods) -> Option<LocalDate> {
    let years = match warranty {
        Warranty::None => return None,
        Warranty::Heating => return after_seasons(from, periods.heating),
        Warranty::Waterproofing => periods.waterproofing,
        Warranty::Installation => periods.installation,
        Warranty::Structure => periods.structure,
    };
    from.checked_add_months(Months::new(u32::try_from(years * 12).ok()?))
}

/// The day after so many whole heating seasons (15 November to 15 March) that begin on or after a day.
fn after_seasons(from: LocalDate, seasons: i64) -> Option<LocalDate> {
    let begins = NaiveDate::from_ymd_opt(from.year(), 11, 15)?;
    let first = if from <= begins { from.year() } else { from.year() + 1 };
    NaiveDate::from_ymd_opt(first + i32::try_from(seasons).ok()?, 3, 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIODS: Periods = Periods { waterproofing: 5, installation: 2, heating: 2, structure: 50 };

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn facts(warranty: Warranty, delivered: Option<&str>, on: &str) -> Facts {
        Facts {
            service: false,
            public: false,
            caused: false,
            warranty,
            dates: Dates { completed_on: Some(day("2015-12-20")), delivered_on: delivered.map(day) },
            on: day(on),
        }
    }

    #[test]
    fn the_table_decides_line_by_line() {
        use Payer::*;
        let new = || facts(Warranty::Installation, Some("2025-06-01"), "2026-11-22");
        for (what, facts, payer, rule) in [
            ("a lift", Facts { public: true, ..new() }, Office, Rule::PublicPart),
            (
                "a lift that was damaged",
                Facts { public: true, caused: true, ..new() },
                Office,
                Rule::PublicPart,
            ),
            ("a new socket", new(), Developer, Rule::WithinWarranty),
            ("a new socket that was broken", Facts { caused: true, ..new() }, Resident, Rule::CausedByPeople),
            (
                "an old socket",
                facts(Warranty::Installation, Some("2016-06-01"), "2026-11-22"),
                Resident,
                Rule::WarrantyOver,
            ),
            (
                "not handed over",
                facts(Warranty::Installation, None, "2026-11-22"),
                Developer,
                Rule::NotDelivered,
            ),
            (
                "nothing covered",
                facts(Warranty::None, Some("2026-06-01"), "2026-11-22"),
                Resident,
                Rule::NoWarranty,
            ),
            ("parking", Facts { service: true, ..new() }, Resident, Rule::Service),
            (
                "an old crack",
                facts(Warranty::Structure, Some("2016-06-01"), "2026-11-22"),
                Developer,
                Rule::WithinWarranty,
            ),
        ] {
            let decided = decide(&facts, &PERIODS);
            assert_eq!((decided.payer, decided.rule), (payer, rule), "{what}");
        }
    }

    #[test]
    fn a_warranty_covers_its_last_day_and_not_the_next() {
        for (warranty, delivered, on, payer) in [
            (Warranty::Installation, "2024-11-22", "2026-11-21", Payer::Developer),
            (Warranty::Installation, "2024-11-22", "2026-11-22", Payer::Resident),
            (Warranty::Installation, "2024-02-29", "2026-02-27", Payer::Developer),
            (Warranty::Installation, "2024-02-29", "2026-02-28", Payer::Resident),
            (Warranty::Waterproofing, "2021-11-23", "2026-11-22", Payer::Developer),
            (Warranty::Waterproofing, "2021-11-22", "2026-11-22", Payer::Resident),
            // Two whole heating seasons after the handover.
            (Warranty::Heating, "2024-06-01", "2026-03-15", Payer::Developer),
            (Warranty::Heating, "2024-06-01", "2026-03-16", Payer::Resident),
            (Warranty::Heating, "2024-11-15", "2026-03-15", Payer::Developer),
            (Warranty::Heating, "2024-11-16", "2026-11-22", Payer::Developer),
            (Warranty::Heating, "2025-01-10", "2027-03-15", Payer::Developer),
            (Warranty::Heating, "2025-01-10", "2027-03-16", Payer::Resident),
        ] {
            let decided = decide(&facts(warranty, Some(delivered), on), &PERIODS);
            assert_eq!(decided.payer, payer, "{warranty} from {delivered} on {on}");
        }
    }
}
