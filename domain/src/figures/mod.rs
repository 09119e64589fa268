//! What managers and supervisors look at beside the money: cases over a span, duties kept or not, clocks
//! that run out. Every figure is a count of rows that can be listed, by the same condition.

mod cases;
mod clocks;
mod duties;

pub use cases::{CaseFigures, CaseRow, CasesOf, Span, case_rows, cases};
pub use clocks::{Clock, clocks};
pub use duties::{DutiesOf, DutyRow, duty_rows};
