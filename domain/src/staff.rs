//! Staff: the posts 岗位 of the register and the roles they give, and a steward's area.

use diesel::prelude::*;
use serde::Serialize;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::db::schema::{people, staff};
use crate::people::masked;
use crate::{CommunityId, Db, Error, Instant, LocalDate, PersonId, Result};

/// The posts that offices write, and the roles they mean (domain.md §1).
const POSTS: &[(&str, Role)] = &[
    ("管家", Role::Steward),
    ("客服管家", Role::Steward),
    ("前台", Role::Desk),
    ("客服前台", Role::Desk),
    ("助理", Role::Desk),
    ("客服助理", Role::Desk),
    ("维修工", Role::Technician),
    ("装修专员", Role::Officer),
    ("收费员", Role::Cashier),
    ("财务", Role::Cashier),
    ("客服主管", Role::Supervisor),
    ("物业经理", Role::Manager),
    ("保安", Role::Guard),
    ("工程部", Role::Engineer),
];

/// The role that a post gives; none where it is unknown.
pub fn role_of(post: &str) -> Option<Role> {
    let post = post.trim();
    let by_word = Role::ALL.iter().copied().filter(|role| role.is_staff()).find(|role| role.as_str() == post);
    POSTS.iter().find(|(name, _)| *name == post).map(|(_, role)| *role).or(by_word)
}

/// The posts that are known, as the register writes them.
pub fn known_posts() -> String {
    POSTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("、")
}

/// One of the staff.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct StaffLine {
    /// Who.
    pub person: PersonId,
    /// The staff number 工号, which becomes the login name.
    pub number: String,
    /// Their name.
    pub name: String,
    /// The post as the register writes it.
    pub post: String,
    /// What they can do.
    pub skills: String,
    /// Their phone, masked by [`list`].
    pub phone: Option<String>,
    /// The first day.
    pub joined_on: LocalDate,
    /// The last day.
    pub left_on: Option<LocalDate>,
}

/// Everybody who works or worked for the community, by staff number.
///
/// # Errors
/// Not allowed to residents.
pub fn list(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<StaffLine>> {
    allow(db, actor, now, Action::ReadHomes, Object::Community(community))?;
    let works_here = actor.is_system() || actor.roles_in(community).any(|role| role != Role::Resident);
    if !works_here {
        return Err(Error::NotAllowed);
    }
    let rows = staff::table
        .inner_join(people::table.on(people::id.eq(staff::person_id)))
        .filter(staff::community_id.eq(community.0))
        .order(staff::number)
        .select((
            staff::person_id,
            staff::number,
            people::name,
            staff::post,
            staff::skills,
            people::phone,
            staff::joined_on,
            staff::left_on,
        ));
    let mut lines: Vec<StaffLine> = rows.load(db)?;
    for line in &mut lines {
        line.phone = line.phone.as_deref().map(masked);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_give_roles_and_an_unknown_one_gives_none() {
        for (post, role) in [
            ("管家", Some(Role::Steward)),
            (" 前台 ", Some(Role::Desk)),
            ("物业经理", Some(Role::Manager)),
            ("technician", Some(Role::Technician)),
            ("总裁", None),
            ("resident", None),
            ("admin", None),
            ("", None),
        ] {
            assert_eq!(role_of(post), role, "{post}");
        }
    }
}
