//! Giving back: a few hundred charges in one transaction, in a handful of statements. Whatever is killed, what is taken
//! back and what is charged instead stand together or not at all.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::Timestamp;

use super::find::{Found, all, ids};
use super::rules::Cause;
use super::told;
use super::words::note;
use crate::access::Actor;
use crate::audit::{self, Line};
use crate::billing::batch;
use crate::billing::items::{Tariffed, items};
use crate::billing::rules::due_on;
use crate::billing::runs::Run;
use crate::db::bulk::insert_all;
use crate::db::schema::given_back;
use crate::{
    BillingRunId, ChargeId, CommunityId, Db, FeeItemId, Fen, Instant, LocalDate, Result, community, ledger,
    notifications, settings,
};

/// How many charges are given back in one transaction.
const BATCH: usize = 200;

/// Gives back the next charges that are for more than is owed. Whether there were any. The run's row has to be locked.
pub(in crate::billing) fn next(tx: &mut Db, run: &Run, now: Instant) -> Result<bool> {
    let today = community::by_id(tx, run.community_id)?.today(now)?;
    let seen = by_itself(tx, run.community_id, today)?;
    if seen.is_empty() {
        return Ok(false);
    }
    let first: BTreeSet<ChargeId> = seen.iter().take(BATCH).map(|one| one.line.charge.id).collect();
    ledger::lock_accounts_of(tx, &ids(seen.iter().take(BATCH).map(|one| &one.line)))?;
    // Another run, or a person, may have been faster.
    let mut found = by_itself(tx, run.community_id, today)?;
    found.retain(|one| first.contains(&one.line.charge.id));
    if !found.is_empty() {
        give_back(tx, run, (now, today), &found)?;
    }
    Ok(true)
}

/// What needs nobody's decision.
fn by_itself(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<Found>> {
    let mut found = all(db, community, today)?;
    found.retain(|one| one.hand.is_none());
    Ok(found)
}

fn give_back(tx: &mut Db, run: &Run, (now, today): (Instant, LocalDate), found: &[Found]) -> Result<()> {
    let actor = Actor::system("billing");
    note_down(tx, run, (now, today), found)?;
    for ((cause, last), which) in by_reason(found) {
        let which = ids(which.into_iter().map(|one| &one.line));
        ledger::reverse_all(tx, &actor, now, (run.community_id, &which), &note(cause, last))?;
    }
    charge_what_is_left(tx, run, &ids(found.iter().map(|one| &one.line)), now)?;
    notifications::tell_each(tx, &found.iter().map(told::tell).collect::<Vec<_>>(), now)?;
    let line = Line::new(run.community_id, "charges.give_back", "billing_run", run.id.0);
    audit::write(tx, &actor, now, &line.fields(found.len().to_string()))
}

/// Charges that are taken back for the same reason.
fn by_reason(found: &[Found]) -> BTreeMap<(Cause, Option<LocalDate>), Vec<&Found>> {
    let mut reasons: BTreeMap<_, Vec<&Found>> = BTreeMap::new();
    for one in found {
        let last = one.made.as_ref().map(|made| made.days.1);
        reasons.entry((one.cause, last)).or_default().push(one);
    }
    reasons
}

/// A row of what is given back.
#[derive(Debug, Insertable)]
#[diesel(table_name = given_back)]
struct Row {
    charge_id: ChargeId,
    community_id: CommunityId,
    run_id: BillingRunId,
    cause: Cause,
    until_on: LocalDate,
    from_on: LocalDate,
    last_on: Option<LocalDate>,
    basis: String,
    amount_fen: Fen,
    due_on: LocalDate,
    made_at: Instant,
}

fn note_down(tx: &mut Db, run: &Run, (now, today): (Instant, LocalDate), found: &[Found]) -> Result<()> {
    let least = settings::get(tx, run.community_id, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let items: BTreeMap<FeeItemId, Tariffed> =
        items(tx, run.community_id)?.into_iter().map(|one| (one.item.id, one)).collect();
    let row = |one: &Found| {
        let (charge, made) = (&one.line.charge, one.made.as_ref());
        let amount = made.map_or(Fen::ZERO, |made| made.amount);
        let day = items.get(&charge.fee_item_id).map_or(25, Tariffed::due_day);
        // What is less is due as it was; what is more was not known then.
        let due_on =
            if amount > charge.amount { due_on(charge.period, day, today, least) } else { charge.due_on };
        Row {
            charge_id: charge.id,
            community_id: run.community_id,
            run_id: run.id,
            cause: one.cause,
            until_on: one.until,
            from_on: made.map_or(charge.from_on, |made| made.days.0),
            last_on: made.map(|made| made.days.1),
            basis: made.map_or_else(String::new, |made| made.basis.clone()),
            amount_fen: amount,
            due_on,
            made_at: now,
        }
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    insert_all!(tx, given_back::table, rows);
    Ok(())
}

/// Charges what is left, as the revisions after those that were taken back, and lets prepayments pay it.
fn charge_what_is_left(tx: &mut Db, run: &Run, which: &str, now: Instant) -> Result<()> {
    let before = batch::last_charge(tx)?;
    let made = format!(
        "INSERT INTO charges (community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, \
         period, revision, from_on, to_on, basis, amount_fen, due_on, due_month, made_at, run_id) \
         SELECT c.community_id, c.account_id, c.home_id, c.building_id, c.payer_id, c.fee_item_id, c.subject, c.period, \
         c.revision + 1, g.from_on, g.last_on, g.basis, g.amount_fen, g.due_on, \
         SUBSTR(CAST(g.due_on AS TEXT), 1, 7), $1, g.run_id FROM given_back g JOIN charges c ON c.id = g.charge_id \
         WHERE g.charge_id IN ({which}) AND g.last_on IS NOT NULL ORDER BY c.id"
    );
    if diesel::sql_query(made).bind::<Timestamp, _>(now).execute(tx)? == 0 {
        return Ok(());
    }
    batch::book(tx, run, before, now)?;
    let tied = format!(
        "UPDATE given_back SET made_id = (SELECT n.id FROM charges c JOIN charges n \
         ON n.community_id = c.community_id AND n.period = c.period AND n.home_id = c.home_id \
         AND n.fee_item_id = c.fee_item_id AND n.subject = c.subject AND n.revision = c.revision + 1 \
         WHERE c.id = given_back.charge_id) WHERE charge_id IN ({which}) AND last_on IS NOT NULL"
    );
    diesel::sql_query(tied).execute(tx)?;
    Ok(())
}
