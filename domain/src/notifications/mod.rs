//! Notifications 通知: what one event tells one person. Written in the transaction of the event, sent by
//! the worker: never lost once the event is committed, at most one per event, person and channel.

mod many;

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde_json::Value;

use crate::access::Vault;
use crate::db::bulk::{BATCH, insert_all};
use crate::db::directly;
use crate::db::schema::{notifications, people};
use crate::job::{self, Job};
use crate::{CommunityId, Db, Error, Instant, NotificationId, PersonId, Result};

/// Where sealed values lie among what a text mentions.
const SEALED: &str = "sealed";
const SEALED_FOR: &str = "notification";

crate::words! {
    /// The way a notification takes.
    Channel {
        /// In the portal, always.
        Portal = "portal",
        /// By e-mail, where an address is known.
        Email = "email",
    }
}

crate::words! {
    /// Whether quiet hours hold it.
    Urgency {
        /// Goes out at any hour: codes, receipts, emergencies, messages to staff on duty.
        Now = "now",
        /// Waits for the morning.
        Normal = "normal",
    }
}

crate::words! {
    /// How far a notification has come.
    State {
        /// Not yet sent.
        Waiting = "waiting",
        /// Being handed to the mail server: after a crash it is sent again.
        Sending = "sending",
        /// Sent, or shown in the portal.
        Sent = "sent",
        /// Given up; the desk sees it.
        Failed = "failed",
        /// No longer true when its turn came.
        Dropped = "dropped",
    }
}

/// What is told, to whom.
#[derive(Debug, Clone)]
pub struct Tell {
    /// The community.
    pub community: CommunityId,
    /// What happened, uniquely: telling it twice tells it once.
    pub event: String,
    /// Who is told.
    pub person: PersonId,
    /// The text's name: `notify.<code>.subject` and `notify.<code>.text`.
    pub code: &'static str,
    /// What the text mentions.
    pub args: Value,
    /// The page it leads to.
    pub link: Option<String>,
    /// Whether quiet hours hold it.
    pub urgency: Urgency,
}

/// A notification as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notifications)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// The community.
    pub community_id: CommunityId,
    /// What happened.
    pub event: String,
    /// Who is told.
    pub person_id: PersonId,
    /// Which way.
    pub channel: Channel,
    /// The text's name.
    pub code: String,
    /// What the text mentions, JSON.
    pub args: String,
    /// The page it leads to.
    pub link: Option<String>,
    /// Whether quiet hours hold it.
    pub urgency: Urgency,
    /// How far it has come.
    pub state: State,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it was not sent.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Instant,
    /// When it was sent.
    pub sent_at: Option<Instant>,
    /// When it was read in the portal.
    pub read_at: Option<Instant>,
}

impl Notification {
    /// What the text mentions.
    pub fn args(&self) -> Result<Value> {
        serde_json::from_str(&self.args).map_err(Error::internal)
    }
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Tells one person of an event: in the portal, and by e-mail where they have a good address.
pub fn tell(tx: &mut Db, tell: &Tell, now: Instant) -> Result<()> {
    insert(tx, tell, Channel::Portal, State::Sent, now)?;
    mail(tx, tell, now)
}

/// Tells by e-mail alone, where there is a good address: what opens a door has no place in the portal's list.
pub fn mail(tx: &mut Db, tell: &Tell, now: Instant) -> Result<()> {
    let has_mail: i64 = people::table
        .filter(people::id.eq(tell.person.0))
        .filter(people::email.is_not_null().and(people::email_bad_at.is_null()))
        .count()
        .get_result(tx)?;
    if has_mail == 0 {
        return Ok(());
    }
    if let Some(id) = insert(tx, tell, Channel::Email, State::Waiting, now)? {
        let real_now = crate::Clock::system().real_now();
        let job =
            Job::new("deliver", serde_json::json!({ "notification": id })).once(format!("deliver:{id}"));
        job::enqueue(tx, &job, real_now, real_now)?;
    }
    Ok(())
}

/// What a text mentions, with values that only the mail shows: sealed as long as they wait.
pub fn sealed(vault: &Vault, mut args: Value, secrets: &[(&str, &str)]) -> Result<Value> {
    let mut kept = serde_json::Map::new();
    for (name, secret) in secrets {
        kept.insert((*name).to_owned(), vault.seal(SEALED_FOR, secret)?.into());
    }
    if let Some(args) = args.as_object_mut() {
        args.insert(SEALED.to_owned(), kept.into());
    }
    Ok(args)
}

/// Opens what [`sealed`] closed; what stays shut is left out.
pub fn opened(vault: &Vault, mut args: Value) -> Value {
    let Some(all) = args.as_object_mut() else { return args };
    let kept = all.remove(SEALED);
    for (name, secret) in kept.as_ref().and_then(Value::as_object).into_iter().flatten() {
        if let Some(text) = secret.as_str().and_then(|secret| vault.open(SEALED_FOR, secret)) {
            all.insert(name.clone(), text.into());
        }
    }
    args
}

/// Tells many people, each of an event of their own, in a handful of statements.
pub fn tell_each(tx: &mut Db, tells: &[Tell], now: Instant) -> Result<()> {
    let reachable = reachable(tx, tells)?;
    let mailed = tells.iter().filter(|tell| reachable.contains(&tell.person));
    let rows: Vec<New> = tells
        .iter()
        .map(|tell| New::of(tell, Channel::Portal, State::Sent, now))
        .chain(mailed.map(|tell| New::of(tell, Channel::Email, State::Waiting, now)))
        .collect();
    let real_now = crate::Clock::system().real_now();
    let made = match tx {
        Db::Pg(pg) => many::tell(pg, &rows, (now, real_now))?,
        Db::Sqlite(_) => {
            // Its writer is alone: what comes after the last is what we write.
            let before = last(tx)?;
            insert_all!(tx, notifications::table, rows, or_leave);
            return enqueue_unsent(tx, &format!("id > {before}"), real_now).map(drop);
        }
    };
    if made > 0 {
        job::announce(tx)?;
    }
    Ok(())
}

/// Who of those that are told has a good address.
fn reachable(db: &mut Db, tells: &[Tell]) -> Result<HashSet<PersonId>> {
    let mut found = HashSet::new();
    for some in tells.chunks(BATCH) {
        let ids: Vec<i64> = some.iter().map(|tell| tell.person.0).collect();
        let reachable = people::table
            .filter(people::id.eq_any(ids))
            .filter(people::email.is_not_null().and(people::email_bad_at.is_null()));
        found.extend(reachable.select(people::id).load::<PersonId>(db)?);
    }
    Ok(found)
}

fn last(db: &mut Db) -> Result<i64> {
    Ok(notifications::table
        .select(diesel::dsl::max(notifications::id))
        .first::<Option<i64>>(db)?
        .unwrap_or(0))
}

/// Gives a job to each mail of these notifications that has not left and has none. Returns how many got one.
pub fn enqueue_unsent(tx: &mut Db, which: &str, real_now: Instant) -> Result<usize> {
    let sql = format!(
        "INSERT INTO jobs (kind, key, payload, run_at, state, created_at) \
         SELECT 'deliver', 'deliver:' || id, '{{\"notification\":' || id || '}}', $1, 'waiting', $2 \
         FROM notifications WHERE channel = 'email' AND state IN ('waiting', 'sending') AND {which} \
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE key = 'deliver:' || notifications.id) \
         ON CONFLICT (key) DO NOTHING"
    );
    let made =
        diesel::sql_query(sql).bind::<Timestamp, _>(real_now).bind::<Timestamp, _>(real_now).execute(tx)?;
    if made > 0 {
        job::announce(tx)?;
    }
    Ok(made)
}

/// A row to be written.
#[derive(Insertable)]
#[diesel(table_name = notifications, treat_none_as_default_value = false)]
struct New<'a> {
    community_id: CommunityId,
    event: &'a str,
    person_id: PersonId,
    channel: Channel,
    code: &'a str,
    args: String,
    link: Option<&'a str>,
    urgency: Urgency,
    state: State,
    created_at: Instant,
}

impl<'a> New<'a> {
    fn of(tell: &'a Tell, channel: Channel, state: State, now: Instant) -> Self {
        Self {
            community_id: tell.community,
            event: &tell.event,
            person_id: tell.person,
            channel,
            code: tell.code,
            args: tell.args.to_string(),
            link: tell.link.as_deref(),
            urgency: tell.urgency,
            state,
            created_at: now,
        }
    }
}

/// Tells several people of one event.
pub fn tell_all(tx: &mut Db, people: &[PersonId], one: &Tell, now: Instant) -> Result<()> {
    people.iter().try_for_each(|person| tell(tx, &Tell { person: *person, ..one.clone() }, now))
}

fn insert(tx: &mut Db, tell: &Tell, channel: Channel, state: State, now: Instant) -> Result<Option<i64>> {
    let sql = "INSERT INTO notifications \
               (community_id, event, person_id, channel, code, args, link, urgency, state, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (event, person_id, channel) DO NOTHING RETURNING id";
    let made: Option<Made> = diesel::sql_query(sql)
        .bind::<BigInt, _>(tell.community.0)
        .bind::<Text, _>(&tell.event)
        .bind::<BigInt, _>(tell.person.0)
        .bind::<Text, _>(channel.as_str())
        .bind::<Text, _>(tell.code)
        .bind::<Text, _>(tell.args.to_string())
        .bind::<Nullable<Text>, _>(tell.link.as_deref())
        .bind::<Text, _>(tell.urgency.as_str())
        .bind::<Text, _>(state.as_str())
        .bind::<Timestamp, _>(now)
        .get_result(tx)
        .optional()?;
    Ok(made.map(|row| row.id))
}

/// A person's notifications in the portal, newest first, those before `before` where it is given.
pub fn of_person(
    db: &mut Db,
    person: PersonId,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Notification>> {
    let mut query = notifications::table
        .filter(notifications::person_id.eq(person.0).and(notifications::channel.eq(Channel::Portal)))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(notifications::id.lt(before.0));
    }
    Ok(query.order(notifications::id.desc()).limit(limit).select(Notification::as_select()).load(db)?)
}

/// How many have not left, by state: waiting, under way, given up.
pub fn unsent(db: &mut Db) -> Result<Vec<(String, i64)>> {
    const STATES: [&str; 3] = ["waiting", "sending", "failed"];
    let found: Vec<(String, i64)> = notifications::table
        .filter(notifications::state.eq_any(STATES))
        .group_by(notifications::state)
        .select((notifications::state, diesel::dsl::count_star()))
        .load(db)?;
    let count = |state: &str| found.iter().find(|(found, _)| found == state).map_or(0, |(_, count)| *count);
    Ok(STATES.iter().map(|state| ((*state).to_owned(), count(state))).collect())
}

/// How many of a person's notifications are unread.
pub fn unread(db: &mut Db, person: PersonId) -> Result<i64> {
    let unread = notifications::table
        .filter(notifications::person_id.eq(person.0).and(notifications::channel.eq(Channel::Portal)))
        .filter(notifications::read_at.is_null())
        .count();
    Ok(directly!(db, db => unread.get_result(db))?)
}

/// Marks a person's notifications up to `last` as read.
pub fn mark_read(tx: &mut Db, person: PersonId, last: NotificationId, now: Instant) -> Result<()> {
    let theirs = notifications::table
        .filter(notifications::person_id.eq(person.0).and(notifications::channel.eq(Channel::Portal)))
        .filter(notifications::id.le(last.0).and(notifications::read_at.is_null()));
    diesel::update(theirs).set(notifications::read_at.eq(now)).execute(tx)?;
    Ok(())
}
