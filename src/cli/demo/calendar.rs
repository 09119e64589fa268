//! The worker's own calendar, tick by tick, on the days that are played: billing at night, day lists at dawn,
//! reminders in the morning, clocks and return visits by the hour.

use chrono::NaiveTime;
use domain::{Clock, Instant, LocalDate, Result};
use jobs::When;
use jobs::calendar::SCHEDULES;

use super::agenda::Agenda;
use super::stage::Stage;

/// What the machine does for itself. A year of letters is not written: see [`super::evening`].
const NOT_PLAYED: [&str; 2] = ["deliver", "housekeeping"];

/// From and to which hour what ticks every few minutes is played, once an hour.
const HOURS: std::ops::RangeInclusive<u32> = 7..=22;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    for (at_once, schedule) in SCHEDULES.iter().enumerate() {
        if NOT_PLAYED.contains(&schedule.name) {
            continue;
        }
        for at in ticks(stage, day, schedule.when) {
            agenda.at(at, move |stage, _, at| tick(stage, at_once, at));
        }
    }
    Ok(())
}

fn ticks(stage: &Stage, day: LocalDate, when: When) -> Vec<Instant> {
    let end = stage.zone.at(day, NaiveTime::MIN).plus(chrono::TimeDelta::days(1));
    match when {
        When::Every(_) => HOURS.map(|hour| stage.on(day, hour, 1)).collect(),
        _ => {
            let last = end.minus(chrono::TimeDelta::microseconds(1));
            when.between(stage.zone, stage.zone.start_of(day).minus(chrono::TimeDelta::microseconds(1)), last)
        }
    }
}

fn tick(stage: &Stage, schedule: usize, at: Instant) -> Result<()> {
    let Some(schedule) = SCHEDULES.get(schedule) else { return Ok(()) };
    let worker = jobs::App { clock: Clock::standing_at(at), ..stage.worker.clone() };
    stage.runtime.block_on((schedule.run)(&worker, stage.community.id, at))?;
    Ok(())
}
