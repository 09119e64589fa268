//! Proof of delivery 送达: how a letter reached whom it was for, with a photo or scan.

use diesel::prelude::*;

use super::records;
use super::rules::ProofKind;
use crate::access::Actor;
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::db::schema::demand_proofs;
use crate::error::Conflict;
use crate::{
    AttachmentId, Db, DemandId, Error, Instant, LocalDate, PersonId, Result, community, debts, ledger,
};

/// A proof to be recorded.
#[derive(Debug, Clone)]
pub struct NewProof {
    /// How it was delivered, or that it came back.
    pub kind: ProofKind,
    /// On which day.
    pub day: LocalDate,
    /// The number of the registered mail.
    pub reference: String,
    /// Who took it, who was there.
    pub note: String,
    /// Photos and scans.
    pub papers: Vec<AttachmentId>,
    /// The letter's [`version`] as it was seen; none where a program doesn't say.
    pub version: Option<i32>,
}

/// A proof as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = demand_proofs)]
pub struct Proof {
    /// Its id.
    pub id: i64,
    /// Of which demand.
    pub demand_id: DemandId,
    /// How.
    pub kind: ProofKind,
    /// When it arrived, or came back.
    pub day: LocalDate,
    /// The number of the registered mail.
    pub reference: String,
    /// Who took it, who was there.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: Option<PersonId>,
    /// When.
    pub recorded_at: Instant,
}

/// Records how a letter arrived, or that it came back.
///
/// # Errors
/// By field: a day before the letter's or to come, registered mail without its number, a refusal without who was
/// there. One's own (`debt.own`). Somebody else recorded one meanwhile (conflict).
pub fn prove(tx: &mut Db, actor: &Actor, now: Instant, id: DemandId, new: &NewProof) -> Result<()> {
    let found = records::by_id(tx, id)?;
    let owner = debts::debtor(tx, actor, now, found.account_id)?;
    if actor.person == Some(owner.payer) {
        return Err(Error::refused("debt.own", vec![]));
    }
    let today = community::by_id(tx, owner.community)?.today(now)?;
    if new.day < found.day || new.day > today {
        return Err(Error::field("day", "proof_day"));
    }
    if new.kind == ProofKind::Registered && new.reference.trim().is_empty() {
        return Err(Error::field("reference", "required"));
    }
    if new.kind == ProofKind::Refused && new.note.trim().is_empty() {
        return Err(Error::field("note", "required"));
    }
    ledger::lock(tx, found.account_id)?;
    let there = proofs_of(tx, &[id])?;
    if new.version.is_some_and(|seen| seen != version(&there)) {
        return Err(conflict(&there));
    }
    attachments::attach_papers(tx, actor, Subject::Demand(id), "proof", &new.papers)?;
    let row = (
        demand_proofs::community_id.eq(owner.community),
        demand_proofs::demand_id.eq(id),
        demand_proofs::kind.eq(new.kind),
        demand_proofs::day.eq(new.day),
        demand_proofs::reference.eq(new.reference.trim()),
        demand_proofs::note.eq(new.note.trim()),
        demand_proofs::recorded_by.eq(actor.person),
        demand_proofs::recorded_at.eq(now),
    );
    diesel::insert_into(demand_proofs::table).values(row).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(owner.community, "demand.prove", "demand", id.0))
}

/// The version of a letter with these proofs: none is ever taken away, so it is one more with each.
pub fn version(proofs: &[Proof]) -> i32 {
    i32::try_from(proofs.len()).unwrap_or(i32::MAX).saturating_add(1)
}

fn conflict(there: &[Proof]) -> Error {
    let state = there.last().map_or("unproved", |last| last.kind.as_str()).to_owned();
    Error::Conflict(Conflict { what: "demand", state, version: version(there) })
}

/// The proofs of demands, in the order in which they were recorded.
pub fn proofs_of(db: &mut Db, demands: &[DemandId]) -> Result<Vec<Proof>> {
    let ids: Vec<i64> = demands.iter().map(|id| id.0).collect();
    let rows = demand_proofs::table.filter(demand_proofs::demand_id.eq_any(ids)).order(demand_proofs::id);
    Ok(rows.select(Proof::as_select()).load(db)?)
}
