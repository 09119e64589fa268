//! What an import of homes would change, worked out in memory: the register held against what is known.
//! A dry run ends here; [`super::homes_write`] carries it out.
//!
//! The register tells of homes, owners and bays. Tenants, families and what the portal itself recorded
//! stay as they are, and a cell that is empty takes nothing away from a person.

use std::collections::HashMap;

use super::homes_now::{Home, Known, Owner as OwnerNow, differ};
use super::homes_rows::{HomeRow, Owner};
use crate::homes::{BayKind, Status};
use crate::{HomeId, HouseholdId, LocalDate, PersonId};

/// Something that is there already, or will be: its position among the new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Ref<T> {
    Known(T),
    New(usize),
}

/// An owner's tie that begins.
#[derive(Debug, PartialEq)]
pub(super) struct NewTie {
    pub(super) home: Ref<HomeId>,
    pub(super) person: Ref<PersonId>,
    pub(super) household: Option<Ref<HouseholdId>>,
    pub(super) pays: bool,
    pub(super) starts_on: LocalDate,
}

/// A bay that is held from now on.
#[derive(Debug, PartialEq)]
pub(super) struct NewBay {
    pub(super) home: Ref<HomeId>,
    pub(super) code: String,
    pub(super) kind: BayKind,
    pub(super) position: usize,
    pub(super) starts_on: Option<LocalDate>,
}

/// A change to a row that is there.
#[derive(Debug)]
pub(super) enum Change {
    Home(HomeId, HomeRow),
    Contact(PersonId, Owner),
    /// Ends on its last day.
    EndTie(i64, LocalDate),
    /// It never held: it would have begun on the day of the change or later.
    DropTie(i64),
    /// The delivery date was corrected, and with it the first day.
    MoveTie(i64, Option<HouseholdId>, LocalDate),
    EndHousehold(HouseholdId, LocalDate),
    EndBay(i64, LocalDate),
    DropBay(i64),
}

/// Everything that an import would do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) buildings: Vec<String>,
    pub(super) people: Vec<Owner>,
    /// Positions among the rows read.
    pub(super) homes: Vec<usize>,
    pub(super) households: Vec<(Ref<HomeId>, LocalDate)>,
    pub(super) ties: Vec<NewTie>,
    pub(super) bays: Vec<NewBay>,
    pub(super) changes: Vec<Change>,
    pub(super) changed: usize,
}

/// Works out what the rows change on `today`.
pub(super) fn plan(known: &Known, rows: &[HomeRow], today: LocalDate) -> Plan {
    let mut planner = Planner { known, today, plan: Plan::default(), people: HashMap::new() };
    for (at, row) in rows.iter().enumerate() {
        planner.building(&row.building);
        match known.homes.get(&row.code) {
            Some(home) => planner.known_home(home, &kept(home, row)),
            None => planner.new_home(at, row),
        }
    }
    planner.plan
}

struct Planner<'k> {
    known: &'k Known,
    today: LocalDate,
    plan: Plan,
    people: HashMap<(String, Option<String>, Option<String>), usize>,
}

impl Planner<'_> {
    fn building(&mut self, code: &str) {
        let planned = self.plan.buildings.iter().any(|known| known == code);
        if !planned && !self.known.buildings.contains_key(code) {
            self.plan.buildings.push(code.to_owned());
        }
    }

    fn new_home(&mut self, at: usize, row: &HomeRow) {
        let home = Ref::New(self.plan.homes.len());
        self.plan.homes.push(at);
        if let Some(owner) = &row.owner {
            let starts_on = row.delivered_on.unwrap_or(self.today);
            self.tie(home, owner, row.status == Status::Occupied, starts_on);
        }
        for (position, (code, kind)) in row.bays.iter().enumerate() {
            self.bay(home, code, *kind, position, None);
        }
    }

    fn known_home(&mut self, home: &Home, row: &HomeRow) {
        let before = self.size();
        if !is_same(self.known, home, row) {
            self.plan.changes.push(Change::Home(home.id, row.clone()));
        }
        if let Some(owner) = &row.owner {
            self.owner(home, row, owner);
        }
        self.bays_of(home, row);
        self.plan.changed += usize::from(self.size() != before);
    }

    /// How much is planned: a row that adds nothing says what is known.
    fn size(&self) -> usize {
        let plan = &self.plan;
        plan.changes.len() + plan.ties.len() + plan.bays.len() + plan.households.len()
    }

    fn owner(&mut self, home: &Home, row: &HomeRow, owner: &Owner) {
        let now = self.known.owners.get(&home.id).map_or(&[][..], Vec::as_slice);
        let occupied = row.status == Status::Occupied;
        let Some(same) = now.iter().find(|known| is_same_person(known, owner)) else {
            return self.new_owner(home, row, owner, now);
        };
        self.contact(same, owner);
        let free = !self.known.households.contains_key(&home.id);
        if let (None, Some(day)) = (home.delivered_on, row.delivered_on) {
            self.handed_over(home, same, occupied && free, day);
        } else if row.status != home.register_status && occupied != same.lives_there {
            // Who lives there by a move-in, a tenant say, makes the home lived in already.
            if free || !occupied {
                self.living(home, row, same, occupied);
            }
        } else if let Some(day) = row.delivered_on.filter(|day| *day != same.starts_on)
            && home.delivered_on == Some(same.starts_on)
        {
            let household = same.household.filter(|_| same.lives_there);
            self.plan.changes.push(Change::MoveTie(same.occupancy, household, day));
        }
    }

    /// The home of a recorded owner is delivered: the tie is theirs from that day.
    fn handed_over(&mut self, home: &Home, now: &OwnerNow, lives: bool, day: LocalDate) {
        if !lives {
            return self.plan.changes.push(Change::MoveTie(now.occupancy, None, day));
        }
        self.plan.changes.push(Change::DropTie(now.occupancy));
        let home = Ref::Known(home.id);
        let household = Some(self.household(home, day));
        let person = Ref::Known(now.person);
        self.plan.ties.push(NewTie { home, person, household, pays: now.pays, starts_on: day });
    }

    /// Another owner than yesterday's: theirs ends, the new one's begins.
    fn new_owner(&mut self, home: &Home, row: &HomeRow, owner: &Owner, now: &[OwnerNow]) {
        let mut starts_on = match now {
            [] => row.delivered_on.unwrap_or(self.today),
            _ => self.today.max(row.delivered_on.unwrap_or(self.today)),
        };
        if now.iter().all(|known| known.starts_on >= starts_on) {
            starts_on = now.iter().map(|known| known.starts_on).min().unwrap_or(starts_on);
        }
        for known in now {
            self.end_tie(known, starts_on);
        }
        let lived = now.iter().any(|known| known.lives_there);
        if lived {
            self.end_household(home, starts_on);
        }
        let free = lived && !self.others_live(home) || !self.known.households.contains_key(&home.id);
        self.tie(Ref::Known(home.id), owner, row.status == Status::Occupied && free, starts_on);
    }

    /// The same owner moves in, or out.
    fn living(&mut self, home: &Home, row: &HomeRow, now: &OwnerNow, lives: bool) {
        let starts_on = self.today.max(row.delivered_on.unwrap_or(self.today));
        self.end_tie(now, starts_on);
        if now.lives_there {
            self.end_household(home, starts_on);
        }
        let household = lives.then(|| self.household(Ref::Known(home.id), starts_on));
        let (home, person) = (Ref::Known(home.id), Ref::Known(now.person));
        self.plan.ties.push(NewTie { home, person, household, pays: now.pays, starts_on });
    }

    /// Ends what holds until the day before `next`; what would begin then or later never held.
    fn end_tie(&mut self, tie: &OwnerNow, next: LocalDate) {
        let change = match next.pred_opt() {
            Some(last) if tie.starts_on <= last => Change::EndTie(tie.occupancy, last),
            _ => Change::DropTie(tie.occupancy),
        };
        self.plan.changes.push(change);
    }

    /// A household ends when its last resident does; who else lives there keeps it.
    fn end_household(&mut self, home: &Home, next: LocalDate) {
        if self.others_live(home) {
            return;
        }
        if let Some((household, started_on)) = self.known.households.get(&home.id) {
            let last = next.pred_opt().unwrap_or(next).max(*started_on);
            self.plan.changes.push(Change::EndHousehold(*household, last));
        }
    }

    fn others_live(&self, home: &Home) -> bool {
        self.known.others_live.contains(&home.id)
    }

    fn contact(&mut self, known: &OwnerNow, owner: &Owner) {
        let other = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
        let changed = owner.name != known.name
            || other(&owner.phone, &known.phone)
            || other(&owner.email, &known.email)
            || other(&owner.id_last4, &known.id_last4);
        if changed {
            self.plan.changes.push(Change::Contact(known.person, owner.clone()));
        }
    }

    fn tie(&mut self, home: Ref<HomeId>, owner: &Owner, lives: bool, starts_on: LocalDate) {
        let household = lives.then(|| self.household(home, starts_on));
        let person = self.person(owner);
        self.plan.ties.push(NewTie { home, person, household, pays: true, starts_on });
    }

    fn household(&mut self, home: Ref<HomeId>, starts_on: LocalDate) -> Ref<HouseholdId> {
        self.plan.households.push((home, starts_on));
        Ref::New(self.plan.households.len() - 1)
    }

    /// The person, known by name and phone; who has none in the register is somebody new.
    fn person(&mut self, owner: &Owner) -> Ref<PersonId> {
        let (phone, id_last4) = (owner.phone.as_deref(), owner.id_last4.as_deref());
        if let Some(known) = self.known.people.find(&owner.name, phone, id_last4) {
            return Ref::Known(known);
        }
        let key = (owner.name.clone(), owner.phone.clone(), owner.id_last4.clone());
        let fresh = self.plan.people.len();
        let at = match phone {
            Some(_) => *self.people.entry(key).or_insert(fresh),
            None => fresh,
        };
        if at == fresh {
            self.plan.people.push(owner.clone());
        }
        Ref::New(at)
    }

    fn bays_of(&mut self, home: &Home, row: &HomeRow) {
        let theirs = self.known.bays_of.get(&home.id).map_or(&[][..], Vec::as_slice);
        let gone = theirs.iter().filter(|bay| !row.bays.contains(&(bay.code.clone(), bay.kind)));
        for bay in gone {
            let last = self.today.pred_opt().unwrap_or(self.today);
            let held = bay.starts_on.is_none_or(|start| start <= last);
            let change = if held { Change::EndBay(bay.id, last) } else { Change::DropBay(bay.id) };
            self.plan.changes.push(change);
        }
        for (position, (code, kind)) in row.bays.iter().enumerate() {
            let held = theirs.iter().any(|bay| bay.code == *code && bay.kind == *kind);
            if !held {
                self.bay(Ref::Known(home.id), code, *kind, position, Some(self.today));
            }
        }
    }

    fn bay(
        &mut self,
        home: Ref<HomeId>,
        code: &str,
        kind: BayKind,
        position: usize,
        from: Option<LocalDate>,
    ) {
        self.plan.bays.push(NewBay { home, code: code.to_owned(), kind, position, starts_on: from });
    }
}

/// The row as it counts for a home that is known: a register that has no delivery date does not take back
/// a delivery that is recorded.
fn kept(home: &Home, row: &HomeRow) -> HomeRow {
    let mut row = row.clone();
    if row.delivered_on.is_none() && home.delivered_on.is_some() {
        row.delivered_on = home.delivered_on;
        row.status = home.register_status;
    }
    row
}

/// Whether the register says of the home itself what is known.
fn is_same(known: &Known, home: &Home, row: &HomeRow) -> bool {
    known.buildings.get(&row.building) == Some(&home.building_id)
        && home.entrance == row.entrance
        && home.room == row.room
        && home.floor == row.floor
        && home.use_kind == row.use_kind
        && home.area == row.area
        && home.delivered_on == row.delivered_on
        && home.register_status == row.status
}

/// Whether the register's owner is the one who is known: by name, unless phone and identity both differ;
/// under another name, where phone and identity are both the same (a name was corrected).
fn is_same_person(known: &OwnerNow, owner: &Owner) -> bool {
    let phone = differ(known.phone.as_deref(), owner.phone.as_deref());
    let id = differ(known.id_last4.as_deref(), owner.id_last4.as_deref());
    if known.name == owner.name {
        return !(phone && id);
    }
    let both = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    both(&known.phone, &owner.phone) && both(&known.id_last4, &owner.id_last4)
}
