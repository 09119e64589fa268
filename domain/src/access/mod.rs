//! Who may do what. Everything is denied unless the one policy table allows it, and the table is asked
//! about the object, not only the action (domain.md §2).

pub mod account;
pub mod activation;
mod actor;
pub mod homes;
pub mod login;
pub mod one_time;
pub mod password;
pub mod policy;
mod relation;
pub mod second_factor;
pub mod sessions;
pub mod throttle;
pub mod vault;
pub mod ways_in;

pub use actor::{Actor, Grant, Role};
pub use policy::{Action, Relation};
pub use relation::{Object, allow, may};
pub use throttle::Door;
pub use vault::Vault;

#[cfg(test)]
mod tests;
