//! Charging by quantity 按量收费: what no run bills, such as air-conditioning overtime by the hour or a paid service.
//! Somebody says for which home, which day, how many and what for; the rate is the tariff's of that day (domain.md
//! §10). What is looked at before is what is charged: a rate that changed meanwhile is looked at again.
//!
//! A charge's subject is the day, and a running number where there was one of that day already, so that it stays
//! unique. A wrong one is taken back as any other, and the right one entered.

mod charge;
pub mod rules;

pub use charge::{NewCount, Worked, charge, items, list, look};
pub use rules::Counted;
