//! The lines as people work through them, with what is known about each, and what suggests itself.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp};

use super::statements::seen;
use super::{State, Why};
use crate::access::{Action, Actor, Object, allow};
use crate::{
    BankLineId, BankStatementId, CommunityId, Db, Fen, HomeId, Instant, LocalDate, PaymentId, Result,
};

/// A line with the names that people know.
#[derive(Debug, Clone, QueryableByName)]
pub struct Line {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: BankLineId,
    /// The community.
    #[diesel(sql_type = BigInt)]
    pub community_id: CommunityId,
    /// Its statement.
    #[diesel(sql_type = BigInt)]
    pub statement_id: BankStatementId,
    /// The line of the file.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// The day.
    #[diesel(sql_type = Date)]
    pub day: LocalDate,
    /// The time, as the bank writes it.
    #[diesel(sql_type = Text)]
    pub time: String,
    /// The other account's holder.
    #[diesel(sql_type = Text)]
    pub payer: String,
    /// The other account.
    #[diesel(sql_type = Text)]
    pub payer_account: String,
    /// How much.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: Fen,
    /// Purpose and remarks.
    #[diesel(sql_type = Text)]
    pub text: String,
    /// The bank's number.
    #[diesel(sql_type = Text)]
    pub serial: String,
    /// What became of it.
    #[diesel(sql_type = Text)]
    pub state: State,
    /// Why.
    #[diesel(sql_type = Text)]
    pub why: Why,
    /// Homes that come into question, ids parted by commas.
    #[diesel(sql_type = Text)]
    pub suggested: String,
    /// The home that it is booked to.
    #[diesel(sql_type = Nullable<Text>)]
    pub home: Option<String>,
    /// Who of the home was recognised.
    #[diesel(sql_type = Nullable<Text>)]
    pub person: Option<String>,
    /// The payment.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub payment_id: Option<PaymentId>,
    /// Its receipt.
    #[diesel(sql_type = Nullable<Text>)]
    pub receipt: Option<String>,
    /// Who decided.
    #[diesel(sql_type = Nullable<Text>)]
    pub decider: Option<String>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub decided_at: Option<Instant>,
    /// Why it was set aside.
    #[diesel(sql_type = Text)]
    pub note: String,
    /// Counts its changes.
    #[diesel(sql_type = Integer)]
    pub version: i32,
}

const NAMED: &str = "SELECT l.id, l.community_id, l.statement_id, l.line, l.day, l.time, l.payer, l.payer_account, \
    l.amount_fen, l.text, l.serial, l.state, l.why, l.suggested, h.code AS home, p.name AS person, l.payment_id, \
    y.receipt, d.name AS decider, l.decided_at, l.note, l.version FROM bank_lines l \
    LEFT JOIN homes h ON h.id = l.home_id LEFT JOIN people p ON p.id = l.person_id \
    LEFT JOIN payments y ON y.id = l.payment_id LEFT JOIN people d ON d.id = l.decided_by";

/// The lines of a community in a state, oldest first, those after `after`.
pub fn lines(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, state): (CommunityId, State),
    (after, limit): (i64, i64),
) -> Result<Vec<Line>> {
    allow(db, actor, now, Action::ImportBank, Object::Community(community))?;
    let sql =
        format!("{NAMED} WHERE l.community_id = $1 AND l.state = $2 AND l.id > $3 ORDER BY l.id LIMIT $4");
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(state.as_str())
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(limit)
        .load(db)?)
}

/// The lines of a statement in a state, in the order of the file, those after line `after`.
pub fn of_statement(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (statement, state): (BankStatementId, State),
    (after, limit): (i32, i64),
) -> Result<Vec<Line>> {
    super::statement(db, actor, now, statement)?;
    let sql = format!(
        "{NAMED} WHERE l.statement_id = $1 AND l.state = $2 AND l.line > $3 ORDER BY l.line LIMIT $4"
    );
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(statement.0)
        .bind::<Text, _>(state.as_str())
        .bind::<Integer, _>(after)
        .bind::<BigInt, _>(limit)
        .load(db)?)
}

/// A line.
///
/// # Errors
/// Not found where there is none, or it is another community's.
pub fn by_id(db: &mut Db, actor: &Actor, now: Instant, id: BankLineId) -> Result<Line> {
    let sql = format!("{NAMED} WHERE l.id = $1");
    let line: Line = diesel::sql_query(sql).bind::<BigInt, _>(id.0).get_result(db)?;
    seen(db, actor, now, line.community_id)?;
    Ok(line)
}

/// A home that a line may be booked to.
#[derive(Debug, Clone, QueryableByName)]
pub struct Suggestion {
    /// The home.
    #[diesel(sql_type = BigInt)]
    pub home_id: HomeId,
    /// Its code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// Who owes there, or would pay.
    #[diesel(sql_type = Nullable<Text>)]
    pub payer: Option<String>,
    /// What they owe.
    #[diesel(sql_type = BigInt)]
    pub owed: Fen,
}

/// The most homes that only owe the same, for one line.
const MOST_BY_SUM: usize = 3;

/// What suggests itself for each line: the homes that came into question when it was read, and those that owe just
/// this much.
pub fn suggestions(
    db: &mut Db,
    community: CommunityId,
    lines: &[Line],
) -> Result<HashMap<BankLineId, Vec<Suggestion>>> {
    if lines.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = lines.iter().flat_map(named).collect();
    let list = |values: Vec<i64>| {
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        if texts.is_empty() { "0".to_owned() } else { texts.join(", ") }
    };
    let sums = list(lines.iter().map(|line| line.amount_fen.0).collect());
    // Of each home the account that owes most; where nobody owes, the newest.
    let sql = format!(
        "SELECT h.id AS home_id, h.code AS home, p.name AS payer, COALESCE(a.balance_fen, 0) AS owed FROM homes h \
         LEFT JOIN ledger_accounts a ON a.home_id = h.id AND a.book = 'fees' \
         LEFT JOIN people p ON p.id = a.payer_id \
         WHERE h.community_id = $1 AND (h.id IN ({}) OR a.balance_fen IN ({sums})) \
         ORDER BY h.register_order, owed DESC, a.id DESC",
        list(ids)
    );
    let mut homes: Vec<Suggestion> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    homes.dedup_by_key(|one| one.home_id);
    Ok(lines.iter().map(|line| (line.id, of_line(line, &homes))).collect())
}

fn named(line: &Line) -> Vec<i64> {
    line.suggested.split(',').filter_map(|id| id.parse().ok()).collect()
}

fn of_line(line: &Line, homes: &[Suggestion]) -> Vec<Suggestion> {
    let named = named(line);
    let is_named = |one: &&Suggestion| named.contains(&one.home_id.0);
    let same_sum = |one: &&Suggestion| one.owed == line.amount_fen && !is_named(one);
    let by_sum = homes.iter().filter(same_sum).take(MOST_BY_SUM);
    homes.iter().filter(is_named).chain(by_sum).cloned().collect()
}

/// The most homes that a search shows.
const MOST_FOUND: i64 = 20;

/// Homes by the beginning of their code, or by a part of the name of somebody who belongs to them.
pub fn find_homes(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    wanted: &str,
) -> Result<Vec<Suggestion>> {
    allow(db, actor, now, Action::ImportBank, Object::Community(community))?;
    let wanted = crate::imports::values::fold(wanted).to_uppercase().replace(['%', '_', '\\'], "");
    if wanted.is_empty() {
        return Ok(vec![]);
    }
    let sql = "SELECT h.id AS home_id, h.code AS home, p.name AS payer, COALESCE(a.balance_fen, 0) AS owed \
         FROM homes h LEFT JOIN ledger_accounts a ON a.home_id = h.id AND a.book = 'fees' \
         LEFT JOIN people p ON p.id = a.payer_id WHERE h.community_id = $1 AND (UPPER(h.code) LIKE $2 OR EXISTS \
         (SELECT 1 FROM occupancies o JOIN people q ON q.id = o.person_id WHERE o.home_id = h.id \
         AND UPPER(q.name) LIKE $3)) ORDER BY h.register_order, owed DESC, a.id DESC LIMIT $4";
    let mut homes: Vec<Suggestion> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(format!("{wanted}%"))
        .bind::<Text, _>(format!("%{wanted}%"))
        .bind::<BigInt, _>(MOST_FOUND)
        .load(db)?;
    homes.dedup_by_key(|one| one.home_id);
    Ok(homes)
}

/// The codes of homes.
pub fn codes(db: &mut Db, homes: &[HomeId]) -> Result<HashMap<HomeId, String>> {
    use crate::db::schema::homes as table;
    let mut ids: Vec<i64> = homes.iter().map(|home| home.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut codes = HashMap::new();
    for some in ids.chunks(5_000) {
        let rows = table::table.filter(table::id.eq_any(some)).select((table::id, table::code));
        let rows: Vec<(HomeId, String)> = rows.load(db)?;
        codes.extend(rows);
    }
    Ok(codes)
}
