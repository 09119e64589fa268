//! What is owed, by how long it has been due: 0–30, 31–90, 91–180, 181–365 days, over a year.

use chrono::{Datelike, Days};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Fen, Instant, LocalDate, Month, Result, community};

crate::words! {
    /// How long something has been due.
    Age {
        /// Not yet.
        NotDue = "not_due",
        /// Up to 30 days.
        To30 = "0-30",
        /// 31 to 90 days.
        To90 = "31-90",
        /// 91 to 180 days.
        To180 = "91-180",
        /// 181 to 365 days.
        To365 = "181-365",
        /// Over a year.
        Over365 = "over-365",
    }
}

impl Age {
    /// The age of what is due on a day.
    pub fn of(due: LocalDate, today: LocalDate) -> Self {
        match today.signed_duration_since(due).num_days() {
            ..0 => Self::NotDue,
            0..=30 => Self::To30,
            31..=90 => Self::To90,
            91..=180 => Self::To180,
            181..=365 => Self::To365,
            _ => Self::Over365,
        }
    }

    /// The due days that have this age today: from the first to the last, where there is one.
    pub fn due_days(self, today: LocalDate) -> (Option<LocalDate>, Option<LocalDate>) {
        let ago = |days| Some(today - Days::new(days));
        match self {
            Self::NotDue => (Some(today + Days::new(1)), None),
            Self::To30 => (ago(30), ago(0)),
            Self::To90 => (ago(90), ago(31)),
            Self::To180 => (ago(180), ago(91)),
            Self::To365 => (ago(365), ago(181)),
            Self::Over365 => (None, ago(366)),
        }
    }
}

/// What is owed of one age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing {
    /// How long it has been due.
    pub age: Age,
    /// How many charges.
    pub charges: i64,
    /// What is open of them.
    pub open: Fen,
}

#[derive(QueryableByName)]
struct ByDay {
    #[diesel(sql_type = Date)]
    due_on: LocalDate,
    #[diesel(sql_type = BigInt)]
    charges: i64,
    #[diesel(sql_type = BigInt)]
    open_fen: i64,
}

/// What is owed today, by age; every age is there, also where nothing is owed.
pub fn ageing(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Ageing>> {
    allow(db, actor, now, Action::ReadCollection, Object::Community(community))?;
    let today = community::by_id(db, community)?.today(now)?;
    let days = open_by_day(db, community)?;
    let of_age = |age: Age| {
        let mine = days.iter().filter(|day| Age::of(day.due_on, today) == age);
        let (charges, open) = mine.fold((0, 0), |(n, fen), day| (n + day.charges, fen + day.open_fen));
        Ageing { age, charges, open: Fen(open) }
    };
    Ok(Age::ALL.iter().map(|age| of_age(*age)).collect())
}

/// From the summary rows, which every transaction keeps up to date.
fn open_by_day(db: &mut Db, community: CommunityId) -> Result<Vec<ByDay>> {
    let sql = "SELECT due_on, CAST(SUM(charges) AS BIGINT) AS charges, CAST(SUM(open_fen) AS BIGINT) AS open_fen \
               FROM open_summaries WHERE community_id = $1 GROUP BY due_on";
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?)
}

/// What is still open from the years before a period's, apart from the period's own figures.
pub fn prior_years(db: &mut Db, community: CommunityId, period: Month) -> Result<Fen> {
    let year = period.first_day().year();
    let days = open_by_day(db, community)?;
    Ok(days.iter().filter(|day| day.due_on.year() < year).map(|day| Fen(day.open_fen)).sum())
}
