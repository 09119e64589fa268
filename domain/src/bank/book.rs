//! Books the certain lines, each in a transaction of its own: the line is taken first, so that whoever else is at
//! it finds it gone.

use diesel::prelude::*;

use super::{State, Why};
use crate::access::Actor;
use crate::db::schema::{bank_lines, ledger_accounts};
use crate::ledger::Book;
use crate::payments::{self, Method, NewPayment};
use crate::{BankLineId, CommunityId, Db, Error, Fen, HomeId, Instant, PaymentId, PersonId, Result};

/// How many certain lines are booked before the one who sent the file has an answer; the worker does the rest.
pub const AT_ONCE: usize = 500;

/// A line as far as booking needs it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bank_lines)]
pub(super) struct ToBook {
    pub(super) id: BankLineId,
    pub(super) community_id: CommunityId,
    #[diesel(column_name = amount_fen)]
    pub(super) amount: Fen,
    pub(super) day: crate::LocalDate,
    pub(super) text: String,
    pub(super) serial: String,
    pub(super) state: State,
    pub(super) home_id: Option<HomeId>,
    pub(super) person_id: Option<PersonId>,
    pub(super) payer: String,
    pub(super) version: i32,
}

pub(super) fn find(db: &mut Db, id: BankLineId) -> Result<ToBook> {
    Ok(bank_lines::table.find(id.0).select(ToBook::as_select()).first(db)?)
}

/// Books the next certain line of a community; false where none is left. What cannot be booked after all waits for
/// a cashier.
pub fn book_next(tx: &mut Db, now: Instant, community: CommunityId) -> Result<bool> {
    let next = bank_lines::table
        .filter(bank_lines::community_id.eq(community.0).and(bank_lines::state.eq(State::Certain)))
        .order(bank_lines::id)
        .select(ToBook::as_select());
    let Some(line): Option<ToBook> = next.first(tx).optional()? else { return Ok(false) };
    let (Some(home), person) = (line.home_id, line.person_id) else {
        return Err(Error::internal(format!("bank line {} is certain of no home", line.id)));
    };
    let actor = Actor::system("bank statement");
    let booked = tx.transaction(|tx| pay(tx, &actor, now, &line, (home, person)));
    match booked {
        Ok(Some(payment)) => settle(tx, &line, payment)?,
        // Somebody else booked it in the meantime.
        Ok(None) => {}
        Err(Error::Refused(_) | Error::Invalid(_) | Error::NotFound) => leave(tx, &line)?,
        Err(error) => return Err(error),
    }
    Ok(true)
}

/// Takes the line, and the payment for it; none where the line is not as it was read.
pub(super) fn pay(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    line: &ToBook,
    (home, person): (HomeId, Option<PersonId>),
) -> Result<Option<PaymentId>> {
    if !hold(tx, line)? {
        return Ok(None);
    }
    let new = NewPayment {
        home,
        payer: owing(tx, home, person)?,
        amount: line.amount,
        method: Method::BankStatement,
        allocate: vec![],
        note: note(line),
    };
    payments::take(tx, actor, now, &new).map(Some)
}

/// Makes the line ours until the transaction ends: its version counts up only where it is as it was read.
fn hold(tx: &mut Db, line: &ToBook) -> Result<bool> {
    let same = bank_lines::state.eq(line.state).and(bank_lines::version.eq(line.version));
    let row = bank_lines::table.filter(bank_lines::id.eq(line.id.0).and(same));
    let next = bank_lines::version.eq(bank_lines::version + 1);
    Ok(diesel::update(row).set(next).execute(tx)? == 1)
}

/// The person whose account it goes to, where they owe there; else the payment finds its account by itself.
fn owing(tx: &mut Db, home: HomeId, person: Option<PersonId>) -> Result<Option<PersonId>> {
    let Some(person) = person else { return Ok(None) };
    let account = ledger_accounts::table
        .filter(ledger_accounts::home_id.eq(home.0).and(ledger_accounts::payer_id.eq(person.0)))
        .filter(ledger_accounts::book.eq(Book::Fees))
        .select(ledger_accounts::balance_fen);
    let balance: Option<Fen> = account.first(tx).optional()?;
    Ok(balance.filter(|balance| *balance > Fen::ZERO).map(|_| person))
}

fn note(line: &ToBook) -> String {
    let parts = [line.day.to_string(), line.payer.clone(), line.text.clone(), line.serial.clone()];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(" ").chars().take(200).collect()
}

fn settle(tx: &mut Db, line: &ToBook, payment: PaymentId) -> Result<()> {
    let set = (bank_lines::state.eq(State::Booked), bank_lines::payment_id.eq(payment));
    diesel::update(bank_lines::table.find(line.id.0)).set(set).execute(tx)?;
    Ok(())
}

fn leave(tx: &mut Db, line: &ToBook) -> Result<()> {
    let set = (
        bank_lines::state.eq(State::Queued),
        bank_lines::why.eq(Why::NotBooked),
        bank_lines::version.eq(bank_lines::version + 1),
    );
    let same = bank_lines::state.eq(line.state).and(bank_lines::version.eq(line.version));
    diesel::update(bank_lines::table.filter(bank_lines::id.eq(line.id.0).and(same))).set(set).execute(tx)?;
    Ok(())
}

/// The line whose payment was voided waits again.
pub(crate) fn payment_voided(tx: &mut Db, payment: PaymentId) -> Result<()> {
    let none: Option<PaymentId> = None;
    let set = (
        bank_lines::state.eq(State::Queued),
        bank_lines::why.eq(Why::Voided),
        bank_lines::payment_id.eq(none),
        bank_lines::version.eq(bank_lines::version + 1),
    );
    diesel::update(bank_lines::table.filter(bank_lines::payment_id.eq(payment.0))).set(set).execute(tx)?;
    Ok(())
}
