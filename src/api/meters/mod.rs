//! Meters 水电气表: [`register`] which home has which, [`readings`] what the office reads and decides on, [`own`] what
//! residents read on theirs. Dials are numbers with at most two decimals; answers say them as texts.

pub(crate) mod own;
pub(crate) mod readings;
pub(crate) mod register;

use domain::{Error, Quantity};

use super::json::Count;

/// What a dial says, in hundredths.
fn dial(field: &'static str, said: Count) -> domain::Result<i64> {
    let Count(Quantity(hundredths)) = said;
    if hundredths < 0 { Err(Error::field(field, "dial")) } else { Ok(hundredths) }
}
