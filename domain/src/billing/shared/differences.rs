//! What stands out among a month's shared bills against the month before: a bill as a whole where its sum does, its
//! parts home by home where it does not. Nothing where no bill was shared the month before.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::bills::{Bill, in_period};
use super::preview::{charged, parts};
use crate::billing::differences::{Difference, LISTED, change};
use crate::db::schema::{fee_items, homes};
use crate::{CommunityId, Db, FeeItemId, Fen, HomeId, Month, Result};

/// What a home's part was and would be.
type Sides = (Option<Fen>, Option<Fen>);

/// What stands out, whole bills first, and how much of it there is, listed or not.
pub(super) fn differences(
    db: &mut Db,
    (community, period): (CommunityId, Month),
    bills: &[Bill],
    paid_for: &BTreeSet<HomeId>,
) -> Result<(Vec<Difference>, i64)> {
    let mut before = in_period(db, community, period.prev())?;
    before.retain(|bill| bill.split_at.is_some());
    if before.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let (mut whole, mut single) = (Vec::new(), Vec::new());
    for (item, (was, will)) in pairs(&before, bills) {
        let code: String = fee_items::table.find(item.0).select(fee_items::code).first(db)?;
        let totals = (was.map(|bill| bill.total), will.map(|bill| bill.total));
        match (change(totals.0, totals.1), was, will) {
            (Some(_), ..) => whole.extend(difference(String::new(), &code, totals)),
            (None, Some(was), Some(will)) => {
                let sides = sides(db, (was, will), paid_for)?;
                single.extend(sides.into_iter().map(|(home, sides)| (home, code.clone(), sides)));
            }
            _ => {}
        }
    }
    single.retain(|(.., (was, will))| change(*was, *will).is_some());
    let total = i64::try_from(whole.len() + single.len()).unwrap_or(i64::MAX);
    whole.extend(listed(db, community, single)?);
    whole.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
    Ok((whole, total))
}

/// The bills of both months by what they are for.
fn pairs<'b>(
    before: &'b [Bill],
    bills: &'b [Bill],
) -> BTreeMap<FeeItemId, (Option<&'b Bill>, Option<&'b Bill>)> {
    let mut pairs: BTreeMap<FeeItemId, (Option<&Bill>, Option<&Bill>)> = BTreeMap::new();
    for bill in before {
        pairs.entry(bill.fee_item_id).or_default().0 = Some(bill);
    }
    for bill in bills {
        pairs.entry(bill.fee_item_id).or_default().1 = Some(bill);
    }
    pairs
}

fn difference(home: String, item: &str, (before, now): Sides) -> Option<Difference> {
    let change = change(before, now)?;
    Some(Difference { home, item: item.to_owned(), subject: String::new(), change, before, now })
}

/// What each home bore of a bill, and what it would bear now.
fn sides(
    db: &mut Db,
    (was, will): (&Bill, &Bill),
    paid_for: &BTreeSet<HomeId>,
) -> Result<BTreeMap<HomeId, Sides>> {
    let mut sides: BTreeMap<HomeId, Sides> = BTreeMap::new();
    for (home, fen) in charged(db, was)? {
        sides.entry(home).or_default().0 = fen;
    }
    for (home, fen) in parts(db, will)? {
        if fen > Fen::ZERO && paid_for.contains(&home) {
            sides.entry(home).or_default().1 = Some(fen);
        }
    }
    Ok(sides)
}

/// The homes by name, in register order.
fn listed(
    db: &mut Db,
    community: CommunityId,
    single: Vec<(HomeId, String, Sides)>,
) -> Result<Vec<Difference>> {
    if single.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = homes::table.filter(homes::community_id.eq(community.0));
    let places: Vec<(HomeId, i64, String)> =
        theirs.select((homes::id, homes::register_order, homes::code)).load(db)?;
    let places: BTreeMap<HomeId, (i64, String)> =
        places.into_iter().map(|(id, order, code)| (id, (order, code))).collect();
    let mut found: Vec<(i64, Difference)> = single
        .into_iter()
        .filter_map(|(home, item, sides)| {
            let (order, code) = places.get(&home)?;
            Some((*order, difference(code.clone(), &item, sides)?))
        })
        .collect();
    found.sort_by(|(a, one), (b, other)| (a, &one.item).cmp(&(b, &other.item)));
    Ok(found.into_iter().map(|(_, difference)| difference).collect())
}
