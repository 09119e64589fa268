//! Who hears of a correction: the managers of a waiver that waits, the payer of what was done, who asked of
//! the answer.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::records::{self, Correction};
use super::{Kind, State};
use crate::access::{Actor, Role};
use crate::db::schema::ledger_accounts;
use crate::ledger::ChargeLine;
use crate::notifications::{self, Tell, Urgency};
use crate::{CommunityId, Db, Instant, PersonId, Result, on_duty};

const LIST: &str = "/corrections";

/// A waiver waits: every manager but who asked is told.
pub(super) fn managers(tx: &mut Db, actor: &Actor, now: Instant, asked: &Correction) -> Result<()> {
    let mut managers = on_duty::holders(tx, asked.community_id, Role::Manager, now)?;
    managers.retain(|person| Some(*person) != actor.person);
    let (args, event) = (args(tx, asked)?, format!("correction:{}:asked", asked.id));
    for person in managers {
        let to = To { community: asked.community_id, person, link: LIST.to_owned() };
        tell(tx, now, to, ("correction.waiver_asked", event.clone()), args.clone())?;
    }
    Ok(())
}

/// It is done: who pays reads of it.
pub(super) fn payer(tx: &mut Db, now: Instant, made: &Correction) -> Result<()> {
    let person =
        ledger_accounts::table.find(made.account_id.0).select(ledger_accounts::payer_id).first(tx)?;
    let code = match made.kind {
        Kind::Waiver => "correction.waived",
        Kind::Refund => "correction.refunded",
    };
    let link = format!("/homes/{}/bills", records::line(tx, made.id)?.home);
    let to = To { community: made.community_id, person, link };
    let args = args(tx, made)?;
    tell(tx, now, to, (code, format!("correction:{}:payer", made.id)), args)
}

/// Who asked reads the answer.
pub(super) fn asker(tx: &mut Db, now: Instant, asked: &Correction, answer: State) -> Result<()> {
    let Some(person) = asked.asked_by else { return Ok(()) };
    let code = if answer == State::Made { "correction.made" } else { "correction.refused" };
    let to = To { community: asked.community_id, person, link: LIST.to_owned() };
    let args = args(tx, asked)?;
    tell(tx, now, to, (code, format!("correction:{}:asker", asked.id)), args)
}

/// A charge was taken back, or made anew: who pays reads of it.
pub(super) fn of_charge(
    tx: &mut Db,
    now: Instant,
    line: &ChargeLine,
    code: &'static str,
    reason: &str,
) -> Result<()> {
    let charge = &line.charge;
    let link = format!("/homes/{}/bills", line.home);
    let to = To { community: charge.community_id, person: charge.payer_id, link };
    let what =
        words([Some(line.item_name.clone()), Some(charge.subject.clone()), Some(charge.period.to_string())]);
    let args = json!({
        "home": line.home, "what": what, "amount": charge.amount.to_string(),
        "due": charge.due_on.to_string(), "reason": reason,
    });
    tell(tx, now, to, (code, format!("{code}:{}", charge.id)), args)
}

struct To {
    community: CommunityId,
    person: PersonId,
    link: String,
}

fn tell(tx: &mut Db, now: Instant, to: To, (code, event): (&'static str, String), args: Value) -> Result<()> {
    let To { community, person, link } = to;
    let one = Tell { community, event, person, code, args, link: Some(link), urgency: Urgency::Normal };
    notifications::tell(tx, &one, now)
}

fn args(tx: &mut Db, about: &Correction) -> Result<Value> {
    let line = records::line(tx, about.id)?;
    let matter = line.matter;
    let what = words([Some(matter.what()), matter.period.map(|month| month.to_string()), matter.receipt]);
    Ok(json!({
        "home": line.home, "what": what, "amount": about.amount.to_string(), "reason": about.reason,
        "answer": line.answer, "asker": line.asker.unwrap_or_default(),
    }))
}

/// What it is about, in one line.
fn words(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    parts.join(" ")
}
