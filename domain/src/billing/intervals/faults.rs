//! The invariant of periods, recomputed for `linli check`: no month of an item is charged twice for a home, and each
//! charge is made in the month whose run is to make it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::keep::of_community;
use super::rules::{Interval, charged_in};
use crate::{CommunityId, Db, FeeItemId, LocalDate, Month, Result};

#[derive(QueryableByName)]
struct Charged {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    fee_item_id: FeeItemId,
    #[diesel(sql_type = BigInt)]
    home_id: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    period: Month,
    #[diesel(sql_type = Date)]
    from_on: LocalDate,
    #[diesel(sql_type = Date)]
    to_on: LocalDate,
}

/// Everything that is wrong with the periods of a community's items. Items that were always billed each month are
/// none of its matters: a month is charged once by the key of charges.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let intervals = of_community(db, community)?;
    let sql = "SELECT c.id, c.fee_item_id, c.home_id, c.subject, c.period, c.from_on, c.to_on FROM charges c \
               WHERE c.community_id = $1 AND NOT c.reversed \
               AND c.fee_item_id IN (SELECT fee_item_id FROM fee_intervals WHERE community_id = $1) \
               ORDER BY c.fee_item_id, c.home_id, c.subject, c.from_on, c.id";
    let charged: Vec<Charged> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    let mut faults = Vec::new();
    for one in &charged {
        let of_item: Vec<Interval> =
            intervals.iter().filter(|(item, _)| *item == one.fee_item_id).map(|(_, one)| *one).collect();
        let within = charged_in(&of_item, one.period).is_some_and(|period| {
            period.first.first_day() <= one.from_on && one.to_on <= period.last.last_day()
        });
        if !within {
            faults.push(format!("charge is not of the period that its month's run charges: {}", one.id));
        }
    }
    let same = |a: &Charged, b: &Charged| {
        (a.fee_item_id, a.home_id, &a.subject) == (b.fee_item_id, b.home_id, &b.subject)
    };
    for two in charged.windows(2) {
        let [a, b] = two else { continue };
        if same(a, b) && b.from_on <= a.to_on {
            faults.push(format!("days of an item are charged twice for a home: {} and {}", a.id, b.id));
        }
    }
    Ok(faults)
}
