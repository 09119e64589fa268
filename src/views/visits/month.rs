//! A steward's month with every visit of it, what was corrected, and what it is short by.

use chrono::Weekday;
use domain::{Instant, LocalDate, Month, Zone};
use serde::Serialize;

use super::{Ring, ShortRow, VisitRow};
use crate::form::Form;
use crate::views::View;

/// A week of visits, from Monday to Sunday.
#[derive(Debug, Serialize)]
pub(crate) struct Week {
    pub(crate) from: LocalDate,
    pub(crate) to: LocalDate,
    pub(crate) rows: Vec<VisitRow>,
}

/// Visits by the week they were made in, in the order they come.
pub(crate) fn by_week(rows: Vec<VisitRow>, zone: Zone) -> Vec<Week> {
    let mut weeks: Vec<Week> = Vec::new();
    for row in rows {
        let week = zone.date(row.at).week(Weekday::Mon);
        if weeks.last().is_none_or(|last| last.from != week.first_day()) {
            weeks.push(Week { from: week.first_day(), to: week.last_day(), rows: Vec::new() });
        }
        if let Some(last) = weeks.last_mut() {
            last.rows.push(row);
        }
    }
    weeks
}

/// A correction of a closed month.
#[derive(Debug, Serialize)]
pub(crate) struct CorrectionRow {
    pub(crate) visit: i64,
    pub(crate) cause: &'static str,
    pub(crate) delta: i64,
    pub(crate) by: String,
    pub(crate) at: Instant,
}

/// A steward's month with every visit of it.
#[derive(Debug, Serialize)]
pub(crate) struct MonthView {
    pub(crate) who: String,
    pub(crate) own: bool,
    pub(crate) base: String,
    pub(crate) month: Month,
    pub(crate) before: Month,
    pub(crate) after: Month,
    pub(crate) ring: Option<Ring>,
    /// The visits by week, the latest first.
    pub(crate) weeks: Vec<Week>,
    pub(crate) corrections: Vec<CorrectionRow>,
    pub(crate) shorts: Vec<ShortRow>,
    pub(crate) form: Form,
}

impl View for MonthView {
    const TEMPLATE: &'static str = "visits/month.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let month: Month = "2026-11".parse().unwrap();
        let correction = CorrectionRow {
            visit: 3,
            cause: "voided",
            delta: -1,
            by: "尹强兰".to_owned(),
            at: super::sample_at(),
        };
        let ring = Ring {
            quota: 30,
            counted: 18,
            state: "short",
            tone: "late",
            frozen: true,
            make_up: 2,
            ..Ring::default()
        };
        let short = ShortRow {
            id: 1,
            who: String::new(),
            month,
            short_by: 2,
            reason: None,
            decision: None,
            note: String::new(),
        };
        let base = || "/visits".to_owned();
        vec![
            Self {
                who: "尹强兰".to_owned(),
                own: true,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: Some(ring),
                weeks: by_week(
                    ["counts", "voided", "waits"].map(VisitRow::sample).into(),
                    "Asia/Shanghai".parse().unwrap(),
                ),
                corrections: vec![correction],
                shorts: vec![short],
                form: Form::new("visits.form"),
            },
            Self {
                who: "尹强兰".to_owned(),
                own: false,
                base: base(),
                month,
                before: month.prev(),
                after: month.next(),
                ring: None,
                weeks: vec![],
                corrections: vec![],
                shorts: vec![],
                form: Form::new("visits.form"),
            },
        ]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_folded_by_the_communitys_weeks() {
        // 2026-11-15 is a Sunday; at 16:30 UTC it is Monday in Shanghai.
        let visit = |at: &str| VisitRow { at: at.parse().unwrap(), ..VisitRow::sample("counts") };
        let times =
            ["2026-11-22T02:00:00Z", "2026-11-15T16:30:00Z", "2026-11-15T15:30:00Z", "2026-11-02T02:00:00Z"];
        let weeks = by_week(times.map(visit).into(), "Asia/Shanghai".parse().unwrap());
        let told: Vec<_> =
            weeks.iter().map(|week| (week.from.to_string(), week.to.to_string(), week.rows.len())).collect();
        let expected = [
            ("2026-11-16", "2026-11-22", 2),
            ("2026-11-09", "2026-11-15", 1),
            ("2026-11-02", "2026-11-08", 1),
        ];
        assert_eq!(told, expected.map(|(from, to, n)| (from.to_owned(), to.to_owned(), n)));
    }
}
