//! Who owes, since when, and which stages they were sent.

use std::collections::HashMap;

use chrono::Days;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::rules::{DAYS_BEFORE, Outcome, Stage};
use crate::billing::explain::yuan;
use crate::db::schema::{ledger_accounts, reminders};
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

/// The accounts (or the one) that owe at least so much and whose oldest unpaid charge has come near. What is disputed,
/// or in a plan that holds, is left out of all of it.
pub(super) fn owing(
    db: &mut Db,
    community: CommunityId,
    today: LocalDate,
    least: i64,
    only: Option<LedgerAccountId>,
) -> Result<Vec<Owing>> {
    let only = only.map_or(String::new(), |id| format!(" AND c.account_id = {id}"));
    let open = "c.amount_fen - c.paid_fen - c.waived_fen";
    let sql = format!(
        "SELECT o.account_id, o.payer_id, h.code AS home, o.balance_fen, o.period, o.due_on FROM \
         (SELECT c.account_id, a.payer_id, c.home_id, a.balance_fen - COALESCE(q.fen, 0) AS balance_fen, c.period, \
          c.due_on, ROW_NUMBER() OVER (PARTITION BY c.account_id ORDER BY c.due_on, c.period, c.id) AS n \
          FROM charges c JOIN ledger_accounts a ON a.id = c.account_id \
          LEFT JOIN (SELECT c.account_id, CAST(SUM({open}) AS BIGINT) AS fen FROM charges c \
                     WHERE c.id IN ({QUIET}) AND NOT c.reversed GROUP BY c.account_id) q ON q.account_id = a.id \
          WHERE c.community_id = $1 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
          AND c.due_on <= $2 AND a.book = 'fees' AND a.balance_fen - COALESCE(q.fen, 0) >= $3 \
          AND a.balance_fen - COALESCE(q.fen, 0) > 0 AND c.id NOT IN ({QUIET}){only}) o \
         JOIN homes h ON h.id = o.home_id WHERE o.n = 1 ORDER BY h.register_order, o.account_id"
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(today + Days::new(DAYS_BEFORE.unsigned_abs()))
        .bind::<BigInt, _>(least)
        .load(db)?)
}

/// The stages that are settled, by account and period; all of them for who was reminded today.
pub(super) fn settled(
    db: &mut Db,
    community: CommunityId,
    today: LocalDate,
) -> Result<HashMap<(i64, String), Vec<Stage>>> {
    let rows: Vec<(i64, String, Stage, Outcome, LocalDate)> = reminders::table
        .filter(reminders::community_id.eq(community.0))
        .select((
            reminders::account_id,
            reminders::period,
            reminders::stage,
            reminders::outcome,
            reminders::day,
        ))
        .load(db)?;
    let mut settled: HashMap<_, Vec<Stage>> = HashMap::new();
    for (account, period, stage, outcome, day) in rows {
        let stages = settled.entry((account, period)).or_default();
        if outcome == Outcome::Sent && day == today {
            stages.extend(Stage::ALL);
        } else {
            stages.push(stage);
        }
    }
    Ok(settled)
}

/// The stages of one account and period that are settled.
pub(super) fn stages(db: &mut Db, account: LedgerAccountId, period: Month) -> Result<Vec<Stage>> {
    let rows = reminders::table.filter(reminders::account_id.eq(account.0).and(reminders::period.eq(period)));
    Ok(rows.select(reminders::stage).load(db)?)
}

/// Whether the account was reminded on a day already.
pub(super) fn reminded_on(db: &mut Db, account: LedgerAccountId, day: LocalDate) -> Result<bool> {
    let rows = reminders::table
        .filter(reminders::account_id.eq(account.0).and(reminders::day.eq(day)))
        .filter(reminders::outcome.eq(Outcome::Sent));
    Ok(rows.count().get_result::<i64>(db)? > 0)
}

pub(super) fn community_of(db: &mut Db, account: LedgerAccountId) -> Result<CommunityId> {
    Ok(ledger_accounts::table.find(account.0).select(ledger_accounts::community_id).first(db)?)
}

pub(super) fn insert(
    tx: &mut Db,
    community: CommunityId,
    one: &Owing,
    (stage, outcome): (Stage, Outcome),
    now: Instant,
    today: LocalDate,
) -> Result<()> {
    let row = (
        reminders::community_id.eq(community),
        reminders::account_id.eq(one.account_id),
        reminders::period.eq(one.period),
        reminders::stage.eq(stage),
        reminders::outcome.eq(outcome),
        reminders::owed_fen.eq(one.balance_fen),
        reminders::at.eq(now),
        reminders::day.eq(today),
    );
    diesel::insert_into(reminders::table).values(row).execute(tx)?;
    Ok(())
}

/// One line of what is owed.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Owed {
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

/// Everything that is open on an account, oldest first, but for what nobody is reminded of.
pub(super) fn owed(db: &mut Db, account: LedgerAccountId) -> Result<Vec<Owed>> {
    let sql = format!(
        "SELECT c.period, i.name, c.subject, c.amount_fen - c.paid_fen - c.waived_fen AS open_fen, c.due_on \
         FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
         WHERE c.account_id = $1 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
         AND c.id NOT IN ({QUIET}) ORDER BY c.due_on, c.period, i.register_order, c.subject, c.id"
    );
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(account.0).load(db)?)
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
