//! Debts that are not simply unpaid: a charge that its payer disputes 争议, and an agreement to pay chosen
//! charges by instalments 分期 (domain.md §10). While a charge is disputed, or its plan holds, nobody is
//! reminded of it; kept and broken are facts, written once by the worker.

mod dispute_rules;
mod disputes;
mod faults;
mod lines;
mod owed;
mod plans;
mod raised;
mod records;
pub mod rules;
mod tell;

pub use dispute_rules::{ANSWERS, Outcome, Raised};
pub use disputes::{Dispute, community_of, dispute, dispute_of, disputes_of, end_dispute, open_disputes};
pub use faults::faults;
pub use lines::{DisputeLine, dispute_lines};
pub use owed::{Owed, Speech, owed};
pub use plans::{NewPlan, Plan, agree, end, judge, plan_of, plans_in, plans_of, to_judge};
pub use raised::{NewDispute, disputable, may_raise, raise, seen, take_back};
pub use rules::{Part, State};

use crate::access::{Action, Actor, Object, allow, may};
use crate::db::schema::{homes, ledger_accounts, people};
use crate::error::Args;
use crate::ledger::{self, Book};
use crate::{
    CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, PersonId, Result, audit, community,
};

use diesel::prelude::*;

/// The charges that nobody is reminded of, as a query of their ids.
pub(crate) const QUIET: &str = "SELECT charge_id FROM disputes WHERE ended_at IS NULL UNION \
     SELECT pc.charge_id FROM plan_charges pc JOIN plans p ON p.id = pc.plan_id WHERE p.state = 'running'";

/// Whose account it is.
#[derive(Debug, Clone, Queryable)]
pub struct Debtor {
    /// The account.
    pub account: LedgerAccountId,
    /// The community.
    pub community: CommunityId,
    /// The home.
    pub home_id: HomeId,
    /// Its code.
    pub home: String,
    /// Who pays.
    pub payer: PersonId,
    /// What they are called.
    pub name: String,
    /// What they owe, less what they have paid ahead.
    pub balance: Fen,
}

/// Whose account it is, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn debtor(db: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<Debtor> {
    let found = debtors(db, &[account])?.pop().ok_or(Error::NotFound)?;
    let place = Object::Community(found.community);
    allow(db, actor, now, Action::KeepDebts, place).map_err(|error| match error {
        Error::NotAllowed => Error::NotFound,
        other => other,
    })?;
    Ok(found)
}

/// Whose accounts these are, in the order of their ids.
pub fn debtors(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Debtor>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let rows = ledger_accounts::table
        .inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)))
        .inner_join(people::table.on(people::id.eq(ledger_accounts::payer_id)))
        .filter(ledger_accounts::id.eq_any(ids))
        .order(ledger_accounts::id)
        .select((
            ledger_accounts::id,
            ledger_accounts::community_id,
            ledger_accounts::home_id,
            homes::code,
            ledger_accounts::payer_id,
            people::name,
            ledger_accounts::balance_fen,
        ));
    Ok(rows.load(db)?)
}

/// Whose account it is, for who sees it: its payer, their household, and who reads the ledger by post.
///
/// # Errors
/// Not found where the asker has no business with it.
pub(crate) fn sees(db: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<Debtor> {
    let owner = debtors(db, &[account])?.pop().ok_or(Error::NotFound)?;
    let accounts =
        match may(db, actor, now, Action::ReadLedger, Object::Home(owner.community, owner.home_id))? {
            true => ledger::visible(db, actor, owner.home_id, Book::Fees)?,
            false => Vec::new(),
        };
    if accounts.iter().any(|one| one.id == account) { Ok(owner) } else { Err(Error::NotFound) }
}

/// The same before something of it is changed, with the account locked; nobody handles their own.
///
/// # Errors
/// As [`debtor`]; one's own account (`debt.own`).
fn held(tx: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<CommunityId> {
    let found = debtor(tx, actor, now, account)?;
    if actor.person == Some(found.payer) {
        return Err(Error::refused("debt.own", vec![]));
    }
    ledger::lock(tx, account)?;
    Ok(found.community)
}

/// By whom and when something was over, for who comes second.
fn over(db: &mut Db, community: CommunityId, (by, at): (Option<PersonId>, Option<Instant>)) -> Result<Args> {
    let zone = community::by_id(db, community)?.zone()?;
    let name = audit::names(db, by.as_slice())?.into_values().next();
    let at = at.map(|at| zone.local(at).format("%Y-%m-%d %H:%M").to_string());
    Ok(vec![("name", name.unwrap_or_default()), ("at", at.unwrap_or_default())])
}
