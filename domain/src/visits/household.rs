//! What a steward reads before ringing the bell: names, open cases, what is owed, what was promised last time.

use diesel::prelude::*;

use super::records::{self, Visit};
use super::{facts, promises};
use crate::access::{Action, Actor, Object, allow};
use crate::cases::Case;
use crate::db::schema::{cases, homes, ledger_accounts, occupancies, people};
use crate::duties::Duty;
use crate::{CommunityId, Db, Fen, HomeId, HouseholdId, Instant, PersonId, Result, community};

/// Somebody of the household.
#[derive(Debug, Clone, Queryable)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Owner, tenant, family, shop operator.
    pub kind: String,
    /// Whether they live there.
    pub lives_there: bool,
}

/// A home as its steward meets it.
#[derive(Debug, Clone)]
pub struct Doorstep {
    /// The home.
    pub home: HomeId,
    /// Its code.
    pub code: String,
    /// Whether it is a key household.
    pub key_household: bool,
    /// Who lives there as one household; none where it stands empty.
    pub household: Option<HouseholdId>,
    /// Who belongs to it today.
    pub people: Vec<Person>,
    /// What is open, newest first.
    pub cases: Vec<Case>,
    /// What is owed in the book of fees; negative where prepaid.
    pub balance: Fen,
    /// Promises that are still owed, with their words.
    pub promises: Vec<(Duty, String)>,
    /// The last visits, newest first.
    pub visits: Vec<Visit>,
}

/// What to know before ringing the bell of a home.
pub fn doorstep(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    home: HomeId,
) -> Result<Doorstep> {
    allow(db, actor, now, Action::ReadHomes, Object::Home(community, home))?;
    let today = community::by_id(db, community)?.today(now)?;
    let (code, key_household): (String, bool) =
        homes::table.find(home.0).select((homes::code, homes::key_household)).first(db)?;
    let people = occupancies::table
        .inner_join(people::table.on(people::id.eq(occupancies::person_id)))
        .filter(occupancies::home_id.eq(home.0).and(occupancies::starts_on.le(today)))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(today)))
        .order(occupancies::id)
        .select((people::id, people::name, occupancies::kind, occupancies::lives_there))
        .load(db)?;
    let balances: Vec<i64> = ledger_accounts::table
        .filter(ledger_accounts::home_id.eq(home.0).and(ledger_accounts::book.eq("fees")))
        .select(ledger_accounts::balance_fen)
        .load(db)?;
    Ok(Doorstep {
        home,
        code,
        key_household,
        household: facts::household_on(db, home, today)?,
        people,
        cases: open_cases(db, home)?,
        balance: Fen(balances.iter().sum()),
        promises: promises::promised(db, home)?,
        visits: records::of_home(db, home, 5)?,
    })
}

fn open_cases(db: &mut Db, home: HomeId) -> Result<Vec<Case>> {
    Ok(cases::table
        .filter(cases::home_id.eq(home.0).and(cases::submitted_at.is_not_null()))
        .filter(cases::closed_at.is_null().and(cases::merged_into.is_null()))
        .filter(cases::state.ne_all(["closed", "cancelled", "withdrawn", "rejected", "lapsed", "abandoned"]))
        .order(cases::id.desc())
        .select(Case::as_select())
        .load(db)?)
}
