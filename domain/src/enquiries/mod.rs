//! Enquiries 咨询: somebody asks, the desk answers within a day, from what it knows or looks up; who asked says
//! whether it helped, or asks back (domain.md §7).

mod act;
mod ask;
mod faults;
mod late;
mod records;
mod rules;

#[cfg(test)]
mod tests;

pub use act::{Act, act, actions, close_silent};
pub use ask::{NewEnquiry, ask};
pub use faults::faults;
pub(crate) use late::late;
pub use records::{Enquiry, of_case};
pub use rules::{State, TABLE};
