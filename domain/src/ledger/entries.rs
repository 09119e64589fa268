//! The entries as rows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::EntryKind;
use crate::db::schema::ledger_entries;
use crate::{
    ChargeId, CommunityId, Db, Fen, Instant, LedgerAccountId, Month, PaymentId, PersonId, Result, community,
};

/// One line of an account, never changed.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ledger_entries)]
pub struct Entry {
    /// Its id.
    pub id: i64,
    /// The account.
    pub account_id: LedgerAccountId,
    /// What it is.
    pub kind: EntryKind,
    /// How much; positive is owed by the payer.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// The charge it is about.
    pub charge_id: Option<ChargeId>,
    /// The payment it is about.
    pub payment_id: Option<PaymentId>,
    /// When.
    pub at: Instant,
    /// Who made it; none where the portal itself did.
    pub actor_id: Option<PersonId>,
    /// Why, where somebody had to say.
    pub note: String,
}

/// An entry with the names that people know, for taking the ledger out.
#[derive(Debug, Clone, QueryableByName)]
pub struct EntryLine {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub at: Instant,
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// Who pays.
    #[diesel(sql_type = Text)]
    pub payer: String,
    /// Which book.
    #[diesel(sql_type = Text)]
    pub book: String,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How much.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: i64,
    /// The charge it is about.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub charge_id: Option<i64>,
    /// The receipt of the payment it is about.
    #[diesel(sql_type = Nullable<Text>)]
    pub receipt: Option<String>,
    /// Why, where somebody had to say.
    #[diesel(sql_type = Text)]
    pub note: String,
}

/// The next entries of a community after one, of a local month where it is named, oldest first.
pub fn export_entries(
    db: &mut Db,
    community: CommunityId,
    month: Option<Month>,
    (after, limit): (i64, i64),
) -> Result<Vec<EntryLine>> {
    let zone = community::by_id(db, community)?.zone()?;
    let within = if month.is_some() { "AND e.at >= $3 AND e.at < $4 " } else { "" };
    let last = if month.is_some() { "$5" } else { "$3" };
    let sql = format!(
        "SELECT e.id, e.at, h.code AS home, p.name AS payer, a.book, e.kind, e.amount_fen, e.charge_id, y.receipt, \
         e.note FROM ledger_entries e JOIN ledger_accounts a ON a.id = e.account_id \
         JOIN homes h ON h.id = a.home_id JOIN people p ON p.id = a.payer_id \
         LEFT JOIN payments y ON y.id = e.payment_id \
         WHERE e.community_id = $1 AND e.id > $2 {within}ORDER BY e.id LIMIT {last}"
    );
    let query = diesel::sql_query(sql).bind::<BigInt, _>(community.0).bind::<BigInt, _>(after);
    let Some(month) = month else { return Ok(query.bind::<BigInt, _>(limit).load(db)?) };
    let (from, to) = (zone.start_of(month.first_day()), zone.start_of(month.next().first_day()));
    Ok(query.bind::<Timestamp, _>(from).bind::<Timestamp, _>(to).bind::<BigInt, _>(limit).load(db)?)
}
