//! A worked example from real homes, shown while a tariff is edited: what each would pay in the tariff's first
//! month, and what it would have paid without it.

use diesel::prelude::*;

use super::exceptions::{self, Terms};
use super::items::{By, Tariffed};
use super::keep::NewTariff;
use super::rules::{Basis, ONE, Unit, segments, span};
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
    quantity: i64,
    starts: Vec<LocalDate>,
    ends: Vec<LocalDate>,
}

/// What the first homes of the register would pay in the month in which a tariff begins; the part of a month
/// among them where there is one.
pub fn example(
    db: &mut Db,
    community: CommunityId,
    item: &Tariffed,
    new: &NewTariff,
) -> Result<Vec<Example>> {
    let Some(unit) = item.item.basis.unit() else { return Ok(Vec::new()) };
    let month = Month::of(new.starts_on);
    let mut after = item.tariffs.clone();
    after.push((new.starts_on, new.rate));
    let mut shown = Vec::new();
    for subject in subjects(db, community, item, month)? {
        let agreed = exceptions::of_home(db, subject.home, item.item.id, month)?;
        let worked =
            |tariffs: &[(LocalDate, crate::Rate)]| worked_out(unit, &subject, tariffs, month, agreed);
        if let Some(basis) = worked(&after) {
            let before = worked(&item.tariffs).map(|basis| basis.amount());
            shown.push(Example {
                home: subject.code.clone(),
                subject: subject.subject.clone(),
                basis,
                before,
            });
        }
    }
    Ok(shown)
}

fn worked_out(
    unit: Unit,
    subject: &Subject,
    tariffs: &[(LocalDate, crate::Rate)],
    month: Month,
    agreed: Option<Terms>,
) -> Option<Basis> {
    let segments = segments(tariffs, month);
    let starts: Vec<LocalDate> =
        subject.starts.iter().copied().chain(segments.first().map(|s| s.from)).collect();
    let days = span(month, &starts, &subject.ends)?;
    let basis = Basis::new(unit, subject.quantity, days, &segments, month);
    (!basis.parts.is_empty()).then(|| basis.agreed(agreed)).flatten()
}

fn subjects(db: &mut Db, community: CommunityId, item: &Tariffed, month: Month) -> Result<Vec<Subject>> {
    let applies_to = item.item.applies_to.as_str();
    let delivered = homes::table
        .filter(homes::community_id.eq(community.0).and(homes::delivered_on.le(month.last_day())));
    if item.item.basis == By::Bay {
        let rows = delivered
            .inner_join(bays::table.on(bays::home_id.eq(homes::id)))
            .filter(bays::kind.eq(applies_to))
            .filter(bays::ends_on.is_null().or(bays::ends_on.ge(month.first_day())))
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
            quantity: ONE,
            starts: delivered.into_iter().chain(from).collect(),
            ends: to.into_iter().collect(),
        };
        return Ok(rows.into_iter().map(subject).collect());
    }
    // Who was delivered in the month comes first: a part of a month tells the most.
    let rows = delivered
        .filter(homes::use_kind.eq(applies_to))
        .order((homes::delivered_on.lt(month.first_day()), homes::register_order))
        .limit(SHOWN)
        .select((homes::id, homes::code, homes::delivered_on, homes::area));
    let rows: Vec<(HomeId, String, Option<LocalDate>, Area)> = rows.load(db)?;
    let by_area = item.item.basis == By::Area;
    let subject = |(home, code, delivered, area): (HomeId, String, Option<LocalDate>, Area)| Subject {
        home,
        code,
        subject: String::new(),
        quantity: if by_area { area.0 } else { ONE },
        starts: delivered.into_iter().collect(),
        ends: Vec::new(),
    };
    Ok(rows.into_iter().map(subject).collect())
}
