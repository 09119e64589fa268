//! Invitations 邀请: an owner lets a member of the family or a tenant in, with an activation code that is
//! shown once and mailed where there is an address (domain.md §2). It is bound to one home and one person; the
//! tie begins when the code is used, a tenant lives there from the handover of their move-in on (§4).

mod faults;
mod records;
pub mod rules;
#[cfg(test)]
mod tests;

use diesel::prelude::*;

pub use faults::faults;
pub use records::{Invitation, InvitationLine, Residence, Resident};
pub use rules::{Guest, Kind, State};

use crate::access::activation::{self, Chosen};
use crate::access::{Action, Actor, Object, Vault, allow};
use crate::audit::{self, Line};
use crate::community;
use crate::db::schema::{invitations, people};
use crate::notifications::{self, Tell, Urgency};
use crate::{
    AccountId, CommunityId, Db, Error, HomeId, Instant, InvitationId, LocalDate, PersonId, Result, settings,
};

/// An invitation that was just made, with its code, which is nowhere kept.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The invitation.
    pub id: InvitationId,
    /// What opens the account.
    pub code: String,
    /// Until when.
    pub expires_at: Instant,
}

/// The homes that the asker owns, each with its people and its invitations.
pub fn residences(db: &mut Db, actor: &Actor, now: Instant) -> Result<Vec<Residence>> {
    let person = actor.person.ok_or(Error::NotSignedIn)?;
    let mut residences = Vec::new();
    for (community, home, code) in records::owned(db, person, now)? {
        allow(db, actor, now, Action::InviteResident, Object::Home(community, home))?;
        let today = community::by_id(db, community)?.today(now)?;
        residences.push(records::residence(db, (home, code), today, now)?);
    }
    Ok(residences)
}

/// Invites somebody into a home of the actor's.
///
/// # Errors
/// Not found where they have no tie to the home; `invitations.owner_only` where they do not own it; wrong
/// fields by name; `invitations.let_already` where another tenancy overlaps.
pub fn invite(
    tx: &mut Db,
    vault: &Vault,
    actor: &Actor,
    now: Instant,
    (community, home): (CommunityId, HomeId),
    guest: &Guest,
) -> Result<Invited> {
    allow(tx, actor, now, Action::InviteResident, Object::Home(community, home))?;
    let owner = actor.person.ok_or(Error::NotSignedIn)?;
    if !records::owned(tx, owner, now)?.iter().any(|one| one.1 == home) {
        return Err(Error::refused("invitations.owner_only", vec![]));
    }
    let today = community::by_id(tx, community)?.today(now)?;
    let guest = guest.checked(today)?;
    refuse_what_collides(tx, (community, home), &guest, now)?;
    let person = records::insert_person(tx, community, &guest, now)?;
    let (code, expires_at) = activation::make(tx, actor, now, (community, person), Some(home))?;
    let id = records::insert(tx, (community, home), (owner, person), &guest, (now, expires_at))?;
    audit::write(tx, actor, now, &Line::new(community, "invitation.make", "invitation", id.0))?;
    mail(tx, vault, (community, home), (actor, person, id), &code, now)?;
    Ok(Invited { id, code, expires_at })
}

fn refuse_what_collides(
    tx: &mut Db,
    (community, home): (CommunityId, HomeId),
    guest: &Guest,
    now: Instant,
) -> Result<()> {
    if records::open_count(tx, home, now)? >= rules::MOST_OPEN {
        return Err(Error::refused("invitations.too_many", vec![("most", rules::MOST_OPEN.to_string())]));
    }
    let by_room = settings::get(tx, community, settings::LETTING_BY_ROOM)? == 1;
    let days = (guest.starts_on, guest.ends_on);
    if guest.kind == Kind::Tenant && !by_room && records::is_let(tx, home, days)? {
        return Err(Error::refused("invitations.let_already", vec![]));
    }
    Ok(())
}

fn mail(
    tx: &mut Db,
    vault: &Vault,
    (community, home): (CommunityId, HomeId),
    (actor, person, id): (&Actor, PersonId, InvitationId),
    code: &str,
    now: Instant,
) -> Result<()> {
    let home = crate::cases::home_code(tx, home)?;
    let args = serde_json::json!({ "by": actor.name, "home": home });
    let tell = Tell {
        community,
        event: format!("invitation:{id}"),
        person,
        code: "invitation.made",
        args: notifications::sealed(vault, args, &[("activation", code)])?,
        link: Some("/activate".to_owned()),
        urgency: Urgency::Normal,
    };
    notifications::mail(tx, &tell, now)
}

/// Takes an open invitation back; its code is void, and nothing is kept of who was invited.
///
/// # Errors
/// Not found where it is not the actor's to revoke; `invitations.not_open` where it is no longer open.
pub fn revoke(tx: &mut Db, actor: &Actor, now: Instant, id: InvitationId) -> Result<()> {
    let found = records::by_id(tx, id)?;
    allow(tx, actor, now, Action::InviteResident, Object::Home(found.community_id, found.home_id))?;
    let owner = actor.person.ok_or(Error::NotSignedIn)?;
    if !records::owned(tx, owner, now)?.iter().any(|one| one.1 == found.home_id) {
        return Err(Error::NotFound);
    }
    let open = invitations::table
        .find(id.0)
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()));
    if diesel::update(open).set(invitations::revoked_at.eq(now)).execute(tx)? == 0 {
        return Err(Error::refused("invitations.not_open", vec![]));
    }
    activation::void(tx, found.person_id, now)?;
    let gone = (
        people::name.eq("—"),
        people::phone.eq(None::<String>),
        people::email.eq(None::<String>),
        people::anonymised_at.eq(now),
    );
    diesel::update(people::table.find(found.person_id.0)).set(gone).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(found.community_id, "invitation.revoke", "invitation", id.0))
}

/// Uses an activation code as [`activation::redeem`] does; where it came with an invitation, the tie to the
/// home begins with it.
///
/// # Errors
/// Those of [`activation::redeem`]; a code whose invitation has run out counts as none.
pub fn redeem(
    tx: &mut Db,
    chosen: &Chosen,
    (now, real_now): (Instant, Instant),
) -> Result<(AccountId, PersonId, String)> {
    let done = activation::redeem(tx, chosen, (now, real_now))?;
    let waiting = records::waiting_for(tx, done.1)?;
    if let Some(invitation) = waiting {
        accept(tx, &invitation, now)?;
    }
    Ok(done)
}

fn accept(tx: &mut Db, invitation: &Invitation, now: Instant) -> Result<()> {
    let today: LocalDate = community::by_id(tx, invitation.community_id)?.today(now)?;
    if invitation.ends_on.is_some_and(|last| last < today) {
        return Err(Error::field("code", "activation_code"));
    }
    let occupancy = records::occupy(tx, invitation, invitation.starts_on.max(today))?;
    let set = (invitations::accepted_at.eq(now), invitations::occupancy_id.eq(occupancy));
    diesel::update(invitations::table.find(invitation.id.0)).set(set).execute(tx)?;
    let guest = Actor::load(tx, invitation.person_id, today, "activation")?;
    let line = Line::new(invitation.community_id, "invitation.accept", "invitation", invitation.id.0);
    audit::write(tx, &guest, now, &line)?;
    tell_owner(tx, invitation, &guest.name, now)
}

fn tell_owner(tx: &mut Db, invitation: &Invitation, guest: &str, now: Instant) -> Result<()> {
    let tell = Tell {
        community: invitation.community_id,
        event: format!("invitation.accepted:{}", invitation.id),
        person: invitation.invited_by,
        code: "invitation.accepted",
        args: serde_json::json!({ "name": guest }),
        link: Some("/account/residents".to_owned()),
        urgency: Urgency::Normal,
    };
    notifications::tell(tx, &tell, now)
}
