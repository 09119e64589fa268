//! Closing of a month 月结: what the books held is written down and shown for good, and nothing is dated into the
//! month any more (domain.md §10). What is found to be wrong afterwards is corrected in the month that is open.
//!
//! | a month | can be closed |
//! | --- | --- |
//! | that is not over, or for less than an hour | no: what was begun in it may still be written down |
//! | behind one that is open, where a month was ever closed | no: one after the other |
//! | that is closed | no: once, by one of two who try |
//! | else | by who keeps the books: who and when stand with it |

mod faults;
mod records;
pub mod rules;

pub use faults::faults;
pub use records::{Closing, Sum, list, next, of, preview};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::Kind;
use crate::db::schema::month_closings;
use crate::{CommunityId, Db, Error, Instant, Month, MonthClosingId, Result, community};

/// Closes a month of a community: its sums by book and kind are frozen.
///
/// # Errors
/// Not over (`closing.not_over`), not the next (`closing.not_next`), closed already (`closing.closed`).
pub fn close(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Month,
) -> Result<MonthClosingId> {
    allow(tx, actor, now, Action::CloseMonth, Object::Community(community))?;
    books(tx, community, "pg_advisory_xact_lock")?;
    let zone = community::by_id(tx, community)?.zone()?;
    rules::can_close(month, records::last(tx, community)?, zone, now)?;
    let (from, until) = rules::span(month, zone);
    let row = (
        month_closings::community_id.eq(community),
        month_closings::month.eq(month),
        month_closings::from_at.eq(from),
        month_closings::until_at.eq(until),
        month_closings::closed_by.eq(actor.person),
        month_closings::closed_at.eq(now),
        month_closings::last_entry.eq(records::last_entry(tx, community, until)?),
    );
    let made = diesel::insert_into(month_closings::table).values(row).returning(month_closings::id);
    let id: MonthClosingId = match made.get_result(tx) {
        Err(error) if crate::db::is_unique_violation(&error) => {
            return Err(Error::refused("closing.closed", vec![]));
        }
        other => other?,
    };
    records::freeze(tx, id, community, (from, until))?;
    let line = Line::new(community, "month.close", "month_closing", id.0).fields(month.as_str());
    audit::write(tx, actor, now, &line)?;
    Ok(id)
}

/// Names the locks of communities' books among the server's advisory locks.
const BOOKS: i32 = 0x0b00;

/// Takes a community's books until the transaction ends: who writes an entry shares them with others who do, who closes
/// a month has them alone, so that no entry is under way while its month is added up. SQLite's writer is alone anyway.
fn books(tx: &mut Db, community: CommunityId, lock: &str) -> Result<()> {
    if tx.kind() == Kind::Postgres {
        let sql = format!("SELECT {lock}({BOOKS}, CAST($1 AS INTEGER))");
        diesel::sql_query(sql).bind::<BigInt, _>(community.0).execute(tx)?;
    }
    Ok(())
}

/// Refuses to date an entry into a month that is closed: a clock that was set back must not change what is frozen. None
/// can be closed before the transaction ends.
///
/// # Errors
/// A closed month (`closing.closed_month`).
pub(crate) fn open_at(db: &mut Db, community: CommunityId, at: Instant) -> Result<()> {
    #[derive(QueryableByName)]
    struct Closed {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    books(db, community, "pg_advisory_xact_lock_shared")?;
    let sql = "SELECT COUNT(*) AS rows FROM month_closings WHERE community_id = $1 AND until_at > $2";
    let query = diesel::sql_query(sql).bind::<BigInt, _>(community.0).bind::<Timestamp, _>(at);
    let closed: Closed = query.get_result(db)?;
    if closed.rows == 0 { Ok(()) } else { Err(Error::refused("closing.closed_month", vec![])) }
}
