//! What is signed when a home is handed over (domain.md §4). Who moves in signs, before a member of staff; no
//! handover waits for it, and what was not signed then can be signed later.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::Serialize;

use super::rules::Agreement;
use super::{holds, seen};
use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::cases::{self, Case, Step};
use crate::db::schema::move_in_agreements as rows;
use crate::{CaseId, Db, Error, Instant, PersonId, Result};

/// An agreement that was signed.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct Signed {
    /// Which.
    pub agreement: Agreement,
    /// Who signed.
    pub signer: PersonId,
    /// Before whom.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// The agreements of a move-in that were signed, in the order in which they are listed.
pub fn signed(db: &mut Db, case: CaseId) -> Result<Vec<Signed>> {
    let mut all: Vec<Signed> = rows::table
        .filter(rows::case_id.eq(case.0))
        .select((rows::agreement, rows::signer_id, rows::by_id, rows::at))
        .load(db)?;
    all.sort_by_key(|one| one.agreement);
    Ok(all)
}

/// What can still be signed, where the actor is one to write it down: nothing before the handover.
pub fn unsigned(db: &mut Db, actor: &Actor, case: &Case) -> Result<Vec<Agreement>> {
    if !super::state(case)?.was_handed_over() || !witnesses(actor, case) {
        return Ok(Vec::new());
    }
    let signed: BTreeSet<_> = signed(db, case.id)?.into_iter().map(|one| one.agreement).collect();
    Ok(Agreement::ALL.iter().copied().filter(|one| !signed.contains(one)).collect())
}

/// Before whom agreements are signed.
fn witnesses(actor: &Actor, case: &Case) -> bool {
    [Role::Steward, Role::Desk, Role::Supervisor].into_iter().any(|role| holds(actor, case, role))
}

/// Keeps what was signed after the handover.
///
/// # Errors
/// By field where none is named; refused where nothing was handed over yet, or one of them was signed before.
pub fn sign(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (id, version): (CaseId, i32),
    agreements: &BTreeSet<Agreement>,
) -> Result<Case> {
    let (row, case) = seen(tx, actor, now, id)?;
    allow(tx, actor, now, Action::MoveCase, Object::Case(case.community_id, id))?;
    cases::expect(&case, version)?;
    if !witnesses(actor, &case) {
        return Err(Error::NotAllowed);
    }
    let (Some(signer), true) = (row.person_id, super::state(&case)?.was_handed_over()) else {
        return Err(Error::refused("move_in.not_handed_over", vec![]));
    };
    if agreements.is_empty() {
        return Err(Error::field("agreements", "required"));
    }
    let open = unsigned(tx, actor, &case)?;
    if !agreements.iter().all(|one| open.contains(one)) {
        return Err(Error::refused("move_in.signed_before", vec![]));
    }
    let moved = cases::advance(tx, actor, now, &case, &Step::to("sign", &case.state))?;
    keep(tx, actor, now, (id, signer), agreements)?;
    let names: Vec<_> = agreements.iter().map(|one| one.as_str()).collect();
    let line = Line::new(case.community_id, "move_in.sign", "case", id.0).fields(names.join(" "));
    audit::write(tx, actor, now, &line)?;
    Ok(moved)
}

/// Writes down who signed what.
pub(super) fn keep(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (case, signer): (CaseId, PersonId),
    agreements: &BTreeSet<Agreement>,
) -> Result<()> {
    let by = actor.person.ok_or(Error::NotSignedIn)?;
    for agreement in agreements {
        let row = (
            rows::case_id.eq(case),
            rows::agreement.eq(agreement),
            rows::signer_id.eq(signer),
            rows::by_id.eq(by),
            rows::at.eq(now),
        );
        diesel::insert_into(rows::table).values(row).execute(tx)?;
    }
    Ok(())
}
