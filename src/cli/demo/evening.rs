//! The end of a day: the letters are out, staff have read what they were told.

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::db::schema::{jobs, notifications, role_grants};
use domain::notifications::{self as told, Channel, State};
use domain::{Db, Instant, LocalDate, NotificationId, PersonId, Result};

use super::agenda::Agenda;
use super::stage::Stage;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    agenda.at(stage.on(day, 23, 50), |stage, _, at| {
        stage.write(|tx| {
            send(tx)?;
            let resident = stage.resident()?.owner;
            staff(tx)?.into_iter().chain(resident).try_for_each(|person| read(tx, person, at))
        })
    });
    Ok(())
}

/// The demo has no mail server, and nobody would read the letters of a year: the day's count as sent.
fn send(tx: &mut Db) -> Result<()> {
    let waiting = notifications::table
        .filter(notifications::channel.eq(Channel::Email).and(notifications::state.eq(State::Waiting)));
    let sent = (
        notifications::state.eq(State::Sent),
        notifications::attempts.eq(1),
        notifications::sent_at.eq(notifications::created_at.nullable()),
    );
    diesel::update(waiting).set(sent).execute(tx)?;
    forget_jobs(tx)
}

/// What the days enqueued was done by the calendar as it was played: there is nothing left of it to do.
pub(super) fn forget_jobs(tx: &mut Db) -> Result<()> {
    diesel::delete(jobs::table).execute(tx)?;
    Ok(())
}

fn staff(db: &mut Db) -> Result<Vec<PersonId>> {
    Ok(role_grants::table.select(role_grants::person_id).distinct().order(role_grants::person_id).load(db)?)
}

/// Staff look at what they are told: everything but that of the last two hours is read.
fn read(tx: &mut Db, person: PersonId, at: Instant) -> Result<()> {
    let theirs = notifications::table
        .filter(notifications::person_id.eq(person.0).and(notifications::channel.eq(Channel::Portal)))
        .filter(notifications::created_at.le(at.minus(TimeDelta::hours(2))));
    let last: Option<NotificationId> = theirs.select(diesel::dsl::max(notifications::id)).first(tx)?;
    last.map_or(Ok(()), |last| told::mark_read(tx, person, last, at))
}
