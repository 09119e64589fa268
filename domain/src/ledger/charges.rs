//! Charges 应收: one line that a payer owes for a home. Never edited: a wrong one is reversed, and charging
//! anew is a revision of its own.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::accounts::{About, add_entry, is_of, lock};
use super::allocations::{Freed, free};
use super::{Book, EntryKind, summaries};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{charges, fee_items, homes, people};
use crate::db::{Kept, directly};
use crate::{
    BillingRunId, BuildingId, ChargeId, CommunityId, Db, Error, FeeItemId, Fen, HomeId, Instant,
    LedgerAccountId, LocalDate, Month, PersonId, Result, late_fees,
};

/// A charge as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = charges)]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// The community.
    pub community_id: CommunityId,
    /// Who owes it, for which home.
    pub account_id: LedgerAccountId,
    /// The home.
    pub home_id: HomeId,
    /// The home's building.
    pub building_id: BuildingId,
    /// Who pays.
    pub payer_id: PersonId,
    /// For what.
    pub fee_item_id: FeeItemId,
    /// The bay, or nothing.
    pub subject: String,
    /// The month it is for.
    pub period: Month,
    /// 0, and one more each time it was charged anew.
    pub revision: i32,
    /// The first chargeable day.
    pub from_on: LocalDate,
    /// The last chargeable day.
    pub to_on: LocalDate,
    /// What made the amount; see [`crate::billing::rules::Basis`].
    pub basis: String,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// What payments cover.
    #[diesel(column_name = paid_fen)]
    pub paid: Fen,
    /// What was given up.
    #[diesel(column_name = waived_fen)]
    pub waived: Fen,
    /// Whether it was taken back.
    pub reversed: bool,
    /// When it is due.
    pub due_on: LocalDate,
    /// The month that the due day lies in.
    pub due_month: Month,
    /// When it was made.
    pub made_at: Instant,
    /// The run that made it.
    pub run_id: Option<BillingRunId>,
}

impl Charge {
    /// What is still to be paid.
    pub fn open(&self) -> Fen {
        if self.reversed { Fen::ZERO } else { self.amount - self.paid - self.waived }
    }

    /// What tells whether it changed since somebody looked at it: for [`as_seen`].
    pub fn seen(&self) -> String {
        format!("{}-{}-{}", self.paid.0, self.waived.0, i32::from(self.reversed))
    }
}

/// A charge with the names that people know.
#[derive(Debug, Clone, Queryable)]
pub struct ChargeLine {
    /// The charge.
    pub charge: Charge,
    /// The home's code.
    pub home: String,
    /// The item's code.
    pub item: String,
    /// What bills call the item.
    pub item_name: String,
    /// What the payer is called.
    pub payer: String,
}

/// A charge that is not made by a run.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = charges)]
pub struct NewCharge {
    /// The community.
    pub community_id: CommunityId,
    /// Who owes it, for which home.
    pub account_id: LedgerAccountId,
    /// The home.
    pub home_id: HomeId,
    /// The home's building.
    pub building_id: BuildingId,
    /// Who pays.
    pub payer_id: PersonId,
    /// For what.
    pub fee_item_id: FeeItemId,
    /// The bay, or nothing.
    pub subject: String,
    /// The month it is for.
    pub period: Month,
    /// One more than the last.
    pub revision: i32,
    /// The first chargeable day.
    pub from_on: LocalDate,
    /// The last chargeable day.
    pub to_on: LocalDate,
    /// What made the amount.
    pub basis: String,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// When it is due.
    pub due_on: LocalDate,
    /// The month that the due day lies in.
    pub due_month: Month,
    /// When it was made.
    pub made_at: Instant,
}

/// Makes one charge with its entry, and counts it. The account has to be locked.
pub fn charge(tx: &mut Db, actor: &Actor, new: &NewCharge) -> Result<ChargeId> {
    let id: ChargeId =
        diesel::insert_into(charges::table).values(new).returning(charges::id).get_result(tx)?;
    let entry = (EntryKind::Charge, new.amount, About::Charge(id));
    add_entry(tx, new.account_id, entry, actor, new.made_at, "")?;
    count(tx, id, (1, i64::from(new.amount > Fen::ZERO)), new.amount)?;
    Ok(id)
}

/// Holds a charge as somebody saw it ([`Charge::seen`]) before they decided what to do to it.
///
/// # Errors
/// It was paid, waived or reversed meanwhile (`charge.changed`).
pub fn as_seen(tx: &mut Db, id: ChargeId, seen: &str) -> Result<()> {
    let account = charge_of(tx, id)?.account_id;
    lock(tx, account)?;
    let now = charge_of(tx, id)?.seen();
    if now == seen { Ok(()) } else { Err(Error::refused("charge.changed", vec![])) }
}

/// Takes a charge back, with a reason: its payments have the sums to spend again. What was waived of it
/// stays waived, so that the account comes out even.
///
/// # Errors
/// A charge that was taken back already (`charge.reversed`), one that was kept of a deposit (`deposit.kept_for_good`).
pub fn reverse(tx: &mut Db, actor: &Actor, now: Instant, id: ChargeId, reason: &str) -> Result<()> {
    let found = charge_of(tx, id)?;
    allow(tx, actor, now, Action::Bill, Object::Community(found.community_id))?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    lock(tx, found.account_id)?;
    let charge = charge_of(tx, id)?;
    if charge.reversed {
        return Err(Error::refused("charge.reversed", vec![]));
    }
    if is_of(tx, charge.account_id, Book::Deposits)? {
        return Err(Error::refused("deposit.kept_for_good", vec![]));
    }
    let back = charge.waived - charge.amount;
    free(tx, Freed::Charge(id), now)?;
    count(tx, id, (-1, -i64::from(back < Fen::ZERO)), back)?;
    let gone = (charges::reversed.eq(true), charges::waived_fen.eq(0));
    diesel::update(charges::table.find(id.0)).set(gone).execute(tx)?;
    let entry = (EntryKind::Reversal, back, About::Charge(id));
    add_entry(tx, charge.account_id, entry, actor, now, reason.trim())?;
    audit::write(tx, actor, now, &Line::new(charge.community_id, "charge.reverse", "charge", id.0))?;
    // What grew on it has no ground any more.
    for late in late_fees::grown_on(tx, id)? {
        if !charge_of(tx, late)?.reversed {
            reverse(tx, actor, now, late, reason)?;
        }
    }
    Ok(())
}

/// Counts a charge, or what changed of it, in its summary rows: how many charges there are more, how many of them
/// open, and what is due more.
pub(super) fn count(tx: &mut Db, id: ChargeId, (charges, opened): (i64, i64), due: Fen) -> Result<()> {
    let moved = format!(
        "SELECT c.community_id, c.building_id, c.fee_item_id, c.due_on, c.due_month, {charges} AS charges, \
         CAST({due} AS BIGINT) AS due_fen, 0 AS collected_fen, {opened} AS opened FROM charges c \
         WHERE c.id = {id} AND {COLLECTED}",
        due = due.0,
        COLLECTED = summaries::COLLECTED
    );
    summaries::add(tx, &moved)
}

/// The charge of an id.
pub fn charge_of(db: &mut Db, id: ChargeId) -> Result<Charge> {
    Ok(charges::table.find(id.0).select(Charge::as_select()).get_result(db)?)
}

/// The charge of an account that somebody names in a field.
///
/// # Errors
/// On that field, where the account has no such charge.
pub(crate) fn charge_on(
    db: &mut Db,
    account: LedgerAccountId,
    id: ChargeId,
    field: &'static str,
) -> Result<Charge> {
    let found = charges::table.find(id.0).filter(charges::account_id.eq(account.0));
    let found = found.select(Charge::as_select()).first(db).optional()?;
    found.ok_or_else(|| Error::field(field, "unknown_charge"))
}

/// A charge of a home with the names that people know.
///
/// # Errors
/// Not found where the home has no such charge.
pub fn line_of(db: &mut Db, home: HomeId, id: ChargeId) -> Result<ChargeLine> {
    let found = lines_of(db, &[id])?.remove(&id);
    found.filter(|line| line.charge.home_id == home).ok_or(Error::NotFound)
}

/// Charges with the names that people know.
pub fn lines_of(db: &mut Db, ids: &[ChargeId]) -> Result<BTreeMap<ChargeId, ChargeLine>> {
    let (count, ids): (_, Vec<i64>) = (ids.len(), ids.iter().map(|id| id.0).collect());
    let found = charges::table
        .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
        .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
        .inner_join(people::table.on(people::id.eq(charges::payer_id)))
        .filter(charges::id.eq_any(ids));
    let lines: Vec<ChargeLine> = directly!(db, db => {
        let line = (Charge::as_select(), homes::code, fee_items::code, fee_items::name, people::name);
        Kept::listing(count, found.select(line)).load(db)
    })?;
    Ok(lines.into_iter().map(|line| (line.charge.id, line)).collect())
}

/// Which charges are listed; what is not given is not asked for.
#[derive(Debug, Clone, Default)]
pub struct ChargeFilter {
    /// Of these accounts.
    pub accounts: Option<Vec<LedgerAccountId>>,
    /// Of one home.
    pub home: Option<HomeId>,
    /// Of these homes' buildings.
    pub building: Option<BuildingId>,
    /// For one item.
    pub item: Option<FeeItemId>,
    /// Of one period.
    pub period: Option<Month>,
    /// Due in this month.
    pub due_month: Option<Month>,
    /// Due on or after this day.
    pub due_from: Option<LocalDate>,
    /// Due on or before this day.
    pub due_to: Option<LocalDate>,
    /// Of homes that this steward looks after on the day.
    pub steward: Option<(PersonId, LocalDate)>,
    /// Only what is still to be paid.
    pub open_only: bool,
    /// With those that were taken back.
    pub with_reversed: bool,
}

/// A page of a list: those after an id, so many.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The last id of the page before; 0 for the first.
    pub after: i64,
    /// How many.
    pub limit: i64,
}

/// Charges of a community in the order in which they were made.
pub fn list(
    db: &mut Db,
    community: CommunityId,
    filter: &ChargeFilter,
    page: Page,
) -> Result<Vec<ChargeLine>> {
    use crate::db::schema::home_stewards as hs;
    Ok(directly!(db, (db, Backend) => {
        let mut query = charges::table
            .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
            .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
            .inner_join(people::table.on(people::id.eq(charges::payer_id)))
            .filter(charges::community_id.eq(community.0).and(charges::id.gt(page.after)))
            .into_boxed::<Backend>();
        if let Some(accounts) = &filter.accounts {
            query = query.filter(charges::account_id.eq_any(accounts.iter().map(|id| id.0).collect::<Vec<_>>()));
        }
        if let Some(home) = filter.home {
            query = query.filter(charges::home_id.eq(home.0));
        }
        if let Some(building) = filter.building {
            query = query.filter(charges::building_id.eq(building.0));
        }
        if let Some(item) = filter.item {
            query = query.filter(charges::fee_item_id.eq(item.0));
        }
        if let Some(period) = filter.period {
            query = query.filter(charges::period.eq(period));
        }
        if let Some(month) = filter.due_month {
            query = query.filter(charges::due_month.eq(month));
        }
        if let Some(from) = filter.due_from {
            query = query.filter(charges::due_on.ge(from));
        }
        if let Some(to) = filter.due_to {
            query = query.filter(charges::due_on.le(to));
        }
        if let Some((steward, day)) = filter.steward {
            let area = hs::table
                .filter(hs::steward_id.eq(steward.0).and(hs::starts_on.le(day)))
                .filter(hs::ends_on.is_null().or(hs::ends_on.ge(day)))
                .select(hs::home_id);
            query = query.filter(charges::home_id.eq_any(area));
        }
        if filter.open_only {
            query = query.filter((charges::paid_fen + charges::waived_fen).lt(charges::amount_fen));
        }
        if filter.open_only || !filter.with_reversed {
            query = query.filter(charges::reversed.eq(false));
        }
        let line = (Charge::as_select(), homes::code, fee_items::code, fee_items::name, people::name);
        let listed = filter.accounts.as_ref().map_or(0, Vec::len);
        let query = query.order(charges::id).select(line);
        Kept::listing(listed, query).at_most(page.limit).load(db)
    })?)
}
