//! Pressed twice, sent twice, sent again weeks later: one record, the same answer (promise P3).
//! The key and its effect stand in one transaction; only accepted results are kept.

use diesel::prelude::*;
use sha2::{Digest, Sha256};

use crate::access::Actor;
use crate::db::schema::idempotency_keys as keys;
use crate::{Db, Error, Instant, Result};

/// A submission's key, with what tells a repetition from another submission.
#[derive(Debug, Clone)]
pub struct Key {
    actor: String,
    route: String,
    key: String,
    body_hash: String,
}

/// An answer that can be given again: its status and its body (a page's: where it leads).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: i32,
    /// The body, or the address that a page leads to.
    pub body: String,
}

impl Key {
    /// The key that `actor` sent to `route` with a body.
    pub fn new(actor: &Actor, route: &str, key: &str, body: &[u8]) -> Self {
        let actor = actor.person.map_or_else(|| actor.cause.to_owned(), |person| person.to_string());
        let body_hash = hex::encode(Sha256::digest(body));
        Self { actor, route: route.to_owned(), key: key.to_owned(), body_hash }
    }
}

/// Does `work` once for the key: a repetition gets the first one's answer.
///
/// Two at once: one waits for the other, on the key's row.
///
/// # Errors
/// The same key with another body is refused (`idempotency.other_body`).
pub fn once(
    tx: &mut Db,
    key: &Key,
    now: Instant,
    work: impl FnOnce(&mut Db) -> Result<Answer>,
) -> Result<Answer> {
    if !claim(tx, key, now)? {
        return repeat(tx, key);
    }
    let answer = work(tx)?;
    let row = keys::table.find((&key.actor, &key.route, &key.key));
    let kept = (keys::status.eq(answer.status), keys::answer.eq(&answer.body));
    diesel::update(row).set(kept).execute(tx)?;
    Ok(answer)
}

/// Inserts the key's row; the unique key makes a second submission wait here until the first has ended.
fn claim(tx: &mut Db, key: &Key, now: Instant) -> Result<bool> {
    use diesel::sql_types::{Text, Timestamp};
    let sql = "INSERT INTO idempotency_keys (actor, route, key, body_hash, status, answer, at) \
               VALUES ($1, $2, $3, $4, 0, '', $5) ON CONFLICT (actor, route, key) DO NOTHING";
    let made = diesel::sql_query(sql)
        .bind::<Text, _>(&key.actor)
        .bind::<Text, _>(&key.route)
        .bind::<Text, _>(&key.key)
        .bind::<Text, _>(&key.body_hash)
        .bind::<Timestamp, _>(now)
        .execute(tx)?;
    Ok(made == 1)
}

fn repeat(tx: &mut Db, key: &Key) -> Result<Answer> {
    let row = keys::table.find((&key.actor, &key.route, &key.key));
    let (hash, status, body): (String, i32, String) =
        row.select((keys::body_hash, keys::status, keys::answer)).first(tx)?;
    if hash == key.body_hash {
        Ok(Answer { status, body })
    } else {
        Err(Error::refused("idempotency.other_body", vec![]))
    }
}
