//! What the portal knows of a community's homes before an import: a few queries, then memory.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::schema::{bays, buildings, homes, households, occupancies, people};
use crate::homes::{BayKind, OccupancyKind, Status, UseKind};
use crate::{Area, BuildingId, CommunityId, Db, HomeId, HouseholdId, LocalDate, PersonId, Result};

/// A home as it is known.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = homes)]
pub(super) struct Home {
    pub(super) id: HomeId,
    pub(super) building_id: BuildingId,
    pub(super) code: String,
    pub(super) entrance: String,
    pub(super) floor: i32,
    pub(super) room: String,
    pub(super) use_kind: UseKind,
    pub(super) area: Area,
    pub(super) delivered_on: Option<LocalDate>,
    pub(super) register_status: Status,
}

/// An owner's tie that has not ended, with the person.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Owner {
    pub(super) occupancy: i64,
    pub(super) home: HomeId,
    pub(super) person: PersonId,
    pub(super) household: Option<HouseholdId>,
    pub(super) lives_there: bool,
    pub(super) pays: bool,
    pub(super) starts_on: LocalDate,
    pub(super) name: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) id_last4: Option<String>,
}

/// A bay that is held.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Bay {
    pub(super) id: i64,
    pub(super) home: HomeId,
    pub(super) code: String,
    pub(super) kind: BayKind,
    pub(super) starts_on: Option<LocalDate>,
}

/// All of it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) buildings: HashMap<String, BuildingId>,
    pub(super) homes: HashMap<String, Home>,
    pub(super) owners: HashMap<HomeId, Vec<Owner>>,
    /// Households that have not ended, with their first day.
    pub(super) households: HashMap<HomeId, (HouseholdId, LocalDate)>,
    /// Homes where somebody lives who is no owner.
    pub(super) others_live: HashSet<HomeId>,
    /// Who holds a bay.
    pub(super) bays: HashMap<String, HomeId>,
    pub(super) bays_of: HashMap<HomeId, Vec<Bay>>,
    /// People by name and phone.
    pub(super) people: People,
}

/// People by name and phone: what tells one from another in a register.
#[derive(Default)]
pub(super) struct People(HashMap<NameAndPhone, Vec<(PersonId, Option<String>)>>);

type NameAndPhone = (String, String);

type PersonRow = (PersonId, String, Option<String>, Option<String>);

impl People {
    /// Everybody of a community who can still be told.
    pub(super) fn load(db: &mut Db, community: CommunityId) -> Result<Self> {
        let rows: Vec<PersonRow> = people::table
            .filter(people::community_id.eq(community.0).and(people::anonymised_at.is_null()))
            .order(people::id)
            .select((people::id, people::name, people::phone, people::id_last4))
            .load(db)?;
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for (id, name, phone, id_last4) in rows {
            if let Some(phone) = phone {
                all.entry((name, phone)).or_default().push((id, id_last4));
            }
        }
        Ok(Self(all))
    }

    /// The person of this name and phone, unless their identity's last four say it is another.
    pub(super) fn find(&self, name: &str, phone: Option<&str>, id_last4: Option<&str>) -> Option<PersonId> {
        let alike = self.0.get(&(name.to_owned(), phone?.to_owned()))?;
        let same = |(_, known): &&(PersonId, Option<String>)| !differ(known.as_deref(), id_last4);
        alike.iter().find(same).map(|(id, _)| *id)
    }
}

/// Whether both are known and are not the same.
pub(super) fn differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

/// Loads everything that a register of homes is held against.
pub(super) fn load(db: &mut Db, community: CommunityId) -> Result<Known> {
    let c = community.0;
    let mut known = Known { people: People::load(db, community)?, ..Known::default() };
    let rows = buildings::table.filter(buildings::community_id.eq(c));
    known.buildings = rows.select((buildings::code, buildings::id)).load(db)?.into_iter().collect();
    let rows: Vec<Home> =
        homes::table.filter(homes::community_id.eq(c)).select(Home::as_select()).load(db)?;
    known.homes = rows.into_iter().map(|home| (home.code.clone(), home)).collect();
    for owner in owners(db, community)? {
        known.owners.entry(owner.home).or_default().push(owner);
    }
    let rows = households::table.filter(households::community_id.eq(c).and(households::ended_on.is_null()));
    let rows: Vec<(HomeId, (HouseholdId, LocalDate))> =
        rows.select((households::home_id, (households::id, households::started_on))).load(db)?;
    known.households = rows.into_iter().collect();
    let rows = occupancies::table
        .filter(occupancies::community_id.eq(c).and(occupancies::ends_on.is_null()))
        .filter(occupancies::lives_there.eq(true).and(occupancies::kind.ne(OccupancyKind::Owner.as_str())));
    let rows: Vec<HomeId> = rows.select(occupancies::home_id).load(db)?;
    known.others_live = rows.into_iter().collect();
    let rows = bays::table.filter(bays::community_id.eq(c).and(bays::ends_on.is_null()));
    let rows: Vec<Bay> =
        rows.select((bays::id, bays::home_id, bays::code, bays::kind, bays::starts_on)).load(db)?;
    for bay in rows {
        known.bays.insert(bay.code.clone(), bay.home);
        known.bays_of.entry(bay.home).or_default().push(bay);
    }
    Ok(known)
}

fn owners(db: &mut Db, community: CommunityId) -> Result<Vec<Owner>> {
    let open = occupancies::table
        .inner_join(people::table.on(people::id.eq(occupancies::person_id)))
        .filter(occupancies::community_id.eq(community.0).and(occupancies::ends_on.is_null()))
        .filter(occupancies::kind.eq(OccupancyKind::Owner.as_str()))
        .order(occupancies::id)
        .select((
            occupancies::id,
            occupancies::home_id,
            occupancies::person_id,
            occupancies::household_id,
            occupancies::lives_there,
            occupancies::pays,
            occupancies::starts_on,
            people::name,
            people::phone,
            people::email,
            people::id_last4,
        ));
    Ok(open.load(db)?)
}
