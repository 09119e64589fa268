//! After mails went out, or did not: what became of each is written down, all that wait together in one transaction.

use diesel::prelude::*;
use domain::access::Actor;
use domain::audit::{self, Line};
use domain::db::schema::{notifications, people};
use domain::notifications::State;
use domain::{CommunityId, Db, Instant, NotificationId, Result};

use super::Addressee;
use crate::MailError;

/// How the sending of one ended.
pub(super) struct Ended {
    pub(super) id: NotificationId,
    pub(super) community: CommunityId,
    pub(super) to: Addressee,
    pub(super) sent: Result<(), MailError>,
    /// Whether it is not tried again.
    pub(super) last: bool,
}

/// Writes down how each ended.
pub(super) fn write_down(tx: &mut Db, ended: &[Ended], now: Instant) -> Result<Vec<()>> {
    let sent: Vec<i64> = ended.iter().filter(|one| one.sent.is_ok()).map(|one| one.id.0).collect();
    if !sent.is_empty() {
        let none: Option<String> = None;
        let these = notifications::table.filter(notifications::id.eq_any(sent));
        let done = (
            notifications::state.eq(State::Sent),
            notifications::sent_at.eq(now),
            notifications::last_error.eq(none),
        );
        diesel::update(these).set(done).execute(tx)?;
    }
    for one in ended {
        if let Err(error) = &one.sent {
            fail(tx, one, error, now)?;
        }
    }
    Ok(vec![(); ended.len()])
}

fn fail(tx: &mut Db, one: &Ended, error: &MailError, now: Instant) -> Result<()> {
    let state = match error {
        MailError::Passing(_) if !one.last => State::Waiting,
        _ => State::Failed,
    };
    let words: String = error.to_string().chars().take(500).collect();
    diesel::update(notifications::table.find(one.id.0))
        .set((notifications::state.eq(state), notifications::last_error.eq(words)))
        .execute(tx)?;
    if matches!(error, MailError::Address(_)) {
        mark_bad(tx, one.community, &one.to, now)?;
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
