//! A worked example from real homes, shown while a tariff or the interval of an item is edited: what each would pay
//! for the first period, and what it would have paid without the change.

use diesel::prelude::*;

use super::exceptions;
use super::intervals::rules::period_of;
use super::intervals::{NewInterval, Period};
use super::items::{By, Tariffed};
use super::keep::NewTariff;
use super::rules::{Basis, ONE};
use super::worked::{Held, work_out};
use crate::db::schema::{bays, homes};
use crate::{Area, CommunityId, Db, Fen, HomeId, LocalDate, Month, Result};

/// What one home, or bay, would pay.
#[derive(Debug, Clone)]
pub struct Example {
    /// The home's code.
    pub home: String,
    /// The bay; empty where it is the home.
    pub subject: String,
    /// What it would pay, and why.
    pub basis: Basis,
    /// What it would pay by the tariffs as they are; none where there is none yet.
    pub before: Option<Fen>,
}

/// How many homes are shown.
const SHOWN: i64 = 3;

struct Subject {
    home: HomeId,
    code: String,
    subject: String,
    held: Held,
}

/// What the first homes of the register would pay for the period in which a tariff begins; the part of a month among
/// them where there is one.
pub fn example(
    db: &mut Db,
    community: CommunityId,
    item: &Tariffed,
    new: &NewTariff,
) -> Result<Vec<Example>> {
    let period = period_of(&item.intervals, Month::of(new.starts_on));
    let mut after = item.clone();
    after.tariffs.push((new.starts_on, new.rate));
    of_period(db, community, (item, &after), &period)
}

/// What the first homes of the register would pay for the first period of a new interval, and what for its first month
/// or period as it is billed now.
pub fn interval_example(
    db: &mut Db,
    community: CommunityId,
    item: &Tariffed,
    new: &NewInterval,
) -> Result<(Period, Vec<Example>)> {
    let mut after = item.clone();
    after.intervals.retain(|one| one.from < new.from);
    after.intervals.push(new.holds());
    let period = period_of(&after.intervals, new.from);
    let before = period_of(&item.intervals, new.from);
    let mut shown = of_period(db, community, (&after, &after), &period)?;
    let now = of_period(db, community, (item, item), &before)?;
    for one in &mut shown {
        let same = now.iter().find(|other| (&other.home, &other.subject) == (&one.home, &one.subject));
        one.before = same.map(|other| other.basis.amount());
    }
    Ok((period, shown))
}

/// What the first homes would pay for a period by an item as it is and as it would be.
fn of_period(
    db: &mut Db,
    community: CommunityId,
    (item, after): (&Tariffed, &Tariffed),
    period: &Period,
) -> Result<Vec<Example>> {
    let Some(unit) = item.item.basis.unit() else { return Ok(Vec::new()) };
    let mut shown = Vec::new();
    for Subject { home, code, subject, held } in subjects(db, community, item, period)? {
        let agreed = exceptions::of_home(db, home, item.item.id, period)?;
        let worked = |item: &Tariffed| work_out(item, (unit, &held), period, &agreed).map(|(_, basis)| basis);
        if let Some(basis) = worked(after) {
            let before = worked(item).map(|basis| basis.amount());
            shown.push(Example { home: code, subject, basis, before });
        }
    }
    Ok(shown)
}

fn subjects(db: &mut Db, community: CommunityId, item: &Tariffed, period: &Period) -> Result<Vec<Subject>> {
    let (first, last) = (period.first.first_day(), period.last.last_day());
    let applies_to = item.item.applies_to.as_str();
    let delivered =
        homes::table.filter(homes::community_id.eq(community.0).and(homes::delivered_on.le(last)));
    if item.item.basis == By::Bay {
        let rows = delivered
            .inner_join(bays::table.on(bays::home_id.eq(homes::id)))
            .filter(bays::kind.eq(applies_to))
            .filter(bays::ends_on.is_null().or(bays::ends_on.ge(first)))
            .order((homes::register_order, bays::position))
            .limit(SHOWN)
            .select((
                homes::id,
                homes::code,
                homes::delivered_on,
                bays::code,
                bays::starts_on,
                bays::ends_on,
            ));
        type Row = (HomeId, String, Option<LocalDate>, String, Option<LocalDate>, Option<LocalDate>);
        let rows: Vec<Row> = rows.load(db)?;
        let subject = |(home, code, delivered, subject, from, to): Row| Subject {
            home,
            code,
            subject,
            held: Held {
                quantity: ONE,
                starts: delivered.into_iter().chain(from).collect(),
                ends: to.into_iter().collect(),
            },
        };
        return Ok(rows.into_iter().map(subject).collect());
    }
    // Who was delivered in the month comes first: a part of a month tells the most.
    let rows = delivered
        .filter(homes::use_kind.eq(applies_to))
        .order((homes::delivered_on.lt(first), homes::register_order))
        .limit(SHOWN)
        .select((homes::id, homes::code, homes::delivered_on, homes::area));
    let rows: Vec<(HomeId, String, Option<LocalDate>, Area)> = rows.load(db)?;
    let by_area = item.item.basis == By::Area;
    let subject = |(home, code, delivered, area): (HomeId, String, Option<LocalDate>, Area)| Subject {
        home,
        code,
        subject: String::new(),
        held: Held {
            quantity: if by_area { area.0 } else { ONE },
            starts: delivered.into_iter().collect(),
            ends: Vec::new(),
        },
    };
    Ok(rows.into_iter().map(subject).collect())
}
