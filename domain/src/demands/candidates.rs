//! Who is to be sent a demand: who had the last reminder of what is still overdue, and is in no term of an earlier
//! demand. What is disputed, or in a plan that holds, is not demanded.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::debts::QUIET;
use crate::{
    ChargeId, CommunityId, Db, Fen, Instant, LedgerAccountId, LocalDate, PersonId, Result, community,
    settings,
};

/// Somebody who is to be sent a demand.
#[derive(Debug, Clone, QueryableByName)]
pub struct Candidate {
    /// The account.
    #[diesel(sql_type = BigInt)]
    pub account: LedgerAccountId,
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// Who pays.
    #[diesel(sql_type = BigInt)]
    pub payer: PersonId,
    /// What they are called.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The language that they read.
    #[diesel(sql_type = Text)]
    pub language: String,
    /// How many charges are overdue.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Their sum.
    #[diesel(sql_type = BigInt)]
    pub overdue: Fen,
    /// The oldest due day.
    #[diesel(sql_type = Date)]
    pub oldest_due_on: LocalDate,
    /// When the last reminder was sent.
    #[diesel(sql_type = Timestamp)]
    pub reminded_at: Instant,
}

/// Everybody who is to be sent a demand, in register order, for who keeps debts; not the asker themselves.
pub fn candidates(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
) -> Result<Vec<Candidate>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    let today = community::by_id(db, community)?.today(now)?;
    let least = settings::get(db, community, settings::REMINDER_LEAST_FEN)?;
    let open = "c.amount_fen - c.paid_fen - c.waived_fen";
    let sql = format!(
        "SELECT k.account, h.code AS home, k.payer, p.name, p.language, k.charges, k.overdue, k.oldest_due_on, \
         k.reminded_at FROM (SELECT c.account_id AS account, c.home_id, c.payer_id AS payer, COUNT(*) AS charges, \
          CAST(SUM({open}) AS BIGINT) AS overdue, MIN(c.due_on) AS oldest_due_on, MAX(r.at) AS reminded_at \
          FROM charges c JOIN ledger_accounts a ON a.id = c.account_id \
          JOIN (SELECT account_id, MAX(at) AS at, MAX(period) AS period FROM reminders \
                WHERE community_id = $1 AND stage = 'day30' AND outcome = 'sent' GROUP BY account_id) r \
            ON r.account_id = c.account_id \
          WHERE c.community_id = $1 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen \
          AND c.due_on < $2 AND a.book = 'fees' AND c.id NOT IN ({QUIET}) \
          GROUP BY c.account_id, c.home_id, c.payer_id HAVING MIN(c.period) <= MAX(r.period)) k \
         JOIN homes h ON h.id = k.home_id JOIN people p ON p.id = k.payer \
         WHERE k.overdue >= $3 AND k.payer <> $4 \
         AND NOT EXISTS (SELECT 1 FROM demands d WHERE d.account_id = k.account AND d.term_on >= $2) \
         ORDER BY h.register_order, k.account"
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Date, _>(today)
        .bind::<BigInt, _>(least)
        .bind::<BigInt, _>(actor.person.map_or(0, |person| person.0))
        .load(db)?)
}

/// What of an account is overdue and demanded, oldest first.
pub(super) fn overdue(
    db: &mut Db,
    account: LedgerAccountId,
    today: LocalDate,
) -> Result<Vec<(ChargeId, Fen)>> {
    #[derive(QueryableByName)]
    struct Open {
        #[diesel(sql_type = BigInt)]
        id: ChargeId,
        #[diesel(sql_type = BigInt)]
        fen: Fen,
    }
    let sql = format!(
        "SELECT c.id, c.amount_fen - c.paid_fen - c.waived_fen AS fen FROM charges c \
         WHERE c.account_id = $1 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen AND c.due_on < $2 \
         AND c.id NOT IN ({QUIET}) ORDER BY c.due_on, c.period, c.id"
    );
    let rows: Vec<Open> =
        diesel::sql_query(sql).bind::<BigInt, _>(account.0).bind::<Date, _>(today).load(db)?;
    Ok(rows.into_iter().map(|one| (one.id, one.fen)).collect())
}
