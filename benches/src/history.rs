//! Months of charges, without carrying each of them through: one month is billed, those before are its copies.

use domain::access::Actor;
use domain::{CommunityId, Month, Store, billing};

use crate::estate::{self, execute};
use crate::figures::Result;

/// Bills November 2026 and leaves it open; of so many months before it nineteen in twenty charges are paid. The summaries
/// say what is there.
pub(crate) fn fill(store: &Store, community: CommunityId, months: usize) -> Result<()> {
    let period: Month = "2026-11".parse()?;
    let asked = (period, billing::What::Items);
    billing::run_now(store, &Actor::system("bench"), estate::now()?, community, asked)?;
    for month in before(period, months) {
        let day = estate::day(store.kind(), &format!("{month}-25"));
        execute(
            store,
            &format!(
                "INSERT INTO charges (community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, \
                 period, revision, from_on, to_on, basis, amount_fen, paid_fen, due_on, due_month, made_at) \
                 SELECT community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, '{month}', 0, \
                 {day}, {day}, basis, amount_fen, CASE WHEN home_id % 20 = 0 THEN 0 ELSE amount_fen END, {day}, \
                 '{month}', made_at FROM charges WHERE period = '{period}'"
            ),
        )?;
    }
    execute(store, "DELETE FROM collection_summaries")?;
    execute(
        store,
        "INSERT INTO collection_summaries (community_id, due_month, building_id, fee_item_id, charges, due_fen, \
         collected_fen) SELECT community_id, due_month, building_id, fee_item_id, COUNT(*), SUM(amount_fen), \
         SUM(paid_fen) FROM charges GROUP BY community_id, due_month, building_id, fee_item_id",
    )?;
    execute(store, "DELETE FROM open_summaries")?;
    execute(
        store,
        "INSERT INTO open_summaries (community_id, due_on, building_id, charges, open_fen) \
         SELECT community_id, due_on, building_id, COUNT(*), SUM(amount_fen - paid_fen - waived_fen) FROM charges \
         WHERE NOT reversed AND paid_fen + waived_fen < amount_fen GROUP BY community_id, due_on, building_id",
    )?;
    execute(store, "ANALYZE")?;
    Ok(())
}

/// Enters the charges of the months before November 2026 in the books, on the second day of each.
pub(crate) fn enter(store: &Store, months: usize) -> Result<()> {
    let mut months: Vec<Month> = before("2026-11".parse()?, months).collect();
    months.reverse();
    for month in months {
        let at = estate::moment(store.kind(), &format!("{month}-02 00:00:00"));
        execute(
            store,
            &format!(
                "INSERT INTO ledger_entries (community_id, account_id, kind, amount_fen, charge_id, at, note) \
                 SELECT community_id, account_id, 'charge', amount_fen, id, {at}, '' FROM charges WHERE period = '{month}'"
            ),
        )?;
    }
    execute(store, "ANALYZE")?;
    Ok(())
}

/// So many months before one, the latest first.
pub(crate) fn before(month: Month, months: usize) -> impl Iterator<Item = Month> {
    std::iter::successors(Some(month.prev()), |month| Some(month.prev())).take(months)
}
