//! Which charges are for more than is owed now. Few ever are, so they are looked for from what ended: bays, items, what
//! was agreed for a home, and those that were shortened before.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use serde::Serialize;

use super::facts::Known;
use super::rules::{Becomes, Cause, Made, becomes, cause};
use super::touched::Touched;
use crate::billing::items::items;
use crate::db::schema::{charges, fee_items, homes, people};
use crate::ledger::{Charge, ChargeLine};
use crate::{CommunityId, Db, FeeItemId, Fen, LocalDate, Month, Result};

crate::words! {
    /// Why a charge is left to a person.
    Hand {
        /// A part of it is given up.
        Waived = "waived",
        /// A correction of it waits.
        Asked = "asked",
        /// It is disputed.
        Disputed = "disputed",
        /// It is in a plan of instalments.
        Planned = "planned",
    }
}

/// A charge that is for more, or less, than is owed now, and what a run makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The home's code.
    pub home: String,
    /// The item's code.
    pub item: String,
    /// What bills call it.
    pub name: String,
    /// The bay, or nothing.
    pub subject: String,
    /// The month whose run charged it.
    pub period: Month,
    /// Why.
    pub cause: Cause,
    /// Until when it is charged now.
    pub until_on: LocalDate,
    /// Until when it would be; none where nothing is left.
    pub last_on: Option<LocalDate>,
    /// What is charged now.
    #[serde(rename = "before_fen")]
    pub before: Fen,
    /// What would be.
    #[serde(rename = "now_fen")]
    pub now: Fen,
    /// Why a person has to decide; none where the run does it.
    pub hand: Option<Hand>,
}

/// The same with all that it takes to do it.
pub(super) struct Found {
    pub(super) line: ChargeLine,
    pub(super) cause: Cause,
    pub(super) made: Option<Made>,
    pub(super) hand: Option<Hand>,
    /// Until when it was charged before anything of it was given back.
    pub(super) until: LocalDate,
}

impl Found {
    fn due(&self) -> Due {
        let charge = &self.line.charge;
        Due {
            home: self.line.home.clone(),
            item: self.line.item.clone(),
            name: self.line.item_name.clone(),
            subject: charge.subject.clone(),
            period: charge.period,
            cause: self.cause,
            until_on: charge.to_on,
            last_on: self.made.as_ref().map(|made| made.days.1),
            before: charge.amount,
            now: self.made.as_ref().map_or(Fen::ZERO, |made| made.amount),
            hand: self.hand,
        }
    }
}

/// What a run of a community's items would give back on a day, in the order in which it was charged.
pub fn due(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<Due>> {
    Ok(all(db, community, today)?.iter().map(Found::due).collect())
}

/// The same of one item.
pub fn due_of_item(
    db: &mut Db,
    (community, item): (CommunityId, FeeItemId),
    today: LocalDate,
) -> Result<Vec<Due>> {
    let found = all(db, community, today)?;
    Ok(found.iter().filter(|one| one.line.charge.fee_item_id == item).map(Found::due).collect())
}

/// Whether a run would give anything back.
pub(in crate::billing) fn is_due(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<bool> {
    Ok(all(db, community, today)?.iter().any(|one| one.hand.is_none()))
}

/// Everything that is found, done by a run or by a person.
pub(super) fn all(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<Found>> {
    let lines = touched(db, community, today)?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::about(db, community, &lines)?;
    let mut found = Vec::new();
    for line in lines {
        let Some(item) = known.item(&line.charge) else { continue };
        let of = known.of(&line.charge, item);
        let facts = of.facts(item);
        let made = match becomes(&line.charge, &facts) {
            Becomes::AsItIs => continue,
            Becomes::Gone => None,
            Becomes::Anew(made) => Some(made),
        };
        let cause = cause(&line.charge, made.as_ref().map(|made| made.days.1), &facts);
        let hand = (line.charge.waived > Fen::ZERO).then_some(Hand::Waived);
        let until = facts.before.unwrap_or(line.charge.to_on).max(line.charge.to_on);
        found.push(Found { line, cause, made, hand, until });
    }
    by_hand(db, &mut found)?;
    Ok(found)
}

/// Ids of charges as a list for SQL; one that is none where there are none.
pub(super) fn ids<'l>(lines: impl IntoIterator<Item = &'l ChargeLine>) -> String {
    let ids: Vec<String> = lines.into_iter().map(|line| line.charge.id.to_string()).collect();
    if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
}

/// Charges that something which ended may touch: of the last month and later, as a month that is over stays as it is.
fn touched(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<ChargeLine>> {
    let items = items(db, community)?;
    let ids = Touched { community, since: Month::of(today).prev(), items: &items }.sql();
    let rows = charges::table
        .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
        .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
        .inner_join(people::table.on(people::id.eq(charges::payer_id)))
        .filter(charges::reversed.eq(false).and(sql::<Bool>(&format!("charges.id IN ({ids})"))))
        .order(charges::id);
    let line = (Charge::as_select(), homes::code, fee_items::code, fee_items::name, people::name);
    Ok(rows.select(line).load(db)?)
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    why: Hand,
}

/// Puts to each why a person has to decide about it first.
fn by_hand(db: &mut Db, found: &mut [Found]) -> Result<()> {
    let ids = ids(found.iter().map(|one| &one.line));
    let sql = format!(
        "SELECT charge_id AS id, 'asked' AS why FROM corrections WHERE state = 'asked' AND charge_id IN ({ids}) \
         UNION ALL SELECT charge_id, 'disputed' FROM disputes WHERE ended_at IS NULL AND charge_id IN ({ids}) \
         UNION ALL SELECT pc.charge_id, 'planned' FROM plan_charges pc JOIN plans p ON p.id = pc.plan_id \
         WHERE p.state = 'running' AND pc.charge_id IN ({ids})"
    );
    let held: Vec<Held> = diesel::sql_query(sql).load(db)?;
    let held: HashMap<i64, Hand> = held.into_iter().map(|row| (row.id, row.why)).collect();
    for one in found {
        one.hand = one.hand.or_else(|| held.get(&one.line.charge.id.0).copied());
    }
    Ok(())
}
