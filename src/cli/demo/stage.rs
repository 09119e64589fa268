//! The stage on which the demo's days are played: who is who in the registers, and at what moment
//! somebody does something. Everything is done by the portal's own functions, as the person who would.

use std::collections::BTreeMap;

use chrono::{Days, NaiveTime};
use domain::access::Actor;
use domain::community::Community;
use domain::db::schema::{homes, occupancies, staff};
use domain::{Db, HomeId, Instant, LocalDate, PersonId, Result, Store, Zone};
use object_store::ObjectStore;

use super::dice::Dice;

/// Everything that a day of the demo needs.
pub(super) struct Stage<'a> {
    /// The database.
    pub(super) store: &'a Store,
    /// Where photos go.
    pub(super) files: &'a dyn ObjectStore,
    /// 锦绣花园.
    pub(super) community: Community,
    /// Its time zone.
    pub(super) zone: Zone,
    /// The day on which the demo is opened.
    pub(super) today: LocalDate,
    /// The homes in register order.
    pub(super) homes: Vec<Home>,
    /// Staff by their number.
    pub(super) staff: BTreeMap<String, PersonId>,
}

/// A home as the register has it.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) id: HomeId,
    pub(super) status: String,
    pub(super) delivered_on: Option<LocalDate>,
    pub(super) owner: PersonId,
}

impl<'a> Stage<'a> {
    /// Sets the stage after the registers were imported.
    pub(super) fn set(
        store: &'a Store,
        files: &'a dyn ObjectStore,
        community: Community,
        today: LocalDate,
    ) -> Result<Self> {
        let zone = community.zone()?;
        let (homes, staff) = store.read_now(|db| Ok((load_homes(db)?, load_staff(db)?)))?;
        Ok(Self { store, files, community, zone, today, homes, staff })
    }

    /// A moment so many days before the demo's day.
    pub(super) fn ago(&self, days: u64, hour: u32, minute: u32) -> Instant {
        self.on(self.today - Days::new(days), hour, minute)
    }

    /// A moment of a day.
    pub(super) fn on(&self, day: LocalDate, hour: u32, minute: u32) -> Instant {
        self.zone.at(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
    }

    /// A member of staff, by number, as they were on a day.
    pub(super) fn staff(&self, number: &str, at: Instant) -> Result<Actor> {
        let person = self.staff.get(number).copied().ok_or(domain::Error::NotFound)?;
        self.person(person, at)
    }

    /// A person as they were at a moment.
    pub(super) fn person(&self, person: PersonId, at: Instant) -> Result<Actor> {
        let day = self.zone.date(at);
        self.store.read_now(|db| Actor::load(db, person, day, "page"))
    }

    /// The owner of a home, as a resident.
    pub(super) fn owner(&self, home: &Home, at: Instant) -> Result<Actor> {
        self.person(home.owner, at)
    }

    /// The homes that the register has in a status, such as `occupied`.
    pub(super) fn homes_that_are<'s>(&'s self, status: &'s str) -> impl Iterator<Item = &'s Home> {
        self.homes.iter().filter(move |home| home.status == status)
    }

    /// So many different occupied homes, chosen by the seed.
    pub(super) fn some_homes(&self, seed: u64, count: usize) -> Vec<&Home> {
        let mut lived_in: Vec<&Home> = self
            .homes_that_are("occupied")
            .filter(|home| home.delivered_on.is_some_and(|day| day < self.today - Days::new(60)))
            .collect();
        Dice::new(seed).shuffle(&mut lived_in);
        lived_in.truncate(count);
        lived_in
    }
}

fn load_homes(db: &mut Db) -> Result<Vec<Home>> {
    use diesel::prelude::*;
    type Row = (HomeId, String, Option<LocalDate>, PersonId);
    let rows: Vec<Row> = homes::table
        .inner_join(occupancies::table.on(occupancies::home_id.eq(homes::id)))
        .filter(occupancies::kind.eq("owner").and(occupancies::ends_on.is_null()))
        .order(homes::register_order)
        .select((homes::id, homes::register_status, homes::delivered_on, occupancies::person_id))
        .load(db)?;
    let home = |(id, status, delivered_on, owner)| Home { id, status, delivered_on, owner };
    Ok(rows.into_iter().map(home).collect())
}

fn load_staff(db: &mut Db) -> Result<BTreeMap<String, PersonId>> {
    use diesel::prelude::*;
    let rows: Vec<(String, PersonId)> = staff::table.select((staff::number, staff::person_id)).load(db)?;
    Ok(rows.into_iter().collect())
}
