//! The desk's search: by phone (whole, or its last four), by name or a part of it, by home as it is written or
//! said (`7栋1单元1503`), by the number of a case. Each way has its own index, so that a caller is found in
//! milliseconds among a hundred thousand people.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::records::{homes_of, lines};
use super::{PersonHome, PersonLine};
use crate::access::{Action, Actor, Object, Relation, allow, policy};
use crate::db::schema::{people, staff};
use crate::db::{self, Kind};
use crate::homes::{containing, spoken_code};
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, community};

/// The most people a search finds: who is not among them is searched for with more words.
const MOST: usize = 20;

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
    may_search(db, actor, now, community)?;
    let ids = ids(db, community, words.trim())?;
    with_homes(db, now, community, &ids)
}

/// The people whom a phone that rings belongs to, with their homes.
///
/// # Errors
/// Only who sees every home of the community may search it.
pub fn of_phone(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    phone: &str,
) -> Result<Vec<(PersonLine, Vec<PersonHome>)>> {
    may_search(db, actor, now, community)?;
    let digits = dialled(phone).filter(|digits| digits.len() >= LEAST).unwrap_or_default();
    let ids = by_phone(db, community, &digits)?;
    with_homes(db, now, community, &ids)
}

/// What the staff of a community are called, those who left too, in the order of their numbers.
pub fn staff_names(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut names: Vec<String> = staff::table
        .inner_join(people::table.on(people::id.eq(staff::person_id)))
        .filter(staff::community_id.eq(community.0))
        .order(staff::number)
        .select(people::name)
        .load(db)?;
    names.dedup();
    Ok(names)
}

fn may_search(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<()> {
    allow(db, actor, now, Action::ReadHomes, Object::Community(community))?;
    let all = |role| policy::relations(Action::ReadHomes, role).any(|r| r == Relation::Community);
    let searches = actor.is_system() || actor.roles_in(community).any(all);
    if searches { Ok(()) } else { Err(Error::NotAllowed) }
}

fn with_homes(
    db: &mut Db,
    now: Instant,
    community: CommunityId,
    ids: &[PersonId],
) -> Result<Vec<(PersonLine, Vec<PersonHome>)>> {
    let day = community::by_id(db, community)?.today(now)?;
    let mut homes = homes_of(db, community, ids, day)?;
    let with_homes = |person: PersonLine| {
        let (theirs, others) = std::mem::take(&mut homes).into_iter().partition(|(id, _)| *id == person.id);
        homes = others;
        let theirs: Vec<(PersonId, PersonHome)> = theirs;
        (person, theirs.into_iter().map(|(_, home)| home).collect())
    };
    Ok(lines(db, ids)?.into_iter().map(with_homes).collect())
}

/// The fewest digits of a whole phone.
const LEAST: usize = 7;

/// The digits of what is dialled, without the country's 86; none where it is something else.
fn dialled(words: &str) -> Option<String> {
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let is_phone = !digits.is_empty() && words.chars().all(|c| c.is_ascii_digit() || " -+()".contains(c));
    let domestic = digits.strip_prefix("0086").or(digits.strip_prefix("86").filter(|rest| rest.len() == 11));
    let digits = domestic.unwrap_or(&digits).to_owned();
    is_phone.then_some(digits)
}

fn ids(db: &mut Db, community: CommunityId, words: &str) -> Result<Vec<PersonId>> {
    let mut found = Vec::new();
    if words.is_empty() {
        return Ok(found);
    }
    let digits = dialled(words);
    if let Some(digits) = digits.as_ref().filter(|digits| digits.len() >= LEAST || is_last_four(words)) {
        found.extend(by_phone(db, community, digits)?);
    }
    if let Some(code) = spoken_code(words) {
        found.extend(by_home(db, community, &code)?);
        if let Some(full) = with_floor_of_two(&code).filter(|_| found.is_empty()) {
            found.extend(by_home(db, community, &full)?);
        }
    }
    if words.contains('@') {
        found.extend(by_mail(db, community, words)?);
    } else if digits.is_none() && found.is_empty() {
        found.extend(by_name(db, community, words)?);
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|person| seen.insert(*person));
    found.truncate(MOST);
    Ok(found)
}

/// The code with a room of four digits, where somebody says `101` of the home `1-1-0101`.
fn with_floor_of_two(code: &str) -> Option<String> {
    let (front, room) = code.rsplit_once('-')?;
    let short = room.len() == 3 && room.bytes().all(|byte| byte.is_ascii_digit());
    short.then(|| format!("{front}-0{room}"))
}

fn is_last_four(words: &str) -> bool {
    words.len() == 4 && words.bytes().all(|byte| byte.is_ascii_digit())
}

/// By a whole phone, or its last four: both have an index of the last four.
fn by_phone(db: &mut Db, community: CommunityId, digits: &str) -> Result<Vec<PersonId>> {
    let Some(last) = digits.len().checked_sub(4).and_then(|from| digits.get(from..)) else {
        return Ok(vec![]);
    };
    let sql = format!(
        "SELECT p.id FROM people p WHERE p.community_id = $1 AND {} = $2 AND p.phone LIKE $3 \
         AND p.anonymised_at IS NULL LIMIT $4",
        db::last_four(db.kind(), "p.phone")
    );
    let rows: Vec<Found> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(last)
        .bind::<Text, _>(format!("%{digits}"))
        .bind::<BigInt, _>(limit())
        .load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// By a home's code, or how it begins: the homes are looked through by their index, then their people by theirs.
fn by_home(db: &mut Db, community: CommunityId, code: &str) -> Result<Vec<PersonId>> {
    let begins = containing(code);
    let sql = "SELECT o.person_id AS id FROM occupancies o WHERE o.home_id IN \
               (SELECT h.id FROM homes h WHERE h.community_id = $1 AND h.code LIKE $2 ESCAPE '!' LIMIT $3) \
               ORDER BY o.home_id, o.id LIMIT $4";
    let rows: Vec<Found> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(begins.strip_prefix('%').unwrap_or(&begins))
        .bind::<BigInt, _>(limit())
        .bind::<BigInt, _>(limit() * 2)
        .load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// By name: who is called so first, then whose name has it in it.
fn by_name(db: &mut Db, community: CommunityId, words: &str) -> Result<Vec<PersonId>> {
    // PostgreSQL tells small letters from large ones where SQLite does not; few names have either.
    let like = if db.kind() == Kind::Postgres && words.bytes().any(|b| b.is_ascii_alphabetic()) {
        "ILIKE"
    } else {
        "LIKE"
    };
    let part = format!("p.name {like} $2 ESCAPE '!'");
    let mut found = Vec::new();
    for (condition, name) in [("p.name = $2", words.to_owned()), (part.as_str(), containing(words))] {
        let sql = format!(
            "SELECT p.id FROM people p WHERE p.community_id = $1 AND {condition} AND p.anonymised_at IS NULL LIMIT $3"
        );
        let rows: Vec<Found> = diesel::sql_query(sql)
            .bind::<BigInt, _>(community.0)
            .bind::<Text, _>(name)
            .bind::<BigInt, _>(limit())
            .load(db)?;
        found.extend(rows.into_iter().map(|row| row.id));
    }
    Ok(found)
}

fn by_mail(db: &mut Db, community: CommunityId, words: &str) -> Result<Vec<PersonId>> {
    let sql = "SELECT p.id FROM people p WHERE p.community_id = $1 AND LOWER(p.email) = $2 \
               AND p.anonymised_at IS NULL LIMIT $3";
    let rows: Vec<Found> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(words.to_lowercase())
        .bind::<BigInt, _>(limit())
        .load(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn limit() -> i64 {
    i64::try_from(MOST).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dialled_is_told_from_a_home() {
        for (words, digits) in [
            ("139 0000 0001", Some("13900000001")),
            ("+86 139-0000-0001", Some("13900000001")),
            ("008613900000001", Some("13900000001")),
            ("86213456", Some("86213456")),
            ("0001", Some("0001")),
            ("7栋1单元1503", None),
            ("黎琪艳", None),
            ("", None),
        ] {
            assert_eq!(dialled(words).as_deref(), digits, "{words}");
        }
    }
}
