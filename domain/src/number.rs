//! Numbers that people can say on the phone: kind + local date + running number, such as
//! `WX20261122-0007`. Gapless, never reused, right under concurrency (domain.md §3).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use crate::{CommunityId, Db, LocalDate, Result};

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// The next number of a kind (`WX`, `TS`, `ZN`, `RZ`, `BC`, `ZX`; `SJ` for receipts) on a local day.
///
/// It takes the counter's row until the transaction ends, and a transaction that fails gives it back:
/// call it after every check.
pub fn next(tx: &mut Db, community: CommunityId, kind: &str, day: LocalDate) -> Result<String> {
    let sql = "INSERT INTO counters (community_id, kind, day, last) VALUES ($1, $2, $3, 1) \
               ON CONFLICT (community_id, kind, day) DO UPDATE SET last = counters.last + 1 RETURNING last";
    let counter: Counter = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(kind)
        .bind::<Date, _>(day)
        .get_result(tx)?;
    Ok(written(kind, day, counter.last))
}

/// A number as people write it: four digits at least.
pub fn written(kind: &str, day: LocalDate, running: i64) -> String {
    format!("{kind}{}-{running:04}", day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_at_least() {
        let day: LocalDate = "2026-11-22".parse().unwrap();
        assert_eq!(written("WX", day, 7), "WX20261122-0007");
        assert_eq!(written("SJ", day, 12_345), "SJ20261122-12345");
    }
}
