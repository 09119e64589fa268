//! The worker's promises, on both databases.

mod calendar;
mod housekeeping;
mod mail;
mod queue;
mod world;
