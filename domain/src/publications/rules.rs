//! Which spans are published: as many months each as the setting says, counted from January. Values in, values out.

use chrono::{Datelike, Days};

use crate::{LocalDate, Month};

/// From the first day to the last.
pub type Span = (LocalDate, LocalDate);

/// The span that a day lies in.
pub fn span_of(day: LocalDate, months: i64) -> Span {
    let months = u32::try_from(months).unwrap_or(3).clamp(1, 12);
    let within = day.month0() % months;
    let first = (0..within).fold(Month::of(day), |month, _| month.prev());
    // A year begins a span, whatever the number of months.
    let left = (12 - first.first_day().month0()).min(months);
    let last = (1..left).fold(first, |month, _| month.next());
    (first.first_day(), last.last_day())
}

/// The span after the last one that was published, else the newest that has ended since the community is here; none
/// while it still runs.
pub fn next(last: Option<LocalDate>, since: LocalDate, months: i64, today: LocalDate) -> Option<Span> {
    let running = span_of(today, months);
    let before = running.0.checked_sub_days(Days::new(1))?;
    let span = match last {
        Some(last) => {
            let begins = last.checked_add_days(Days::new(1))?;
            (begins, span_of(begins, months).1)
        }
        None => span_of(before, months),
    };
    (span.1 < today && span.1 >= since).then_some(span)
}

/// The spans that have ended by a day and began when the community was here, oldest first: those of the last two years.
pub fn ended(since: LocalDate, months: i64, today: LocalDate) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut day = span_of(today, months).0;
    while let Some(before) = day.checked_sub_days(Days::new(1)) {
        let span = span_of(before, months);
        if span.1 < since || spans.len() == 24 {
            break;
        }
        spans.push(span);
        day = span.0;
    }
    spans.reverse();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn span(first: &str, last: &str) -> Span {
        (day(first), day(last))
    }

    #[test]
    fn a_span_is_as_many_months_as_the_setting_says_from_january() {
        for (on, months, first, last) in [
            ("2026-11-22", 3, "2026-10-01", "2026-12-31"),
            ("2026-01-01", 3, "2026-01-01", "2026-03-31"),
            ("2026-11-22", 1, "2026-11-01", "2026-11-30"),
            ("2024-02-29", 6, "2024-01-01", "2024-06-30"),
            ("2026-11-22", 12, "2026-01-01", "2026-12-31"),
            ("2026-12-01", 5, "2026-11-01", "2026-12-31"),
        ] {
            assert_eq!(span_of(day(on), months), span(first, last), "{on}, {months}");
        }
    }

    #[test]
    fn the_next_span_follows_the_last_and_has_ended() {
        let today = day("2026-11-22");
        let next = |last, months, today| super::next(last, day("2026-02-01"), months, today);
        assert_eq!(next(None, 3, day("2026-03-31")), None, "the community was not here in autumn");
        assert_eq!(next(None, 3, today), Some(span("2026-07-01", "2026-09-30")));
        assert_eq!(next(Some(day("2026-06-30")), 3, today), Some(span("2026-07-01", "2026-09-30")));
        assert_eq!(next(Some(day("2026-09-30")), 3, today), None, "the fourth quarter still runs");
        assert_eq!(next(Some(day("2026-09-30")), 3, day("2026-12-31")), None, "on its last day too");
        assert_eq!(
            next(Some(day("2026-09-30")), 3, day("2027-01-01")),
            Some(span("2026-10-01", "2026-12-31"))
        );
        // The setting was changed: what was published is not published again.
        assert_eq!(next(Some(day("2026-07-31")), 3, today), Some(span("2026-08-01", "2026-09-30")));
    }

    #[test]
    fn what_ended_since_the_community_is_here_is_owed() {
        assert_eq!(
            ended(day("2026-05-10"), 3, day("2026-11-22")),
            [span("2026-04-01", "2026-06-30"), span("2026-07-01", "2026-09-30")]
        );
        assert!(ended(day("2026-10-01"), 3, day("2026-11-22")).is_empty());
        assert_eq!(ended(day("1990-01-01"), 1, day("2026-11-22")).len(), 24);
    }
}
