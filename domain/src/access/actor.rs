//! Who asks: a person with the roles they hold, or the portal itself.

use diesel::prelude::*;

use crate::db::directly;
use crate::db::schema::{admins, occupancies, people, role_grants};
use crate::{CommunityId, Db, LocalDate, PersonId, Result};

crate::words! {
    /// A role, held per community; *admin* is held of the installation.
    Role {
        /// 住户: who holds an occupancy of a home.
        Resident = "resident",
        /// 客服管家
        Steward = "steward",
        /// 客服前台
        Desk = "desk",
        /// 维修工
        Technician = "technician",
        /// 装修专员
        Officer = "officer",
        /// 保安
        Guard = "guard",
        /// 工程部
        Engineer = "engineer",
        /// 收费员
        Cashier = "cashier",
        /// 客服主管
        Supervisor = "supervisor",
        /// 物业经理
        Manager = "manager",
        /// 系统管理员
        Admin = "admin",
    }
}

impl Role {
    /// Whether who holds it works for the office.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::Resident | Self::Admin)
    }

    /// Whether who holds it needs a second factor to get in.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::Manager | Self::Cashier)
    }
}

/// One role in one community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Where it is held.
    pub community: CommunityId,
    /// What is held.
    pub role: Role,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; none where the portal itself acts.
    pub person: Option<PersonId>,
    /// What they are called.
    pub name: String,
    /// The roles held today.
    pub grants: Vec<Grant>,
    /// Why the portal acts, for the audit trail: `page`, `api`, or a job's name.
    pub cause: &'static str,
    system: bool,
}

impl Actor {
    /// Nobody: who has not signed in.
    pub fn nobody() -> Self {
        Self { person: None, name: String::new(), grants: Vec::new(), cause: "page", system: false }
    }

    /// The portal itself, doing `cause`; the policy lets it do what its jobs call.
    pub fn system(cause: &'static str) -> Self {
        Self { person: None, name: cause.to_owned(), grants: Vec::new(), cause, system: true }
    }

    /// A person with the roles they hold on `today`.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] where there is no such person.
    pub fn load(db: &mut Db, person: PersonId, today: LocalDate, cause: &'static str) -> Result<Self> {
        let (name, admin): (String, Option<i64>) = people::table
            .left_join(admins::table.on(admins::person_id.eq(people::id)))
            .filter(people::id.eq(person.0))
            .select((people::name, admins::person_id.nullable()))
            .first(db)?;
        Self::called(db, (person, name), admin.is_some(), today, cause)
    }

    /// The same where it is known what they are called and whether they administer the installation.
    pub(super) fn called(
        db: &mut Db,
        (person, name): (PersonId, String),
        admin: bool,
        today: LocalDate,
        cause: &'static str,
    ) -> Result<Self> {
        let mut grants = staff_grants(db, person, today)?;
        grants.extend(resident_grants(db, person)?);
        grants.extend(admin.then_some(Grant { community: CommunityId(0), role: Role::Admin }));
        Ok(Self { person: Some(person), name, grants, cause, system: false })
    }

    /// Whether the portal itself acts.
    pub fn is_system(&self) -> bool {
        self.system
    }

    /// Whether they hold `role` anywhere.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// The roles held in `community`; an admin's count everywhere.
    pub fn roles_in(&self, community: CommunityId) -> impl Iterator<Item = Role> + '_ {
        let here = move |grant: &&Grant| grant.community == community || grant.role == Role::Admin;
        self.grants.iter().filter(here).map(|grant| grant.role)
    }

    /// The communities they belong to, each once, in order.
    pub fn communities(&self) -> Vec<CommunityId> {
        let mut all: Vec<_> = self.grants.iter().map(|g| g.community).filter(|c| c.0 != 0).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn staff_grants(db: &mut Db, person: PersonId, today: LocalDate) -> Result<Vec<Grant>> {
    let grants = role_grants::table
        .filter(role_grants::person_id.eq(person.0))
        .filter(role_grants::starts_on.le(today))
        .filter(role_grants::ends_on.is_null().or(role_grants::ends_on.ge(today)))
        .order(role_grants::id)
        .select((role_grants::community_id, role_grants::role));
    let rows: Vec<(CommunityId, Role)> = directly!(db, db => grants.load(db))?;
    Ok(rows.into_iter().map(|(community, role)| Grant { community, role }).collect())
}

/// A resident is who has or had an occupancy: who has left keeps reading their own account.
fn resident_grants(db: &mut Db, person: PersonId) -> Result<Vec<Grant>> {
    let ties = occupancies::table
        .filter(occupancies::person_id.eq(person.0))
        .select(occupancies::community_id)
        .distinct();
    let rows: Vec<CommunityId> = directly!(db, db => ties.load(db))?;
    Ok(rows.into_iter().map(|community| Grant { community, role: Role::Resident }).collect())
}
