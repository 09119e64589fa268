//! Accounts: one per home, payer and book, with the balance kept beside the entries.

use std::collections::BTreeMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::entries::Entry;
use super::{Book, EntryKind};
use crate::access::{Action, Actor, Object, Role, allow, policy};
use crate::db::schema::{homes, ledger_accounts, ledger_entries, payments, people};
use crate::db::{Kept, directly};
use crate::{
    ChargeId, CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, PaymentId, PersonId, Result,
    closings,
};

/// An account as people see it.
#[derive(Debug, Clone, Queryable)]
pub struct Account {
    /// Its id.
    pub id: LedgerAccountId,
    /// The community.
    pub community_id: CommunityId,
    /// The home.
    pub home_id: HomeId,
    /// Who pays.
    pub payer_id: PersonId,
    /// What they are called.
    pub payer: String,
    /// Which book.
    pub book: Book,
    /// The sum of the entries; positive is owed by the payer.
    pub balance: Fen,
}

/// The account of a home, payer and book; made where there was none.
pub fn account(
    tx: &mut Db,
    community: CommunityId,
    home: HomeId,
    payer: PersonId,
    book: Book,
) -> Result<LedgerAccountId> {
    let sql = "INSERT INTO ledger_accounts (community_id, home_id, payer_id, book) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (community_id, home_id, payer_id, book) DO NOTHING";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(home.0)
        .bind::<BigInt, _>(payer.0)
        .bind::<Text, _>(book.as_str())
        .execute(tx)?;
    let found = ledger_accounts::table
        .filter(ledger_accounts::community_id.eq(community.0).and(ledger_accounts::home_id.eq(home.0)))
        .filter(ledger_accounts::payer_id.eq(payer.0).and(ledger_accounts::book.eq(book)));
    Ok(found.select(ledger_accounts::id).first(tx)?)
}

/// Whether an account is of a book.
pub(crate) fn is_of(db: &mut Db, account: LedgerAccountId, book: Book) -> Result<bool> {
    let found: Book = ledger_accounts::table.find(account.0).select(ledger_accounts::book).first(db)?;
    Ok(found == book)
}

/// Takes an account until the transaction ends: before its charges, payments and allocations are looked at.
pub(crate) fn lock(tx: &mut Db, account: LedgerAccountId) -> Result<()> {
    crate::db::lock(tx, "ledger_accounts", account.0)
}

/// Takes many accounts, in the order of their ids, so that two who take some of the same wait for each other.
pub(crate) fn lock_all(tx: &mut Db, accounts: &[LedgerAccountId]) -> Result<()> {
    let ids: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let these = format!("SELECT id FROM ledger_accounts WHERE id IN ({}) ORDER BY id", ids.join(", "));
    crate::db::lock_rows(tx, &these)
}

/// What an entry is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About {
    Charge(ChargeId),
    Payment(PaymentId),
}

/// Adds an entry and brings the balance up to date. The account has to be locked.
///
/// # Errors
/// A moment in a month that is closed (`closing.closed_month`).
pub(crate) fn add_entry(
    tx: &mut Db,
    account: LedgerAccountId,
    (kind, amount, about): (EntryKind, Fen, About),
    actor: &Actor,
    now: Instant,
    note: &str,
) -> Result<()> {
    let (charge, payment) = match about {
        About::Charge(id) => (Some(id), None),
        About::Payment(id) => (None, Some(id)),
    };
    let holder = ledger_accounts::table.find(account.0);
    let community: CommunityId = holder.select(ledger_accounts::community_id).first(tx)?;
    closings::open_at(tx, community, now)?;
    let row = (
        ledger_entries::community_id.eq(community),
        ledger_entries::account_id.eq(account),
        ledger_entries::kind.eq(kind),
        ledger_entries::amount_fen.eq(amount),
        ledger_entries::charge_id.eq(charge),
        ledger_entries::payment_id.eq(payment),
        ledger_entries::at.eq(now),
        ledger_entries::actor_id.eq(actor.person),
        ledger_entries::note.eq(note),
    );
    diesel::insert_into(ledger_entries::table).values(row).execute(tx)?;
    let moved = ledger_accounts::balance_fen.eq(ledger_accounts::balance_fen + amount.0);
    diesel::update(holder).set(moved).execute(tx)?;
    Ok(())
}

/// The accounts of a home in a book, by payer.
pub fn of_home(db: &mut Db, home: HomeId, book: Book) -> Result<Vec<Account>> {
    let rows = ledger_accounts::table
        .inner_join(people::table.on(people::id.eq(ledger_accounts::payer_id)))
        .filter(ledger_accounts::home_id.eq(home.0).and(ledger_accounts::book.eq(book)))
        .order(ledger_accounts::id)
        .select((
            ledger_accounts::id,
            ledger_accounts::community_id,
            ledger_accounts::home_id,
            ledger_accounts::payer_id,
            people::name,
            ledger_accounts::book,
            ledger_accounts::balance_fen,
        ));
    Ok(directly!(db, db => rows.load(db))?)
}

/// The accounts of a home that a resident may see: their own, those of the people they share the household
/// with, and, for an owner, those of who rented from them. Staff see all ([`of_home`]).
pub fn seen_by(db: &mut Db, person: PersonId, home: HomeId, book: Book) -> Result<Vec<Account>> {
    #[derive(QueryableByName)]
    struct Payer {
        #[diesel(sql_type = BigInt)]
        person_id: i64,
    }
    // Own and theirs overlap in time: who came after, or was there before, is nobody's business.
    let sql = "SELECT DISTINCT theirs.person_id FROM occupancies own \
               JOIN occupancies theirs ON theirs.home_id = own.home_id \
               WHERE own.person_id = $1 AND own.home_id = $2 \
               AND (own.ends_on IS NULL OR theirs.starts_on <= own.ends_on) \
               AND (theirs.ends_on IS NULL OR theirs.ends_on >= own.starts_on) \
               AND (theirs.household_id = own.household_id \
                    OR (own.kind = 'owner' AND theirs.kind IN ('tenant', 'shop_operator')))";
    let query = diesel::sql_query(sql).bind::<BigInt, _>(person.0).bind::<BigInt, _>(home.0);
    let payers: Vec<Payer> = directly!(db, db => Kept::new(query).load(db))?;
    let seen = |id: PersonId| id == person || payers.iter().any(|payer| payer.person_id == id.0);
    Ok(of_home(db, home, book)?.into_iter().filter(|account| seen(account.payer_id)).collect())
}

/// The accounts of a home that the asker may see: all for who reads the ledger by their post, what
/// [`seen_by`] says for a resident.
pub fn visible(db: &mut Db, actor: &Actor, home: HomeId, book: Book) -> Result<Vec<Account>> {
    let its_community = homes::table.find(home.0).select(homes::community_id);
    let community = directly!(db, db => its_community.get_result(db))?;
    let by_post = |role| role != Role::Resident && policy::ever(Action::ReadLedger, role);
    match actor.person {
        Some(person) if !actor.roles_in(community).any(by_post) => seen_by(db, person, home, book),
        _ => of_home(db, home, book),
    }
}

/// What payments of these accounts are not allocated yet: the prepayment that the next bill uses.
pub fn prepaid(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Fen> {
    Ok(prepaid_of_each(db, accounts)?.into_values().sum())
}

/// The same account by account; nothing for those without any.
pub fn prepaid_of_each(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<BTreeMap<LedgerAccountId, Fen>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let count = ids.len();
    let open = payments::table
        .filter(payments::account_id.eq_any(ids).and(sql::<Bool>("payments.unallocated_fen > 0")))
        .select((payments::account_id, payments::unallocated_fen));
    let open: Vec<(LedgerAccountId, Fen)> = directly!(db, db => Kept::listing(count, open).load(db))?;
    let mut each = BTreeMap::new();
    for (account, fen) in open {
        *each.entry(account).or_insert(Fen::ZERO) += fen;
    }
    Ok(each)
}

/// The entries of accounts, newest first, at most `limit`.
pub fn entries_of(db: &mut Db, accounts: &[LedgerAccountId], limit: i64) -> Result<Vec<Entry>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    Ok(ledger_entries::table
        .filter(ledger_entries::account_id.eq_any(ids))
        .order(ledger_entries::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(db)?)
}

/// A home by its code, for who may read what is owed on it: also who has left.
///
/// # Errors
/// Not found where there is none, or the asker may not see it.
pub fn home(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, code: &str) -> Result<HomeId> {
    let found = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(code.trim())));
    let home: HomeId = found.select(homes::id).first(db)?;
    allow(db, actor, now, Action::ReadLedger, Object::Home(community, home)).map_err(
        |error| match error {
            Error::NotAllowed => Error::NotFound,
            other => other,
        },
    )?;
    Ok(home)
}
