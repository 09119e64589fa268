//! What a cashier decides about a line that waits: whose it is, or that it is nobody's. Who and when stay with it.

use diesel::prelude::*;

use super::book::{ToBook, find, pay};
use super::{State, Why};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{bank_lines, bank_payers, homes};
use crate::error::Conflict;
use crate::{BankLineId, CommunityId, Db, Error, HomeId, Instant, PaymentId, PersonId, Result};

/// To which home a line is booked.
#[derive(Debug, Clone, Copy)]
pub struct Booking {
    /// The home.
    pub home: HomeId,
    /// Whether the payer is to be recognised at this home from now on.
    pub remember: bool,
    /// The line's version as it was seen; none where a program doesn't say.
    pub version: Option<i32>,
}

/// Books a line that waits to a home.
///
/// # Errors
/// Another was quicker, or the line is not waiting (conflict); the home is another community's (field `home`).
pub fn book(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: BankLineId,
    booking: &Booking,
) -> Result<PaymentId> {
    let line = waiting(tx, actor, now, id, (State::Booked, booking.version))?;
    let community: CommunityId = homes::table.find(booking.home.0).select(homes::community_id).first(tx)?;
    if community != line.community_id {
        return Err(Error::field("home", "unknown_home"));
    }
    let Some(payment) = pay(tx, actor, now, &line, (booking.home, None))? else {
        return Err(stale(tx, id)?);
    };
    let decided = Decided::by(actor, now, State::Booked);
    let (home_id, payment_id) = (Some(booking.home), Some(payment));
    let decided = Decided { why: Some(Why::ByHand), home_id, payment_id, ..decided };
    diesel::update(bank_lines::table.find(id.0)).set(decided).execute(tx)?;
    if booking.remember {
        remember(tx, actor, now, &line, booking.home)?;
    }
    audit::write(tx, actor, now, &Line::new(community, "bank.book", "bank_line", id.0))?;
    Ok(payment)
}

/// Who decided what, and when; what is none stays as it was.
#[derive(AsChangeset)]
#[diesel(table_name = bank_lines)]
struct Decided {
    state: State,
    decided_by: Option<PersonId>,
    decided_at: Option<Instant>,
    note: Option<String>,
    why: Option<Why>,
    home_id: Option<HomeId>,
    payment_id: Option<PaymentId>,
}

impl Decided {
    fn by(actor: &Actor, now: Instant, state: State) -> Self {
        let decided_at = Some(now);
        Self {
            state,
            decided_by: actor.person,
            decided_at,
            note: None,
            why: None,
            home_id: None,
            payment_id: None,
        }
    }
}

fn remember(tx: &mut Db, actor: &Actor, now: Instant, line: &ToBook, home: HomeId) -> Result<()> {
    let name = line.payer.trim();
    if name.is_empty() {
        return Err(Error::field("remember", "no_payer"));
    }
    let known = bank_payers::community_id.eq(line.community_id.0);
    let known = known.and(bank_payers::name.eq(name)).and(bank_payers::home_id.eq(home.0));
    let there: i64 = bank_payers::table.filter(known).count().get_result(tx)?;
    if there == 0 {
        let row = (
            bank_payers::community_id.eq(line.community_id),
            bank_payers::name.eq(name),
            bank_payers::home_id.eq(home),
            bank_payers::by_id.eq(actor.person),
            bank_payers::at.eq(now),
        );
        diesel::insert_into(bank_payers::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// Sets a line aside that is nobody's fee: rent, a deposit, a mistake of the sender.
///
/// # Errors
/// No reason, by field; another was quicker (conflict).
pub fn set_aside(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: BankLineId,
    reason: &str,
    version: Option<i32>,
) -> Result<()> {
    let line = waiting(tx, actor, now, id, (State::Aside, version))?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let note = Some(reason.trim().to_owned());
    step(tx, &line, Decided { note, ..Decided::by(actor, now, State::Aside) })?;
    audit::write(tx, actor, now, &Line::new(line.community_id, "bank.set_aside", "bank_line", id.0))
}

/// Takes up again what was set aside or held for a repetition.
///
/// # Errors
/// The line is in another state (conflict).
pub fn take_up(tx: &mut Db, actor: &Actor, now: Instant, id: BankLineId, version: Option<i32>) -> Result<()> {
    let line = waiting(tx, actor, now, id, (State::Queued, version))?;
    let why = Some(Why::LookedAgain);
    step(tx, &line, Decided { why, ..Decided::by(actor, now, State::Queued) })?;
    audit::write(tx, actor, now, &Line::new(line.community_id, "bank.take_up", "bank_line", id.0))
}

fn step(tx: &mut Db, line: &ToBook, change: Decided) -> Result<()> {
    let same = bank_lines::id.eq(line.id.0).and(bank_lines::version.eq(line.version));
    let set = (change, bank_lines::version.eq(bank_lines::version + 1));
    match diesel::update(bank_lines::table.filter(same)).set(set).execute(tx)? {
        0 => Err(stale(tx, line.id)?),
        _ => Ok(()),
    }
}

/// The line, where the actor may decide about it and it may go there.
fn waiting(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: BankLineId,
    (to, version): (State, Option<i32>),
) -> Result<ToBook> {
    let line = find(tx, id)?;
    allow(tx, actor, now, Action::TakePayment, Object::Community(line.community_id)).map_err(|error| {
        match error {
            Error::NotAllowed if !actor.roles_in(line.community_id).any(|role| role.is_staff()) => {
                Error::NotFound
            }
            error => error,
        }
    })?;
    let decidable = line.state != State::Certain && line.state != State::Booked;
    if !decidable || !line.state.goes_to(to) || version.is_some_and(|version| version != line.version) {
        return Err(conflict(&line));
    }
    Ok(line)
}

fn stale(tx: &mut Db, id: BankLineId) -> Result<Error> {
    Ok(conflict(&find(tx, id)?))
}

fn conflict(line: &ToBook) -> Error {
    let state = line.state.as_str().to_owned();
    Error::Conflict(Conflict { what: "bank_line", state, version: line.version })
}
