//! Late fees 违约金 (domain.md §10): off until the manager enters what the service agreement says for an item, in its
//! words, with a day's rate, days of grace and a cap. They hold for what falls due from their first day on, so that
//! nothing that is due already becomes dearer. A late fee is a charge of its own, with the item `late:<item>`, one a
//! month for each charge that is late; it never grows on itself, never while the charge is disputed or its plan holds,
//! and falls with the charge that it grew on. Payments reach it after that charge, as it is due later.
//!
//! | a charge that is late | its late fee |
//! | --- | --- |
//! | still open at the end of a month | is charged on the 1st, for the days up to then |
//! | paid off meanwhile | is charged in the night after, for the days before |
//! | paid off, opened again by a void, in one month | goes on with the next month's |
//! | taken back | is taken back with it |

mod charge;
mod faults;
pub mod rules;
mod terms;

pub(crate) use charge::grown_on;
pub use charge::{charge, due, growing};
pub use faults::faults;
pub use terms::{Agreed, NewTerms, agree, of_item};
