//! Complaints 投诉: somebody is not content, a supervisor judges whether it is founded, the department that has
//! to answer says what lay behind it and what it would do, and a return visit asks whether it is settled
//! (domain.md §7). Its clocks run by the wall and never stop; a step that is late has to be accounted for.

mod act;
pub mod departments;
mod faults;
mod figures;
mod late;
mod limits;
mod records;
mod register;
mod rules;
mod steps;
mod visited;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod way_tests;

pub use act::{Act, act, actions};
pub use faults::faults;
pub use figures::{Entry, Group, entries, grouped};
pub(crate) use late::late;
pub(crate) use records::given_to;
pub use records::{Choice, Complaint, about, of_case, options, shown};
pub use register::{NewComplaint, is_official, register};
pub use rules::{Category, Cause, Department, OPTIONS, State, TABLE};
pub use visited::{visit_closes, visit_reopens};
