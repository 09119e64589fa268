//! `/return-visits`: what is due, what was heard, and how the visits of a month were kept.

pub(crate) mod coverage;
pub(crate) mod due;
pub(crate) mod paper;
