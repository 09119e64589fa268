//! The profiles of a community: its own, and the presets that it has not changed.

use diesel::prelude::*;

use super::mapping::{Mapping, PRESETS};
use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::bank_profiles;
use crate::error::Conflict;
use crate::{BankProfileId, CommunityId, Db, Error, Instant, Result};

/// How a bank's table is read in a community.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its id; none for a preset that the community has not changed.
    pub id: Option<BankProfileId>,
    /// What it is called.
    pub name: String,
    /// How the table is read.
    pub mapping: Mapping,
    /// Counts its changes.
    pub version: i32,
}

/// Every profile of a community, its own first: of those that fit as well, the first is taken.
pub fn profiles(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Profile>> {
    allow(db, actor, now, Action::ImportBank, Object::Community(community))?;
    of_community(db, community)
}

pub(super) fn of_community(db: &mut Db, community: CommunityId) -> Result<Vec<Profile>> {
    let rows: Vec<(BankProfileId, String, String, i32)> = bank_profiles::table
        .filter(bank_profiles::community_id.eq(community.0))
        .order(bank_profiles::id)
        .select((bank_profiles::id, bank_profiles::name, bank_profiles::mapping, bank_profiles::version))
        .load(db)?;
    let mut all = rows.into_iter().map(own).collect::<Result<Vec<_>>>()?;
    let own: Vec<String> = all.iter().map(|profile| profile.name.clone()).collect();
    let presets = PRESETS.iter().filter(|preset| !own.iter().any(|name| name == preset.name));
    all.extend(presets.map(|preset| Profile {
        id: None,
        name: preset.name.to_owned(),
        mapping: preset.mapping(),
        version: 0,
    }));
    Ok(all)
}

fn own((id, name, mapping, version): (BankProfileId, String, String, i32)) -> Result<Profile> {
    let mapping = serde_json::from_str(&mapping).map_err(Error::internal)?;
    Ok(Profile { id: Some(id), name, mapping, version })
}

/// The profile of a name.
///
/// # Errors
/// Not found where there is none.
pub fn profile(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    name: &str,
) -> Result<Profile> {
    let found = profiles(db, actor, now, community)?.into_iter().find(|profile| profile.name == name);
    found.ok_or(Error::NotFound)
}

/// Keeps a profile under its name: a new one, or another way to read the one that has it.
///
/// # Errors
/// By field; a stale version (none is 0).
pub fn save_profile(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (name, mapping, version): (&str, &Mapping, i32),
) -> Result<()> {
    allow(tx, actor, now, Action::ImportBank, Object::Community(community))?;
    mapping.check()?;
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    let text = serde_json::to_string(mapping).map_err(Error::internal)?;
    let theirs = bank_profiles::community_id.eq(community.0).and(bank_profiles::name.eq(name));
    let known: Option<(BankProfileId, i32)> = bank_profiles::table
        .filter(theirs)
        .select((bank_profiles::id, bank_profiles::version))
        .first(tx)
        .optional()?;
    if known.map_or(0, |(_, version)| version) != version {
        let version = known.map_or(0, |(_, version)| version);
        return Err(Error::Conflict(Conflict { what: "bank_profile", state: "changed".to_owned(), version }));
    }
    let id = match known {
        Some((id, _)) => {
            let set =
                (bank_profiles::mapping.eq(&text), bank_profiles::version.eq(bank_profiles::version + 1));
            diesel::update(bank_profiles::table.find(id.0)).set(set).execute(tx)?;
            id
        }
        None => {
            let row = (
                bank_profiles::community_id.eq(community),
                bank_profiles::name.eq(name),
                bank_profiles::mapping.eq(&text),
            );
            let made = diesel::insert_into(bank_profiles::table).values(row);
            made.returning(bank_profiles::id).get_result(tx)?
        }
    };
    audit::write(tx, actor, now, &Line::new(community, "bank.profile", "bank_profile", id.0))
}

/// Takes a community's own profile away; a preset of that name holds again.
///
/// # Errors
/// Not found where the community has none of that name.
pub fn remove_profile(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    name: &str,
) -> Result<()> {
    let id = profile(tx, actor, now, community, name)?.id.ok_or(Error::NotFound)?;
    diesel::delete(bank_profiles::table.find(id.0)).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "bank.profile_removed", "bank_profile", id.0))
}
