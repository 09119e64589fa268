//! Lists of homes: what the asker may see of a community, by register order.

use std::fmt::Write;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text};

use super::records::HomeLine;
use super::rules::Status;
use super::status::{status_sql, steward_sql};
use crate::access::{Action, Actor, Object, Relation, allow, policy};
use crate::{CommunityId, Db, Instant, LocalDate, Result, community};

/// Which homes are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one building, by its code.
    pub building: Option<String>,
    /// Those that stand so today.
    pub status: Option<Status>,
    /// Whose code or owner's name has this in it.
    pub words: Option<String>,
    /// Those after this register order: where the page before ended.
    pub after: i64,
}

/// Homes by register order, at most `limit`, that the asker may see.
///
/// A steward sees those of the area, a resident those of an occupancy, the other roles all.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<HomeLine>> {
    allow(db, actor, now, Action::ReadHomes, Object::Community(community))?;
    let day = community::by_id(db, community)?.today(now)?;
    let reach = reach(actor, community);
    select(db, community, day, filter, limit, &reach)
}

/// Whether the asker sees every home of the community.
pub(super) fn sees_all(actor: &Actor, community: CommunityId) -> bool {
    reach(actor, community).all
}

/// The condition on `homes` that the asker's roles make, with the person bound as `$4`.
fn reach(actor: &Actor, community: CommunityId) -> Reach {
    let person = actor.person.map_or(0, |person| person.0);
    let mut reach = Reach { person, all: actor.is_system(), own: false, area: false };
    for role in actor.roles_in(community) {
        for relation in policy::relations(Action::ReadHomes, role) {
            match relation {
                Relation::Community => reach.all = true,
                Relation::Own => reach.own = true,
                Relation::Area => reach.area = true,
                _ => {}
            }
        }
    }
    reach
}

struct Reach {
    person: i64,
    all: bool,
    own: bool,
    area: bool,
}

impl Reach {
    fn sql(&self) -> String {
        let holds = "starts_on <= $1 AND (x.ends_on IS NULL OR x.ends_on >= $1)";
        let own = format!(
            "EXISTS (SELECT 1 FROM occupancies x WHERE x.home_id = homes.id AND x.person_id = $4 AND x.{holds})"
        );
        let area = format!(
            "EXISTS (SELECT 1 FROM home_stewards x WHERE x.home_id = homes.id AND x.steward_id = $4 AND x.{holds})"
        );
        match (self.all, self.own, self.area) {
            (true, ..) => "$4 = $4".to_owned(),
            (_, true, true) => format!("({own} OR {area})"),
            (_, true, false) => own,
            (_, false, true) => area,
            (_, false, false) => "$4 <> $4".to_owned(),
        }
    }
}

/// The columns of a line over the day bound as `$1`.
pub(super) fn columns() -> String {
    let owner = |column: &str| {
        format!(
            "(SELECT p.{column} FROM occupancies o JOIN people p ON p.id = o.person_id \
              WHERE o.home_id = homes.id AND o.kind = 'owner' AND (o.ends_on IS NULL OR o.ends_on >= $1) \
              ORDER BY o.starts_on, o.id LIMIT 1)"
        )
    };
    format!(
        "homes.id, homes.code, b.code AS building, homes.entrance, homes.floor, homes.room, \
         homes.use_kind, homes.area, homes.delivered_on, homes.register_order, {} AS status, \
         {} AS owner, {} AS owner_phone, {} AS steward",
        status_sql(),
        owner("name"),
        owner("phone"),
        steward_sql("name")
    )
}

fn select(
    db: &mut Db,
    community: CommunityId,
    day: LocalDate,
    filter: &Filter,
    limit: i64,
    reach: &Reach,
) -> Result<Vec<HomeLine>> {
    // Parameters appear in the order of their numbers, as SQLite counts them by first appearance.
    let mut sql = format!(
        "SELECT * FROM (SELECT {} FROM homes JOIN buildings b ON b.id = homes.building_id \
         WHERE homes.community_id = $2 AND homes.register_order > $3 AND {}) AS line WHERE $5 = $5",
        columns(),
        reach.sql()
    );
    let words = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let building = filter.building.clone().unwrap_or_default();
    let status = filter.status.map_or("", Status::as_str);
    if filter.building.is_some() {
        sql.push_str(" AND building = $5");
    }
    let status_holds = if filter.status.is_some() { "status = $6" } else { "$6 = $6" };
    let words_hold = if words.is_some() {
        "(UPPER(code) LIKE $7 ESCAPE '!' OR UPPER(owner) LIKE $7 ESCAPE '!')"
    } else {
        "$7 = $7"
    };
    let _ = write!(sql, " AND {status_holds} AND {words_hold} ORDER BY register_order LIMIT $8");
    let lines = diesel::sql_query(sql)
        .bind::<Date, _>(day)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(filter.after)
        .bind::<BigInt, _>(reach.person)
        .bind::<Text, _>(building)
        .bind::<Text, _>(status)
        .bind::<Text, _>(containing(words.unwrap_or_default()))
        .bind::<BigInt, _>(limit);
    Ok(lines.load(db)?)
}

/// A LIKE pattern for what contains the words as they stand; `!` escapes.
pub(crate) fn containing(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.to_uppercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
