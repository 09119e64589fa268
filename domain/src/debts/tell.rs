//! Who hears of a dispute or a plan: who pays, and of a broken plan the cashiers and managers.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Dispute, Raised, records};
use crate::access::Role;
use crate::db::schema::{homes, ledger_accounts};
use crate::notifications::{self, Tell, Urgency};
use crate::{
    CommunityId, Db, HomeId, Instant, LedgerAccountId, PersonId, PlanId, Result, audit, ledger, on_duty,
};

type About = (CommunityId, HomeId, PersonId, String);

/// Whose account it is: community, home, payer, and the home's code.
fn about(db: &mut Db, account: LedgerAccountId) -> Result<About> {
    let found = ledger_accounts::table.inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)));
    let columns =
        (ledger_accounts::community_id, ledger_accounts::home_id, ledger_accounts::payer_id, homes::code);
    Ok(found.filter(ledger_accounts::id.eq(account.0)).select(columns).first(db)?)
}

/// Who pays hears of a dispute, and so does the resident who raised it; what was answered, or else what was said.
pub(super) fn of_dispute(
    tx: &mut Db,
    now: Instant,
    one: &Dispute,
    (code, event): (&'static str, String),
) -> Result<()> {
    let (community, _, payer, _) = about(tx, one.account_id)?;
    let raiser = one.noted_by.filter(|person| one.raised_by == Raised::Resident && *person != payer);
    let args = dispute_args(tx, one)?;
    for person in std::iter::once(payer).chain(raiser) {
        let to = (community, person, format!("/disputes/{}", one.id));
        tell(tx, now, to, (code, event.clone()), args.clone())?;
    }
    Ok(())
}

/// Who keeps debts hears of what a resident raised, or took back.
pub(super) fn keepers_of_dispute(
    tx: &mut Db,
    now: Instant,
    one: &Dispute,
    (code, event): (&'static str, String),
) -> Result<()> {
    let (community, _, payer, _) = about(tx, one.account_id)?;
    let args = dispute_args(tx, one)?;
    for person in keepers(tx, now, community, payer)? {
        let to = (community, person, format!("/debtors/{}", one.account_id));
        tell(tx, now, to, (code, event.clone()), args.clone())?;
    }
    Ok(())
}

fn dispute_args(db: &mut Db, one: &Dispute) -> Result<Value> {
    let (_, home, _, code) = about(db, one.account_id)?;
    let line = ledger::line_of(db, home, one.charge_id)?;
    let subject =
        if line.charge.subject.is_empty() { String::new() } else { format!(" {}", line.charge.subject) };
    let who = one.noted_by.map(|person| audit::names(db, &[person])).transpose()?.unwrap_or_default();
    Ok(json!({
        "home": code,
        "name": who.into_values().next().unwrap_or_default(),
        "what": format!("{}{subject} {}", line.item_name, line.charge.period),
        "amount": line.charge.amount.to_string(),
        "said": if one.answer.is_empty() { &one.reason } else { &one.answer },
    }))
}

/// Who pays hears of their plan.
pub(super) fn of_plan(tx: &mut Db, now: Instant, id: PlanId, code: &'static str, said: &str) -> Result<()> {
    let args = plan_args(tx, id, said)?;
    let account = records::by_id(tx, id)?.account_id;
    let (community, _, person, home) = about(tx, account)?;
    tell(tx, now, (community, person, format!("/homes/{home}/bills")), (code, format!("{code}:{id}")), args)
}

/// The cashiers and managers of a community; nobody hears of their own by their post.
fn keepers(db: &mut Db, now: Instant, community: CommunityId, payer: PersonId) -> Result<Vec<PersonId>> {
    let mut people = on_duty::holders(db, community, Role::Cashier, now)?;
    people.extend(on_duty::holders(db, community, Role::Manager, now)?);
    people.sort_unstable();
    people.dedup();
    people.retain(|person| *person != payer);
    Ok(people)
}

/// The cashiers and managers hear of a plan that was broken.
pub(super) fn keepers_of_plan(tx: &mut Db, now: Instant, id: PlanId) -> Result<()> {
    let args = plan_args(tx, id, "")?;
    let account = records::by_id(tx, id)?.account_id;
    let (community, _, payer, _) = about(tx, account)?;
    for person in keepers(tx, now, community, payer)? {
        let to = (community, person, format!("/debtors/{account}"));
        tell(tx, now, to, ("debt.plan_missed", format!("plan:{id}:missed")), args.clone())?;
    }
    Ok(())
}

fn plan_args(db: &mut Db, id: PlanId, said: &str) -> Result<Value> {
    let plan = records::whole(db, id)?;
    let (_, _, _, home) = about(db, plan.account_id)?;
    let parts: Vec<String> =
        plan.parts.iter().map(|part| format!("{}  ¥{}", part.due_on, part.amount)).collect();
    Ok(json!({
        "home": home,
        "total": plan.total.to_string(),
        "open": plan.open.to_string(),
        "missed": plan.missed_on.map(|day| day.to_string()).unwrap_or_default(),
        "list": parts.join("\n"),
        "said": said,
    }))
}

fn tell(
    tx: &mut Db,
    now: Instant,
    (community, person, link): (CommunityId, PersonId, String),
    (code, event): (&'static str, String),
    args: Value,
) -> Result<()> {
    let one = Tell { community, event, person, code, args, link: Some(link), urgency: Urgency::Normal };
    notifications::tell(tx, &one, now)
}
