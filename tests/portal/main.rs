//! The portal as people and programs meet it: the real binary on a free port, over HTTP and by command line, on
//! both databases. A test reads like a story; [`harness`] has its words.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it says no"
)]

mod access;
mod admin;
mod api_alone;
mod api_books;
mod api_debts;
mod api_demands;
mod api_desk;
mod api_fees;
mod api_intervals;
mod api_meters;
mod audit;
mod backup;
mod bank;
mod burst;
mod complaints;
mod corrections;
mod counted;
mod debts;
mod demands;
mod deposits;
mod desk;
mod developer;
mod disputes;
mod doctor;
mod door;
mod enquiries;
#[path = "../faults/mod.rs"]
mod faults;
mod fees;
mod gates;
mod given_back;
#[expect(dead_code, reason = "words that no story uses yet")]
mod harness;
mod imports;
mod inspections;
mod intervals;
mod letters;
mod limitation;
mod line;
mod meters;
mod move_in;
mod operation;
mod own_meters;
mod pay_online;
mod publications;
mod queue;
mod repair_costs;
mod repair_pages;
mod roster;
mod service_checks;
mod settings;
mod shared;
mod sheets;
mod statements;
mod visits;
