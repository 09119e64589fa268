//! Before mails go out: which of them are still to be sent, and to whom. All that wait together are decided in one
//! transaction and in a few statements.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveTime};
use diesel::prelude::*;
use domain::clock::Zone;
use domain::db::schema::{notifications, people};
use domain::notifications::{Notification, State, Urgency};
use domain::{CommunityId, Db, Instant, NotificationId, PersonId, Result, community, settings};

use super::{Addressee, Recheck};

/// What is to be done with one.
pub(super) enum Step {
    Nothing,
    Dropped,
    Hold(Instant),
    Send(Box<Mail>),
}

/// What is to be sent.
pub(super) struct Mail {
    pub(super) notification: Notification,
    pub(super) to: Addressee,
    /// The community's name.
    pub(super) community: String,
}

/// What a community has to do with its mails.
struct Place {
    name: String,
    /// Until when its quiet hours hold what is not urgent.
    quiet_until: Option<Instant>,
}

/// Decides what is to be done with each and, where it is to be sent, writes down that it is being sent.
pub(super) fn begin(
    tx: &mut Db,
    rechecks: &[Recheck],
    ids: &[NotificationId],
    now: Instant,
) -> Result<Vec<Step>> {
    let mut steps: HashMap<NotificationId, Step> = HashMap::new();
    let (mut sending, mut nowhere, mut untrue) = (Vec::new(), Vec::new(), Vec::new());
    let open = unsent(tx, ids)?;
    let places = places(tx, &open, now)?;
    let to = addressees(tx, &open)?;
    let is_true = still_due(tx, rechecks, &open, now)?;
    for notification in open {
        let id = notification.id;
        let Some(place) = places.get(&notification.community_id) else { continue };
        let held = place.quiet_until.filter(|_| notification.urgency != Urgency::Now);
        let step = match (held, to.get(&notification.person_id)) {
            (Some(until), _) => Step::Hold(until),
            (None, None) => dropped(&mut nowhere, id),
            (None, Some(_)) if !is_true.contains(&id) => dropped(&mut untrue, id),
            (None, Some(found)) => {
                sending.push(id.0);
                Step::Send(Box::new(Mail { notification, to: found.clone(), community: place.name.clone() }))
            }
        };
        steps.insert(id, step);
    }
    write_down(tx, &sending)?;
    drop_them(tx, &nowhere, "no good address")?;
    drop_them(tx, &untrue, "no longer due")?;
    Ok(ids.iter().map(|id| steps.remove(id).unwrap_or(Step::Nothing)).collect())
}

fn dropped(among: &mut Vec<i64>, id: NotificationId) -> Step {
    among.push(id.0);
    Step::Dropped
}

fn unsent(db: &mut Db, ids: &[NotificationId]) -> Result<Vec<Notification>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let these = notifications::table
        .filter(notifications::id.eq_any(ids))
        .filter(notifications::state.ne_all([State::Sent, State::Dropped]));
    Ok(these.select(Notification::as_select()).load(db)?)
}

fn places(db: &mut Db, open: &[Notification], now: Instant) -> Result<HashMap<CommunityId, Place>> {
    let which: HashSet<CommunityId> = open.iter().map(|one| one.community_id).collect();
    which.into_iter().map(|id| Ok((id, place(db, id, now)?))).collect()
}

fn place(db: &mut Db, id: CommunityId, now: Instant) -> Result<Place> {
    let community = community::by_id(db, id)?;
    let from = settings::get_time(db, id, settings::QUIET_FROM)?;
    let to = settings::get_time(db, id, settings::QUIET_TO)?;
    let quiet_until = quiet_until(from, to, community.zone()?, now);
    Ok(Place { name: community.name, quiet_until })
}

/// Quiet hours hold what is not urgent until the community's morning.
fn quiet_until(from: NaiveTime, to: NaiveTime, zone: Zone, now: Instant) -> Option<Instant> {
    let time = zone.time(now);
    let quiet = if from <= to { from <= time && time < to } else { from <= time || time < to };
    let today = zone.date(now);
    let day = if time < to { today } else { today.checked_add_days(Days::new(1))? };
    quiet.then(|| zone.at(day, to))
}

/// Those of them who have a good address.
fn addressees(db: &mut Db, open: &[Notification]) -> Result<HashMap<PersonId, Addressee>> {
    let ids: Vec<i64> = open.iter().map(|one| one.person_id.0).collect();
    let found: Vec<Addressee> = people::table
        .filter(people::id.eq_any(ids))
        .filter(people::email_bad_at.is_null().and(people::anonymised_at.is_null()))
        .filter(people::email.is_not_null())
        .select((people::id, people::name, people::email.assume_not_null(), people::language))
        .load(db)?;
    Ok(found.into_iter().map(|one| (one.id, one)).collect())
}

/// Those that are still true, as far as anybody asks again.
fn still_due(
    db: &mut Db,
    rechecks: &[Recheck],
    open: &[Notification],
    now: Instant,
) -> Result<HashSet<NotificationId>> {
    let mut due: HashSet<NotificationId> = open.iter().map(|one| one.id).collect();
    for recheck in rechecks {
        let asked: Vec<&Notification> =
            open.iter().filter(|one| one.code.starts_with(recheck.prefix)).collect();
        if asked.is_empty() {
            continue;
        }
        let told = (recheck.still_due)(db, &asked, now)?;
        due.retain(|id| told.contains(id) || asked.iter().all(|one| one.id != *id));
    }
    Ok(due)
}

fn write_down(tx: &mut Db, sending: &[i64]) -> Result<()> {
    if sending.is_empty() {
        return Ok(());
    }
    let these = notifications::table.filter(notifications::id.eq_any(sending));
    let begun =
        (notifications::state.eq(State::Sending), notifications::attempts.eq(notifications::attempts + 1));
    diesel::update(these).set(begun).execute(tx)?;
    Ok(())
}

fn drop_them(tx: &mut Db, which: &[i64], why: &str) -> Result<()> {
    if which.is_empty() {
        return Ok(());
    }
    let these = notifications::table.filter(notifications::id.eq_any(which));
    let dropped = (notifications::state.eq(State::Dropped), notifications::last_error.eq(why));
    diesel::update(these).set(dropped).execute(tx)?;
    Ok(())
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
