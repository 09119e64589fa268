//! The register of staff 员工名册: posts become roles, a steward's buildings their area, both with dates.

use std::collections::HashMap;

use diesel::prelude::*;

use super::csv::Line;
use super::report::RowError;
use super::row::Row;
use super::staff_areas::{self, Span};
use super::staff_write::Plan;
use super::table::{Column, Table, may, must};
use super::values::{self, Parsed};
use super::{Place, Prepared, Work};
use crate::access::Role;
use crate::db::schema::{buildings, people, staff};
use crate::people::rules::{email, phone};
use crate::staff::{known_posts, role_of};
use crate::{Db, FieldError, LocalDate, PersonId, Result};

pub(super) const COLUMNS: &[Column] = &[
    must("number", &["工号", "员工编号", "员工号", "number"]),
    must("name", &["姓名", "员工姓名", "name"]),
    must("post", &["岗位", "职位", "职务", "post"]),
    may("area", &["负责楼栋", "负责区域", "管辖楼栋", "area"]),
    may("skills", &["技能", "专长", "skills"]),
    may("phone", &["手机号", "联系电话", "手机", "电话", "phone"]),
    may("email", &["邮箱", "电子邮箱", "email"]),
    must("joined_on", &["入职日期", "入职时间", "到岗日期", "joined_on"]),
    may("left_on", &["离职日期", "离职时间", "left_on"]),
];

/// One of the staff as the register has them.
#[derive(Debug, Clone)]
pub(super) struct StaffRow {
    pub(super) at: usize,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) post: String,
    pub(super) roles: Vec<Role>,
    pub(super) area: Vec<String>,
    pub(super) skills: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) joined_on: LocalDate,
    pub(super) left_on: Option<LocalDate>,
}

/// One of the staff as they are known.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Known {
    pub(super) person: PersonId,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) post: String,
    pub(super) skills: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) joined_on: LocalDate,
    pub(super) left_on: Option<LocalDate>,
}

impl Known {
    fn is(&self, row: &StaffRow) -> bool {
        let kept = |new: &Option<String>, old: &Option<String>| new.is_none() || new == old;
        (&self.name, &self.post, &self.skills) == (&row.name, &row.post, &row.skills)
            && (self.joined_on, self.left_on) == (row.joined_on, row.left_on)
            && kept(&row.phone, &self.phone)
            && kept(&row.email, &self.email)
    }
}

/// The roles that a post gives; several stand in one cell.
pub(super) fn roles_of(post: &str) -> Parsed<Vec<Role>> {
    values::parts(post).into_iter().map(|one| role_of(&one).ok_or("unknown_post")).collect()
}

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let known = load(db, place)?;
    let buildings = building_codes(db, place)?;
    let spans = staff_areas::load(db, place, &known)?;
    let (mut rows, mut errors) = read(table, &buildings);
    let steps = loop {
        let (steps, after) = staff_areas::plan(&known, &spans, &rows, place.today);
        let Some((number, fault)) = overlap(&after, &rows, table) else { break steps };
        rows.retain(|row| row.number != number);
        errors.push(fault);
    };
    let added = rows.iter().filter(|row| !known.contains_key(&row.number)).count();
    let touched = |row: &StaffRow| steps.iter().any(|step| step.number() == row.number);
    let differs = |row: &&StaffRow| known.get(&row.number).is_some_and(|k| !k.is(row) || touched(row));
    let changed = rows.iter().filter(differs).count();
    rows.retain(|row| known.get(&row.number).is_none_or(|known| !known.is(row)));
    let rows = rows.into_iter().map(|row| (known.get(&row.number).cloned(), row)).collect();
    Ok(Prepared { added, changed, errors, work: Work::Staff(Plan { rows, steps }) })
}

/// A home has one steward on a day: the later of two rows that claim one building is bad.
fn overlap(spans: &[Span], rows: &[StaffRow], table: &Table) -> Option<(String, RowError)> {
    for row in rows.iter().rev() {
        let theirs = spans.iter().filter(|span| span.number == row.number);
        for span in theirs {
            let Some(other) = spans.iter().find(|other| span.meets(other)) else { continue };
            let why = FieldError::new("area", "area_overlap").with("building", &span.building);
            let line = table.rows.get(row.at)?;
            return Some((row.number.clone(), table.fault(line, "area", why.with("number", &other.number))));
        }
    }
    None
}

/// The staff by number.
pub(super) fn load(db: &mut Db, place: &Place) -> Result<HashMap<String, Known>> {
    let rows: Vec<Known> = staff::table
        .inner_join(people::table.on(people::id.eq(staff::person_id)))
        .filter(staff::community_id.eq(place.community.0))
        .select((
            staff::person_id,
            staff::number,
            people::name,
            staff::post,
            staff::skills,
            people::phone,
            people::email,
            staff::joined_on,
            staff::left_on,
        ))
        .load(db)?;
    Ok(rows.into_iter().map(|known| (known.number.clone(), known)).collect())
}

fn building_codes(db: &mut Db, place: &Place) -> Result<Vec<String>> {
    let rows = buildings::table.filter(buildings::community_id.eq(place.community.0));
    Ok(rows.select(buildings::code).load(db)?)
}

fn read(table: &Table, buildings: &[String]) -> (Vec<StaffRow>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, line) in table.rows.iter().enumerate() {
        let outcome = one(table, at, line, buildings).and_then(|row| match seen.get(&row.number) {
            None => Ok(row),
            Some(first) => {
                let why = FieldError::new("number", "repeated").with("first", first);
                Err(vec![table.fault(line, "number", why)])
            }
        });
        match outcome {
            Ok(row) => {
                seen.insert(row.number.clone(), line.number);
                good.push(row);
            }
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

fn one(table: &Table, at: usize, line: &Line, buildings: &[String]) -> Result<StaffRow, Vec<RowError>> {
    let mut row = Row::new(table, line);
    let number = row.must("number", values::code);
    let name = row.must("name", values::plain);
    let (post, roles) = post(&mut row);
    let area = area(&mut row, roles.as_deref(), buildings);
    let skills = row.text("skills");
    let (phone, email) = (row.may("phone", phone), row.may("email", email));
    let joined_on = row.must("joined_on", values::date);
    let left_on = row.may("left_on", values::date);
    if let (Some(joined), Some(left)) = (joined_on, left_on)
        && left < joined
    {
        row.fault("left_on", FieldError::new("left_on", "left_before_joined"));
    }
    let whole = (|| {
        let (number, name, roles, joined_on) = (number?, name?, roles?, joined_on?);
        Some(StaffRow { at, number, name, post, roles, area, skills, phone, email, joined_on, left_on })
    })();
    row.done(whole)
}

fn post(row: &mut Row) -> (String, Option<Vec<Role>>) {
    let post = row.text("post");
    if post.is_empty() {
        row.fault("post", FieldError::new("post", "required"));
        return (post, None);
    }
    let roles = roles_of(&post).ok();
    if roles.is_none() {
        row.fault("post", FieldError::new("post", "unknown_post").with("known", known_posts()));
    }
    (post, roles)
}

/// The buildings that a steward looks after; they have to be in the register of homes.
fn area(row: &mut Row, roles: Option<&[Role]>, buildings: &[String]) -> Vec<String> {
    let parse = |text: &str| -> Parsed<Vec<String>> {
        values::parts(text).iter().map(|part| values::code(part)).collect()
    };
    let mut area = row.may("area", parse).unwrap_or_default();
    area.dedup();
    if let Some(unknown) = area.iter().find(|code| !buildings.contains(code)) {
        row.fault("area", FieldError::new("area", "unknown_building").with("building", unknown));
    }
    if !area.is_empty() && roles.is_some_and(|roles| !roles.contains(&Role::Steward)) {
        row.fault("area", FieldError::new("area", "area_without_steward"));
    }
    area
}
