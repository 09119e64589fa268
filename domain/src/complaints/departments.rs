//! Who heads each department 责任部门: named by the manager; where nobody is, the supervisor sees to it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Department;
use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::db::schema::department_heads;
use crate::{CommunityId, Db, Error, Instant, PersonId, Result, on_duty};

/// Who was named head of each department.
pub fn heads(db: &mut Db, community: CommunityId) -> Result<Vec<(Department, PersonId)>> {
    Ok(department_heads::table
        .filter(department_heads::community_id.eq(community.0))
        .order(department_heads::department)
        .select((department_heads::department, department_heads::person_id))
        .load(db)?)
}

/// Who answers for a department now: its head, while they hold a role here; else a supervisor, else a
/// manager. Never `except`, whom the complaint is about.
pub fn head_of(
    db: &mut Db,
    community: CommunityId,
    department: Department,
    now: Instant,
    except: &[PersonId],
) -> Result<PersonId> {
    let named = heads(db, community)?.into_iter().find(|(of, _)| *of == department).map(|(_, head)| head);
    if let Some(head) = named.filter(|head| !except.contains(head))
        && !on_duty::roles_of(db, community, head, now)?.is_empty()
    {
        return Ok(head);
    }
    for role in [Role::Supervisor, Role::Manager] {
        if let Some(found) = on_duty::least_busy(db, community, role, now, except)? {
            return Ok(found);
        }
    }
    Err(Error::refused("staff.nobody", vec![]))
}

/// Names the head of a department.
///
/// # Errors
/// By field where they don't work here.
pub fn name_head(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (department, person): (Department, PersonId),
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    if on_duty::roles_of(tx, community, person, now)?.is_empty() {
        return Err(Error::field(department.as_str(), "no_staff"));
    }
    let sql = "INSERT INTO department_heads (community_id, department, person_id) VALUES ($1, $2, $3) \
               ON CONFLICT (community_id, department) DO UPDATE SET person_id = excluded.person_id";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(department.as_str())
        .bind::<BigInt, _>(person.0)
        .execute(tx)?;
    let line = Line::new(community, "department.head", "person", person.0).fields(department.as_str());
    audit::write(tx, actor, now, &line)
}
