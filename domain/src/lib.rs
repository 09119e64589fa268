//! What the business of a property management office is: its rules and its records.
//!
//! Four spines carry everything: a *case* is what somebody asked of us, a *duty* what we owe by a
//! time, the *ledger* who owes what, a *notification* who is told. The capabilities hang on them.

pub mod access; // who may do what
pub mod attachments; // photos and papers, by what is in them
pub mod audit; // the trail of who did what, chained by hashes
pub mod backup; // everything in one file, and back
pub mod bank; // what came in by the bank, and whose it is
pub mod billing; // what is charged, and the runs that charge it
pub mod calendar; // working days and business hours
pub mod cases; // what somebody asked of us
pub mod categories; // what can be asked for, as a tree
pub mod check; // every invariant, recomputed
pub mod clock; // instants, and local dates by community
pub mod closings; // months whose books are closed
pub mod collection; // what came in of what was due
pub mod community; // the places that are managed
pub mod complaints; // who is not content, until it is settled
pub mod corrections; // what one asks for and another decides
pub mod db; // SQLite or PostgreSQL, transactions, the schema
pub mod debts; // what is disputed, or paid by instalments
pub mod demands; // what is demanded by letter
pub mod deposits; // what is held as a security
pub mod duties; // what we owe by when
pub mod enquiries; // what somebody asks, until it is answered
pub mod error; // why something was not done
pub mod figures; // what a manager looks at beside the money
#[cfg(test)]
mod fresh; // for tests: a database with one community
pub mod homes; // the dwellings and shops, and who lives there
pub mod id; // ids and words as types
pub mod idempotency; // sent twice, done once
pub mod imports; // registers from files
pub mod inspections; // a look at each renovation site, each day
pub mod installation; // what is true of the whole
pub mod invitations; // an owner lets somebody in
pub mod job; // what can be enqueued
pub mod knowledge; // what the desk knows
pub mod late_fees; // what grows on what is late
pub mod ledger; // who owes what
pub mod letters; // what is said to who owes
pub mod limitation; // until when a debt can be demanded
pub mod meters; // what ran through, and what is billed of it
pub mod money; // fen, areas, rates
pub mod move_in; // applied for, approved, handed over
pub mod notifications; // who is told
pub mod number; // gapless numbers
pub mod on_duty; // who is there to do it
pub mod pay_orders; // who pays by WeChat or Alipay
pub mod payments; // what is paid, and its receipts
pub mod people; // persons, and how they are reached
pub mod publications; // what came in and went out, for all to read
pub mod random; // tokens and codes
pub mod rectifications; // what was late, accounted for
pub mod reminders; // who is reminded of what they owe
pub mod renovation; // sites at work
pub mod repairs; // what is broken, until it is mended
pub mod return_visits; // whether it is really done
pub mod roster; // who is away, and who stands in
pub mod saved_filters; // how somebody narrows the queue
pub mod service_checks; // the supervisor looks at the whole
pub mod settings; // what a manager can change
pub mod sheets; // tables that leave the house
pub mod staff; // posts, roles and areas
pub mod stock; // the price list, and what lies in the store
pub mod terms; // the words that a text is found by
pub mod visits; // stewards on the doorstep, and the quota

pub use clock::{Clock, Instant, LocalDate, Month, Zone};
pub use db::{Db, Store};
pub use error::{Error, FieldError, Result};
pub use id::*;
pub use money::{Area, Fen, Quantity, Rate};
