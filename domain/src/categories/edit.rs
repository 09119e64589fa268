//! A manager's changes to the tree. What is used, or ships, is retired rather than removed, so that what was
//! asked for keeps its name.

use super::{Category, Kind, Names, Part, Shipped, Warranty, find, group_of, records};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::cases::Urgency;
use crate::error::FieldError;
use crate::{CommunityId, Db, Error, Instant, Result, stock};

/// A category, or a group (a code without a stop), as a manager wants it.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its code: small letters, digits and `_`, the two levels parted by a stop.
    pub code: String,
    /// A repair, or a request.
    pub kind: Kind,
    /// What it is called.
    pub names: Names,
    /// Who does it.
    pub skill: String,
    /// How fast at least.
    pub urgency: Urgency,
    /// Whose part of the house.
    pub part: Part,
    /// Which warranty.
    pub warranty: Warranty,
    /// The line of the price list; empty for none.
    pub price_item: String,
    /// What to bring along; empty for nothing.
    pub papers: String,
    /// No longer to be chosen.
    pub retired: bool,
}

/// Adds a category, or changes one.
///
/// # Errors
/// By field: a code that is none, names that are missing, a line that the price list has not.
pub fn save(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, change: &Change) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let change = clean(change);
    check(tx, community, &change)?;
    let names = change.names.clone();
    let category = Category {
        code: change.code,
        kind: change.kind,
        names: Some(change.names),
        skill: change.skill,
        urgency: change.urgency,
        part: change.part,
        warranty: change.warranty,
        price_item: change.price_item,
        papers: change.papers,
        retired: change.retired,
    };
    records::write(tx, community, &category, &names)?;
    let line = Line::new(community, "category.save", "community", community.0);
    audit::write(tx, actor, now, &line.fields(category.code))
}

/// Removes a category that nothing names; what is used, or ships, is retired. Says whether it is gone.
///
/// # Errors
/// Not found where there is no such.
pub fn remove(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    code: &str,
    names: &Names,
) -> Result<bool> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let found = find(tx, community, code)?.ok_or(Error::NotFound)?;
    let ships = code.parse::<Shipped>().is_ok();
    let gone = !ships && records::uses(tx, community, code)? == 0;
    if gone {
        records::delete(tx, community, code)?;
    } else {
        let names = found.names.clone().unwrap_or_else(|| names.clone());
        records::write(tx, community, &Category { retired: true, ..found }, &names)?;
    }
    let what = if gone { "category.remove" } else { "category.retire" };
    audit::write(tx, actor, now, &Line::new(community, what, "community", community.0).fields(code))?;
    Ok(gone)
}

fn clean(change: &Change) -> Change {
    let trim = |text: &str| text.trim().to_owned();
    Change {
        code: trim(&change.code),
        names: Names { zh: trim(&change.names.zh), en: trim(&change.names.en) },
        skill: trim(&change.skill),
        price_item: trim(&change.price_item),
        papers: trim(&change.papers),
        ..change.clone()
    }
}

fn check(db: &mut Db, community: CommunityId, change: &Change) -> Result<()> {
    let mut wrong = Vec::new();
    if !is_code(&change.code) {
        wrong.push(FieldError::new("code", "category_code"));
    }
    let texts = [
        ("zh", &change.names.zh, 40, true),
        ("en", &change.names.en, 40, true),
        ("skill", &change.skill, 20, change.code.contains('.')),
        ("papers", &change.papers, 200, false),
    ];
    for (field, text, most, required) in texts {
        if required && text.is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.chars().count() > most {
            wrong.push(FieldError::new(field, "too_long").with("most", most));
        }
    }
    if !change.price_item.is_empty() && stock::find(db, community, &change.price_item)?.is_none() {
        wrong.push(FieldError::new("price_item", "unknown_price_item"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// One level or two, each of 1 to 20 small letters, digits and `_`.
fn is_code(code: &str) -> bool {
    let level = |part: &str| {
        (1..=20).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    level(group_of(code)) && code.split_once('.').is_none_or(|(_, second)| level(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_level_or_two() {
        for (code, good) in [
            ("water", true),
            ("water.leak", true),
            ("pool_2.pump", true),
            ("", false),
            (".leak", false),
            ("water.", false),
            ("water.leak.more", false),
            ("Water.leak", false),
            ("water leak", false),
            ("水.漏", false),
        ] {
            assert_eq!(is_code(code), good, "{code}");
        }
    }
}
