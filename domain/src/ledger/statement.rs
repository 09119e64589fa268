//! A statement of account 对账单: what was owed before a day, everything that moved from then to another day, and what
//! was owed at its end, for each account of a home and each book. Entries are never changed, so a statement as of a
//! day says the same whenever it is asked for.

use chrono::{Datelike, Days};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamp};

use super::matter::{self, Matter};
use super::{Account, Book, EntryKind, accounts};
use crate::access::Actor;
use crate::{ChargeId, CommunityId, Db, Error, Fen, HomeId, Instant, LocalDate, Month, Result, community};

/// From which day to which, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: LocalDate,
    /// The last day.
    pub to: LocalDate,
}

impl Span {
    /// The most days that a statement has.
    pub const MOST_DAYS: i64 = 3_660;

    /// A span that can be asked for.
    ///
    /// # Errors
    /// By field: a last day before the first, or ten years behind it.
    pub fn new(from: LocalDate, to: LocalDate) -> Result<Self> {
        let days = to.signed_duration_since(from).num_days();
        if (0..=Self::MOST_DAYS).contains(&days) {
            Ok(Self { from, to })
        } else {
            Err(Error::field("to", "span"))
        }
    }
}

impl Span {
    /// What is asked for: up to today, from the first day of that year, where nothing is said.
    ///
    /// # Errors
    /// As [`Span::new`].
    pub fn asked(from: Option<LocalDate>, to: Option<LocalDate>, today: LocalDate) -> Result<Self> {
        let to = to.unwrap_or(today);
        let year = Month::new(to.year(), 1).map_or(to, Month::first_day);
        Self::new(from.unwrap_or(year), to)
    }
}

/// An account's part of a statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The account as it is now.
    pub account: Account,
    /// The balance before the first day; positive is owed by the payer.
    pub opening: Fen,
    /// What moved, oldest first.
    pub lines: Vec<StatementLine>,
    /// The balance at the end of the last day.
    pub closing: Fen,
    /// What was open at the end of the last day, oldest first.
    pub open: Vec<OpenCharge>,
    /// What was paid and covered nothing at the end of the last day: prepaid, or a deposit that was held.
    pub ahead: Fen,
}

/// An entry with the names that people know.
#[derive(Debug, Clone, QueryableByName)]
pub struct StatementLine {
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub at: Instant,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: EntryKind,
    /// How much; positive is owed by the payer.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: Fen,
    /// What it is about.
    #[diesel(embed)]
    pub matter: Matter,
    /// Why, where somebody had to say.
    #[diesel(sql_type = Text)]
    pub note: String,
}

/// A charge that was open.
#[derive(Debug, Clone, QueryableByName)]
pub struct OpenCharge {
    /// The charge.
    #[diesel(sql_type = BigInt)]
    pub id: ChargeId,
    /// What it was for.
    #[diesel(embed)]
    pub matter: Matter,
    /// When it was due.
    #[diesel(sql_type = Date)]
    pub due_on: LocalDate,
    /// What was open of it.
    #[diesel(sql_type = BigInt)]
    pub open_fen: Fen,
}

/// The statement of a home, as the asker may see it: an account a part, those left out on which nothing ever moved up
/// to then.
pub fn statement(
    db: &mut Db,
    actor: &Actor,
    community: CommunityId,
    home: HomeId,
    span: Span,
) -> Result<Vec<Statement>> {
    let zone = community::by_id(db, community)?.zone()?;
    let (from, end) = (zone.start_of(span.from), zone.start_of(span.to + Days::new(1)));
    let mut parts = Vec::new();
    for book in Book::ALL {
        for account in accounts::visible(db, actor, home, *book)? {
            parts.extend(part(db, account, (from, end))?);
        }
    }
    Ok(parts)
}

fn part(db: &mut Db, account: Account, (from, end): (Instant, Instant)) -> Result<Option<Statement>> {
    let id = account.id;
    let (opening, before) = balance_before(db, id.0, from)?;
    let sql = format!(
        "SELECT e.at, e.kind, e.amount_fen, e.note, {} FROM ledger_entries e {} \
         WHERE e.account_id = {id} AND e.at >= $1 AND e.at < $2 ORDER BY e.at, e.id",
        matter::COLUMNS,
        matter::joins("e"),
    );
    let query = diesel::sql_query(sql).bind::<Timestamp, _>(from).bind::<Timestamp, _>(end);
    let lines: Vec<StatementLine> = query.load(db)?;
    if before == 0 && lines.is_empty() {
        return Ok(None);
    }
    let closing = opening + lines.iter().map(|line| line.amount_fen).sum();
    let (open, ahead) = (open_at(db, id.0, end)?, ahead_at(db, id.0, end)?);
    Ok(Some(Statement { account, opening, lines, closing, open, ahead }))
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    fen: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

fn balance_before(db: &mut Db, account: i64, at: Instant) -> Result<(Fen, i64)> {
    let sql = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS fen, COUNT(*) AS rows FROM ledger_entries \
               WHERE account_id = $1 AND at < $2";
    let sum: Sum =
        diesel::sql_query(sql).bind::<BigInt, _>(account).bind::<Timestamp, _>(at).get_result(db)?;
    Ok((Fen(sum.fen), sum.rows))
}

/// What was open before a moment: made by then, less what was waived, paid and not freed by then; nothing of what was
/// taken back.
fn open_at(db: &mut Db, account: i64, at: Instant) -> Result<Vec<OpenCharge>> {
    let sql = "SELECT o.id, i.name AS item, o.subject, o.period, NULL AS receipt, o.due_on, \
               CAST(o.fen AS BIGINT) AS open_fen FROM (SELECT c.id, c.subject, c.period, c.due_on, c.fee_item_id, \
               (SELECT COALESCE(SUM(e.amount_fen), 0) FROM ledger_entries e WHERE e.charge_id = c.id AND e.at < $1) \
               - (SELECT COALESCE(SUM(a.amount_fen), 0) FROM allocations a WHERE a.charge_id = c.id AND a.at < $1 \
                  AND (a.freed_at IS NULL OR a.freed_at >= $1)) AS fen \
               FROM charges c WHERE c.account_id = $2) o JOIN fee_items i ON i.id = o.fee_item_id \
               WHERE o.fen > 0 ORDER BY o.due_on, o.period, i.register_order, o.subject, o.id";
    Ok(diesel::sql_query(sql).bind::<Timestamp, _>(at).bind::<BigInt, _>(account).load(db)?)
}

/// What payments had left before a moment.
fn ahead_at(db: &mut Db, account: i64, at: Instant) -> Result<Fen> {
    let sql = "SELECT CAST(COALESCE((SELECT SUM(-e.amount_fen) FROM ledger_entries e WHERE e.account_id = $1 \
               AND e.payment_id IS NOT NULL AND e.at < $2), 0) AS BIGINT) - CAST(COALESCE((SELECT SUM(a.amount_fen) \
               FROM allocations a JOIN payments p ON p.id = a.payment_id WHERE p.account_id = $1 AND a.at < $2 \
               AND (a.freed_at IS NULL OR a.freed_at >= $2)), 0) AS BIGINT) AS fen, CAST(0 AS BIGINT) AS rows";
    let sum: Sum =
        diesel::sql_query(sql).bind::<BigInt, _>(account).bind::<Timestamp, _>(at).get_result(db)?;
    Ok(Fen(sum.fen))
}
