//! Categories 类别: what can be asked for, as a tree of two levels (domain.md §6). The codes of
//! interfaces.md ship; a community changes them, adds its own and retires what it no longer wants. Beside
//! repairs there are *requests*, services at the desk that are no repairs (parking registration 停车登记, home
//! services 居家服务): they have a price and papers, and go through the same states.

mod edit;
mod records;
mod shipped;

pub use edit::{Change, remove, save};
pub use shipped::{ALL_ROUND, Shipped};

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cases::Urgency;
use crate::{CommunityId, Db, Error, Result};

crate::words! {
    /// What kind of thing a category asks for.
    Kind {
        /// Something is broken.
        Repair = "repair",
        /// A service at the desk that is no repair.
        Request = "request",
    }
}

crate::words! {
    /// Whose part of the house it is about.
    Part {
        /// The home's own 专有部分.
        Private = "private",
        /// Everybody's 共用部位.
        Public = "public",
    }
}

crate::words! {
    /// Which period of the warranty table 质保 covers it.
    Warranty {
        /// None.
        None = "none",
        /// Waterproofing of roofs, wet rooms, outer walls 防水.
        Waterproofing = "waterproofing",
        /// Electrical lines, water pipes, equipment, decoration 管线设备装修.
        Installation = "installation",
        /// Heating and cooling 供热供冷.
        Heating = "heating",
        /// The structure 主体结构.
        Structure = "structure",
    }
}

/// A code such as `water.leak`; whether there is such a category is asked when it is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Code(pub String);

impl From<Shipped> for Code {
    fn from(shipped: Shipped) -> Self {
        Self(shipped.as_str().to_owned())
    }
}

impl std::str::FromStr for Code {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

/// What a category is called, where the community says so itself; else the text of its code says it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Names {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A category as it holds in a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its code, `water.leak`.
    pub code: String,
    /// A repair, or a request.
    pub kind: Kind,
    /// Names of the community's own.
    pub names: Option<Names>,
    /// The skill 技能 of who does it, as the staff register names skills.
    pub skill: String,
    /// How fast it has to go at least.
    pub urgency: Urgency,
    /// Whose part of the house it is about.
    pub part: Part,
    /// Which warranty covers it.
    pub warranty: Warranty,
    /// The line of the price list that it usually costs; empty for none.
    pub price_item: String,
    /// What has to be brought along, in words; empty for nothing.
    pub papers: String,
    /// No longer to be chosen.
    pub retired: bool,
}

impl Category {
    /// The first level: `water`.
    pub fn group(&self) -> &str {
        group_of(&self.code)
    }
}

/// The first level of a code.
pub fn group_of(code: &str) -> &str {
    code.split('.').next().unwrap_or_default()
}

/// The categories of a community, what ships first, then its own; with those that are retired.
pub fn all(db: &mut Db, community: CommunityId) -> Result<Vec<Category>> {
    let mut own = records::of(db, community)?;
    let mut all: Vec<Category> = Shipped::ALL
        .iter()
        .map(|one| own.remove(one.as_str()).unwrap_or_else(|| Category::from(*one)))
        .collect();
    all.extend(own.into_values().filter(|one| one.code.contains('.')));
    Ok(all)
}

/// Those that can be chosen, group by group.
pub fn open(db: &mut Db, community: CommunityId) -> Result<Vec<(String, Vec<Category>)>> {
    let mut groups: Vec<(String, Vec<Category>)> = Vec::new();
    for one in all(db, community)?.into_iter().filter(|one| !one.retired) {
        match groups.iter_mut().find(|(group, _)| group == one.group()) {
            Some((_, members)) => members.push(one),
            None => groups.push((one.group().to_owned(), vec![one])),
        }
    }
    Ok(groups)
}

/// The names that a community gave itself, of groups too, by code.
pub fn own_names(db: &mut Db, community: CommunityId) -> Result<BTreeMap<String, Names>> {
    let own = records::of(db, community)?.into_iter();
    Ok(own.filter_map(|(code, one)| Some((code, one.names?))).collect())
}

/// The category of a code, retired or not; none where there never was such.
pub fn find(db: &mut Db, community: CommunityId, code: &str) -> Result<Option<Category>> {
    if let Some(own) = records::find(db, community, code)? {
        return Ok(Some(own));
    }
    Ok(code.parse::<Shipped>().ok().map(Category::from))
}

/// The category that somebody chooses now.
///
/// # Errors
/// The field `category`: unknown, or retired.
pub fn chosen(db: &mut Db, community: CommunityId, code: &Code) -> Result<Category> {
    let found = find(db, community, &code.0)?.filter(|one| one.code.contains('.'));
    let found = found.ok_or_else(|| Error::field("category", "unknown_category"))?;
    if found.retired { Err(Error::field("category", "retired_category")) } else { Ok(found) }
}

/// The category of something that was asked for; what nothing is known of any more is *other*.
pub fn of(db: &mut Db, community: CommunityId, code: &str) -> Result<Category> {
    Ok(find(db, community, code)?.unwrap_or_else(|| Category::from(Shipped::Other)))
}

/// A category as a notification mentions it: its code, which has a text, or the community's own names.
pub fn said(db: &mut Db, community: CommunityId, code: &str) -> Result<Value> {
    let names = records::find(db, community, code)?.and_then(|one| one.names);
    Ok(names.map_or_else(|| json!(code), |names| json!(names)))
}

#[cfg(test)]
mod tests;
