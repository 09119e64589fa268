//! Who owes, since when, and which stages they were sent.

use std::collections::HashMap;

use chrono::Days;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Text};

use super::Planned;
use super::rules::{DAYS_BEFORE, Outcome, Stage};
use crate::billing::explain::yuan;
use crate::db::bulk::{BATCH, insert_all};
use crate::db::schema::{ledger_accounts, reminders};
use crate::db::{Kept, directly};
use crate::debts::QUIET;
use crate::{CommunityId, Db, Fen, Instant, LedgerAccountId, LocalDate, Month, Result};

/// An account that owes, with its oldest unpaid period.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Owing {
    #[diesel(sql_type = BigInt)]
    pub(super) account_id: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) payer_id: i64,
    #[diesel(sql_type = Text)]
    pub(super) home: String,
    #[diesel(sql_type = BigInt)]
    pub(super) balance_fen: i64,
    #[diesel(sql_type = Text)]
    pub(super) period: Month,
    #[diesel(sql_type = Date)]
    pub(super) due_on: LocalDate,
}

impl Owing {
    pub(super) fn account(&self) -> LedgerAccountId {
        LedgerAccountId(self.account_id)
    }
}

/// The accounts (or those of these) that owe at least so much and whose oldest unpaid charge has come near. What is
/// disputed, or in a plan that holds, is left out of all of it.
pub(super) fn owing(
    db: &mut Db,
    community: CommunityId,
    today: LocalDate,
    least: i64,
    only: Option<&[LedgerAccountId]>,
) -> Result<Vec<Owing>> {
    let last = today + Days::new(DAYS_BEFORE.unsigned_abs());
    // One is given as a value, so that its statement stays prepared: each mail that goes out asks it once more.
    let which = match only {
        None => String::new(),
        Some([_]) => " AND c.account_id = $4".to_owned(),
        Some(some) => match listed(some) {
            Some(ids) => format!(" AND c.account_id IN ({ids})"),
            None => return Ok(Vec::new()),
        },
    };
    // Those of some accounts are found by them, not among all that is open in the community: databases that have not
    // counted their rows yet guess wrong, so what they must not look by is put out of their reach.
    let community_column = if only.is_some() { "c.community_id + 0" } else { "c.community_id" };
    let query = diesel::sql_query(owing_sql(community_column, &which))
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(last)
        .bind::<BigInt, _>(least);
    match only {
        Some([one]) => {
            let query = Kept::new(query.bind::<BigInt, _>(one.0));
            Ok(directly!(db, db => query.load(db))?)
        }
        _ => Ok(query.load(db)?),
    }
}

fn owing_sql(community: &str, which: &str) -> String {
    format!(
        "WITH quiet AS MATERIALIZED (SELECT c.id, c.account_id, c.amount_fen - c.paid_fen - c.waived_fen AS fen \
          FROM charges c WHERE c.id IN ({QUIET}) AND NOT c.reversed) \
         SELECT o.account_id, o.payer_id, h.code AS home, o.balance_fen, o.period, o.due_on FROM \
         (SELECT c.account_id, a.payer_id, c.home_id, a.balance_fen - COALESCE(q.fen, 0) AS balance_fen, c.period, \
          c.due_on, ROW_NUMBER() OVER (PARTITION BY c.account_id ORDER BY c.due_on, c.period, c.id) AS n \
          FROM charges c JOIN ledger_accounts a ON a.id = c.account_id \
          LEFT JOIN (SELECT account_id, CAST(SUM(fen) AS BIGINT) AS fen FROM quiet GROUP BY account_id) q \
            ON q.account_id = a.id \
          WHERE {community} = $1 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
          AND c.due_on <= $2 AND a.book = 'fees' AND a.balance_fen - COALESCE(q.fen, 0) >= $3 \
          AND a.balance_fen - COALESCE(q.fen, 0) > 0 AND c.id NOT IN (SELECT id FROM quiet){which}) o \
         JOIN homes h ON h.id = o.home_id WHERE o.n = 1 ORDER BY h.register_order, o.account_id"
    )
}

/// Stages by account and period.
pub(super) type Settled = HashMap<(i64, Month), Vec<Stage>>;

/// The stages that are settled of what is owing; all of them for who was reminded today.
pub(super) fn settled(
    db: &mut Db,
    community: CommunityId,
    today: LocalDate,
    owing: &[Owing],
) -> Result<Settled> {
    let mut settled = Settled::new();
    for some in owing.chunks(BATCH) {
        let accounts: Vec<LedgerAccountId> = some.iter().map(Owing::account).collect();
        let Some(ids) = listed(&accounts) else { continue };
        // Written into the statement, so that it is planned for what the table holds now: a plan that was kept from
        // when it was empty goes through all of it for each batch of a morning.
        let theirs = diesel::dsl::sql::<Bool>(&format!("reminders.account_id IN ({ids})"));
        let rows: Vec<(i64, Month, Stage, Outcome, LocalDate)> = reminders::table
            .filter(reminders::community_id.eq(community.0).and(theirs))
            .select((
                reminders::account_id,
                reminders::period,
                reminders::stage,
                reminders::outcome,
                reminders::day,
            ))
            .load(db)?;
        let periods: HashMap<i64, Month> = some.iter().map(|one| (one.account_id, one.period)).collect();
        for (account, period, stage, outcome, day) in rows {
            settled.entry((account, period)).or_default().push(stage);
            if outcome == Outcome::Sent && day == today {
                // At most one a day, whatever it was about.
                let period = periods.get(&account).copied().unwrap_or(period);
                settled.entry((account, period)).or_default().extend(Stage::ALL);
            }
        }
    }
    Ok(settled)
}

/// The stages that are settled of one.
pub(super) fn stages<'a>(settled: &'a Settled, one: &Owing) -> &'a [Stage] {
    settled.get(&(one.account_id, one.period)).map_or(&[], Vec::as_slice)
}

pub(super) fn community_of(db: &mut Db, account: LedgerAccountId) -> Result<CommunityId> {
    Ok(ledger_accounts::table.find(account.0).select(ledger_accounts::community_id).first(db)?)
}

/// A reminder to be written.
#[derive(Insertable)]
#[diesel(table_name = reminders)]
struct New {
    community_id: CommunityId,
    account_id: i64,
    period: Month,
    stage: Stage,
    outcome: Outcome,
    owed_fen: i64,
    at: Instant,
    day: LocalDate,
}

/// Writes down what is sent and what was passed over.
pub(super) fn insert(
    tx: &mut Db,
    community_id: CommunityId,
    planned: &[Planned],
    at: Instant,
    day: LocalDate,
) -> Result<()> {
    let row = |one: &Owing, stage, outcome| New {
        community_id,
        account_id: one.account_id,
        period: one.period,
        stage,
        outcome,
        owed_fen: one.balance_fen,
        at,
        day,
    };
    let mut rows = Vec::new();
    for one in planned {
        rows.extend(one.skipped.iter().map(|stage| row(&one.owing, *stage, Outcome::Skipped)));
        rows.push(row(&one.owing, one.stage, Outcome::Sent));
    }
    insert_all!(tx, reminders::table, rows);
    Ok(())
}

/// One line of what is owed.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Owed {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = BigInt)]
    open_fen: i64,
    #[diesel(sql_type = Date)]
    due_on: LocalDate,
}

impl Owed {
    /// The line as a mail has it, in no language: `2026-11  物业管理费  ¥250.60  (2026-11-25)`.
    pub(super) fn line(&self) -> String {
        let subject = if self.subject.is_empty() { String::new() } else { format!(" {}", self.subject) };
        format!("{}  {}{subject}  {}  ({})", self.period, self.name, yuan(Fen(self.open_fen)), self.due_on)
    }
}

/// Everything that is open on each of these accounts, oldest first, but for what nobody is reminded of.
pub(super) fn owed(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<HashMap<i64, Vec<Owed>>> {
    let Some(ids) = listed(accounts) else { return Ok(HashMap::new()) };
    let sql = format!(
        "SELECT c.account_id, c.period, i.name, c.subject, c.amount_fen - c.paid_fen - c.waived_fen AS open_fen, \
         c.due_on FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         WHERE c.account_id IN ({ids}) AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
         AND c.id NOT IN ({QUIET}) \
         ORDER BY c.account_id, c.due_on, c.period, i.register_order, c.subject, c.id"
    );
    let lines: Vec<Owed> = diesel::sql_query(sql).load(db)?;
    let mut owed: HashMap<i64, Vec<Owed>> = HashMap::new();
    for line in lines {
        owed.entry(line.account_id).or_default().push(line);
    }
    Ok(owed)
}

/// Ids as a list for SQL; nothing where there are none.
fn listed(accounts: &[LedgerAccountId]) -> Option<String> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// A reminder as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reminders)]
pub struct Reminder {
    /// The period it was about.
    pub period: Month,
    /// Which stage.
    pub stage: Stage,
    /// What became of it.
    pub outcome: Outcome,
    /// What was owed in all.
    #[diesel(column_name = owed_fen)]
    pub owed: Fen,
    /// When.
    pub at: Instant,
}

/// What an account was reminded of, newest first.
pub fn of_account(db: &mut Db, account: LedgerAccountId) -> Result<Vec<Reminder>> {
    let rows = reminders::table.filter(reminders::account_id.eq(account.0)).order(reminders::id.desc());
    Ok(rows.select(Reminder::as_select()).load(db)?)
}
