//! The rows of invitations, and the ties that they begin.

use diesel::prelude::*;
use serde::Serialize;

use super::rules::{self, Guest, Kind, State};
use crate::access::homes as ties;
use crate::db::schema::{homes, households, invitations, occupancies, people};
use crate::homes::OccupancyKind;
use crate::people::masked;
use crate::{CommunityId, Db, HomeId, HouseholdId, Instant, InvitationId, LocalDate, PersonId, Result};

/// An invitation as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The community.
    pub community_id: CommunityId,
    /// The home.
    pub home_id: HomeId,
    /// Who is invited.
    pub person_id: PersonId,
    /// By which owner.
    pub invited_by: PersonId,
    /// As what.
    pub kind: Kind,
    /// The first day.
    pub starts_on: LocalDate,
    /// The last day.
    pub ends_on: Option<LocalDate>,
}

/// A home that somebody owns, with who is tied to it and who is invited.
#[derive(Debug, Clone, Serialize)]
pub struct Residence {
    /// The home.
    #[serde(skip)]
    pub home: HomeId,
    /// Its code.
    pub code: String,
    /// Who is tied to it from today on.
    pub residents: Vec<Resident>,
    /// The invitations of the last months, the newest first.
    pub invitations: Vec<InvitationLine>,
}

/// Somebody who is tied to a home.
#[derive(Debug, Clone, Serialize)]
pub struct Resident {
    /// What they are called.
    pub name: String,
    /// As what.
    pub kind: OccupancyKind,
    /// Whether they live there.
    pub lives_there: bool,
    /// The first day.
    pub starts_on: LocalDate,
    /// The last day.
    pub ends_on: Option<LocalDate>,
}

/// An invitation in a list.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationLine {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub name: String,
    /// Their phone, masked.
    pub phone: Option<String>,
    /// As what.
    pub kind: Kind,
    /// From when.
    pub starts_on: LocalDate,
    /// How it stands.
    pub state: State,
    /// Until when its code is good.
    pub expires_at: Instant,
}

/// How many invitations a page shows.
const SHOWN: i64 = 20;

/// The homes that a person owns today: community, home, code.
pub(super) fn owned(
    db: &mut Db,
    person: PersonId,
    now: Instant,
) -> Result<Vec<(CommunityId, HomeId, String)>> {
    let owned: Vec<HomeId> = ties::of(db, person, now)?
        .into_iter()
        .filter(|tie| tie.kind == "owner")
        .map(|tie| tie.home)
        .collect();
    Ok(homes::table
        .filter(homes::id.eq_any(owned.iter().map(|home| home.0)))
        .order((homes::community_id, homes::register_order))
        .select((homes::community_id, homes::id, homes::code))
        .load(db)?)
}

pub(super) fn residence(
    db: &mut Db,
    (home, code): (HomeId, String),
    today: LocalDate,
    now: Instant,
) -> Result<Residence> {
    type Tied = (String, OccupancyKind, bool, LocalDate, Option<LocalDate>);
    let tied: Vec<Tied> = occupancies::table
        .inner_join(people::table.on(people::id.eq(occupancies::person_id)))
        .filter(occupancies::home_id.eq(home.0))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(today)))
        .order((occupancies::starts_on, occupancies::id))
        .select((
            people::name,
            occupancies::kind,
            occupancies::lives_there,
            occupancies::starts_on,
            occupancies::ends_on,
        ))
        .load(db)?;
    let resident = |(name, kind, lives_there, starts_on, ends_on)| Resident {
        name,
        kind,
        lives_there,
        starts_on,
        ends_on,
    };
    let residents = tied.into_iter().map(resident).collect();
    Ok(Residence { home, code, residents, invitations: lines(db, home, now)? })
}

fn lines(db: &mut Db, home: HomeId, now: Instant) -> Result<Vec<InvitationLine>> {
    type Row =
        (InvitationId, String, Option<String>, Kind, LocalDate, (Option<Instant>, Option<Instant>, Instant));
    let rows: Vec<Row> = invitations::table
        .inner_join(people::table.on(people::id.eq(invitations::person_id)))
        .filter(invitations::home_id.eq(home.0))
        .order(invitations::id.desc())
        .limit(SHOWN)
        .select((
            invitations::id,
            people::name,
            people::phone,
            invitations::kind,
            invitations::starts_on,
            (invitations::accepted_at, invitations::revoked_at, invitations::expires_at),
        ))
        .load(db)?;
    let line = |(id, name, phone, kind, starts_on, (accepted, revoked, expires_at)): Row| InvitationLine {
        id,
        name,
        phone: phone.as_deref().map(masked),
        kind,
        starts_on,
        state: rules::state(accepted, revoked, expires_at, now),
        expires_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

pub(super) fn by_id(db: &mut Db, id: InvitationId) -> Result<Invitation> {
    Ok(invitations::table.find(id.0).select(Invitation::as_select()).first(db)?)
}

/// The invitation that waits for a person's code.
pub(super) fn waiting_for(db: &mut Db, person: PersonId) -> Result<Option<Invitation>> {
    Ok(invitations::table
        .filter(invitations::person_id.eq(person.0))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .select(Invitation::as_select())
        .first(db)
        .optional()?)
}

pub(super) fn open_count(db: &mut Db, home: HomeId, now: Instant) -> Result<i64> {
    Ok(invitations::table
        .filter(invitations::home_id.eq(home.0).and(invitations::expires_at.gt(now)))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .count()
        .get_result(db)?)
}

/// Whether a tenancy of the home overlaps these days.
pub(super) fn is_let(
    db: &mut Db,
    home: HomeId,
    (first, last): (LocalDate, Option<LocalDate>),
) -> Result<bool> {
    let last = last.unwrap_or(LocalDate::MAX);
    let count: i64 = occupancies::table
        .filter(occupancies::home_id.eq(home.0).and(occupancies::kind.eq(OccupancyKind::Tenant.as_str())))
        .filter(occupancies::starts_on.le(last))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(first)))
        .count()
        .get_result(db)?;
    Ok(count > 0)
}

pub(super) fn insert_person(
    tx: &mut Db,
    community: CommunityId,
    guest: &Guest,
    now: Instant,
) -> Result<PersonId> {
    let row = (
        people::community_id.eq(community),
        people::name.eq(&guest.name),
        people::phone.eq(&guest.phone),
        people::email.eq(&guest.email),
        people::created_at.eq(now),
    );
    Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
}

pub(super) fn insert(
    tx: &mut Db,
    (community, home): (CommunityId, HomeId),
    (owner, person): (PersonId, PersonId),
    guest: &Guest,
    (now, expires_at): (Instant, Instant),
) -> Result<InvitationId> {
    let row = (
        invitations::community_id.eq(community),
        invitations::home_id.eq(home),
        invitations::person_id.eq(person),
        invitations::invited_by.eq(owner),
        invitations::kind.eq(guest.kind),
        invitations::starts_on.eq(guest.starts_on),
        invitations::ends_on.eq(guest.ends_on),
        invitations::made_at.eq(now),
        invitations::expires_at.eq(expires_at),
    );
    Ok(diesel::insert_into(invitations::table).values(row).returning(invitations::id).get_result(tx)?)
}

/// Begins the tie: family joins the household that lives there, or is one; a tenant waits for the handover.
pub(super) fn occupy(tx: &mut Db, one: &Invitation, day: LocalDate) -> Result<i64> {
    let household = match one.kind {
        Kind::Family => Some(household(tx, one, day)?),
        Kind::Tenant => None,
    };
    let row = (
        occupancies::community_id.eq(one.community_id),
        occupancies::home_id.eq(one.home_id),
        occupancies::person_id.eq(one.person_id),
        occupancies::household_id.eq(household),
        occupancies::kind.eq(one.kind.as_str()),
        occupancies::lives_there.eq(household.is_some()),
        occupancies::pays.eq(false),
        occupancies::starts_on.eq(day),
        occupancies::ends_on.eq(one.ends_on),
    );
    Ok(diesel::insert_into(occupancies::table).values(row).returning(occupancies::id).get_result(tx)?)
}

fn household(tx: &mut Db, one: &Invitation, day: LocalDate) -> Result<HouseholdId> {
    let open = households::table
        .filter(households::home_id.eq(one.home_id.0).and(households::ended_on.is_null()))
        .select(households::id)
        .first(tx)
        .optional()?;
    if let Some(household) = open {
        return Ok(household);
    }
    let row = (
        households::community_id.eq(one.community_id),
        households::home_id.eq(one.home_id),
        households::started_on.eq(day),
    );
    Ok(diesel::insert_into(households::table).values(row).returning(households::id).get_result(tx)?)
}
