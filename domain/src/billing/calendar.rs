//! Which periods the worker bills: the present month from the billing day on, and each night what came
//! later, a home delivered or a run cut short, in the months that were billed before.

use std::collections::BTreeSet;

use chrono::Datelike;
use diesel::prelude::*;

use super::candidates::{ALL, Candidates};
use super::given_back;
use super::intervals::rules::period_of;
use super::items::{Tariffed, items};
use super::runs::What;
use crate::db::schema::billing_runs;
use crate::{CommunityId, Db, LocalDate, Month, Result, meters, settings};

/// The periods in which something is still to be charged on `today`, or given back, oldest first.
///
/// The month of the first run is where billing began: nothing before it is ever charged by itself.
pub fn periods_to_bill(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<Month>> {
    let day = settings::get(db, community, settings::BILLING_DAY)?;
    let present = Month::of(today);
    let latest = if i64::from(today.day()) >= day { present } else { present.prev() };
    let (mut open, billed) = (Vec::new(), billed(db, community)?);
    let months = candidates_for(billed, latest, present);
    let items = items(db, community)?;
    for period in with_longer(&items, months, billed) {
        if anything_left(db, community, (period, &items), today)? {
            open.push(period);
        }
    }
    if open.is_empty() && billed.is_some() && given_back::is_due(db, community, today)? {
        open.push(latest);
    }
    Ok(open)
}

/// The first and the last period that was ever run.
type Billed = Option<(Month, Month)>;

fn billed(db: &mut Db, community: CommunityId) -> Result<Billed> {
    let periods: Vec<Month> = billing_runs::table
        .filter(billing_runs::community_id.eq(community.0).and(billing_runs::what.eq(What::Items)))
        .select(billing_runs::period)
        .distinct()
        .order(billing_runs::period)
        .load(db)?;
    Ok(periods.first().copied().zip(periods.last().copied()))
}

/// From the month before the last one billed to the latest whose billing day has come; in a community that
/// was never billed only the present month.
fn candidates_for(billed: Billed, latest: Month, present: Month) -> Vec<Month> {
    let Some((first, last)) = billed else {
        return if latest == present { vec![present] } else { vec![] };
    };
    let from = first.max(last.min(latest).prev());
    std::iter::successors(Some(from), |month| Some(month.next()))
        .take_while(|month| *month <= latest)
        .collect()
}

/// These months, and those before them whose run charges a period of several months that they lie in: a home that is
/// delivered in December is charged for it by the run of October.
fn with_longer(items: &[Tariffed], months: Vec<Month>, billed: Billed) -> BTreeSet<Month> {
    let Some(latest) = months.last().copied() else { return BTreeSet::new() };
    let began = billed.map_or(latest, |(first, _)| first);
    let longer = items
        .iter()
        .flat_map(|item| months.iter().map(|month| period_of(&item.intervals, *month).charged_in()))
        .filter(|month| (began..=latest).contains(month));
    months.iter().copied().chain(longer).collect()
}

fn anything_left(
    db: &mut Db,
    community: CommunityId,
    (period, items): (Month, &[Tariffed]),
    today: LocalDate,
) -> Result<bool> {
    use diesel::sql_types::BigInt;
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    if meters::unread(db, community, period, today)? {
        return Ok(true);
    }
    let wanted = Candidates::of(db, community, period, items, (today, 0))?;
    let Some(wanted) = wanted.sql(ALL) else { return Ok(false) };
    let sql = format!(
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM ({wanted}) w WHERE w.payer_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM charges c WHERE c.community_id = {community} AND c.period = '{period}' \
         AND c.home_id = w.home_id AND c.fee_item_id = w.fee_item_id AND c.subject = w.subject) LIMIT 1) l"
    );
    Ok(diesel::sql_query(sql).get_result::<Left>(db)?.count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_caught_up_but_nothing_before_billing_began() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        for (billed, latest, present, expected) in [
            (None, "2026-11", "2026-11", vec!["2026-11"]),
            (None, "2026-10", "2026-11", vec![]),
            (Some(("2026-11", "2026-11")), "2026-11", "2026-11", vec!["2026-11"]),
            (Some(("2026-09", "2026-10")), "2026-11", "2026-11", vec!["2026-09", "2026-10", "2026-11"]),
            (
                Some(("2026-08", "2026-08")),
                "2026-11",
                "2026-11",
                vec!["2026-08", "2026-09", "2026-10", "2026-11"],
            ),
            // Billed ahead by hand: the months before it are still completed.
            (Some(("2026-10", "2026-12")), "2026-11", "2026-11", vec!["2026-10", "2026-11"]),
        ] {
            let billed = billed.map(|(first, last)| (month(first), month(last)));
            let found = candidates_for(billed, month(latest), month(present));
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        }
    }
}
