//! Who hears of a deposit: its payer; of something contested the managers.

use serde_json::{Value, json};

use super::records::{Line, deduction};
use crate::access::{Actor, Role};
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, DepositDeductionId, DepositId, Instant, PersonId, Result, on_duty};

/// The payer hears of their deposit.
pub(super) fn payer(
    tx: &mut Db,
    now: Instant,
    id: DepositId,
    (code, event): (&'static str, String),
    said: &str,
) -> Result<()> {
    let line = own(tx, now, id)?;
    let args = json!({
        "home": line.home,
        "receipt": line.receipt,
        "amount": line.amount.to_string(),
        "returned": line.returned.to_string(),
        "kept": line.kept().to_string(),
        "said": said,
    });
    tell(tx, now, &line, line.payer_id, (code, event), args)
}

/// The payer hears of something that is to be kept.
pub(super) fn of_deduction(
    tx: &mut Db,
    now: Instant,
    id: DepositDeductionId,
    (code, event): (&'static str, &str),
) -> Result<()> {
    let (line, args) = about(tx, now, id)?;
    tell(tx, now, &line, line.payer_id, (code, format!("{event}:{id}")), args)
}

/// The managers hear that something is contested.
pub(super) fn managers(tx: &mut Db, now: Instant, id: DepositDeductionId) -> Result<()> {
    let (line, args) = about(tx, now, id)?;
    let managers = on_duty::holders(tx, line.deposit.community_id, Role::Manager, now)?;
    for person in managers.into_iter().filter(|person| *person != line.payer_id) {
        tell(tx, now, &line, person, ("deposit.contested", format!("contested:{id}")), args.clone())?;
    }
    Ok(())
}

fn about(db: &mut Db, now: Instant, id: DepositDeductionId) -> Result<(Line, Value)> {
    let found = deduction(db, id)?;
    let line = own(db, now, found.deposit_id)?;
    let args = json!({
        "home": line.home,
        "receipt": line.receipt,
        "amount": found.amount.to_string(),
        "reason": found.reason,
        "until": found.until_on.to_string(),
        "objection": found.objection,
        "answer": found.answer,
    });
    Ok((line, args))
}

fn own(db: &mut Db, now: Instant, id: DepositId) -> Result<Line> {
    super::line(db, &Actor::system("deposits"), now, id)
}

fn tell(
    tx: &mut Db,
    now: Instant,
    line: &Line,
    person: PersonId,
    (code, event): (&'static str, String),
    args: Value,
) -> Result<()> {
    let community: CommunityId = line.deposit.community_id;
    let (id, link) = (line.deposit.id, format!("/deposits/{}", line.deposit.id));
    let event = format!("deposit:{id}:{event}");
    let one = Tell { community, event, person, code, args, link: Some(link), urgency: Urgency::Normal };
    notifications::tell(tx, &one, now)
}
