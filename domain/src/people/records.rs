//! People's rows, and the homes that they are tied to.

use diesel::prelude::*;
use serde::Serialize;

use super::rules::masked;
use crate::db::schema::{homes, occupancies, people, staff};
use crate::homes::OccupancyKind;
use crate::{CommunityId, Db, LocalDate, PersonId, Result};

/// A person with the phone masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// Their id.
    pub id: PersonId,
    /// What they are called.
    pub name: String,
    /// Their phone, masked.
    pub phone: Option<String>,
    /// Their mail address.
    pub email: Option<String>,
    /// Their post, where they work for the office.
    pub post: Option<String>,
    /// Since when nobody is known behind the row any more.
    pub anonymised: bool,
}

/// A tie to a home, seen from the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonHome {
    /// The home's code.
    pub code: String,
    /// As what.
    pub kind: OccupancyKind,
    /// Whether they live there.
    pub lives_there: bool,
    /// From which day.
    pub starts_on: LocalDate,
    /// Until which day.
    pub ends_on: Option<LocalDate>,
    /// Whether it has ended.
    pub past: bool,
}

type Tuple = (PersonId, String, Option<String>, Option<String>, Option<crate::Instant>, Option<String>);

fn to_line((id, name, phone, email, anonymised, post): Tuple) -> PersonLine {
    let phone = phone.as_deref().map(masked);
    PersonLine { id, name, phone, email, post, anonymised: anonymised.is_some() }
}

/// One person.
pub(super) fn line(db: &mut Db, person: PersonId) -> Result<PersonLine> {
    let mut lines = lines(db, &[person])?;
    lines.pop().ok_or(crate::Error::NotFound)
}

/// Several, in the order of their names.
pub(super) fn lines(db: &mut Db, ids: &[PersonId]) -> Result<Vec<PersonLine>> {
    let ids = ids.iter().map(|id| id.0);
    let rows = people::table
        .left_join(staff::table.on(staff::person_id.eq(people::id)))
        .filter(people::id.eq_any(ids))
        .order((people::name, people::id))
        .select((
            people::id,
            people::name,
            people::phone,
            people::email,
            people::anonymised_at,
            staff::post.nullable(),
        ));
    let rows: Vec<Tuple> = rows.load(db)?;
    Ok(rows.into_iter().map(to_line).collect())
}

/// The homes of several people, by register order.
pub(super) fn homes_of(
    db: &mut Db,
    community: CommunityId,
    ids: &[PersonId],
    day: LocalDate,
) -> Result<Vec<(PersonId, PersonHome)>> {
    type Row = (PersonId, String, OccupancyKind, bool, LocalDate, Option<LocalDate>);
    let ids = ids.iter().map(|id| id.0);
    let rows: Vec<Row> = occupancies::table
        .inner_join(homes::table.on(homes::id.eq(occupancies::home_id)))
        .filter(occupancies::community_id.eq(community.0).and(occupancies::person_id.eq_any(ids)))
        .order((homes::register_order, occupancies::starts_on.desc()))
        .select((
            occupancies::person_id,
            homes::code,
            occupancies::kind,
            occupancies::lives_there,
            occupancies::starts_on,
            occupancies::ends_on,
        ))
        .load(db)?;
    let tied = |(person, code, kind, lives_there, starts_on, ends_on): Row| {
        let past = ends_on.is_some_and(|end| end < day);
        (person, PersonHome { code, kind, lives_there, starts_on, ends_on, past })
    };
    Ok(rows.into_iter().map(tied).collect())
}
