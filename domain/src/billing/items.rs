//! Fee items 收费项目 and their tariffs: what is charged, by what, to whom, at which rate from which day.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::intervals::{self, Interval, Period};
use super::rules::{Segment, Unit, segments};
use crate::db::schema::{fee_items, tariffs};
use crate::ledger::Book;
use crate::meters;
use crate::{CommunityId, Db, FeeItemId, LocalDate, Month, Rate, Result};

crate::words! {
    /// Who an item applies to: homes by their use, bays by how they are held.
    AppliesTo {
        /// 住宅
        Residential = "residential",
        /// 商铺
        Shop = "shop",
        /// 办公
        Office = "office",
        /// 产权车位
        Owned = "owned",
        /// 租赁车位
        Leased = "leased",
    }
}

crate::words! {
    /// What an item is charged by.
    By {
        /// The floor area, each month.
        Area = "area",
        /// The home, each month.
        Home = "home",
        /// The parking bay, each month.
        Bay = "bay",
        /// What a meter has run through.
        Meter = "meter",
        /// A home's part of a shared bill 公摊.
        Shared = "shared",
        /// The hour, such as air-conditioning overtime.
        Hour = "hour",
        /// The service, by the price list.
        Service = "service",
        /// A deposit 押金.
        Deposit = "deposit",
        /// What is collected for others 代收.
        Collected = "collected",
        /// What grows on another item that is late 违约金.
        Late = "late",
    }
}

impl By {
    /// The book that it is charged in.
    pub fn book(self) -> Book {
        match self {
            Self::Deposit => Book::Deposits,
            Self::Collected => Book::Collected,
            _ => Book::Fees,
        }
    }

    /// The unit that days of a month are charged for; none for what is not charged by days.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Area => Some(Unit::Area),
            Self::Home => Some(Unit::Home),
            Self::Bay => Some(Unit::Bay),
            _ => None,
        }
    }
}

/// A fee item as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = fee_items)]
pub struct FeeItem {
    /// Its id.
    pub id: FeeItemId,
    /// The community.
    pub community_id: CommunityId,
    /// The code that files and routes use, such as `property_residential`.
    pub code: String,
    /// What bills call it.
    pub name: String,
    /// What it is charged by.
    pub basis: By,
    /// Who it applies to.
    pub applies_to: AppliesTo,
    /// The unit of its rate in words, such as 元/平方米·月.
    pub unit: String,
    /// The day of the period's month on which it is due.
    pub due_day: i32,
    /// Its position at first import.
    pub register_order: i64,
    /// Whether the run of each month bills it.
    pub periodic: bool,
    /// Its last chargeable day; none where it goes on.
    pub ends_on: Option<LocalDate>,
    /// Which meters it is charged for, where it is by meter.
    pub meter: Option<meters::Kind>,
}

/// An item with every tariff it ever had, oldest first.
#[derive(Debug, Clone)]
pub struct Tariffed {
    /// The item.
    pub item: FeeItem,
    /// From which day which rate holds.
    pub tariffs: Vec<(LocalDate, Rate)>,
    /// From which month it is billed how often, oldest first; each month where nothing is said.
    pub intervals: Vec<Interval>,
}

impl Tariffed {
    /// The tariffs that hold within a month, until the item ends.
    pub fn segments(&self, month: Month) -> Vec<Segment> {
        let ends = self.item.ends_on.unwrap_or(LocalDate::MAX);
        let until = |segment: Segment| Segment { to: segment.to.min(ends), ..segment };
        segments(&self.tariffs, month).into_iter().map(until).filter(|one| one.from <= one.to).collect()
    }

    /// The period that the run of a month charges; none where another month's run does.
    pub fn charged_in(&self, run: Month) -> Option<Period> {
        intervals::rules::charged_in(&self.intervals, run)
    }

    /// Whether it ended before a month began.
    pub fn ended(&self, month: Month) -> bool {
        self.item.ends_on.is_some_and(|day| day < month.first_day())
    }

    /// The rate that holds on a day.
    pub fn rate_on(&self, day: LocalDate) -> Option<Rate> {
        self.tariffs.iter().rfind(|(starts, _)| *starts <= day).map(|(_, rate)| *rate)
    }

    /// The due day as a day of the month.
    pub fn due_day(&self) -> u32 {
        u32::try_from(self.item.due_day).unwrap_or(25)
    }
}

/// An item that no run of items bills, made where there was none: parts of shared bills, late fees, what is kept of
/// deposits.
pub(crate) fn unbilled(
    tx: &mut Db,
    community: CommunityId,
    (code, name): (&str, &str),
    (basis, applies_to, unit): (By, AppliesTo, &str),
) -> Result<FeeItemId> {
    let sql = "INSERT INTO fee_items (community_id, code, name, basis, applies_to, unit, due_day, register_order, \
               periodic) SELECT $1, $2, $3, $4, $5, $6, 25, \
               (SELECT COALESCE(MAX(register_order), 0) + 1 FROM fee_items WHERE community_id = $1), FALSE \
               WHERE 1 = 1 ON CONFLICT (community_id, code) DO NOTHING";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(code)
        .bind::<Text, _>(name)
        .bind::<Text, _>(basis)
        .bind::<Text, _>(applies_to)
        .bind::<Text, _>(unit)
        .execute(tx)?;
    let own = fee_items::community_id.eq(community.0).and(fee_items::code.eq(code));
    Ok(fee_items::table.filter(own).select(fee_items::id).first(tx)?)
}

/// An item of a community with its tariffs, whoever bills it.
pub fn find(db: &mut Db, community: CommunityId, id: FeeItemId) -> Result<Option<Tariffed>> {
    let own = fee_items::table.filter(fee_items::id.eq(id.0).and(fee_items::community_id.eq(community.0)));
    let Some(item) = own.select(FeeItem::as_select()).first(db).optional()? else { return Ok(None) };
    let rates = tariffs::table.filter(tariffs::fee_item_id.eq(id.0)).order(tariffs::starts_on);
    let tariffs = rates.select((tariffs::starts_on, tariffs::rate)).load(db)?;
    Ok(Some(Tariffed { item, tariffs, intervals: intervals::of_item(db, id)? }))
}

/// A community's items that runs bill, with their tariffs, in register order.
pub fn items(db: &mut Db, community: CommunityId) -> Result<Vec<Tariffed>> {
    Ok(all(db, community)?.into_iter().filter(|one| one.item.periodic).collect())
}

/// A community's items, with their tariffs, in register order; those of shared bills have a register of their own,
/// late fees and what is the developer's follow their item.
pub fn all(db: &mut Db, community: CommunityId) -> Result<Vec<Tariffed>> {
    let items: Vec<FeeItem> = fee_items::table
        .filter(fee_items::community_id.eq(community.0).and(fee_items::basis.ne_all([By::Shared, By::Late])))
        .filter(fee_items::in_place_of.is_null())
        .order(fee_items::register_order)
        .select(FeeItem::as_select())
        .load(db)?;
    let rates: Vec<(FeeItemId, LocalDate, Rate)> = tariffs::table
        .filter(tariffs::community_id.eq(community.0))
        .order((tariffs::fee_item_id, tariffs::starts_on))
        .select((tariffs::fee_item_id, tariffs::starts_on, tariffs::rate))
        .load(db)?;
    let of = |item: FeeItemId| {
        rates.iter().filter(|(id, ..)| *id == item).map(|(_, starts, rate)| (*starts, *rate)).collect()
    };
    let often = intervals::of_community(db, community)?;
    let periods =
        |item: FeeItemId| often.iter().filter(|(id, _)| *id == item).map(|(_, interval)| *interval).collect();
    let whole = |item: FeeItem| Tariffed { tariffs: of(item.id), intervals: periods(item.id), item };
    Ok(items.into_iter().map(whole).collect())
}
