//! Delivers notifications by e-mail: at least once, and more than once only after a crash in the middle of
//! sending, under the same Message-ID (promise P6). `sending` is written before the server is spoken to.

mod begin;
mod end;
mod sweep;

use std::collections::HashSet;

use diesel::Queryable;
use domain::notifications::{self as spine, Notification};
use domain::{Db, Error, Instant, NotificationId, PersonId, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::gather::Gather;
use crate::handler::{Failure, Outcome, Report};
use crate::letter::Letter;
use crate::{App, Leased, MailError, Pauses};
use begin::{Mail, Step, begin};
use end::{Ended, write_down};
pub(crate) use sweep::sweep;

/// 1 min, 5 min, 30 min, 2 h, 6 h, 12 h; then it has failed and is shown.
pub(crate) const PAUSES: Pauses = Pauses::Minutes(&[1, 5, 30, 120, 360, 720]);

/// Asks once more, before a notification goes out, whether it is still true.
pub struct Recheck {
    /// The codes that it knows begin with this.
    pub prefix: &'static str,
    /// Those of some that are still true; the others are dropped.
    pub still_due: fn(&mut Db, &[&Notification], Instant) -> Result<HashSet<NotificationId>>,
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

/// Sends one notification, if it is still to be sent.
pub(crate) async fn deliver(app: &App, job: &Leased) -> Outcome {
    let id = job.read::<Deliver>()?.notification;
    let (rechecks, now) = (app.rechecks, app.clock.now());
    match app.letters.begun.write(&app.store, id, move |tx, ids| begin(tx, rechecks, ids, now)).await? {
        Step::Nothing => Ok(Report::nothing()),
        Step::Dropped => Ok(Report::of("dropped", 1)),
        Step::Hold(until) => Err(Failure::Later(until)),
        Step::Send(mail) => {
            let sent = send(app, &mail).await;
            finish(app, job, *mail, sent).await
        }
    }
}

async fn send(app: &App, mail: &Mail) -> Result<(), MailError> {
    let letter = write(app, mail).map_err(|error| MailError::Passing(error.to_string()))?;
    app.mailer.send(&letter).await
}

fn write(app: &App, mail: &Mail) -> Result<Letter> {
    let Mail { notification: one, to, community } = mail;
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
async fn finish(app: &App, job: &Leased, mail: Mail, sent: Result<(), MailError>) -> Outcome {
    let now = app.clock.now();
    let last = PAUSES.after(job.id, job.attempts, job.max_attempts).is_none();
    let (one, to) = (mail.notification, mail.to);
    let end = Ended { id: one.id, community: one.community_id, to, sent: sent.clone(), last };
    app.letters.ended.write(&app.store, end, move |tx, ended| write_down(tx, ended, now)).await?;
    match sent {
        Ok(()) => Ok(Report::of("sent", 1)),
        Err(MailError::Address(_)) => Ok(Report::of("refused", 1)),
        Err(error @ MailError::Refused(_)) => Err(Failure::Never(error.to_string())),
        Err(error @ MailError::Passing(_)) => Err(Failure::Again(Error::Unavailable(error.into()))),
    }
}
