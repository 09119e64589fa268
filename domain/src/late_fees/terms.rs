//! What was agreed for late payment of an item, from which day on: nothing is due already that it makes dearer.

use diesel::prelude::*;

use super::rules::{MOST_GRACE, MOST_RATE, Terms};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::{items::By, keep};
use crate::db::schema::{late_terms, people};
use crate::{CommunityId, Db, Error, FeeItemId, FieldError, Instant, LocalDate, Rate, Result, community};

/// What somebody wants to agree to.
#[derive(Debug, Clone)]
pub struct NewTerms {
    /// The first due day that they hold for.
    pub starts_on: LocalDate,
    /// What the agreement says, in its words.
    pub basis: String,
    /// A day's rate, in 1/10,000 of a percent; 0 ends late fees for what is due from then on.
    pub rate: Rate,
    /// Days after the due day that cost nothing.
    pub grace_days: i64,
    /// The most that grows on a charge, in percent of it.
    pub cap_percent: i64,
}

/// Terms as the table has them, with the name of who entered them.
#[derive(Debug, Clone, Queryable)]
pub struct Agreed {
    /// The first due day that they hold for.
    pub starts_on: LocalDate,
    /// What the agreement says, in its words.
    pub basis: String,
    /// A day's rate, in 1/10,000 of a percent.
    pub rate: Rate,
    /// Days after the due day that cost nothing.
    pub grace_days: i32,
    /// The most that grows on a charge, in percent of it.
    pub cap_percent: i32,
    /// Who entered them.
    pub by: Option<String>,
}

/// Enters what was agreed for an item.
///
/// # Errors
/// By field: no words of the agreement, a rate, grace or cap that nobody agrees on, a day that is over or known.
pub fn agree(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
    new: &NewTerms,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let item = keep::find(tx, community, code)?.ok_or(Error::NotFound)?;
    if matches!(item.basis, By::Late | By::Deposit) {
        return Err(Error::refused("late.not_on_this", vec![]));
    }
    checked(new, community::by_id(tx, community)?.today(now)?)?;
    let row = (
        late_terms::community_id.eq(community),
        late_terms::fee_item_id.eq(item.id),
        late_terms::starts_on.eq(new.starts_on),
        late_terms::basis.eq(new.basis.trim()),
        late_terms::rate.eq(new.rate),
        late_terms::grace_days.eq(i32::try_from(new.grace_days).unwrap_or(i32::MAX)),
        late_terms::cap_percent.eq(i32::try_from(new.cap_percent).unwrap_or(i32::MAX)),
        late_terms::made_by.eq(actor.person),
        late_terms::made_at.eq(now),
    );
    match diesel::insert_into(late_terms::table).values(row).execute(tx) {
        Err(error) if crate::db::is_unique_violation(&error) => {
            return Err(Error::field("starts_on", "terms_same_day"));
        }
        done => done?,
    };
    let line = Line::new(community, "late_terms.agree", "fee_item", item.id.0);
    audit::write(tx, actor, now, &line.fields(format!("{code} {} {}%", new.starts_on, new.rate)))
}

fn checked(new: &NewTerms, today: LocalDate) -> Result<()> {
    let mut wrong = Vec::new();
    if new.starts_on < today {
        wrong.push(FieldError::new("starts_on", "day_past"));
    }
    if new.rate.0 < 0 || new.rate > MOST_RATE {
        wrong.push(FieldError::new("rate", "late_rate").with("most", MOST_RATE.to_string()));
    }
    if new.rate.0 > 0 && new.basis.trim().is_empty() {
        wrong.push(FieldError::new("basis", "required"));
    }
    if !(0..=MOST_GRACE).contains(&new.grace_days) {
        wrong.push(FieldError::new("grace_days", "between").with("least", 0).with("most", MOST_GRACE));
    }
    if !(1..=100).contains(&new.cap_percent) {
        wrong.push(FieldError::new("cap_percent", "between").with("least", 1).with("most", 100));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// All that was ever agreed for an item, the newest first.
pub fn of_item(db: &mut Db, item: FeeItemId) -> Result<Vec<Agreed>> {
    let rows = late_terms::table
        .left_join(people::table.on(people::id.nullable().eq(late_terms::made_by)))
        .filter(late_terms::fee_item_id.eq(item.0))
        .order(late_terms::starts_on.desc())
        .select((
            late_terms::starts_on,
            late_terms::basis,
            late_terms::rate,
            late_terms::grace_days,
            late_terms::cap_percent,
            people::name.nullable(),
        ));
    Ok(rows.load(db)?)
}

/// The terms that hold for what is due on a day.
pub(super) fn holding(db: &mut Db, item: FeeItemId, due_on: LocalDate) -> Result<Option<Terms>> {
    let rows = late_terms::table
        .filter(late_terms::fee_item_id.eq(item.0).and(late_terms::starts_on.le(due_on)))
        .order(late_terms::starts_on.desc())
        .select((late_terms::rate, late_terms::grace_days, late_terms::cap_percent));
    let found: Option<(Rate, i32, i32)> = rows.first(db).optional()?;
    Ok(found.map(|(rate, grace, cap)| Terms {
        rate,
        grace: u64::try_from(grace).unwrap_or(0),
        cap: i64::from(cap),
    }))
}
