//! Which month can be closed when. Values in, values out.

use chrono::TimeDelta;

use crate::{Error, Instant, Month, Result, Zone};

/// How long a month is over before it can be closed.
pub const AFTER: TimeDelta = TimeDelta::hours(1);

/// The first moment of a month, and the first behind it.
pub fn span(month: Month, zone: Zone) -> (Instant, Instant) {
    (zone.start_of(month.first_day()), zone.start_of(month.next().first_day()))
}

/// Whether a month can be closed now, where `last` is the newest that is.
///
/// # Errors
/// Not over (`closing.not_over`), closed already (`closing.closed`), not the next (`closing.not_next`).
pub fn can_close(month: Month, last: Option<Month>, zone: Zone, now: Instant) -> Result<()> {
    let (_, until) = span(month, zone);
    if until.plus(AFTER) > now {
        return Err(Error::refused("closing.not_over", vec![("month", month.to_string())]));
    }
    match last {
        Some(last) if month <= last => Err(Error::refused("closing.closed", vec![])),
        Some(last) if month > last.next() => {
            Err(Error::refused("closing.not_next", vec![("next", last.next().to_string())]))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_closed_one_after_the_other_when_they_are_over() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        for (month, last, now, expected) in [
            ("2026-11", None, "2026-11-30T16:59:59Z", Some("closing.not_over")),
            ("2026-11", None, "2026-11-30T17:00:00Z", None),
            ("2026-11", Some("2026-10"), "2026-12-05T00:00:00Z", None),
            ("2026-11", Some("2026-11"), "2026-12-05T00:00:00Z", Some("closing.closed")),
            ("2026-10", Some("2026-11"), "2026-12-05T00:00:00Z", Some("closing.closed")),
            ("2026-11", Some("2026-09"), "2026-12-05T00:00:00Z", Some("closing.not_next")),
            ("2026-12", Some("2026-11"), "2026-12-05T00:00:00Z", Some("closing.not_over")),
        ] {
            let last = last.map(|month| month.parse().unwrap());
            let found = match can_close(month.parse().unwrap(), last, zone, now.parse().unwrap()) {
                Ok(()) => None,
                Err(Error::Refused(refusal)) => Some(refusal.rule),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{month} {last:?} {now}");
        }
        let (from, until) = span("2026-11".parse().unwrap(), zone);
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-10-31T16:00:00Z".into(), "2026-11-30T16:00:00Z".into())
        );
    }
}
