//! Formal demands 催告函 (domain.md §10): after the last reminder a letter with a gapless number, the sum, every
//! charge and a reasonable term, made in a batch. What was sent is kept as it was; how it reached whom it was for is
//! recorded, and starts the limitation anew.

mod candidates;
mod faults;
mod proofs;
mod records;
pub mod rules;

pub use candidates::{Candidate, candidates};
pub use faults::faults;
pub use proofs::{NewProof, Proof, proofs_of, prove, version};
pub use records::{Batch, Demand, Line, batches, by_id, lines, list, of_accounts, of_batch};
pub use rules::ProofKind;

pub(crate) use records::community_of;

use crate::access::{Action, Actor, Object, allow};
use crate::audit;
use crate::notifications::{self, Tell, Urgency};
use crate::payments::capitals::capitals;
use crate::{
    CommunityId, Db, DemandBatchId, DemandId, Error, Instant, LedgerAccountId, LocalDate, Result, community,
    debts, ledger, number, settings,
};

/// The kind of a demand's number 催告.
pub const NUMBER: &str = "CG";

/// The most letters of a batch: they are one transaction.
pub const MOST: usize = 200;

/// What the letter says in each language, with `{name}`, `{home}`, `{community}`, `{day}`, `{count}`, `{sum}`,
/// `{capitals}`, `{term}`, `{days}`.
#[derive(Debug, Clone)]
pub struct Texts {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Makes a letter for each account: its number, its text and its charges as they stand; who pays is told.
///
/// # Errors
/// By field: nobody chosen, or too many. Refused for one's own account (`debt.own`), and where an account is none of
/// the [`candidates`] any more (`demand.not_due`).
pub fn make(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    accounts: &[LedgerAccountId],
    texts: &Texts,
) -> Result<DemandBatchId> {
    allow(tx, actor, now, Action::KeepDebts, Object::Community(community))?;
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.is_empty() {
        return Err(Error::field("accounts", "required"));
    }
    if accounts.len() > MOST {
        let error = crate::FieldError::new("accounts", "too_many").with("most", MOST);
        return Err(Error::Invalid(vec![error]));
    }
    accounts.iter().try_for_each(|account| ledger::lock(tx, *account))?;
    let due = candidates(tx, actor, now, community)?;
    let chosen: Vec<&Candidate> = due.iter().filter(|one| accounts.contains(&one.account)).collect();
    if chosen.len() != accounts.len() {
        return Err(Error::refused("demand.not_due", vec![]));
    }
    let place = community::by_id(tx, community)?;
    let day = place.today(now)?;
    let term = rules::term(day, settings::get(tx, community, settings::DEMAND_TERM_DAYS)?);
    let batch = records::insert_batch(tx, actor, now, community, day)?;
    for one in chosen {
        let id = write(tx, (batch, &place), one, (day, term), texts)?;
        tell(tx, now, community, one, id)?;
    }
    audit::write(tx, actor, now, &audit::Line::new(community, "demand.make", "demand_batch", batch.0))?;
    Ok(batch)
}

fn write(
    tx: &mut Db,
    (batch, place): (DemandBatchId, &community::Community),
    one: &Candidate,
    (day, term): (LocalDate, LocalDate),
    texts: &Texts,
) -> Result<DemandId> {
    let charges = candidates::overdue(tx, one.account, day)?;
    let text = if one.language == "en" { &texts.en } else { &texts.zh };
    let body = rules::fill(
        text,
        &[
            ("name", &one.name),
            ("home", &one.home),
            ("community", &place.name),
            ("day", &day.to_string()),
            ("count", &charges.len().to_string()),
            ("sum", &one.overdue.to_string()),
            ("capitals", &capitals(one.overdue)),
            ("term", &term.to_string()),
            ("days", &term.signed_duration_since(day).num_days().to_string()),
        ],
    );
    let number = number::next(tx, place.id, NUMBER, day)?;
    let new = records::New { community: place.id, batch, one, number, day, term, body };
    records::insert(tx, &new, &charges)
}

fn tell(tx: &mut Db, now: Instant, community: CommunityId, one: &Candidate, id: DemandId) -> Result<()> {
    let made = by_id(tx, id)?;
    let told = Tell {
        community,
        event: format!("demand:{id}"),
        person: one.payer,
        code: "demand.made",
        args: serde_json::json!({
            "home": one.home, "number": made.number, "sum": made.total.to_string(), "term": made.term_on.to_string(),
        }),
        link: Some(format!("/homes/{}/bills", one.home)),
        urgency: Urgency::Normal,
    };
    notifications::tell(tx, &told, now)
}

/// A demand, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn demand(db: &mut Db, actor: &Actor, now: Instant, id: DemandId) -> Result<Demand> {
    let found = by_id(db, id)?;
    debts::debtor(db, actor, now, found.account_id)?;
    Ok(found)
}

/// A demand, for who sees the account that it is about.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn seen(db: &mut Db, actor: &Actor, now: Instant, id: DemandId) -> Result<Demand> {
    let found = by_id(db, id)?;
    debts::sees(db, actor, now, found.account_id)?;
    Ok(found)
}

/// A batch with its demands, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn batch(db: &mut Db, actor: &Actor, now: Instant, id: DemandBatchId) -> Result<(Batch, Vec<Demand>)> {
    let (found, community) = records::batch(db, id)?;
    let place = Object::Community(community);
    allow(db, actor, now, Action::KeepDebts, place).map_err(|error| match error {
        Error::NotAllowed => Error::NotFound,
        other => other,
    })?;
    Ok((found, of_batch(db, id)?))
}
