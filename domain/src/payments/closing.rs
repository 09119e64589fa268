//! The day's closing 日结: what was taken and voided on a day, by book and method.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use serde::Serialize;

use super::{Book, Method};
use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Fen, Instant, LocalDate, Result, community};

/// One method's day in a book: deposits are counted apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName)]
pub struct Closing {
    /// In which book.
    #[diesel(sql_type = Text)]
    pub book: Book,
    /// How it was paid.
    #[diesel(sql_type = Text)]
    pub method: Method,
    /// How many payments were taken.
    #[diesel(sql_type = BigInt)]
    pub payments: i64,
    /// Their sum.
    #[diesel(sql_type = BigInt)]
    #[serde(rename = "taken_fen")]
    pub taken: Fen,
    /// What was given back on the day: voided and refunded, of whatever day the payment was.
    #[diesel(sql_type = BigInt)]
    #[serde(rename = "returned_fen")]
    pub returned: Fen,
}

impl Closing {
    /// What has to be in the till, or on the account.
    pub fn net(&self) -> Fen {
        self.taken - self.returned
    }
}

/// What a local day brought in, by method.
pub fn closing(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    day: LocalDate,
) -> Result<Vec<Closing>> {
    allow(db, actor, now, Action::TakePayment, Object::Community(community))?;
    let zone = community::by_id(db, community)?.zone()?;
    let (from, to) = (zone.start_of(day), zone.start_of(day + chrono::Days::new(1)));
    let sql = "SELECT a.book, p.method, \
               CAST(SUM(CASE WHEN e.kind = 'payment' THEN 1 ELSE 0 END) AS BIGINT) AS payments, \
               CAST(SUM(CASE WHEN e.kind = 'payment' THEN -e.amount_fen ELSE 0 END) AS BIGINT) AS taken, \
               CAST(SUM(CASE WHEN e.kind = 'refund' THEN e.amount_fen ELSE 0 END) AS BIGINT) AS returned \
               FROM ledger_entries e JOIN payments p ON p.id = e.payment_id \
               JOIN ledger_accounts a ON a.id = e.account_id WHERE e.community_id = $1 AND e.at >= $2 AND e.at < $3 \
               GROUP BY a.book, p.method ORDER BY CASE a.book WHEN 'fees' THEN 0 ELSE 1 END, a.book, p.method";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to)
        .load(db)?)
}
