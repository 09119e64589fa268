//! Saved filters: how somebody narrows the queue, under a name of their own. Nobody else sees them; what they hold
//! is the query of the page, which reads it as it reads any other.

use diesel::prelude::*;

use crate::access::Actor;
use crate::cases::voice::words;
use crate::db::schema::saved_filters as table;
use crate::{CommunityId, Db, Error, Instant, PersonId, Result};

/// More than a row of them nobody finds anything in.
pub const MOST: usize = 12;
/// How long a name may be.
const NAME: usize = 30;

/// A filter under its name.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct SavedFilter {
    /// Its id.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// The query of the page: `kind=repair&late=yes`.
    pub query: String,
}

/// The actor's own, in the order in which they were saved.
pub fn list(db: &mut Db, actor: &Actor, community: CommunityId) -> Result<Vec<SavedFilter>> {
    of(db, owner(actor)?, community)
}

fn owner(actor: &Actor) -> Result<PersonId> {
    actor.person.ok_or(Error::NotSignedIn)
}

fn of(db: &mut Db, person: PersonId, community: CommunityId) -> Result<Vec<SavedFilter>> {
    Ok(table::table
        .filter(table::community_id.eq(community.0).and(table::person_id.eq(person.0)))
        .order(table::id)
        .select(SavedFilter::as_select())
        .load(db)?)
}

/// Saves a filter; one of the same name becomes this one.
///
/// # Errors
/// By field where it has no name; `saved_filter.too_many` beyond [`MOST`].
pub fn save(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (name, query): (&str, &str),
) -> Result<()> {
    let (person, name) = (owner(actor)?, words("name", name, NAME)?);
    let own = of(tx, person, community)?;
    if let Some(same) = own.iter().find(|one| one.name == name) {
        let set = (table::query.eq(query), table::saved_at.eq(now));
        diesel::update(table::table.find(same.id)).set(set).execute(tx)?;
        return Ok(());
    }
    if own.len() >= MOST {
        return Err(Error::refused("saved_filter.too_many", vec![("most", MOST.to_string())]));
    }
    let row = (
        table::community_id.eq(community),
        table::person_id.eq(person),
        table::name.eq(name),
        table::query.eq(query),
        table::saved_at.eq(now),
    );
    diesel::insert_into(table::table).values(row).execute(tx)?;
    Ok(())
}

/// Takes one of the actor's own away.
///
/// # Errors
/// [`Error::NotFound`] where it is not theirs.
pub fn remove(tx: &mut Db, actor: &Actor, community: CommunityId, id: i64) -> Result<()> {
    let theirs = table::table
        .find(id)
        .filter(table::community_id.eq(community.0).and(table::person_id.eq(owner(actor)?.0)));
    let gone = diesel::delete(theirs).execute(tx)?;
    if gone == 1 { Ok(()) } else { Err(Error::NotFound) }
}

#[cfg(test)]
mod tests {
    use test_support::both;

    use super::*;
    use crate::repairs::world::{COMMUNITY, DESK, DESK_2, World, at, word};

    fn saved(world: &World, by: PersonId, name: &str, query: &str) -> Result<()> {
        let actor = world.actor(by);
        world.write(|tx| save(tx, &actor, at("2026-11-22T09:00"), COMMUNITY, (name, query)))
    }

    fn names(world: &World, by: PersonId) -> Vec<String> {
        let actor = world.actor(by);
        let own = world.store.read_now(|db| list(db, &actor, COMMUNITY)).unwrap();
        own.into_iter().map(|one| format!("{}: {}", one.name, one.query)).collect()
    }

    both! {
        fn a_filter_is_its_owners_and_one_name_is_one_filter(world: World) {
            saved(&world, DESK, " 漏水 ", "kind=repair").unwrap();
            saved(&world, DESK, "漏水", "kind=repair&late=yes").unwrap();
            assert_eq!(names(&world, DESK), ["漏水: kind=repair&late=yes"]);
            assert_eq!(names(&world, DESK_2), Vec::<String>::new());
            let (own, other) = (world.actor(DESK), world.actor(DESK_2));
            let id = world.store.read_now(|db| list(db, &own, COMMUNITY)).unwrap()[0].id;
            assert_eq!(word(&world.write(|tx| remove(tx, &other, COMMUNITY, id))), "not_found");
            world.write(|tx| remove(tx, &own, COMMUNITY, id)).unwrap();
            assert_eq!(names(&world, DESK), Vec::<String>::new());
        }

        fn there_is_an_end_to_how_many(world: World) {
            for n in 0..MOST {
                saved(&world, DESK, &format!("{n}"), "").unwrap();
            }
            let refused = saved(&world, DESK, "一个太多", "");
            assert!(matches!(&refused, Err(Error::Refused(one)) if one.rule == "saved_filter.too_many"), "{refused:?}");
            saved(&world, DESK, "3", "late=yes").unwrap();
            saved(&world, DESK_2, "别人的", "").unwrap();
            assert!(matches!(saved(&world, DESK, " ", ""), Err(Error::Invalid(_))));
        }
    }
}
