//! The lines of the price list, by their codes.

use diesel::prelude::*;
use serde::Serialize;

use super::Kind;
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::price_items;
use crate::error::FieldError;
use crate::{CommunityId, Db, Error, Fen, Instant, PriceItemId, Quantity, Result};

/// A line of the price list as the table has it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = price_items)]
pub struct Item {
    /// Its id.
    pub id: PriceItemId,
    /// The code that people and programs write.
    pub code: String,
    /// Labour, or material.
    pub kind: Kind,
    /// What it is called in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// By what it is counted: 个, 米, 次.
    pub unit: String,
    /// The price of one.
    #[diesel(column_name = price_fen)]
    pub price: Fen,
    /// What lies in the store.
    pub stock: Quantity,
    /// No longer to be chosen.
    pub retired: bool,
}

/// A line as a manager wants it.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its code: small letters, digits, `_` and `-`.
    pub code: String,
    /// Labour, or material; what a line is never changes.
    pub kind: Kind,
    /// What it is called in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// By what it is counted.
    pub unit: String,
    /// The price of one.
    pub price: Fen,
    /// No longer to be chosen.
    pub retired: bool,
}

/// The price list of a community, labour first, by code; with what is retired.
pub fn all(db: &mut Db, community: CommunityId) -> Result<Vec<Item>> {
    Ok(price_items::table
        .filter(price_items::community_id.eq(community.0))
        .order((price_items::kind, price_items::code))
        .select(Item::as_select())
        .load(db)?)
}

/// The line of a code, retired or not.
pub fn find(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<Item>> {
    Ok(price_items::table
        .filter(price_items::community_id.eq(community.0).and(price_items::code.eq(code)))
        .select(Item::as_select())
        .first(db)
        .optional()?)
}

/// Adds a line to the price list, or changes it. A price that changes touches no quote that was made.
///
/// # Errors
/// By field: a code that is none, names that are missing, a price below nothing, a line that was the other kind.
pub fn save(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, new: &NewItem) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let known = find(tx, community, new.code.trim())?;
    check(new, known.as_ref())?;
    let values = (
        price_items::zh.eq(new.zh.trim()),
        price_items::en.eq(new.en.trim()),
        price_items::unit.eq(new.unit.trim()),
        price_items::price_fen.eq(new.price),
        price_items::retired.eq(new.retired),
    );
    if let Some(known) = known {
        diesel::update(price_items::table.find(known.id.0)).set(values).execute(tx)?;
    } else {
        let key = (
            price_items::community_id.eq(community),
            price_items::code.eq(new.code.trim()),
            price_items::kind.eq(new.kind),
        );
        diesel::insert_into(price_items::table).values((key, values)).execute(tx)?;
    }
    let line = Line::new(community, "price.save", "community", community.0);
    audit::write(tx, actor, now, &line.fields(format!("{}={}", new.code.trim(), new.price)))
}

fn check(new: &NewItem, known: Option<&Item>) -> Result<()> {
    let mut wrong = Vec::new();
    let code = new.code.trim();
    let shaped = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if !(1..=30).contains(&code.len()) || !code.bytes().all(shaped) {
        wrong.push(FieldError::new("code", "price_code"));
    }
    for (field, text, most) in [("zh", &new.zh, 40), ("en", &new.en, 60), ("unit", &new.unit, 10)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.trim().chars().count() > most {
            wrong.push(FieldError::new(field, "too_long").with("most", most));
        }
    }
    if !(0..=100_000_000).contains(&new.price.0) {
        wrong.push(FieldError::new("price", "money"));
    }
    if known.is_some_and(|known| known.kind != new.kind) {
        wrong.push(FieldError::new("kind", "kind_stays"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}
