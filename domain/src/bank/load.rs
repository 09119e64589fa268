//! What lines are held against: the homes, who belongs to them, what they owe.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::rules::{Home, Register, Tie};
use crate::db::schema::{buildings, homes};
use crate::{CommunityId, Db, Fen, HomeId, LocalDate, PersonId, Result};

/// Who belongs to a home: whoever has a tie to it that has not ended, whoever has an account there, and whoever a
/// cashier said pays for it.
const TIES: &str = "SELECT o.home_id, p.id AS person_id, p.name FROM occupancies o JOIN people p ON p.id = o.person_id \
    WHERE o.community_id = $1 AND p.anonymised_at IS NULL AND (o.ends_on IS NULL OR o.ends_on >= $2) \
    UNION SELECT a.home_id, p.id, p.name FROM ledger_accounts a JOIN people p ON p.id = a.payer_id \
    WHERE a.community_id = $1 AND a.book = 'fees' AND p.anonymised_at IS NULL \
    UNION SELECT b.home_id, NULL, b.name FROM bank_payers b WHERE b.community_id = $1 ORDER BY 1, 2";

#[derive(QueryableByName)]
struct TieRow {
    #[diesel(sql_type = BigInt)]
    home_id: HomeId,
    #[diesel(sql_type = Nullable<BigInt>)]
    person_id: Option<PersonId>,
    #[diesel(sql_type = Text)]
    name: String,
}

pub(super) fn register(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Register> {
    let rows: Vec<(HomeId, String, String, String, String)> = homes::table
        .inner_join(buildings::table.on(buildings::id.eq(homes::building_id)))
        .filter(homes::community_id.eq(community.0))
        .select((homes::id, homes::code, buildings::code, homes::entrance, homes::room))
        .load(db)?;
    let homes: Vec<Home> = rows
        .into_iter()
        .map(|(id, code, building, entrance, room)| Home { id, code, building, entrance, room })
        .collect();
    let ties: Vec<TieRow> =
        diesel::sql_query(TIES).bind::<BigInt, _>(community.0).bind::<Date, _>(today).load(db)?;
    let ties = ties.into_iter().map(|row| Tie { home: row.home_id, person: row.person_id, name: row.name });
    Ok(Register::new(&homes, ties.collect()))
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    home_id: HomeId,
    #[diesel(sql_type = BigInt)]
    fen: Fen,
}

/// The open balances of homes, and the bills of their periods.
pub(super) fn amounts(db: &mut Db, homes: &[HomeId]) -> Result<HashMap<HomeId, Vec<Fen>>> {
    let mut amounts: HashMap<HomeId, Vec<Fen>> = HashMap::new();
    for some in homes.chunks(5_000) {
        let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
        let ids = ids.join(", ");
        let sql = format!(
            "SELECT home_id, balance_fen AS fen FROM ledger_accounts \
             WHERE home_id IN ({ids}) AND book = 'fees' AND balance_fen > 0 \
             UNION SELECT a.home_id, CAST(SUM(c.amount_fen - c.waived_fen) AS BIGINT) FROM ledger_accounts a \
             JOIN charges c ON c.account_id = a.id WHERE a.home_id IN ({ids}) AND a.book = 'fees' \
             AND NOT c.reversed GROUP BY a.home_id, a.id, c.period"
        );
        let sums: Vec<Sum> = diesel::sql_query(sql).load(db)?;
        for sum in sums {
            amounts.entry(sum.home_id).or_default().push(sum.fen);
        }
    }
    Ok(amounts)
}
