//! The rows of categories: what a community says otherwise than what ships.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{Category, Kind, Names, Part, Warranty};
use crate::cases::Urgency;
use crate::db::directly;
use crate::db::schema::{cases, categories, move_in_defects};
use crate::{CommunityId, Db, Result};

type Row = (String, Kind, String, String, String, Urgency, Part, Warranty, String, String, bool);

fn category(row: Row) -> Category {
    let (code, kind, zh, en, skill, urgency, part, warranty, price_item, papers, retired) = row;
    let names = Some(Names { zh, en });
    Category { code, kind, names, skill, urgency, part, warranty, price_item, papers, retired }
}

macro_rules! columns {
    () => {
        (
            categories::code,
            categories::kind,
            categories::zh,
            categories::en,
            categories::skill,
            categories::urgency,
            categories::part,
            categories::warranty,
            categories::price_item,
            categories::papers,
            categories::retired,
        )
    };
}

pub(super) fn of(db: &mut Db, community: CommunityId) -> Result<BTreeMap<String, Category>> {
    let own = categories::table
        .filter(categories::community_id.eq(community.0))
        .order(categories::id)
        .select(columns!());
    let rows: Vec<Row> = directly!(db, db => own.load(db))?;
    Ok(rows.into_iter().map(|row| (row.0.clone(), category(row))).collect())
}

pub(super) fn find(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<Category>> {
    let row: Option<Row> = categories::table
        .filter(categories::community_id.eq(community.0).and(categories::code.eq(code)))
        .select(columns!())
        .first(db)
        .optional()?;
    Ok(row.map(category))
}

pub(super) fn write(tx: &mut Db, community: CommunityId, one: &Category, names: &Names) -> Result<()> {
    let values = (
        categories::kind.eq(one.kind),
        categories::zh.eq(&names.zh),
        categories::en.eq(&names.en),
        categories::skill.eq(&one.skill),
        categories::urgency.eq(one.urgency),
        categories::part.eq(one.part),
        categories::warranty.eq(one.warranty),
        categories::price_item.eq(&one.price_item),
        categories::papers.eq(&one.papers),
        categories::retired.eq(one.retired),
    );
    let there = categories::table
        .filter(categories::community_id.eq(community.0).and(categories::code.eq(&one.code)));
    if diesel::update(there).set(values).execute(tx)? == 0 {
        let key = (categories::community_id.eq(community), categories::code.eq(&one.code));
        diesel::insert_into(categories::table).values((key, values)).execute(tx)?;
    }
    Ok(())
}

pub(super) fn delete(tx: &mut Db, community: CommunityId, code: &str) -> Result<usize> {
    let there =
        categories::table.filter(categories::community_id.eq(community.0).and(categories::code.eq(code)));
    Ok(diesel::delete(there).execute(tx)?)
}

/// How many cases and defects name a category.
pub(super) fn uses(db: &mut Db, community: CommunityId, code: &str) -> Result<i64> {
    let asked: i64 = cases::table
        .filter(cases::community_id.eq(community.0).and(cases::category.eq(code)))
        .count()
        .get_result(db)?;
    let seen: i64 = move_in_defects::table
        .inner_join(cases::table.on(cases::id.eq(move_in_defects::case_id)))
        .filter(cases::community_id.eq(community.0).and(move_in_defects::category.eq(code)))
        .count()
        .get_result(db)?;
    Ok(asked + seen)
}
