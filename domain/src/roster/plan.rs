//! The roster as people look at it: who of which post is on duty on which day; and the weekly rests.

use diesel::prelude::*;

use super::records::{self, Off, Roster};
use super::rules::Rest;
use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line as AuditLine};
use crate::calendar::Calendar;
use crate::db::schema::{people, role_grants};
use crate::{CommunityId, Db, Error, Instant, LocalDate, PersonId, Result, community, db, on_duty};

/// Somebody's days.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// The weekdays on which they rest, as of the first day shown.
    pub rest: Rest,
    /// Per day shown why they are off; none where they are on duty or hold the post no more.
    pub off: Vec<Option<Off>>,
}

/// A post with everybody who holds it.
#[derive(Debug, Clone)]
pub struct Post {
    /// The post.
    pub role: Role,
    /// Everybody, by person.
    pub lines: Vec<Line>,
    /// Per day shown how many are on duty.
    pub on_duty: Vec<usize>,
}

/// The roster of a span of days.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The days shown, and whether each is a working day.
    pub days: Vec<(LocalDate, bool)>,
    /// By post.
    pub posts: Vec<Post>,
}

/// Who is on duty from a day on, for so many days.
pub fn plan(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (from, length): (LocalDate, usize),
) -> Result<Plan> {
    allow(db, actor, now, Action::ReadRoster, Object::Community(community))?;
    let days: Vec<LocalDate> = from.iter_days().take(length).collect();
    let to = days.last().copied().unwrap_or(from);
    let roster = Roster::load(db, community, (from, to), None)?;
    let calendar = Calendar::load(db, community)?;
    let rows: Vec<(Role, PersonId, String)> = role_grants::table
        .inner_join(people::table.on(people::id.eq(role_grants::person_id)))
        .filter(role_grants::community_id.eq(community.0).and(role_grants::starts_on.le(to)))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(from)))
        .order((role_grants::role, role_grants::person_id))
        .select((role_grants::role, role_grants::person_id, people::name))
        .distinct()
        .load(db)?;
    let line = |(_, person, name): &(Role, PersonId, String)| Line {
        person: *person,
        name: name.clone(),
        rest: roster.rest(*person, from),
        off: days.iter().map(|day| roster.off(*person, *day)).collect(),
    };
    let post = |role: Role| {
        let lines: Vec<Line> = rows.iter().filter(|row| row.0 == role).map(line).collect();
        let there = |n: usize| lines.iter().filter(|one| one.off.get(n).is_some_and(Option::is_none)).count();
        let on_duty = (0..days.len()).map(there).collect();
        Post { role, on_duty, lines }
    };
    let posts = Role::ALL.iter().copied().filter(|role| role.is_staff()).map(post);
    Ok(Plan {
        days: days.iter().map(|day| (*day, calendar.is_working(*day))).collect(),
        posts: posts.filter(|post| !post.lines.is_empty()).collect(),
    })
}

/// Sets the weekdays on which somebody rests, from a day on that is not past.
///
/// # Errors
/// By field: every day of the week, a day that is past. Who has no post here is not found.
pub fn set_rest(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, person): (CommunityId, PersonId),
    (since, rest): (LocalDate, Rest),
) -> Result<()> {
    allow(tx, actor, now, Action::KeepRoster, Object::Person(community, person))?;
    let by = records::oneself(actor)?;
    if on_duty::roles_of(tx, community, person, now)?.iter().all(|role| !role.is_staff()) {
        return Err(Error::NotFound);
    }
    if since < community::by_id(tx, community)?.today(now)? {
        return Err(Error::field("since", "day_past"));
    }
    if rest.is_all() {
        return Err(Error::field("weekdays", "rest_every_day"));
    }
    db::lock(tx, "people", person.0)?;
    records::set_rest(tx, (community, person, since), rest, (by, now))?;
    audit::write(tx, actor, now, &AuditLine::new(community, "roster.rest", "person", person.0))
}
