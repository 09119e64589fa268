//! The month that somebody says a file is of: rows that leave their own out are of it, and a row of another is bad. So
//! last month's file is not taken for this month's.

use super::row::Row;
use super::{Kind, RowError};
use crate::bank::read::Read;
use crate::{Error, FieldError, Month, Result};

/// Whether a file of a kind can be said to be of a month.
///
/// # Errors
/// A register whose rows belong to no month.
pub(super) fn fits(kind: Kind, month: Option<Month>) -> Result<()> {
    let monthly = matches!(kind, Kind::SharedBills | Kind::Meters | Kind::Books | Kind::Bank);
    if month.is_none() || monthly { Ok(()) } else { Err(Error::field("period", "no_month_in_register")) }
}

/// Says that a row is of another month.
pub(super) fn same(row: &mut Row<'_>, key: &'static str, of: Month, month: Option<Month>) {
    if let Some(month) = month.filter(|month| *month != of) {
        row.fault(key, other(key, month));
    }
}

/// Parts from a statement the lines of other months.
pub(super) fn parted(mut read: Read, month: Option<Month>) -> Read {
    let Some(month) = month else { return read };
    let (lines, others) = read.lines.into_iter().partition(|line| Month::of(line.day) == month);
    read.lines = lines;
    let column = read.day_column.clone();
    let bad = |line: crate::bank::read::RawLine| {
        RowError::new(line.line, column.clone(), &line.day.to_string(), &other("day", month))
    };
    read.errors.extend(others.into_iter().map(bad));
    read
}

fn other(key: &'static str, month: Month) -> FieldError {
    FieldError::new(key, "other_month").with("month", month)
}
