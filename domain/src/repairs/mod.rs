//! Repairs 报修: somebody says what is broken, somebody answers for it, a technician comes and mends it,
//! and a return visit asks whether it is really done (domain.md §6). Every step stands in one transition
//! table; a repair is reported and moved here and nowhere else.

mod act;
mod dispatch;
mod limits;
mod promise;
mod records;
mod report;
mod rules;
mod steps;
mod tell;
mod visited;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod world;

pub use act::{Act, WaitFor, act, actions};
pub use dispatch::{Candidate, candidates, time_out};
pub use records::{DayPart, Load, Repair, of_case};
pub use report::{NewRepair, Similar, has_contact, person_of_phone, report, similar};
pub use rules::{ALL_ROUND, Category, State, TABLE, least_urgency, urgency};
pub use visited::{no_access_due, visit_closes, visit_reopens};
