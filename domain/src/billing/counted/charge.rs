//! Looking at what a quantity would cost a home, and charging it.

use diesel::prelude::*;
use serde_json::json;

use super::rules::{Counted, unit};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::items::{self, By, Tariffed};
use crate::billing::rules::due_on;
use crate::db::schema::{charges, fee_items, homes, people};
use crate::ledger::{self, Charge, ChargeLine, NewCharge};
use crate::notifications::{self, Tell, Urgency};
use crate::payments::payer_on;
use crate::{
    BuildingId, ChargeId, CommunityId, Db, Error, FeeItemId, Fen, FieldError, HomeId, Instant, LocalDate,
    Month, PersonId, Quantity, Result, community, db, settings,
};

/// What somebody wants to charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCount {
    /// The home's code.
    pub home: String,
    /// The item's code.
    pub item: String,
    /// The day on which it was used.
    pub day: LocalDate,
    /// How many.
    pub quantity: Quantity,
    /// What for; the payer reads it.
    pub note: String,
}

/// What it would make.
#[derive(Debug, Clone)]
pub struct Worked {
    /// What makes the amount.
    pub basis: Counted,
    /// The amount.
    pub amount: Fen,
    /// Who would pay.
    pub payer: PersonId,
    /// What they are called.
    pub payer_name: String,
    /// When it would be due.
    pub due_on: LocalDate,
    /// What bills call it.
    pub item_name: String,
    item: FeeItemId,
    book: ledger::Book,
    home: HomeId,
    building: BuildingId,
}

impl Worked {
    /// What tells whether it is still what somebody looked at: the same home, item, day, quantity, sum and payer.
    pub fn seen(&self) -> String {
        let Counted { day, quantity, .. } = &self.basis;
        format!("{}-{}-{day}-{}-{}-{}", self.home, self.item, quantity.0, self.amount.0, self.payer)
    }
}

/// How many days ago it may have been used at most: what is older is no matter of a slip in a drawer.
const LONG_AGO: i64 = 366;

/// The most that is charged at once: 10,000.
const MOST: i64 = 1_000_000;

/// The items that are charged by quantity and did not end, with their tariffs, in register order.
pub fn items(db: &mut Db, community: CommunityId, today: LocalDate) -> Result<Vec<Tariffed>> {
    let mut all = items::all(db, community)?;
    all.retain(|one| by_quantity(one) && one.item.ends_on.is_none_or(|day| day >= today));
    Ok(all)
}

fn by_quantity(one: &Tariffed) -> bool {
    matches!(one.item.basis, By::Hour | By::Service)
}

/// The latest charges by quantity, the newest first.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<ChargeLine>> {
    allow(db, actor, now, Action::ChargeQuantity, Object::Community(community))?;
    let lines = charges::table
        .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
        .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
        .inner_join(people::table.on(people::id.eq(charges::payer_id)))
        .filter(charges::community_id.eq(community.0).and(charges::basis.like("counted:%")))
        .order(charges::id.desc())
        .limit(limit);
    let line = (Charge::as_select(), homes::code, fee_items::code, fee_items::name, people::name);
    Ok(lines.select(line).load(db)?)
}

/// What a quantity would cost a home.
///
/// # Errors
/// By field: no such home or item, one that does not apply to homes of this use, a day to come or long ago, without a
/// tariff or after the item's end, a quantity that is none or costs nothing. Nobody pays for the home on that day
/// (`counted.nobody_pays`).
pub fn look(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewCount,
) -> Result<Worked> {
    allow(db, actor, now, Action::ChargeQuantity, Object::Community(community))?;
    let today = community::by_id(db, community)?.today(now)?;
    let mut wrong = Vec::new();
    let home = home(db, community, new.home.trim())?;
    let item = item(db, community, &new.item)?;
    match (&home, &item) {
        (None, _) => wrong.push(FieldError::new("home", "unknown_home")),
        (Some((.., used)), Some(item)) if used != item.item.applies_to.as_str() => {
            wrong.push(FieldError::new("home", "item_of_other_use"));
        }
        _ => {}
    }
    if item.is_none() {
        wrong.push(FieldError::new("item", "no_such_item"));
    }
    if !(1..=MOST).contains(&new.quantity.0) {
        wrong.push(FieldError::new("quantity", "between").with("least", "0.01").with("most", 10_000));
    }
    let rate = day(item.as_ref(), new.day, today).map_err(|fault| wrong.push(fault)).ok();
    let (Some((home, building, _)), Some(item), Some(rate), []) = (home, item, rate, wrong.as_slice()) else {
        return Err(Error::Invalid(wrong));
    };
    let (zh, en) = unit(item.item.basis, &item.item.unit);
    let (quantity, note) = (new.quantity, new.note.trim().to_owned());
    let basis = Counted { day: new.day, quantity, zh, en, rate, note };
    if basis.amount() <= Fen::ZERO {
        return Err(Error::field("quantity", "costs_nothing"));
    }
    let payer = payer_on(db, home, new.day)?;
    let payer = payer.ok_or_else(|| Error::refused("counted.nobody_pays", vec![]))?;
    let least = settings::get(db, community, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    Ok(Worked {
        amount: basis.amount(),
        basis,
        payer,
        payer_name: people::table.find(payer.0).select(people::name).first(db)?,
        due_on: due_on(Month::of(new.day), item.due_day(), today, least),
        book: item.item.basis.book(),
        item: item.item.id,
        item_name: item.item.name,
        home,
        building,
    })
}

/// A home, its building and what it is used for.
type Place = (HomeId, BuildingId, String);

fn home(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<Place>> {
    let found = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(code)));
    Ok(found.select((homes::id, homes::building_id, homes::use_kind)).first(db).optional()?)
}

fn item(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<Tariffed>> {
    let own = fee_items::table.filter(fee_items::community_id.eq(community.0).and(fee_items::code.eq(code)));
    let Some(id) = own.select(fee_items::id).first::<FeeItemId>(db).optional()? else { return Ok(None) };
    Ok(items::find(db, community, id)?.filter(by_quantity))
}

/// The rate of a day on which something can have been used.
fn day(item: Option<&Tariffed>, day: LocalDate, today: LocalDate) -> Result<crate::Rate, FieldError> {
    if day > today {
        return Err(FieldError::new("day", "in_the_future"));
    }
    if today.signed_duration_since(day).num_days() > LONG_AGO {
        return Err(FieldError::new("day", "long_ago"));
    }
    let holds = item.filter(|item| item.item.ends_on.is_none_or(|ends| day <= ends));
    match (item, holds.and_then(|item| item.rate_on(day))) {
        (_, Some(rate)) => Ok(rate),
        // Which item is not known: it is said there.
        (None, None) => Ok(crate::Rate(0)),
        (Some(_), None) => Err(FieldError::new("day", "no_rate_on_day")),
    }
}

/// Charges a home for a quantity, as it was `seen` before ([`Worked::seen`]). What was paid ahead pays it, and the
/// payer is told.
///
/// # Errors
/// As [`look`]; it is not what was looked at any more (`counted.changed`).
pub fn charge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewCount,
    seen: &str,
) -> Result<ChargeId> {
    let worked = look(tx, actor, now, community, new)?;
    if worked.seen() != seen {
        return Err(Error::refused("counted.changed", vec![]));
    }
    db::lock(tx, "homes", worked.home.0)?;
    let account_id = ledger::account(tx, community, worked.home, worked.payer, worked.book)?;
    ledger::lock(tx, account_id)?;
    let row = NewCharge {
        community_id: community,
        account_id,
        home_id: worked.home,
        building_id: worked.building,
        payer_id: worked.payer,
        fee_item_id: worked.item,
        subject: subject(tx, &worked)?,
        period: Month::of(worked.basis.day),
        revision: 0,
        from_on: worked.basis.day,
        to_on: worked.basis.day,
        basis: worked.basis.to_string(),
        amount: worked.amount,
        due_on: worked.due_on,
        due_month: Month::of(worked.due_on),
        made_at: now,
    };
    let made = ledger::charge(tx, actor, &row)?;
    ledger::use_prepayments(tx, &[account_id], now)?;
    tell(tx, now, (community, made), new, &worked)?;
    audit::write(tx, actor, now, &Line::new(community, "charge.counted", "charge", made.0))?;
    Ok(made)
}

/// The day, with a running number where something of it was charged before.
fn subject(db: &mut Db, worked: &Worked) -> Result<String> {
    let day = worked.basis.day;
    let same = charges::table
        .filter(charges::home_id.eq(worked.home.0).and(charges::fee_item_id.eq(worked.item.0)))
        .filter(charges::period.eq(Month::of(day)).and(charges::from_on.eq(day)));
    let before: i64 = same.count().get_result(db)?;
    Ok(if before == 0 { day.to_string() } else { format!("{day}/{}", before + 1) })
}

fn tell(
    tx: &mut Db,
    now: Instant,
    (community, made): (CommunityId, ChargeId),
    new: &NewCount,
    worked: &Worked,
) -> Result<()> {
    let home = new.home.trim();
    let args = json!({
        "home": home, "what": format!("{} {}", worked.item_name, worked.basis.day),
        "amount": worked.amount.to_string(), "due": worked.due_on.to_string(), "note": worked.basis.note,
    });
    let one = Tell {
        community,
        event: format!("charge.counted:{made}"),
        person: worked.payer,
        code: "charge.counted",
        args,
        link: Some(format!("/homes/{home}/bills")),
        urgency: Urgency::Normal,
    };
    notifications::tell(tx, &one, now)
}
