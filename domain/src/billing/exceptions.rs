//! Exceptions 例外: a home that an item is not charged to, or only in part, or at a rate of its own, from month
//! to month, with the reason and who agreed to it. Every delivered home is charged unless one says otherwise.

use diesel::prelude::*;

use super::intervals::Period;
use super::items::FeeItem;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::{charges, fee_exceptions, homes, people};
use crate::{
    CommunityId, Db, Error, FeeExceptionId, FeeItemId, FieldError, HomeId, Instant, LocalDate, Month, Rate,
    Result, community,
};

crate::words! {
    /// What was agreed.
    Kind {
        /// 免收, not charged.
        Free = "free",
        /// 按比例, a part in percent.
        Part = "part",
        /// 另定单价, another rate.
        Rate = "rate",
    }
}

/// An exception as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = fee_exceptions)]
pub struct Exception {
    /// Its id.
    pub id: FeeExceptionId,
    /// The home.
    pub home_id: HomeId,
    /// The item.
    pub fee_item_id: FeeItemId,
    /// What was agreed.
    pub kind: Kind,
    /// Percent, or 1/10,000 yuan; 0 for what is free.
    pub value: i64,
    /// Its first month.
    pub from_month: Month,
    /// Its last month; none where it goes on.
    pub to_month: Option<Month>,
    /// Why.
    pub reason: String,
    /// When it was agreed.
    pub made_at: Instant,
}

/// What an exception makes of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terms {
    /// Nothing is charged.
    Free,
    /// So many percent.
    Part(i64),
    /// At this rate.
    Rate(Rate),
}

impl Exception {
    /// What it makes of a charge.
    pub fn terms(&self) -> Terms {
        match self.kind {
            Kind::Free => Terms::Free,
            Kind::Part => Terms::Part(self.value),
            Kind::Rate => Terms::Rate(Rate(self.value)),
        }
    }

    /// Whether it holds in a month.
    pub(super) fn holds_in(&self, month: Month) -> bool {
        self.from_month <= month && self.to_month.is_none_or(|to| to >= month)
    }
}

/// An exception with the names that people know.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// The exception.
    pub exception: Exception,
    /// The home's code.
    pub home: String,
    /// Who agreed to it; nobody where it was not a person.
    pub by: Option<String>,
}

/// What somebody wants to agree to.
#[derive(Debug, Clone)]
pub struct NewException {
    /// The home's code.
    pub home: String,
    /// What, and for how much.
    pub terms: Terms,
    /// From which month.
    pub from: Month,
    /// To which; none where it goes on.
    pub to: Option<Month>,
    /// Why.
    pub reason: String,
}

/// Those that hold in any of some months.
pub(super) fn within(
    db: &mut Db,
    community: CommunityId,
    (first, last): (Month, Month),
) -> Result<Vec<Exception>> {
    let rows = fee_exceptions::table
        .filter(fee_exceptions::community_id.eq(community.0).and(fee_exceptions::from_month.le(last)))
        .filter(fee_exceptions::to_month.is_null().or(fee_exceptions::to_month.ge(first)))
        .order((fee_exceptions::fee_item_id, fee_exceptions::home_id));
    Ok(rows.select(Exception::as_select()).load(db)?)
}

/// What was agreed for a home and item in each month of a period.
pub(super) fn of_home(
    db: &mut Db,
    home: HomeId,
    item: FeeItemId,
    period: &Period,
) -> Result<Vec<Option<Terms>>> {
    let rows = fee_exceptions::table
        .filter(fee_exceptions::home_id.eq(home.0).and(fee_exceptions::fee_item_id.eq(item.0)))
        .filter(fee_exceptions::from_month.le(period.last))
        .filter(fee_exceptions::to_month.is_null().or(fee_exceptions::to_month.ge(period.first)));
    let found: Vec<Exception> = rows.select(Exception::as_select()).load(db)?;
    let of_month = |month| found.iter().find(|one| one.holds_in(month)).map(Exception::terms);
    Ok(period.each_month().map(of_month).collect())
}

/// All of an item, the newest first.
pub fn of_item(db: &mut Db, item: FeeItemId) -> Result<Vec<Listed>> {
    let rows = fee_exceptions::table
        .inner_join(homes::table.on(homes::id.eq(fee_exceptions::home_id)))
        .left_join(people::table.on(people::id.nullable().eq(fee_exceptions::made_by)))
        .filter(fee_exceptions::fee_item_id.eq(item.0))
        .order(fee_exceptions::id.desc());
    Ok(rows.select((Exception::as_select(), homes::code, people::name.nullable())).load(db)?)
}

/// Agrees to an exception.
///
/// # Errors
/// No such home, a part that is none, a negative rate, no reason, months that are billed (but for the later months of a
/// period that was charged ahead) or end before they begin, another exception in the same months.
pub fn agree(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    item: &FeeItem,
    new: &NewException,
) -> Result<FeeExceptionId> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    // What is measured is charged as it was measured.
    if item.basis.unit().is_none() {
        return Err(Error::NotFound);
    }
    let (kind, value) = checked(new)?;
    let found = homes::table.filter(homes::community_id.eq(community.0).and(homes::code.eq(new.home.trim())));
    let Some(home) = found.select(homes::id).first::<HomeId>(tx).optional()? else {
        return Err(Error::field("home", "unknown_home"));
    };
    crate::db::lock(tx, "homes", home.0)?;
    let present = Month::of(community::by_id(tx, community)?.today(now)?);
    not_billed(tx, home, item.id, (new.from, present))?;
    no_other(tx, home, item.id, new)?;
    let row = (
        fee_exceptions::community_id.eq(community),
        fee_exceptions::home_id.eq(home),
        fee_exceptions::fee_item_id.eq(item.id),
        fee_exceptions::kind.eq(kind),
        fee_exceptions::value.eq(value),
        fee_exceptions::from_month.eq(new.from),
        fee_exceptions::to_month.eq(new.to),
        fee_exceptions::reason.eq(new.reason.trim()),
        fee_exceptions::made_by.eq(actor.person),
        fee_exceptions::made_at.eq(now),
    );
    let made = diesel::insert_into(fee_exceptions::table).values(row);
    let id: FeeExceptionId = made.returning(fee_exceptions::id).get_result(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "fee_exception.agree", "fee_exception", id.0))?;
    Ok(id)
}

fn checked(new: &NewException) -> Result<(Kind, i64)> {
    if new.reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    if new.to.is_some_and(|to| to < new.from) {
        return Err(Error::field("to_month", "ends_before_start"));
    }
    match new.terms {
        Terms::Free => Ok((Kind::Free, 0)),
        Terms::Part(percent @ 1..=99) => Ok((Kind::Part, percent)),
        Terms::Part(_) => Err(Error::field("value", "percent")),
        Terms::Rate(Rate(rate @ 0..=1_000_000_000)) => Ok((Kind::Rate, rate)),
        Terms::Rate(_) => Err(Error::field("value", "negative")),
    }
}

/// What is charged stays as it is: an exception begins after it, or the charge is taken back first. Only the later months
/// of a period that was charged ahead can still be agreed on: what they make less is given back.
fn not_billed(db: &mut Db, home: HomeId, item: FeeItemId, (from, present): (Month, Month)) -> Result<()> {
    let charged = charges::table
        .filter(charges::home_id.eq(home.0).and(charges::fee_item_id.eq(item.0)))
        .filter(charges::to_on.ge(from.first_day()).and(charges::reversed.eq(false)));
    let days: Vec<(LocalDate, LocalDate)> = charged.select((charges::from_on, charges::to_on)).load(db)?;
    let stays = days.into_iter().filter(|(begins, _)| from < present || Month::of(*begins) >= from);
    match stays.map(|(_, last)| Month::of(last)).max() {
        Some(last) => Err(Error::Invalid(vec![
            FieldError::new("from_month", "period_charged").with("last", last.last_day()),
        ])),
        None => Ok(()),
    }
}

fn no_other(db: &mut Db, home: HomeId, item: FeeItemId, new: &NewException) -> Result<()> {
    let mut others = fee_exceptions::table
        .filter(fee_exceptions::home_id.eq(home.0).and(fee_exceptions::fee_item_id.eq(item.0)))
        .filter(fee_exceptions::to_month.is_null().or(fee_exceptions::to_month.ge(new.from)))
        .into_boxed();
    if let Some(to) = new.to {
        others = others.filter(fee_exceptions::from_month.le(to));
    }
    match others.count().get_result::<i64>(db)? {
        0 => Ok(()),
        _ => Err(Error::field("from_month", "exception_overlaps")),
    }
}

/// Ends an exception with a month, which may be the present one or a later one. What was charged ahead under it for later
/// months is charged anew by the next run.
///
/// # Errors
/// Not found where the item has no such exception; a month before it began, or one that is over.
pub fn end(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (item, id): (FeeItemId, FeeExceptionId),
    last: Month,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let own = fee_exceptions::table
        .filter(fee_exceptions::id.eq(id.0).and(fee_exceptions::community_id.eq(community.0)))
        .filter(fee_exceptions::fee_item_id.eq(item.0));
    let found: Exception = own.select(Exception::as_select()).first(tx)?;
    let present = Month::of(community::by_id(tx, community)?.today(now)?);
    if last < found.from_month {
        return Err(Error::field("last", "ends_before_start"));
    }
    if last < present {
        return Err(Error::field("last", "month_over"));
    }
    diesel::update(fee_exceptions::table.find(id.0)).set(fee_exceptions::to_month.eq(last)).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "fee_exception.end", "fee_exception", id.0))
}
