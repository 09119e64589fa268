//! The stage on which the demo's days are played: who is who in the registers, and at what moment
//! somebody does something. Everything is done by the portal's own functions, as the person who would.

use chrono::{Days, NaiveTime, TimeDelta};
use domain::access::{Actor, Role};
use domain::community::Community;
use domain::db::schema::{homes, occupancies, role_grants, staff};
use domain::{CaseId, Db, Error, HomeId, Instant, LocalDate, Month, PersonId, Result, Store, Zone};

use super::registers::{self, Status};

/// The home of the resident's login.
const RESIDENT: &str = "2-2-0801";

/// Everything that a day of the demo needs.
pub(super) struct Stage {
    /// The database.
    pub(super) store: Store,
    /// The portal's worker, whose calendar ticks on the days that are played.
    pub(super) worker: jobs::App,
    /// Where what the portal does asynchronously runs.
    pub(super) runtime: tokio::runtime::Runtime,
    /// 锦绣花园.
    pub(super) community: Community,
    /// Its time zone.
    pub(super) zone: Zone,
    /// The first day of its history: that of the month a year before it is opened.
    pub(super) begin: LocalDate,
    /// The day on which the demo is opened.
    pub(super) today: LocalDate,
    /// The homes in register order.
    pub(super) homes: Vec<Home>,
}

/// A home, as the newest register has it.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub(super) id: HomeId,
    pub(super) code: String,
    pub(super) status: Status,
    pub(super) delivered_on: Option<LocalDate>,
    /// None where the register names none: nobody has bought it yet.
    pub(super) owner: Option<PersonId>,
}

impl Home {
    /// Whether somebody lives there on a day.
    pub(super) fn is_lived_in(&self, day: LocalDate) -> bool {
        self.status == Status::Occupied && self.delivered_on.is_some_and(|since| since <= day)
    }
}

impl Stage {
    /// Sets the stage in a community whose registers were imported.
    pub(super) fn set(worker: jobs::App, community: Community, today: LocalDate) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let zone = community.zone()?;
        let store = worker.store.clone();
        let homes = store.read_now(load_homes)?;
        let begin = zone.date(community.created_at);
        let runtime = runtime.map_err(Error::internal)?;
        Ok(Self { store, worker, runtime, community, zone, begin, today, homes })
    }

    /// A moment of a day.
    pub(super) fn on(&self, day: LocalDate, hour: u32, minute: u32) -> Instant {
        self.zone.at(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
    }

    /// A moment of a day, so many minutes after an hour of it.
    pub(super) fn past(&self, day: LocalDate, hour: u32, minutes: u32) -> Instant {
        self.on(day, hour, 0).plus(TimeDelta::minutes(minutes.into()))
    }

    /// How many days before the demo is opened this day is.
    pub(super) fn ago(&self, day: LocalDate) -> Option<u64> {
        u64::try_from(self.today.signed_duration_since(day).num_days()).ok()
    }

    /// The day so many days before the demo is opened.
    pub(super) fn days_ago(&self, days: u64) -> LocalDate {
        self.today - Days::new(days)
    }

    /// The month in which the demo is opened.
    pub(super) fn present(&self) -> Month {
        Month::of(self.today)
    }

    /// Reads.
    pub(super) fn read<T>(&self, query: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.store.read_now(query)
    }

    /// Changes, in one transaction.
    pub(super) fn write<T>(&self, change: impl Fn(&mut Db) -> Result<T>) -> Result<T> {
        self.store.write_now(change)
    }

    /// A person as they were at a moment.
    pub(super) fn person(&self, person: PersonId, at: Instant) -> Result<Actor> {
        let day = self.zone.date(at);
        self.read(|db| Actor::load(db, person, day, "page"))
    }

    /// The owner of a home, as a resident.
    pub(super) fn owner(&self, home: &Home, at: Instant) -> Result<Actor> {
        self.person(home.owner.ok_or(Error::NotFound)?, at)
    }

    /// Who is on duty in a role at a moment, in the order of the register.
    pub(super) fn holders(&self, role: Role, at: Instant) -> Result<Vec<PersonId>> {
        self.read(|db| domain::on_duty::holders(db, self.community.id, role, at))
    }

    /// One of those on duty in a role at a moment; each day it is another's turn. None where nobody does.
    pub(super) fn on_duty(&self, role: Role, at: Instant) -> Result<Option<Actor>> {
        let all = self.holders(role, at)?;
        let turn = super::dice::number(self.zone.date(at)).unsigned_abs();
        let count = u64::try_from(all.len()).unwrap_or(1).max(1);
        let at_turn = usize::try_from(turn % count).unwrap_or(0);
        all.get(at_turn).map(|person| self.person(*person, at)).transpose()
    }

    /// A member of staff of the newest register, by number, as they were at a moment.
    pub(super) fn staff(&self, number: &str, at: Instant) -> Result<Actor> {
        self.person(self.staff_id(number)?, at)
    }

    /// Who has a number in the register of staff.
    pub(super) fn staff_id(&self, number: &str) -> Result<PersonId> {
        use diesel::prelude::*;
        let row = staff::table.filter(staff::number.eq(number)).select(staff::person_id);
        self.read(|db| Ok(row.first(db)?))
    }

    /// The number that somebody has in the register of staff.
    pub(super) fn number_of(&self, person: PersonId) -> Result<String> {
        use diesel::prelude::*;
        let row = staff::table.filter(staff::person_id.eq(person.0)).select(staff::number);
        self.read(|db| Ok(row.first(db)?))
    }

    /// Whether a person holds a role at a moment.
    pub(super) fn holds(&self, person: PersonId, role: Role, at: Instant) -> Result<bool> {
        use diesel::prelude::*;
        let day = self.zone.date(at);
        let found = role_grants::table
            .filter(role_grants::person_id.eq(person.0).and(role_grants::role.eq(role)))
            .filter(role_grants::starts_on.le(day))
            .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(day)))
            .count();
        self.read(|db| Ok(found.get_result::<i64>(db)? > 0))
    }

    /// The steward of a home at a moment; none where nobody is.
    pub(super) fn steward_of(&self, home: HomeId, at: Instant) -> Result<Option<Actor>> {
        let day = self.zone.date(at);
        let steward = self.read(|db| domain::on_duty::steward_of(db, home, day))?;
        steward.map(|person| self.person(person, at)).transpose()
    }

    /// The home of an id.
    pub(super) fn home(&self, id: HomeId) -> Result<&Home> {
        self.homes.iter().find(|home| home.id == id).ok_or(Error::NotFound)
    }

    /// The home of the resident's login.
    pub(super) fn resident(&self) -> Result<&Home> {
        self.homes.iter().find(|home| self.is_resident(home)).ok_or(Error::NotFound)
    }

    /// Whether a home is that of the resident's login.
    pub(super) fn is_resident(&self, home: &Home) -> bool {
        home.code == RESIDENT
    }

    /// The homes that the newest register has in a status, in its order.
    pub(super) fn homes_that_are(&self, status: Status) -> impl Iterator<Item = &Home> {
        self.homes.iter().filter(move |home| home.status == status)
    }

    /// A case as it is.
    pub(super) fn case(&self, id: CaseId) -> Result<domain::cases::Case> {
        self.read(|db| domain::cases::by_id(db, id))
    }
}

fn load_homes(db: &mut Db) -> Result<Vec<Home>> {
    use diesel::prelude::*;
    type Row = (HomeId, String, Option<PersonId>);
    let owned = occupancies::home_id.eq(homes::id).and(occupancies::kind.eq("owner"));
    let rows: Vec<Row> = homes::table
        .left_join(occupancies::table.on(owned.and(occupancies::ends_on.is_null())))
        .order((homes::register_order, occupancies::id))
        .select((homes::id, homes::code, occupancies::person_id.nullable()))
        .load(db)?;
    let register = registers::newest();
    let mut found: Vec<Home> = Vec::with_capacity(rows.len());
    for (id, code, owner) in rows {
        if let Some(row) = register.get(code.as_str())
            && found.last().is_none_or(|last| last.id != id)
        {
            found.push(Home { id, status: row.status, delivered_on: row.delivered_on, code, owner });
        }
    }
    Ok(found)
}
