//! Carries out an import of staff: persons, posts, roles with their days, areas.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::Place;
use super::homes_now::People;
use super::staff::{Known, StaffRow, load, roles_of};
use super::staff_areas::{Span, Step};
use crate::access::Role;
use crate::db::schema::{people, staff};
use crate::{Db, Error, LocalDate, PersonId, Result};

/// What would be written: who is new or other than known, and the steps of the areas.
pub(super) struct Plan {
    pub(super) rows: Vec<(Option<Known>, StaffRow)>,
    pub(super) steps: Vec<Step>,
}

pub(super) fn write(tx: &mut Db, place: &Place, plan: &Plan) -> Result<()> {
    let known_people = People::load(tx, place.community)?;
    for (known, row) in &plan.rows {
        match known {
            Some(known) => update(tx, place, known, row)?,
            None => insert(tx, place, &known_people, row)?,
        }
    }
    let staff = load(tx, place)?;
    // What ends goes first, so that no home has two stewards that begin on one day.
    for step in plan.steps.iter().filter(|step| !matches!(step, Step::Add(_))) {
        let (Step::Set(span, ..) | Step::Drop(span) | Step::Add(span)) = step;
        let person = person(&staff, &span.number)?;
        match step {
            Step::Set(_, from, to) => set_span(tx, place, person, span, (*from, *to))?,
            _ => drop_span(tx, place, person, span)?,
        }
    }
    for step in &plan.steps {
        if let Step::Add(span) = step {
            add_span(tx, place, person(&staff, &span.number)?, span)?;
        }
    }
    Ok(())
}

fn person(staff: &std::collections::HashMap<String, Known>, number: &str) -> Result<PersonId> {
    let known = staff.get(number).map(|known| known.person);
    known.ok_or_else(|| Error::internal("an import lost one of the staff"))
}

/// Somebody new: a person (a resident of that name and phone is the same one), a post, roles.
fn insert(tx: &mut Db, place: &Place, known: &People, row: &StaffRow) -> Result<()> {
    let person = match known.find(&row.name, row.phone.as_deref(), None) {
        Some(person) if !is_staff(tx, person)? => person,
        _ => insert_person(tx, place, row)?,
    };
    let values = (
        staff::person_id.eq(person.0),
        staff::community_id.eq(place.community.0),
        staff::number.eq(&row.number),
        staff::post.eq(&row.post),
        staff::skills.eq(&row.skills),
        staff::joined_on.eq(row.joined_on),
        staff::left_on.eq(row.left_on),
    );
    diesel::insert_into(staff::table).values(values).execute(tx)?;
    for role in &row.roles {
        grant(tx, place, person, *role, (row.joined_on, row.left_on))?;
    }
    Ok(())
}

fn is_staff(tx: &mut Db, person: PersonId) -> Result<bool> {
    let count: i64 = staff::table.filter(staff::person_id.eq(person.0)).count().get_result(tx)?;
    Ok(count > 0)
}

fn insert_person(tx: &mut Db, place: &Place, row: &StaffRow) -> Result<PersonId> {
    let values = (
        people::community_id.eq(place.community.0),
        people::name.eq(&row.name),
        people::phone.eq(&row.phone),
        people::email.eq(&row.email),
        people::created_at.eq(place.now),
    );
    Ok(diesel::insert_into(people::table).values(values).returning(people::id).get_result(tx)?)
}

fn update(tx: &mut Db, place: &Place, known: &Known, row: &StaffRow) -> Result<()> {
    let person = people::table.find(known.person.0);
    let phone = row.phone.as_ref().or(known.phone.as_ref());
    let email = row.email.as_ref().or(known.email.as_ref());
    let contact = (people::name.eq(&row.name), people::phone.eq(phone), people::email.eq(email));
    diesel::update(person).set(contact).execute(tx)?;
    let post = (
        staff::post.eq(&row.post),
        staff::skills.eq(&row.skills),
        staff::joined_on.eq(row.joined_on),
        staff::left_on.eq(row.left_on),
    );
    diesel::update(staff::table.find(known.person.0)).set(post).execute(tx)?;
    update_roles(tx, place, known, row)
}

/// Roles of the post that was end yesterday, those of the post that is begin today; what was granted by
/// hand stays.
fn update_roles(tx: &mut Db, place: &Place, known: &Known, row: &StaffRow) -> Result<()> {
    let before = roles_of(&known.post).unwrap_or_default();
    for role in &before {
        if row.roles.contains(role) {
            move_grant(tx, place, known, row, *role)?;
        } else {
            end_grant(tx, place, known.person, *role)?;
        }
    }
    for role in row.roles.iter().filter(|role| !before.contains(role)) {
        let from = place.today.max(row.joined_on);
        if row.left_on.is_none_or(|left| left >= from) {
            grant(tx, place, known.person, *role, (from, row.left_on))?;
        }
    }
    Ok(())
}

type Days = (LocalDate, Option<LocalDate>);

fn grant(tx: &mut Db, place: &Place, person: PersonId, role: Role, (from, to): Days) -> Result<()> {
    let sql = "INSERT INTO role_grants (community_id, person_id, role, starts_on, ends_on) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community_id, person_id, role, starts_on) \
               DO UPDATE SET ends_on = excluded.ends_on";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(place.community.0)
        .bind::<BigInt, _>(person.0)
        .bind::<Text, _>(role.as_str())
        .bind::<Date, _>(from)
        .bind::<Nullable<Date>, _>(to)
        .execute(tx)?;
    Ok(())
}

/// The grant that the known days made gets the register's days.
fn move_grant(tx: &mut Db, place: &Place, known: &Known, row: &StaffRow, role: Role) -> Result<()> {
    let sql = "UPDATE role_grants SET starts_on = CASE WHEN starts_on = $1 THEN $2 ELSE starts_on END, \
               ends_on = $3 WHERE community_id = $4 AND person_id = $5 AND role = $6 \
               AND (ends_on IS NULL OR ends_on = $7)";
    diesel::sql_query(sql)
        .bind::<Date, _>(known.joined_on)
        .bind::<Date, _>(row.joined_on)
        .bind::<Nullable<Date>, _>(row.left_on)
        .bind::<BigInt, _>(place.community.0)
        .bind::<BigInt, _>(known.person.0)
        .bind::<Text, _>(role.as_str())
        .bind::<Nullable<Date>, _>(known.left_on)
        .execute(tx)?;
    Ok(())
}

fn end_grant(tx: &mut Db, place: &Place, person: PersonId, role: Role) -> Result<()> {
    use crate::db::schema::role_grants as grants;
    let theirs = |grants_of: i64| grants::person_id.eq(grants_of).and(grants::role.eq(role.as_str()));
    let here = grants::community_id.eq(place.community.0).and(theirs(person.0));
    let never = grants::table.filter(here).filter(grants::starts_on.ge(place.today));
    diesel::delete(never).execute(tx)?;
    let open = grants::ends_on.is_null().or(grants::ends_on.ge(place.today));
    let here = grants::community_id.eq(place.community.0).and(theirs(person.0));
    let last = place.today.pred_opt();
    diesel::update(grants::table.filter(here).filter(open)).set(grants::ends_on.eq(last)).execute(tx)?;
    Ok(())
}

const OF_BUILDING: &str = "home_id IN (SELECT h.id FROM homes h JOIN buildings b ON b.id = h.building_id \
                           WHERE b.community_id = $3 AND b.code = $4)";

fn add_span(tx: &mut Db, place: &Place, person: PersonId, span: &Span) -> Result<()> {
    let sql = "INSERT INTO home_stewards (community_id, home_id, steward_id, starts_on, ends_on) \
               SELECT h.community_id, h.id, $1, $2, $3 FROM homes h JOIN buildings b ON b.id = h.building_id \
               WHERE h.community_id = $4 AND b.code = $5";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(person.0)
        .bind::<Date, _>(span.starts_on)
        .bind::<Nullable<Date>, _>(span.ends_on)
        .bind::<BigInt, _>(place.community.0)
        .bind::<Text, _>(&span.building)
        .execute(tx)?;
    Ok(())
}

fn set_span(tx: &mut Db, place: &Place, person: PersonId, span: &Span, (from, to): Days) -> Result<()> {
    let sql = format!(
        "UPDATE home_stewards SET starts_on = $1, ends_on = $2 \
         WHERE community_id = $3 AND {OF_BUILDING} AND steward_id = $5 AND starts_on = $6"
    );
    diesel::sql_query(sql)
        .bind::<Date, _>(from)
        .bind::<Nullable<Date>, _>(to)
        .bind::<BigInt, _>(place.community.0)
        .bind::<Text, _>(&span.building)
        .bind::<BigInt, _>(person.0)
        .bind::<Date, _>(span.starts_on)
        .execute(tx)?;
    Ok(())
}

fn drop_span(tx: &mut Db, place: &Place, person: PersonId, span: &Span) -> Result<()> {
    let of_building = OF_BUILDING.replace("$3", "$1").replace("$4", "$2");
    let sql = format!(
        "DELETE FROM home_stewards WHERE community_id = $1 AND {of_building} AND steward_id = $3 \
         AND starts_on = $4"
    );
    diesel::sql_query(sql)
        .bind::<BigInt, _>(place.community.0)
        .bind::<Text, _>(&span.building)
        .bind::<BigInt, _>(person.0)
        .bind::<Date, _>(span.starts_on)
        .execute(tx)?;
    Ok(())
}
