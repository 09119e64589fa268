//! Delivers notifications by e-mail: at least once, and more than once only after a crash in the middle of
//! sending, under the same Message-ID (promise P6). `sending` is written before the server is spoken to.

use domain::access::Actor;
use domain::audit::{self, Line};
use domain::db::schema::{notifications, people};
use domain::notifications::{self as spine, Notification, State, Urgency};
use domain::{CommunityId, Db, Error, Instant, NotificationId, PersonId, Result, community, settings};

use chrono::{Days, NaiveTime};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::clock::Zone;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::gather::Gather;
use crate::handler::{Failure, Outcome, Report};
use crate::letter::Letter;
use crate::{App, Leased, MailError, Pauses};

/// 1 min, 5 min, 30 min, 2 h, 6 h, 12 h; then it has failed and is shown.
pub(crate) const PAUSES: Pauses = Pauses::Minutes(&[1, 5, 30, 120, 360, 720]);

/// Asks once more, before a notification goes out, whether it is still true.
pub struct Recheck {
    /// The codes that it knows begin with this.
    pub prefix: &'static str,
    /// Whether it is still true; where not, it is dropped.
    pub still_due: fn(&mut Db, &Notification, Instant) -> Result<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deliver {
    notification: NotificationId,
}

/// A person as a mail needs them.
#[derive(Debug, Clone, Queryable)]
struct Addressee {
    id: PersonId,
    name: String,
    address: String,
    language: String,
}

/// The changes before and after the mails that are under way.
#[derive(Default)]
pub struct Letters {
    begun: Gather<NotificationId, Step>,
    ended: Gather<Ended, ()>,
}

/// How the sending of one ended.
struct Ended {
    id: NotificationId,
    community: CommunityId,
    to: Addressee,
    sent: Result<(), MailError>,
    /// Whether it is not tried again.
    last: bool,
}

enum Step {
    Nothing,
    Dropped,
    Hold(Instant),
    Send(Box<(Notification, Addressee, String)>),
}

/// Sends one notification, if it is still to be sent.
pub(crate) async fn deliver(app: &App, job: &Leased) -> Outcome {
    let id = job.read::<Deliver>()?.notification;
    let (rechecks, now) = (app.rechecks, app.clock.now());
    match app.letters.begun.write(&app.store, id, move |tx, id| begin(tx, rechecks, *id, now)).await? {
        Step::Nothing => Ok(Report::nothing()),
        Step::Dropped => Ok(Report::of("dropped", 1)),
        Step::Hold(until) => Err(Failure::Later(until)),
        Step::Send(parts) => {
            let (notification, to, community) = *parts;
            let sent = send(app, &notification, &to, &community).await;
            finish(app, job, &notification, to, sent).await
        }
    }
}

/// Decides what is to be done and, where it is to be sent, writes down that it is being sent.
fn begin(tx: &mut Db, rechecks: &[Recheck], id: NotificationId, now: Instant) -> Result<Step> {
    let found = notifications::table.find(id.0).select(Notification::as_select()).first(tx).optional()?;
    let Some(notification) = found.filter(|one| !matches!(one.state, State::Sent | State::Dropped)) else {
        return Ok(Step::Nothing);
    };
    let community = community::by_id(tx, notification.community_id)?;
    if let Some(until) = held_until(tx, &notification, community.zone()?, now)? {
        return Ok(Step::Hold(until));
    }
    let Some(to) = addressee(tx, notification.person_id)? else {
        return drop_it(tx, id, "no good address");
    };
    if !is_still_due(tx, rechecks, &notification, now)? {
        return drop_it(tx, id, "no longer due");
    }
    diesel::update(notifications::table.find(id.0))
        .set((
            notifications::state.eq(State::Sending),
            notifications::attempts.eq(notifications::attempts + 1),
        ))
        .execute(tx)?;
    Ok(Step::Send(Box::new((notification, to, community.name))))
}

fn is_still_due(db: &mut Db, rechecks: &[Recheck], one: &Notification, now: Instant) -> Result<bool> {
    for recheck in rechecks.iter().filter(|recheck| one.code.starts_with(recheck.prefix)) {
        if !(recheck.still_due)(db, one, now)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn drop_it(tx: &mut Db, id: NotificationId, why: &str) -> Result<Step> {
    diesel::update(notifications::table.find(id.0))
        .set((notifications::state.eq(State::Dropped), notifications::last_error.eq(why)))
        .execute(tx)?;
    Ok(Step::Dropped)
}

fn addressee(db: &mut Db, person: PersonId) -> Result<Option<Addressee>> {
    let found = people::table
        .find(person.0)
        .filter(people::email_bad_at.is_null().and(people::anonymised_at.is_null()))
        .filter(people::email.is_not_null())
        .select((people::id, people::name, people::email.assume_not_null(), people::language))
        .first(db);
    Ok(found.optional()?)
}

/// Quiet hours hold what is not urgent until the community's morning.
fn held_until(db: &mut Db, one: &Notification, zone: Zone, now: Instant) -> Result<Option<Instant>> {
    if one.urgency == Urgency::Now {
        return Ok(None);
    }
    let from = settings::get_time(db, one.community_id, settings::QUIET_FROM)?;
    let to = settings::get_time(db, one.community_id, settings::QUIET_TO)?;
    Ok(quiet_until(from, to, zone, now))
}

fn quiet_until(from: NaiveTime, to: NaiveTime, zone: Zone, now: Instant) -> Option<Instant> {
    let time = zone.time(now);
    let quiet = if from <= to { from <= time && time < to } else { from <= time || time < to };
    let today = zone.date(now);
    let day = if time < to { today } else { today.checked_add_days(Days::new(1))? };
    quiet.then(|| zone.at(day, to))
}

async fn send(app: &App, one: &Notification, to: &Addressee, community: &str) -> Result<(), MailError> {
    let letter = write(app, one, to, community).map_err(|error| MailError::Passing(error.to_string()))?;
    app.mailer.send(&letter).await
}

fn write(app: &App, one: &Notification, to: &Addressee, community: &str) -> Result<Letter> {
    let link = one.link.as_ref().map(|path| format!("{}{path}", app.public_url));
    let data = serde_json::json!({
        "code": one.code, "args": spine::opened(&app.vault, one.args()?), "link": link, "person": to.name, "community": community,
    });
    let render = |name| app.renderer.render(name, &to.language, &data).map_err(Error::Internal);
    Ok(Letter {
        id: message_id(one),
        name: to.name.clone(),
        address: to.address.clone(),
        subject: render("mail/subject.txt")?,
        text: render("mail/text.txt")?,
        at: app.clock.real_now(),
    })
}

/// Made from what makes the notification unique, so each repetition carries the same.
fn message_id(one: &Notification) -> String {
    let key = format!("{} {} {} {}", one.community_id, one.event, one.person_id, one.channel);
    hex::encode(Sha256::digest(key)).chars().take(32).collect()
}

/// Writes down how it went. The job repeats what may pass; the notification fails with its job.
async fn finish(
    app: &App,
    job: &Leased,
    one: &Notification,
    to: Addressee,
    sent: Result<(), MailError>,
) -> Outcome {
    let now = app.clock.now();
    let last = PAUSES.after(job.id, job.attempts, job.max_attempts).is_none();
    let end = Ended { id: one.id, community: one.community_id, to, sent: sent.clone(), last };
    app.letters.ended.write(&app.store, end, move |tx, end| write_down(tx, end, now)).await?;
    match sent {
        Ok(()) => Ok(Report::of("sent", 1)),
        Err(MailError::Address(_)) => Ok(Report::of("refused", 1)),
        Err(error @ MailError::Refused(_)) => Err(Failure::Never(error.to_string())),
        Err(error @ MailError::Passing(_)) => Err(Failure::Again(Error::Unavailable(error.into()))),
    }
}

fn write_down(tx: &mut Db, end: &Ended, now: Instant) -> Result<()> {
    let (state, sent_at) = match &end.sent {
        Ok(()) => (State::Sent, Some(now)),
        Err(MailError::Passing(_)) if !end.last => (State::Waiting, None),
        Err(_) => (State::Failed, None),
    };
    let error = end.sent.as_ref().err().map(|error| error.to_string().chars().take(500).collect::<String>());
    diesel::update(notifications::table.find(end.id.0))
        .set((
            notifications::state.eq(state),
            notifications::sent_at.eq(sent_at),
            notifications::last_error.eq(error),
        ))
        .execute(tx)?;
    if matches!(&end.sent, Err(MailError::Address(_))) {
        mark_bad(tx, end.community, &end.to, now)?;
    }
    Ok(())
}

/// No more mails to an address that its server does not know, until the person gives another.
fn mark_bad(tx: &mut Db, community: CommunityId, to: &Addressee, now: Instant) -> Result<()> {
    let still_theirs = people::table.find(to.id.0).filter(people::email.eq(&to.address));
    let marked = diesel::update(still_theirs).set(people::email_bad_at.eq(now)).execute(tx)?;
    if marked == 1 {
        let line = Line::new(community, "person.email_bad", "person", to.id.0).fields("email_bad_at");
        audit::write(tx, &Actor::system("deliver"), now, &line)?;
    }
    Ok(())
}

/// The net under the jobs: a notification without a job gets one, and one whose job was given up has failed.
pub(crate) async fn sweep(app: &App, community: CommunityId) -> Result<Report> {
    let clock = app.clock;
    if app.store.read(move |db| unsent(db, community)).await? == 0 {
        return Ok(Report::nothing());
    }
    app.store
        .write(move |tx| {
            let here = format!("community_id = {community}");
            Ok(Report::of("enqueued", spine::enqueue_unsent(tx, &here, clock.real_now())?)
                .and("given up", give_up(tx, community)?))
        })
        .await
}

fn unsent(db: &mut Db, community: CommunityId) -> Result<i64> {
    let states = [State::Waiting, State::Sending];
    let waiting = notifications::table
        .filter(notifications::community_id.eq(community.0).and(notifications::state.eq_any(states)));
    Ok(waiting.count().get_result(db)?)
}

fn give_up(tx: &mut Db, community: CommunityId) -> Result<usize> {
    let sql = "UPDATE notifications SET state = 'failed' \
               WHERE community_id = $1 AND channel = 'email' AND state IN ('waiting', 'sending') \
               AND EXISTS (SELECT 1 FROM jobs WHERE key = 'deliver:' || notifications.id AND state = 'failed')";
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).execute(tx)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_in_the_communitys_morning() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        for (now, until) in [
            ("2026-11-22T12:59:59Z", None),
            ("2026-11-22T13:00:00Z", Some("2026-11-23T00:00:00Z")),
            ("2026-11-22T23:59:59Z", Some("2026-11-23T00:00:00Z")),
            ("2026-11-23T00:00:00Z", None),
        ] {
            let found = quiet_until(time(21), time(8), zone, now.parse().unwrap());
            assert_eq!(found, until.map(|until| until.parse().unwrap()), "{now}");
        }
        let siesta = quiet_until(time(12), time(14), zone, "2026-11-22T05:00:00Z".parse().unwrap());
        assert_eq!(siesta, Some("2026-11-22T06:00:00Z".parse().unwrap()));
        assert_eq!(quiet_until(time(8), time(8), zone, "2026-11-22T00:00:00Z".parse().unwrap()), None);
    }
}
