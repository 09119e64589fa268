//! How often an item is billed 计费周期, as a register of fee items says it: each month, by quarter, half-year or year,
//! in advance or in arrears, from a month on (docs/decisions/0016).
//!
//! | the row says | that is |
//! | --- | --- |
//! | nothing, or each month without a first month | nothing: an item that is billed otherwise stays so |
//! | a quarter and more, without a first month | so from the month of its effective date on; what holds like that already stays |
//! | a first month | so from that month on |

use super::row::Row;
use super::table::{Column, may};
use super::values;
use crate::billing::intervals::{self, NewInterval, Timing, rules};
use crate::{CommunityId, Db, Error, FeeItemId, FieldError, Instant, LocalDate, Month, Result};

pub(super) const PERIOD: Column = may("period", &["周期", "计费周期", "period"]);
pub(super) const TIMING: Column = may("timing", &["收取时间", "期初期末", "timing"]);
pub(super) const FROM: Column = may("interval_from", &["周期起始月", "周期起始月份", "interval_from"]);

const EVERY: &[(&[&str], i32)] = &[
    (&["月", "每月", "按月", "month", "1"], 1),
    (&["季", "季度", "每季", "每季度", "按季", "按季度", "quarter", "3"], 3),
    (&["半年", "每半年", "按半年", "half-year", "half_year", "6"], 6),
    (&["年", "年度", "每年", "按年", "按年度", "year", "12"], 12),
];

const TIMINGS: &[(&[&str], Timing)] = &[
    (&["期初", "期初预收", "预收", "first"], Timing::First),
    (&["期末", "期末后收", "后收", "last"], Timing::Last),
];

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    months: i32,
    timing: Timing,
    from: Option<Month>,
}

/// Reads a row; none where it says nothing.
pub(super) fn read(row: &mut Row) -> Option<Said> {
    let months = row.may(PERIOD.key, |text| values::word(text, EVERY, "unknown_period"));
    let timing = row.may(TIMING.key, |text| values::word(text, TIMINGS, "unknown_timing"));
    let from = row.may(FROM.key, values::month);
    if row.raw(PERIOD.key).is_empty() && (timing.is_some() || from.is_some()) {
        row.fault(PERIOD.key, FieldError::new(PERIOD.key, "required"));
    }
    let months = months?;
    // A month is charged by its own run, whatever is said.
    let timing = if months == 1 { Timing::First } else { timing.unwrap_or(Timing::First) };
    Some(Said { months, timing, from }).filter(|said| said.months > 1 || said.from.is_some())
}

/// What is to be set for an item whose tariff begins on a day; none where it holds already.
pub(super) fn wanted(
    db: &mut Db,
    item: Option<FeeItemId>,
    said: Said,
    starts_on: LocalDate,
) -> Result<Option<NewInterval>> {
    let Said { months, timing, from } = said;
    let new = NewInterval { from: from.unwrap_or(Month::of(starts_on)), months, timing };
    let held = item.map(|item| intervals::of_item(db, item)).transpose()?.unwrap_or_default();
    let as_before = match from {
        Some(_) => rules::holds_already(&held, &new.holds()),
        None => held.last().is_some_and(|last| (last.months, last.timing) == (months, timing)),
    };
    Ok((!as_before).then_some(new))
}

/// Why it cannot be set, at the column that says from when.
pub(super) fn fault(
    db: &mut Db,
    (community, now): (CommunityId, Instant),
    item: Option<FeeItemId>,
    new: &NewInterval,
) -> Result<Option<FieldError>> {
    let wrong = match intervals::can_begin(db, now, community, item, new) {
        Ok(()) => return Ok(None),
        Err(Error::Invalid(wrong)) => wrong,
        Err(other) => return Err(other),
    };
    let say = |one: FieldError| FieldError {
        code: if one.code == "period_charged" { "interval_charged" } else { "interval_over" },
        field: FROM.key.to_owned(),
        ..one
    };
    Ok(wrong.into_iter().next().map(say))
}
