//! The homes that a person is tied to today.

use diesel::prelude::*;

use crate::db::directly;
use crate::db::schema::{communities, homes, occupancies};
use crate::{Db, HomeId, Instant, LocalDate, PersonId, Result, Zone};

/// A tie between a person and a home.
#[derive(Debug, Clone)]
pub struct Tie {
    /// The home.
    pub home: HomeId,
    /// Its code.
    pub code: String,
    /// The community's code.
    pub community: String,
    /// How: the word of the occupancy's kind.
    pub kind: String,
}

type Row = (HomeId, String, String, String, String, LocalDate, Option<LocalDate>);

/// The ties of a person that hold today, in register order.
pub fn of(db: &mut Db, person: PersonId, now: Instant) -> Result<Vec<Tie>> {
    let holds = |row: &Row| {
        let today = row.4.parse::<Zone>().ok().map(|zone| zone.date(now));
        today.is_some_and(|today| row.5 <= today && row.6.is_none_or(|end| end >= today))
    };
    Ok(rows(db, person)?.into_iter().filter(holds).map(tie).collect())
}

/// Every home that a person is or was tied to, each once: who has left keeps reading what is owed there.
pub fn ever(db: &mut Db, person: PersonId) -> Result<Vec<Tie>> {
    let mut ties: Vec<Tie> = rows(db, person)?.into_iter().map(tie).collect();
    ties.dedup_by_key(|tie| tie.home);
    Ok(ties)
}

fn tie(row: Row) -> Tie {
    Tie { home: row.0, code: row.1, community: row.2, kind: row.3 }
}

fn rows(db: &mut Db, person: PersonId) -> Result<Vec<Row>> {
    let rows = occupancies::table
        .inner_join(homes::table.on(homes::id.eq(occupancies::home_id)))
        .inner_join(communities::table.on(communities::id.eq(occupancies::community_id)))
        .filter(occupancies::person_id.eq(person))
        .order((communities::id, homes::register_order))
        .select((
            homes::id,
            homes::code,
            communities::code,
            occupancies::kind,
            communities::timezone,
            occupancies::starts_on,
            occupancies::ends_on,
        ));
    Ok(directly!(db, db => rows.load(db))?)
}
