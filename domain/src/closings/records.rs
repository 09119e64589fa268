//! Closings as rows, with the sums that stand with them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use super::rules::span;
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{month_closing_sums, month_closings, people};
use crate::ledger::Book;
use crate::{CommunityId, Db, Fen, Instant, Month, MonthClosingId, Result, community};

/// A month that is closed.
#[derive(Debug, Clone, Queryable)]
pub struct Closing {
    /// Its id.
    pub id: MonthClosingId,
    /// The month.
    pub month: Month,
    /// When it was closed.
    pub closed_at: Instant,
    /// By whom; nobody where that is not a person any more.
    pub closed_by: Option<String>,
}

/// What the entries of a kind moved in a book; the balance before them under the kind `opening`.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Queryable)]
pub struct Sum {
    /// The book.
    #[diesel(sql_type = Text)]
    pub book: Book,
    /// `opening`, or the kind of an entry.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many entries.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    /// Their sum; positive is owed by payers.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: Fen,
}

/// The newest month that is closed.
pub(super) fn last(db: &mut Db, community: CommunityId) -> Result<Option<Month>> {
    let own = month_closings::table.filter(month_closings::community_id.eq(community.0));
    Ok(own.order(month_closings::until_at.desc()).select(month_closings::month).first(db).optional()?)
}

/// The sums of a stretch of time `$1 from`, `$3 until` of the community `$2`, from all of its entries.
const FROM_THE_BEGINNING: &str = "SELECT a.book, CASE WHEN e.at < $1 THEN 'opening' ELSE e.kind END AS kind, \
     COUNT(*) AS entries, CAST(SUM(e.amount_fen) AS BIGINT) AS amount_fen \
     FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id \
     WHERE e.community_id = $2 AND e.at < $3 \
     GROUP BY a.book, CASE WHEN e.at < $1 THEN 'opening' ELSE e.kind END";

/// The same where the month before `$4` is closed: what it ended with, and the entries behind those that it has seen.
const FROM_THE_LAST: &str = "SELECT a.book, e.kind, COUNT(*) AS entries, CAST(SUM(e.amount_fen) AS BIGINT) AS amount_fen \
     FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id \
     WHERE e.at >= $1 AND e.community_id = $2 AND e.at < $3 \
     AND e.id > (SELECT c.last_entry FROM month_closings c WHERE c.id = $4) GROUP BY a.book, e.kind \
     UNION ALL SELECT s.book, 'opening', CAST(SUM(s.entries) AS BIGINT), CAST(SUM(s.amount_fen) AS BIGINT) \
     FROM month_closing_sums s WHERE s.closing_id = $4 GROUP BY s.book";

/// The newest entry up to which all are dated before `$1 until` in the community `$2`, of those behind what the last closing has seen.
const LAST_ENTRY: &str = "SELECT COALESCE(MIN(CASE WHEN e.at >= $1 THEN e.id END) - 1, MAX(e.id), 0) AS id \
     FROM ledger_entries e WHERE e.community_id = $2 AND e.id > COALESCE((SELECT MAX(c.last_entry) \
     FROM month_closings c WHERE c.community_id = $2), 0)";

/// Up to which entry a closing until a moment has seen everything.
pub(super) fn last_entry(db: &mut Db, community: CommunityId, until: Instant) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let query = diesel::sql_query(LAST_ENTRY).bind::<Timestamp, _>(until).bind::<BigInt, _>(community.0);
    Ok(query.get_result::<Last>(db)?.id)
}

/// Writes down what the entries say.
pub(super) fn freeze(
    tx: &mut Db,
    id: MonthClosingId,
    community: CommunityId,
    (from, until): (Instant, Instant),
) -> Result<()> {
    for sum in sums(tx, community, (from, until))? {
        let row = (
            month_closing_sums::closing_id.eq(id),
            month_closing_sums::book.eq(sum.book),
            month_closing_sums::kind.eq(sum.kind),
            month_closing_sums::entries.eq(sum.entries),
            month_closing_sums::amount_fen.eq(sum.amount_fen),
        );
        diesel::insert_into(month_closing_sums::table).values(row).execute(tx)?;
    }
    Ok(())
}

fn sums(db: &mut Db, community: CommunityId, (from, until): (Instant, Instant)) -> Result<Vec<Sum>> {
    let before = month_closings::table
        .filter(month_closings::community_id.eq(community.0).and(month_closings::until_at.eq(from)))
        .select(month_closings::id);
    let before: Option<MonthClosingId> = before.first(db).optional()?;
    let sql = if before.is_some() { FROM_THE_LAST } else { FROM_THE_BEGINNING };
    let query = diesel::sql_query(sql)
        .bind::<Timestamp, _>(from)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(until);
    match before {
        Some(before) => Ok(query.bind::<BigInt, _>(before.0).load(db)?),
        None => Ok(query.load(db)?),
    }
}

/// The months that are closed, newest first, for who keeps the books.
pub fn list(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Closing>> {
    allow(db, actor, now, Action::CloseMonth, Object::Community(community))?;
    let rows = month_closings::table
        .left_join(people::table.on(people::id.nullable().eq(month_closings::closed_by)))
        .filter(month_closings::community_id.eq(community.0))
        .order(month_closings::until_at.desc())
        .select((
            month_closings::id,
            month_closings::month,
            month_closings::closed_at,
            people::name.nullable(),
        ));
    Ok(rows.load(db)?)
}

/// A month that is closed, with the sums that were frozen.
///
/// # Errors
/// Not found where the month is not closed.
pub fn of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Month,
) -> Result<(Closing, Vec<Sum>)> {
    let found = list(db, actor, now, community)?.into_iter().find(|one| one.month == month);
    let found = found.ok_or(crate::Error::NotFound)?;
    let frozen = month_closing_sums::table
        .filter(month_closing_sums::closing_id.eq(found.id.0))
        .select((
            month_closing_sums::book,
            month_closing_sums::kind,
            month_closing_sums::entries,
            month_closing_sums::amount_fen,
        ))
        .load(db)?;
    Ok((found, frozen))
}

/// What closing a month would freeze, as the entries say now.
pub fn preview(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    month: Month,
) -> Result<Vec<Sum>> {
    allow(db, actor, now, Action::CloseMonth, Object::Community(community))?;
    let zone = community::by_id(db, community)?.zone()?;
    sums(db, community, span(month, zone))
}

/// The month that is to be closed next, where one can be: behind the newest that is, else the last one that is over.
pub fn next(db: &mut Db, community: CommunityId, now: Instant) -> Result<Option<Month>> {
    let here = community::by_id(db, community)?;
    let over = Month::of(here.today(now)?).prev();
    let wanted = last(db, community)?.map_or(over, Month::next);
    let (_, until) = span(wanted, here.zone()?);
    Ok((until.plus(super::rules::AFTER) <= now).then_some(wanted))
}
