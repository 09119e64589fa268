//! What the community spends, and what its common parts earn: entered by hand, never changed. A wrong entry is taken
//! back by a counter entry on the day on which somebody saw it, as a published quarter stays as it is.

use diesel::prelude::*;

use super::records;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::cases::voice::{too_long, words};
use crate::db::schema::community_entries as table;
use crate::{
    CommunityEntryId, CommunityId, Db, Error, Fen, FieldError, Instant, LocalDate, PersonId, Result,
    community,
};

crate::words! {
    /// What an entry is.
    Kind {
        /// 物业服务支出
        ServiceCost = "service_cost",
        /// 公共收益收入
        CommonIncome = "common_income",
        /// 公共收益支出
        CommonCost = "common_cost",
    }
}

/// What the service costs (物业服务收费管理办法, art. 11).
const SERVICE_COSTS: &[&str] = &[
    "staff",
    "cleaning",
    "greening",
    "security",
    "maintenance",
    "energy",
    "insurance",
    "office",
    "depreciation",
    "tax",
    "other",
];
/// What the common parts earn.
const COMMON_INCOME: &[&str] = &["parking", "advertising", "rent", "telecom", "interest", "other"];
/// What that is spent on.
const COMMON_COSTS: &[&str] = &["collecting", "repair_fund", "facilities", "activities", "other"];

impl Kind {
    /// What entries of this kind can be about, in the order of the publication.
    pub fn categories(self) -> &'static [&'static str] {
        match self {
            Self::ServiceCost => SERVICE_COSTS,
            Self::CommonIncome => COMMON_INCOME,
            Self::CommonCost => COMMON_COSTS,
        }
    }
}

/// An entry to be made.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What it is.
    pub kind: Kind,
    /// What it is about: a word of its kind.
    pub category: String,
    /// On which day.
    pub day: LocalDate,
    /// How much, above zero.
    pub amount: Fen,
    /// To whom it was paid, or who paid it.
    pub party: String,
    /// The number of the invoice or receipt.
    pub document: String,
    /// What else is to be said.
    pub note: String,
}

/// An entry as the table has it.
#[derive(Debug, Clone, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = table)]
pub struct Entry {
    /// Its id.
    pub id: CommunityEntryId,
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub category: String,
    /// On which day.
    pub day: LocalDate,
    /// How much; below zero where it takes another back.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// To whom, or from whom.
    pub party: String,
    /// The invoice or receipt.
    pub document: String,
    /// What else was said; of a counter entry, why.
    pub note: String,
    /// Which entry it takes back.
    pub corrects: Option<CommunityEntryId>,
    /// Who made it.
    pub entered_by: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// The entries of some days, newest first.
///
/// # Errors
/// Not allowed to who keeps no books.
pub fn entries(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (from, to): (LocalDate, LocalDate),
) -> Result<Vec<Entry>> {
    allow(db, actor, now, Action::KeepBooks, Object::Community(community))?;
    Ok(table::table
        .filter(table::community_id.eq(community.0).and(table::day.ge(from)).and(table::day.le(to)))
        .order((table::day.desc(), table::id.desc()))
        .select(Entry::as_select())
        .load(db)?)
}

/// What was entered for some days, what takes it back left out.
pub(crate) fn made_between(
    db: &mut Db,
    community: CommunityId,
    (from, to): (LocalDate, LocalDate),
) -> Result<Vec<Entry>> {
    let made = table::table
        .filter(table::community_id.eq(community.0).and(table::day.ge(from)).and(table::day.le(to)))
        .filter(table::corrects.is_null());
    Ok(made.select(Entry::as_select()).load(db)?)
}

/// One entry.
///
/// # Errors
/// Not found where there is none in the community.
pub fn entry(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    id: CommunityEntryId,
) -> Result<Entry> {
    allow(db, actor, now, Action::KeepBooks, Object::Community(community))?;
    let own = table::table.filter(table::id.eq(id.0).and(table::community_id.eq(community.0)));
    Ok(own.select(Entry::as_select()).first(db)?)
}

/// Makes an entry.
///
/// # Errors
/// By field; a day that has not come (`day`, `future`) or lies in a quarter that was decided on
/// (`publication.closed`): such an entry is made on the day on which it was seen.
pub fn enter(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    new: &NewEntry,
) -> Result<CommunityEntryId> {
    allow(tx, actor, now, Action::KeepBooks, Object::Community(community))?;
    crate::db::lock(tx, "communities", community.0)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let (party, document) = checked(new, today)?;
    if let Some(last) = records::decided_until(tx, community)?.filter(|last| new.day <= *last) {
        return Err(Error::refused("publication.closed", vec![("day", last.to_string())]));
    }
    let row = (
        table::community_id.eq(community),
        table::kind.eq(new.kind),
        table::category.eq(&new.category),
        table::day.eq(new.day),
        table::amount_fen.eq(new.amount),
        table::party.eq(party),
        table::document.eq(document),
        table::note.eq(new.note.trim()),
        table::entered_by.eq(actor.person),
        table::at.eq(now),
    );
    let id = diesel::insert_into(table::table).values(row).returning(table::id).get_result(tx)?;
    write_down(tx, actor, now, (community, "community_entry.make", id))?;
    Ok(id)
}

fn checked(new: &NewEntry, today: LocalDate) -> Result<(&str, &str)> {
    let mut wrong = Vec::new();
    if !new.kind.categories().contains(&new.category.as_str()) {
        wrong.push(FieldError::new("category", "choice"));
    }
    if new.day > today {
        wrong.push(FieldError::new("day", "in_past"));
    }
    if new.amount <= Fen::ZERO {
        wrong.push(FieldError::new("amount", "not_positive"));
    }
    wrong.extend(too_long("note", &new.note, 500));
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok((words("party", &new.party, 100)?, words("document", &new.document, 60)?))
}

/// Takes an entry back by a counter entry of today, with the reason.
///
/// # Errors
/// Not found; refused for a counter entry and for what was taken back before (`publication.corrected`).
pub fn correct(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, CommunityEntryId),
    reason: &str,
) -> Result<CommunityEntryId> {
    allow(tx, actor, now, Action::KeepBooks, Object::Community(community))?;
    crate::db::lock(tx, "communities", community.0)?;
    let reason = words("reason", reason, 500)?;
    let entry = entry(tx, actor, now, community, id)?;
    let counters: i64 = table::table.filter(table::corrects.eq(id.0)).count().get_result(tx)?;
    if entry.corrects.is_some() || counters > 0 {
        return Err(Error::refused("publication.corrected", vec![]));
    }
    let today = community::by_id(tx, community)?.today(now)?;
    // In the quarter that it belongs to, while nobody has decided on that; else today.
    let closed = records::decided_until(tx, community)?.is_some_and(|last| entry.day <= last);
    let row = (
        table::community_id.eq(community),
        table::kind.eq(entry.kind),
        table::category.eq(&entry.category),
        table::day.eq(if closed { today } else { entry.day }),
        table::amount_fen.eq(Fen(-entry.amount.0)),
        table::party.eq(&entry.party),
        table::document.eq(&entry.document),
        table::note.eq(reason),
        table::corrects.eq(entry.id.0),
        table::entered_by.eq(actor.person),
        table::at.eq(now),
    );
    let counter = diesel::insert_into(table::table).values(row).returning(table::id).get_result(tx)?;
    write_down(tx, actor, now, (community, "community_entry.correct", counter))?;
    Ok(counter)
}

fn write_down(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, action, id): (CommunityId, &'static str, CommunityEntryId),
) -> Result<()> {
    audit::write(tx, actor, now, &Line::new(community, action, "community_entry", id.0))
}
