//! Who is reminded when (domain.md §10): 5 days before the due date, on the 3rd, 15th and 30th day after.
//! The stage is that of the oldest unpaid period, each once a period; after a downtime only the latest
//! that is due is sent. Values in, values out.

use chrono::NaiveTime;

use crate::LocalDate;

crate::words! {
    /// How far a reminder has come.
    Stage {
        /// From 5 days before the due date to the day before it.
        Before = "before",
        /// From the 3rd day after.
        Day3 = "day3",
        /// From the 15th day after.
        Day15 = "day15",
        /// From the 30th day after.
        Day30 = "day30",
    }
}

crate::words! {
    /// What became of a stage.
    Outcome {
        /// It was sent.
        Sent = "sent",
        /// A later one was due already.
        Skipped = "skipped",
    }
}

/// How many days before the due date the first reminder goes out.
pub const DAYS_BEFORE: i64 = 5;

/// The stage that a due date has come to; none before the first and in the days after the due date.
pub fn stage(due: LocalDate, today: LocalDate) -> Option<Stage> {
    match today.signed_duration_since(due).num_days() {
        late if late >= 30 => Some(Stage::Day30),
        late if late >= 15 => Some(Stage::Day15),
        late if late >= 3 => Some(Stage::Day3),
        late if (-DAYS_BEFORE..0).contains(&late) => Some(Stage::Before),
        _ => None,
    }
}

/// What is to be sent, and what is to be written down as skipped, where some stages were settled before.
pub fn plan(due: LocalDate, today: LocalDate, settled: &[Stage]) -> Option<(Stage, Vec<Stage>)> {
    let present = stage(due, today).filter(|stage| !settled.contains(stage))?;
    let skipped = Stage::ALL.iter().copied().filter(|stage| *stage < present && !settled.contains(stage));
    Some((present, skipped.collect()))
}

/// Whether reminders go out at this time of day: between 09:00 and 20:00, never 12:00 to 14:00.
pub fn may_remind_at(time: NaiveTime) -> bool {
    let minutes = i64::from(chrono::Timelike::num_seconds_from_midnight(&time) / 60);
    (9 * 60..12 * 60).contains(&minutes) || (14 * 60..20 * 60).contains(&minutes)
}

#[cfg(test)]
mod tests {
    use super::Stage::{Before, Day3, Day15, Day30};
    use super::*;

    const DUE: &str = "2026-11-25";

    #[test]
    fn stages_go_by_the_due_date_each_once() {
        for (today, settled, expected) in [
            ("2026-11-19", vec![], None),
            ("2026-11-20", vec![], Some((Before, vec![]))),
            ("2026-11-20", vec![Before], None),
            ("2026-11-24", vec![], Some((Before, vec![]))),
            // None "before due" on or after the due date.
            ("2026-11-25", vec![], None),
            ("2026-11-27", vec![], None),
            ("2026-11-28", vec![Before], Some((Day3, vec![]))),
            ("2026-11-29", vec![Before, Day3], None),
            ("2026-12-09", vec![Before, Day3], None),
            ("2026-12-10", vec![Before, Day3], Some((Day15, vec![]))),
            ("2026-12-24", vec![Before, Day3, Day15], None),
            ("2026-12-25", vec![Before, Day3, Day15], Some((Day30, vec![]))),
            ("2027-06-01", vec![Before, Day3, Day15, Day30], None),
            // After a downtime only the latest; what was passed over is written down.
            ("2026-11-28", vec![], Some((Day3, vec![Before]))),
            ("2026-12-12", vec![Before], Some((Day15, vec![Day3]))),
            ("2027-03-01", vec![Before], Some((Day30, vec![Day3, Day15]))),
        ] {
            let found = plan(DUE.parse().unwrap(), today.parse().unwrap(), &settled);
            assert_eq!(found, expected, "{today} {settled:?}");
        }
    }

    #[test]
    fn nobody_is_disturbed_at_noon_or_at_night() {
        for (time, may) in [
            ("08:59", false),
            ("09:00", true),
            ("09:30", true),
            ("11:59", true),
            ("12:00", false),
            ("13:59", false),
            ("14:00", true),
            ("15:00", true),
            ("19:59", true),
            ("20:00", false),
            ("23:00", false),
        ] {
            assert_eq!(may_remind_at(NaiveTime::parse_from_str(time, "%H:%M").unwrap()), may, "{time}");
        }
    }
}
