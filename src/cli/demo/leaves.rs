//! Staff take their leave and fall ill; the supervisor decides the next morning. What was asked for in the last
//! days before the opening still waits.

use chrono::{Days, TimeDelta};
use domain::access::{Actor, Role};
use domain::roster::rules::Kind;
use domain::roster::{self, NewLeave};
use domain::{Error, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// Who takes leave.
const POSTS: [Role; 4] = [Role::Steward, Role::Desk, Role::Technician, Role::Officer];
/// So many days before the opening technicians are all there, as the open work is theirs by name.
const ALL_THERE: u64 = 26;
/// What was asked for so many days before the opening waits for a decision.
const WAITS: u64 = 2;
/// Who asks last.
const LAST: &str = "E003";

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    agenda.at(stage.on(day, 8, 5), fall_ill);
    agenda.at(stage.on(day, 10, 40), decide);
    agenda.at(stage.on(day, 17, 10), ask);
    Ok(())
}

fn fall_ill(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let today = stage.zone.date(at);
    let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? else { return Ok(()) };
    for role in posts(stage, today) {
        for person in stage.holders(role, at)? {
            let mut dice = Dice::of("ill", &[person.0, number(today)]);
            if dice.below(1_000) < 4 {
                let new = leave(Kind::Sick, today, dice.below(2), "发烧");
                allow_overlap(
                    stage.write(|tx| roster::grant(tx, &supervisor, at, stage.community.id, person, &new)),
                )?;
            }
        }
    }
    Ok(())
}

fn ask(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let today = stage.zone.date(at);
    for role in posts(stage, today) {
        for person in stage.holders(role, at)? {
            let mut dice = Dice::of("leave", &[person.0, number(today)]);
            let is_last = stage.ago(today) == Some(WAITS) && stage.number_of(person)? == LAST;
            if dice.below(1_000) >= 10 && !is_last {
                continue;
            }
            let kind = if dice.percent(70) { Kind::Annual } else { Kind::Personal };
            let reason = dice.one(&["回老家看父母", "孩子家长会", "搬家", "体检", "陪家人就医"]).copied();
            let first = today + Days::new(dice.between(4, 9).into());
            let new = leave(kind, first, dice.below(4), reason.unwrap_or_default());
            let actor = stage.person(person, at)?;
            allow_overlap(stage.write(|tx| roster::ask(tx, &actor, at, stage.community.id, &new)))?;
        }
    }
    Ok(())
}

fn posts(stage: &Stage, today: LocalDate) -> impl Iterator<Item = Role> {
    let all_there = stage.ago(today).is_some_and(|days| days < ALL_THERE);
    POSTS.into_iter().filter(move |role| *role != Role::Technician || !all_there)
}

fn leave(kind: Kind, first: LocalDate, more_days: u32, reason: &str) -> NewLeave {
    NewLeave {
        kind,
        starts_on: first,
        ends_on: first + Days::new(more_days.into()),
        reason: reason.to_owned(),
        substitute: None,
    }
}

/// Who is away on these days already, or has asked for them, asks for nothing more.
fn allow_overlap<T>(asked: Result<T>) -> Result<()> {
    match asked {
        Err(Error::Invalid(fields)) if fields.iter().all(|field| field.code == "leave_overlaps") => Ok(()),
        other => other.map(|_| ()),
    }
}

fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let waits = stage.ago(stage.zone.date(at)).is_some_and(|days| days < WAITS);
    let Some(supervisor) = stage.on_duty(Role::Supervisor, at)?.filter(|_| !waits) else { return Ok(()) };
    let waiting = stage.read(|db| roster::waiting(db, &supervisor, at, stage.community.id))?;
    for asked in waiting.iter().filter(|asked| at.since(asked.asked_at) > TimeDelta::hours(12)) {
        answer(stage, &supervisor, asked.id, at)?;
    }
    Ok(())
}

fn answer(stage: &Stage, supervisor: &Actor, id: domain::LeaveId, at: Instant) -> Result<()> {
    if Dice::of("granted", &[id.0]).percent(92) {
        return stage.write(|tx| roster::approve(tx, supervisor, at, id, None));
    }
    stage.write(|tx| roster::refuse(tx, supervisor, at, id, "那几天人手不够，请改期。"))
}
