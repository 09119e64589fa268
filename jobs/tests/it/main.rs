//! The worker's promises, on both databases.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod housekeeping;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod world;
