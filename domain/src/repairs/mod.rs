//! Repairs 报修: somebody says what is broken, somebody answers for it, a technician comes and mends it,
//! and a return visit asks whether it is really done (domain.md §6). Every step stands in one transition
//! table; a repair is reported and moved here and nowhere else.

mod act;
mod board;
mod dispatch;
mod incidents;
mod limits;
pub mod pays;
mod promise;
mod records;
mod repeats;
mod report;
mod rules;
mod steps;
mod tell;
mod visited;

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod incident_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod world;

pub use act::{Act, WaitFor, act, actions};
pub use board::{Board, Order, Waiting, Worker, board, dispatch_all};
pub use dispatch::{Candidate, candidates, give_back_of_left, time_out};
pub use incidents::{Cluster, Incident, clusters, incidents_of, make_incident, reports_in};
pub use records::{DayPart, Load, Repair, of_case};
pub use report::{NewRepair, Similar, has_contact, person_of_phone, report, similar};
pub use rules::{State, TABLE, urgency};
pub use visited::{no_access_due, visit_closes, visit_reopens};
