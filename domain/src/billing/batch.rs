//! One batch of a run: a handful of statements, however many homes. What is wanted and what was made of it stand
//! in tables of the transaction's own, so that each is worked out once and no statement goes through all charges.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamp};

use super::candidates::{Candidates, Range};
use super::items::items;
use super::runs::{Run, What};
use super::{developer, shared};
use crate::db::Kind;
use crate::ledger::{add_to_summaries, use_prepayments};
use crate::{Db, Instant, LedgerAccountId, Result, closings, community, db, settings};

/// What a batch made.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
pub(super) struct Made {
    #[diesel(sql_type = BigInt)]
    pub(super) charges: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) fen: i64,
}

/// Charges the homes of a range for what they were not charged yet. The run's row has to be locked.
pub(super) fn charge(tx: &mut Db, run: &Run, range: Range, now: Instant) -> Result<Made> {
    closings::open_at(tx, run.community_id, now)?;
    find_by_index(tx)?;
    let items = match run.what {
        What::Items => items(tx, run.community_id)?,
        What::Shared => {
            shared::hold(tx, run)?;
            shared::items_of(tx, run.community_id, run.period)?
        }
        What::Developer => developer::charged_by(tx, run.community_id)?,
    };
    let due_days = settings::get(tx, run.community_id, settings::DUE_DAYS_AT_LEAST)?;
    let today = community::by_id(tx, run.community_id)?.today(now)?;
    let made = (today, due_days.unsigned_abs());
    let candidates = match run.what {
        What::Developer => {
            let Some(terms) = developer::of_month(tx, run.community_id, run.period)? else {
                return Ok(Made::default());
            };
            Candidates::of_developer(tx.kind(), run.community_id, (run.period, &terms), &items, made)
        }
        _ => Candidates::of(tx, run.community_id, run.period, &items, made)?,
    };
    let Some(wanted) = candidates.sql(range) else { return Ok(Made::default()) };
    keep(tx, WANTED, &wanted)?;
    open_accounts(tx, run)?;
    let before = last_charge(tx)?;
    let made = if insert(tx, run, now)? == 0 { Made::default() } else { book(tx, run, before, now)? };
    forget(tx, WANTED)?;
    forget(tx, ACCOUNTS)?;
    Ok(made)
}

/// A batch is a thousand homes of however many. By its usual costs, which are those of a turning disk, PostgreSQL goes
/// through all bays and all accounts rather than look up a thousand, and so for each batch.
fn find_by_index(tx: &mut Db) -> Result<()> {
    if tx.kind() == Kind::Postgres {
        diesel::sql_query("SET LOCAL random_page_cost = 1.1").execute(tx)?;
    }
    Ok(())
}

/// What the homes of the batch are to be charged for.
const WANTED: &str = "billing_wanted";
/// Who pays for which home of the batch, and on which account.
const ACCOUNTS: &str = "billing_accounts";
/// The charges that the batch made.
const FRESH: &str = "billing_fresh";

/// Keeps what `query` finds until [`forget`]; a transaction that fails forgets it too.
fn keep(tx: &mut Db, name: &str, query: &str) -> Result<()> {
    diesel::sql_query(format!("CREATE TEMPORARY TABLE {name} AS {query}")).execute(tx)?;
    Ok(())
}

fn forget(tx: &mut Db, name: &str) -> Result<()> {
    diesel::sql_query(format!("DROP TABLE {name}")).execute(tx)?;
    Ok(())
}

/// Enters the charges after `before` in the books, adds them up and lets prepayments pay them.
pub(super) fn book(tx: &mut Db, run: &Run, before: i64, now: Instant) -> Result<Made> {
    let run_id = run.id;
    let fresh = format!(
        "SELECT id, community_id, account_id, building_id, fee_item_id, amount_fen, due_on, due_month, made_at FROM charges \
         WHERE id > {before} AND run_id = {run_id}"
    );
    keep(tx, FRESH, &fresh)?;
    enter(tx, run)?;
    add_to_summaries(
        tx,
        &format!(
            "SELECT community_id, building_id, fee_item_id, due_on, due_month, 1 AS charges, amount_fen AS due_fen, \
             0 AS collected_fen, CASE WHEN amount_fen > 0 THEN 1 ELSE 0 END AS opened FROM {FRESH}"
        ),
    )?;
    prepay(tx, now)?;
    let sql = format!(
        "SELECT COUNT(*) AS charges, CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS fen FROM {FRESH}"
    );
    let made = diesel::sql_query(sql).get_result(tx)?;
    forget(tx, FRESH)?;
    Ok(made)
}

/// Makes the accounts that are missing and takes those of the batch, in the order of their ids. Each is looked up by
/// its key: joined with the batch, PostgreSQL would go through all accounts for each.
fn open_accounts(tx: &mut Db, run: &Run) -> Result<()> {
    let community = run.community_id;
    let payers = format!("(SELECT DISTINCT home_id, payer_id FROM {WANTED} WHERE payer_id IS NOT NULL) w");
    let account = format!(
        "(SELECT a.id FROM ledger_accounts a WHERE a.community_id = {community} AND a.home_id = w.home_id \
         AND a.payer_id = w.payer_id AND a.book = 'fees')"
    );
    let missing = format!(
        "INSERT INTO ledger_accounts (community_id, home_id, payer_id, book) \
         SELECT CAST({community} AS BIGINT), w.home_id, w.payer_id, 'fees' FROM {payers} WHERE {account} IS NULL \
         ORDER BY 2, 3 ON CONFLICT (community_id, home_id, payer_id, book) DO NOTHING"
    );
    diesel::sql_query(missing).execute(tx)?;
    keep(tx, ACCOUNTS, &format!("SELECT w.home_id, w.payer_id, {account} AS account_id FROM {payers}"))?;
    let taken =
        format!("SELECT id FROM ledger_accounts WHERE id IN (SELECT account_id FROM {ACCOUNTS}) ORDER BY id");
    db::lock_rows(tx, &taken)
}

pub(super) fn last_charge(tx: &mut Db) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let sql = "SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) AS id FROM charges";
    Ok(diesel::sql_query(sql).get_result::<Last>(tx)?.id)
}

/// Inserts what is not charged yet, in register order; who was first wins.
fn insert(tx: &mut Db, run: &Run, now: Instant) -> Result<usize> {
    let revision = match run.what {
        What::Shared => shared::revision(tx, run)?,
        _ => "0".to_owned(),
    };
    let (community, period, run) = (run.community_id, run.period, run.id);
    let sql = format!(
        "INSERT INTO charges (community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, \
         period, revision, from_on, to_on, basis, amount_fen, due_on, due_month, made_at, run_id) \
         SELECT {community}, k.account_id, w.home_id, w.building_id, w.payer_id, w.fee_item_id, w.subject, '{period}', {revision}, \
         w.from_on, w.to_on, w.basis, w.amount_fen, w.due_on, SUBSTR(CAST(w.due_on AS TEXT), 1, 7), $1, {run} \
         FROM {WANTED} w JOIN {ACCOUNTS} k ON k.home_id = w.home_id AND k.payer_id = w.payer_id WHERE 1 = 1 \
         ORDER BY w.home_order, w.item_order, w.position, w.subject \
         ON CONFLICT (community_id, period, home_id, fee_item_id, subject, revision) DO NOTHING"
    );
    Ok(diesel::sql_query(sql).bind::<Timestamp, _>(now).execute(tx)?)
}

/// The entries of the new charges, and the balances they change.
fn enter(tx: &mut Db, run: &Run) -> Result<()> {
    let entries = format!(
        "INSERT INTO ledger_entries (community_id, account_id, kind, amount_fen, charge_id, at, actor_id, note) \
         SELECT community_id, account_id, 'charge', amount_fen, id, made_at, $1, '' FROM {FRESH}"
    );
    diesel::sql_query(entries).bind::<Nullable<BigInt>, _>(run.actor_id).execute(tx)?;
    let balances = format!(
        "UPDATE ledger_accounts SET balance_fen = ledger_accounts.balance_fen + n.fen FROM \
         (SELECT account_id, CAST(SUM(amount_fen) AS BIGINT) AS fen FROM {FRESH} GROUP BY account_id) n WHERE n.account_id = ledger_accounts.id"
    );
    diesel::sql_query(balances).execute(tx)?;
    Ok(())
}

/// What was paid ahead pays the new charges.
fn prepay(tx: &mut Db, now: Instant) -> Result<()> {
    #[derive(QueryableByName)]
    struct Ahead {
        #[diesel(sql_type = BigInt)]
        account_id: i64,
    }
    let sql = format!(
        "SELECT DISTINCT p.account_id FROM payments p WHERE p.unallocated_fen > 0 \
         AND p.account_id IN (SELECT account_id FROM {FRESH}) ORDER BY p.account_id"
    );
    let ahead: Vec<Ahead> = diesel::sql_query(sql).load(tx)?;
    let accounts: Vec<LedgerAccountId> = ahead.iter().map(|row| LedgerAccountId(row.account_id)).collect();
    use_prepayments(tx, &accounts, now)
}
