//! Homes, people, staff, and the registers that they come from.

pub(crate) mod homes;
pub(crate) mod imports;
pub(crate) mod people;
