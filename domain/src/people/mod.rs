//! People as one community knows them: who owns, lives, rents or works there, and how they are reached.
//! Phones are masked; who needs one opens it, and the audit trail says so (domain.md §2).

pub mod anonymise;
pub mod held;
mod records;
pub mod rules;
mod search;

use diesel::prelude::*;
use serde::Serialize;

pub use records::{PersonHome, PersonLine};
pub use rules::masked;
pub use search::{find, of_phone, staff_names};

use crate::access::{Action, Actor, Object, allow, may};
use crate::audit::{self, Line};
use crate::db::schema::{occupancies, people, staff};
use crate::{CommunityId, Db, Error, HomeId, Instant, PersonId, Result, community};

/// The page of a caller.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPage {
    /// Who it is, the phone masked.
    pub person: PersonLine,
    /// The homes they are or were tied to.
    pub homes: Vec<PersonHome>,
}

/// Opens a person's page.
///
/// # Errors
/// Not found where there is none in the community, or the asker may see none of their homes.
pub fn open(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
) -> Result<PersonPage> {
    reached(db, actor, now, community, person, Action::ReadHomes)?;
    let day = community::by_id(db, community)?.today(now)?;
    let homes = records::homes_of(db, community, &[person], day)?.into_iter().map(|(_, home)| home).collect();
    Ok(PersonPage { person: records::line(db, person)?, homes })
}

/// A person's phone without its mask. Each opening stands on the audit trail.
///
/// # Errors
/// Not found where the asker may not know it, or there is none.
pub fn unmask_phone(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
) -> Result<String> {
    reached(tx, actor, now, community, person, Action::UnmaskPhone)?;
    let phone: Option<String> = people::table.find(person.0).select(people::phone).first(tx)?;
    let phone = phone.ok_or(Error::NotFound)?;
    let line = Line::new(community, "person.unmask_phone", "person", person.0).fields("phone");
    audit::write(tx, actor, now, &line)?;
    Ok(phone)
}

/// Refuses unless the asker may do `action` to one of the person's homes; of staff, to the community.
fn reached(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
    action: Action,
) -> Result<()> {
    let found = people::table.filter(people::id.eq(person.0).and(people::community_id.eq(community.0)));
    let known: i64 = found.count().get_result(db)?;
    if known == 0 {
        return Err(Error::NotFound);
    }
    allow(db, actor, now, action, Object::Community(community))?;
    let homes: Vec<HomeId> = occupancies::table
        .filter(occupancies::person_id.eq(person.0).and(occupancies::community_id.eq(community.0)))
        .select(occupancies::home_id)
        .load(db)?;
    for home in &homes {
        if may(db, actor, now, action, Object::Home(community, *home))? {
            return Ok(());
        }
    }
    // Colleagues reach each other; a resident reaches none of the staff this way.
    let colleague: i64 = staff::table.filter(staff::person_id.eq(person.0)).count().get_result(db)?;
    let works_here = actor.is_system() || actor.roles_in(community).any(|role| role.is_staff());
    if colleague > 0 && works_here { Ok(()) } else { Err(Error::NotFound) }
}
