//! The domain on a real database, each test on SQLite and on PostgreSQL. One binary: a module a subject.

#[cfg(test)]
mod figures;
#[cfg(test)]
mod house;
#[cfg(test)]
mod spines;
