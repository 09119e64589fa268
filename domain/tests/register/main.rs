//! Registers and what is read from them, each test on SQLite and on PostgreSQL.

#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod estate;
#[cfg(test)]
mod first_import;
#[cfg(test)]
mod months;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod second_import;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod staff;
