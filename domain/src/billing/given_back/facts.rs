//! What is known about charges and what they are for, asked for all of them at once.

use std::collections::{HashMap, HashSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::rules::{ALWAYS, Days, Facts, held_days};
use super::touched::LONGEST;
use crate::billing::exceptions::{self, Exception, Terms};
use crate::billing::intervals::Period;
use crate::billing::items::{By, Tariffed, items};
use crate::billing::subject;
use crate::db::schema::{bays, charges, given_back};
use crate::ledger::{Charge, ChargeLine};
use crate::{ChargeId, CommunityId, Db, FeeItemId, HomeId, LocalDate, Month, Result};

/// A home, its bay and how it holds it.
type Bay = (HomeId, String, String);

/// A first and a last day, where there are any.
type Open = (Option<LocalDate>, Option<LocalDate>);

/// What is known about some charges of a community.
pub(super) struct Known {
    items: HashMap<FeeItemId, Tariffed>,
    bays: HashMap<Bay, Vec<Days>>,
    exceptions: HashMap<(HomeId, FeeItemId), Vec<Exception>>,
    /// The subjects of second parts, with the home, item and month of the whole.
    parts: HashSet<(HomeId, FeeItemId, Month, String)>,
    /// Until when those that were shortened were charged before.
    before: HashMap<ChargeId, LocalDate>,
}

/// What is known about one of them, ready for the rules.
pub(super) struct Of {
    pub(super) held: Vec<Days>,
    pub(super) agreed: Vec<Option<Terms>>,
    pub(super) split: bool,
    pub(super) before: Option<LocalDate>,
}

impl Known {
    /// About these charges.
    pub(super) fn about(db: &mut Db, community: CommunityId, lines: &[ChargeLine]) -> Result<Self> {
        let items: HashMap<_, _> = items(db, community)?.into_iter().map(|one| (one.item.id, one)).collect();
        let homes: HashSet<String> = lines.iter().map(|line| line.charge.home_id.to_string()).collect();
        let homes = homes.into_iter().collect::<Vec<_>>().join(", ");
        let months = lines.iter().map(|line| &line.charge);
        let months = months.fold(None, |span: Option<(Month, Month)>, one| {
            let (first, last) = (Month::of(one.from_on), Month::of(one.to_on).max(one.period));
            Some(span.map_or((first, last), |(a, b)| (a.min(first), b.max(last))))
        });
        let Some((first, last)) = months else { return Ok(Self::nothing(items)) };
        // A charge may be of the first or last months of its period alone.
        let whole = (0..LONGEST).fold((first, last), |(first, last), _| (first.prev(), last.next()));
        Ok(Self {
            items,
            bays: held(db, community, &homes)?,
            exceptions: agreed(db, community, whole)?,
            parts: parts(db, community, (&homes, lines))?,
            before: before(db, community, lines)?,
        })
    }

    fn nothing(items: HashMap<FeeItemId, Tariffed>) -> Self {
        let (bays, exceptions) = (HashMap::new(), HashMap::new());
        Self { items, bays, exceptions, parts: HashSet::new(), before: HashMap::new() }
    }

    /// The item of a charge; none where no run bills it.
    pub(super) fn item(&self, charge: &Charge) -> Option<&Tariffed> {
        self.items.get(&charge.fee_item_id)
    }

    /// What is known about one.
    pub(super) fn of(&self, charge: &Charge, item: &Tariffed) -> Of {
        let bay = subject::without_day(&charge.subject);
        let held = if item.item.basis == By::Bay {
            let bay = (charge.home_id, bay.to_owned(), item.item.applies_to.as_str().to_owned());
            self.bays.get(&bay).cloned().unwrap_or_default()
        } else {
            vec![ALWAYS]
        };
        let period = item.charged_in(charge.period).unwrap_or_else(|| Period::month(charge.period));
        let theirs =
            self.exceptions.get(&(charge.home_id, charge.fee_item_id)).map_or(&[][..], Vec::as_slice);
        let in_month = |month| theirs.iter().find(|one| one.holds_in(month)).map(Exception::terms);
        let (home, item) = (charge.home_id, charge.fee_item_id);
        Of {
            held,
            agreed: period.each_month().map(in_month).collect(),
            split: self.parts.contains(&(home, item, charge.period, bay.to_owned())),
            before: self.before.get(&charge.id).copied(),
        }
    }
}

impl Of {
    /// The same with its item.
    pub(super) fn facts<'f>(&'f self, item: &'f Tariffed) -> Facts<'f> {
        Facts { item, held: &self.held, agreed: &self.agreed, split: self.split, before: self.before }
    }
}

/// The days on which the homes hold their bays.
fn held(db: &mut Db, community: CommunityId, homes: &str) -> Result<HashMap<Bay, Vec<Days>>> {
    let theirs = bays::table.filter(bays::community_id.eq(community.0));
    let theirs = theirs.filter(sql::<Bool>(&format!("bays.home_id IN ({homes})")));
    let columns = ((bays::home_id, bays::code, bays::kind), (bays::starts_on, bays::ends_on));
    let rows: Vec<(Bay, Open)> = theirs.select(columns).load(db)?;
    let mut found: HashMap<Bay, Vec<Days>> = HashMap::new();
    for (bay, (from, to)) in rows {
        found.entry(bay).or_default().push((from.unwrap_or(ALWAYS.0), to.unwrap_or(ALWAYS.1)));
    }
    Ok(found.into_iter().map(|(bay, rows)| (bay, held_days(rows))).collect())
}

/// What was agreed for homes in any of some months.
fn agreed(
    db: &mut Db,
    community: CommunityId,
    months: (Month, Month),
) -> Result<HashMap<(HomeId, FeeItemId), Vec<Exception>>> {
    let mut found: HashMap<_, Vec<Exception>> = HashMap::new();
    for one in exceptions::within(db, community, months)? {
        found.entry((one.home_id, one.fee_item_id)).or_default().push(one);
    }
    Ok(found)
}

/// Of which charges a second part stands.
fn parts(
    db: &mut Db,
    community: CommunityId,
    (homes, lines): (&str, &[ChargeLine]),
) -> Result<HashSet<(HomeId, FeeItemId, Month, String)>> {
    let periods: Vec<Month> = lines.iter().map(|line| line.charge.period).collect();
    let rows = charges::table
        .filter(charges::community_id.eq(community.0).and(charges::period.eq_any(periods)))
        .filter(sql::<Bool>(&format!("charges.home_id IN ({homes})")))
        .filter(charges::reversed.eq(false).and(charges::basis.like("rest:%")))
        .select((charges::home_id, charges::fee_item_id, charges::period, charges::subject));
    let rows: Vec<(HomeId, FeeItemId, Month, String)> = rows.load(db)?;
    let whole = |(home, item, period, part): (HomeId, FeeItemId, Month, String)| {
        (home, item, period, subject::without_day(&part).to_owned())
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Until when charges that were made of longer ones would go.
fn before(db: &mut Db, community: CommunityId, lines: &[ChargeLine]) -> Result<HashMap<ChargeId, LocalDate>> {
    let made = given_back::table
        .filter(given_back::community_id.eq(community.0).and(given_back::made_id.is_not_null()))
        .filter(sql::<Bool>(&format!("given_back.made_id IN ({})", super::find::ids(lines))))
        .select((given_back::made_id.assume_not_null(), given_back::until_on));
    Ok(made.load::<(ChargeId, LocalDate)>(db)?.into_iter().collect())
}
