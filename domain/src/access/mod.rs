//! Who may do what. Everything is denied unless the one policy table allows it, and the table is asked
//! about the object, not only the action (domain.md §2).

mod actor;
pub mod policy;
mod relation;

pub use actor::{Actor, Grant, Role};
pub use policy::{Action, Relation};
pub use relation::{Object, allow, may};
