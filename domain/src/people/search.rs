//! The desk's search: by phone (whole, or its last four), by name, by home.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::records::{homes_of, lines};
use super::{PersonHome, PersonLine};
use crate::access::{Action, Actor, Object, Relation, allow, policy};
use crate::homes::containing;
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, community};

/// The most people a search finds: who is not among them is searched for with more words.
const MOST: i64 = 20;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: PersonId,
}

/// People whose phone, name or home the words tell, with their homes; the phones are masked.
///
/// # Errors
/// Only who sees every home of the community may search it.
pub fn find(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    words: &str,
) -> Result<Vec<(PersonLine, Vec<PersonHome>)>> {
    allow(db, actor, now, Action::ReadHomes, Object::Community(community))?;
    if !searches(actor, community) {
        return Err(Error::NotAllowed);
    }
    let words = words.trim();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let day = community::by_id(db, community)?.today(now)?;
    let ids = ids(db, community, words)?;
    let mut homes = homes_of(db, community, &ids, day)?;
    let with_homes = |person: PersonLine| {
        let (theirs, others) = std::mem::take(&mut homes).into_iter().partition(|(id, _)| *id == person.id);
        homes = others;
        let theirs: Vec<(PersonId, PersonHome)> = theirs;
        (person, theirs.into_iter().map(|(_, home)| home).collect())
    };
    Ok(lines(db, &ids)?.into_iter().map(with_homes).collect())
}

fn searches(actor: &Actor, community: CommunityId) -> bool {
    let all = |role| policy::relations(Action::ReadHomes, role).any(|r| r == Relation::Community);
    actor.is_system() || actor.roles_in(community).any(all)
}

fn ids(db: &mut Db, community: CommunityId, words: &str) -> Result<Vec<PersonId>> {
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let dialled = words.chars().all(|c| c.is_ascii_digit() || " -+()".contains(c));
    // A home's code is digits and dashes too: a phone has seven digits at least, or is its last four.
    let phone = match digits.len() {
        4 if dialled && !words.contains('-') => format!("%{digits}"),
        7.. if dialled => format!("%{}", digits.strip_prefix("86").unwrap_or(&digits)),
        _ => String::new(),
    };
    let sql = "SELECT DISTINCT p.id FROM people p \
         LEFT JOIN occupancies o ON o.person_id = p.id LEFT JOIN homes h ON h.id = o.home_id \
         WHERE p.community_id = $1 AND p.anonymised_at IS NULL \
         AND (p.phone LIKE $2 OR UPPER(p.name) LIKE $3 ESCAPE '!' OR UPPER(h.code) LIKE $4 ESCAPE '!' \
         OR UPPER(p.email) = $5) \
         ORDER BY p.id LIMIT $6";
    let inside = containing(words);
    let home = inside.strip_prefix('%').unwrap_or(&inside);
    let found: Vec<Found> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(phone)
        .bind::<Text, _>(&inside)
        .bind::<Text, _>(home)
        .bind::<Text, _>(words.to_uppercase())
        .bind::<BigInt, _>(MOST)
        .load(db)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}
