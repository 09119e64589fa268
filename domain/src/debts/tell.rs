//! Who hears of a dispute or a plan: who pays, and of a broken plan the cashiers and managers.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::records;
use crate::access::Role;
use crate::db::schema::{homes, ledger_accounts};
use crate::notifications::{self, Tell, Urgency};
use crate::{
    ChargeId, CommunityId, Db, HomeId, Instant, LedgerAccountId, PersonId, PlanId, Result, ledger, on_duty,
};

type About = (CommunityId, HomeId, PersonId, String);

/// Whose account it is: community, home, payer, and the home's code.
fn about(db: &mut Db, account: LedgerAccountId) -> Result<About> {
    let found = ledger_accounts::table.inner_join(homes::table.on(homes::id.eq(ledger_accounts::home_id)));
    let columns =
        (ledger_accounts::community_id, ledger_accounts::home_id, ledger_accounts::payer_id, homes::code);
    Ok(found.filter(ledger_accounts::id.eq(account.0)).select(columns).first(db)?)
}

/// Who pays hears of one charge.
pub(super) fn of_charge(
    tx: &mut Db,
    now: Instant,
    (account, charge): (LedgerAccountId, ChargeId),
    (code, event): (&'static str, String),
    said: &str,
) -> Result<()> {
    let (community, home, person, code_of_home) = about(tx, account)?;
    let line = ledger::line_of(tx, home, charge)?;
    let subject =
        if line.charge.subject.is_empty() { String::new() } else { format!(" {}", line.charge.subject) };
    let args = json!({
        "home": code_of_home,
        "what": format!("{}{subject} {}", line.item_name, line.charge.period),
        "amount": line.charge.open().to_string(),
        "said": said,
    });
    let link = format!("/homes/{code_of_home}/bills");
    tell(tx, now, (community, person, link), (code, event), args)
}

/// Who pays hears of their plan.
pub(super) fn of_plan(tx: &mut Db, now: Instant, id: PlanId, code: &'static str, said: &str) -> Result<()> {
    let args = plan_args(tx, id, said)?;
    let account = records::by_id(tx, id)?.account_id;
    let (community, _, person, home) = about(tx, account)?;
    tell(tx, now, (community, person, format!("/homes/{home}/bills")), (code, format!("{code}:{id}")), args)
}

/// The cashiers and managers hear of a plan that was broken.
pub(super) fn keepers(tx: &mut Db, now: Instant, id: PlanId) -> Result<()> {
    let args = plan_args(tx, id, "")?;
    let account = records::by_id(tx, id)?.account_id;
    let (community, _, payer, _) = about(tx, account)?;
    let mut people = on_duty::holders(tx, community, Role::Cashier, now)?;
    people.extend(on_duty::holders(tx, community, Role::Manager, now)?);
    people.sort_unstable();
    people.dedup();
    people.retain(|person| *person != payer);
    for person in people {
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
