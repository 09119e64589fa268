//! A community 小区: the place that is managed, with its own time zone, settings, numbers and staff.

mod standing;

pub use standing::{Standing, standing_of, standings};

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::calendar;
use crate::clock::Zone;
use crate::db::directly;
use crate::db::schema::communities;
use crate::{CommunityId, Db, Error, FieldError, Instant, LocalDate, Result};

/// A community as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = communities)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// The short code that commands and routes use, such as `JXHY`.
    pub code: String,
    /// What people call it, such as 锦绣花园.
    pub name: String,
    /// The IANA name of its time zone.
    pub timezone: String,
    /// When it was added.
    pub created_at: Instant,
}

impl Community {
    /// Its time zone.
    pub fn zone(&self) -> Result<Zone> {
        self.timezone.parse().map_err(Error::internal)
    }

    /// Its local date at an instant.
    pub fn today(&self, now: Instant) -> Result<LocalDate> {
        Ok(self.zone()?.date(now))
    }
}

/// A new community.
#[derive(Debug, Clone)]
pub struct NewCommunity {
    /// Letters, digits and dashes, 2 to 16 of them; kept in upper case.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The IANA name of its time zone.
    pub timezone: String,
}

/// Adds a community.
///
/// # Errors
/// A code that is taken or badly formed, an unknown time zone: by field.
pub fn add(tx: &mut Db, actor: &Actor, now: Instant, new: &NewCommunity) -> Result<Community> {
    allow(tx, actor, now, Action::Administer, Object::Installation)?;
    let code = new.code.trim().to_uppercase();
    check(tx, &code, new)?;
    let row = (
        communities::code.eq(&code),
        communities::name.eq(new.name.trim()),
        communities::timezone.eq(new.timezone.trim()),
        communities::created_at.eq(now),
    );
    let id: CommunityId =
        diesel::insert_into(communities::table).values(row).returning(communities::id).get_result(tx)?;
    calendar::ship(tx, id, new.timezone.trim())?;
    audit::write(tx, actor, now, &Line::new(id, "community.add", "community", id.0))?;
    by_id(tx, id)
}

fn check(tx: &mut Db, code: &str, new: &NewCommunity) -> Result<()> {
    let mut wrong = Vec::new();
    let shaped =
        (2..=16).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !shaped {
        wrong.push(FieldError::new("code", "community_code"));
    } else if by_code(tx, code).is_ok() {
        wrong.push(FieldError::new("code", "taken"));
    }
    if new.name.trim().is_empty() {
        wrong.push(FieldError::new("name", "required"));
    }
    if new.timezone.trim().parse::<Zone>().is_err() {
        wrong.push(FieldError::new("timezone", "timezone"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// The community of an id.
pub fn by_id(db: &mut Db, id: CommunityId) -> Result<Community> {
    let one = communities::table.find(id.0);
    Ok(directly!(db, db => one.select(Community::as_select()).get_result(db))?)
}

/// The community of a code, in any case.
pub fn by_code(db: &mut Db, code: &str) -> Result<Community> {
    let code = code.trim().to_uppercase();
    Ok(communities::table.filter(communities::code.eq(code)).select(Community::as_select()).get_result(db)?)
}

/// Every community, by id.
pub fn all(db: &mut Db) -> Result<Vec<Community>> {
    Ok(communities::table.order(communities::id).select(Community::as_select()).load(db)?)
}
