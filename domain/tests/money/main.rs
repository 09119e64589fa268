//! Money on a real database: the community 锦绣花园 billed, paid, reminded and counted, on SQLite and on
//! PostgreSQL. One binary: a module a subject.

#[cfg(test)]
mod bank;
#[cfg(test)]
mod billing;
#[cfg(test)]
mod closings;
#[cfg(test)]
mod collection;
#[cfg(test)]
mod corrections;
#[cfg(test)]
mod counted;
#[cfg(test)]
mod debts;
#[cfg(test)]
mod demands;
#[cfg(test)]
mod deposits;
#[cfg(test)]
mod developer;
#[cfg(test)]
mod estate;
#[cfg(test)]
mod fees;
#[cfg(test)]
mod given_back;
#[cfg(test)]
mod intervals;
#[cfg(test)]
mod late_fees;
#[cfg(test)]
mod limitation;
#[cfg(test)]
mod meters;
#[cfg(test)]
mod payments;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod publications;
#[cfg(test)]
mod reminders;
#[cfg(test)]
mod second;
#[cfg(test)]
mod shared;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod ways;
