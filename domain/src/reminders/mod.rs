//! Reminders 催缴提醒: friendly mails to who owes, by stage, listing everything owed (domain.md §10).
//! Polite, and never threatening to cut water, power, heat or gas (Civil Code art. 944).

mod records;
pub mod rules;

use serde_json::json;

pub use records::{Reminder, of_account};

use crate::access::{Action, Actor, Object, allow};
use crate::ledger;
use crate::notifications::{self, Notification, Tell, Urgency};
use crate::{CommunityId, Db, Instant, LedgerAccountId, LocalDate, Result, community, settings};
use records::Owing;
use rules::{Outcome, Stage};

/// The accounts that a reminder is due for now; none outside the hours in which people are reminded.
pub fn due(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<LedgerAccountId>> {
    let zone = community::by_id(db, community)?.zone()?;
    if !rules::may_remind_at(zone.time(now)) {
        return Ok(Vec::new());
    }
    let today = zone.date(now);
    let least = least(db, community)?;
    let owing = records::owing(db, community, today, least, None)?;
    let settled = records::settled(db, community, today)?;
    let wanted = owing.iter().filter(|one| {
        let stages = settled.get(&(one.account_id, one.period.as_str().to_owned()));
        rules::plan(one.due_on, today, stages.map_or(&[], Vec::as_slice)).is_some()
    });
    Ok(wanted.map(|one| LedgerAccountId(one.account_id)).collect())
}

fn least(db: &mut Db, community: CommunityId) -> Result<i64> {
    settings::get(db, community, settings::REMINDER_LEAST_FEN)
}

/// Reminds one account, if that is still due: the stage, what was skipped, the notification, in one
/// transaction. Whoever comes second finds nothing to do.
pub fn remind(tx: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<Option<Stage>> {
    let community = records::community_of(tx, account)?;
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    ledger::lock(tx, account)?;
    let zone = community::by_id(tx, community)?.zone()?;
    let (today, least) = (zone.date(now), least(tx, community)?);
    let owing = records::owing(tx, community, today, least, Some(account))?;
    let Some(one) = owing.first() else { return Ok(None) };
    if !rules::may_remind_at(zone.time(now)) || records::reminded_on(tx, account, today)? {
        return Ok(None);
    }
    let settled = records::stages(tx, account, one.period)?;
    let Some((stage, skipped)) = rules::plan(one.due_on, today, &settled) else { return Ok(None) };
    for passed in skipped {
        records::insert(tx, community, one, (passed, Outcome::Skipped), now, today)?;
    }
    records::insert(tx, community, one, (stage, Outcome::Sent), now, today)?;
    tell(tx, community, one, stage, now, today)?;
    Ok(Some(stage))
}

fn tell(
    tx: &mut Db,
    community: CommunityId,
    one: &Owing,
    stage: Stage,
    now: Instant,
    today: LocalDate,
) -> Result<()> {
    let owed = records::owed(tx, LedgerAccountId(one.account_id))?;
    let list: Vec<String> = owed.iter().map(records::Owed::line).collect();
    let late = today.signed_duration_since(one.due_on).num_days();
    let told = Tell {
        community,
        event: format!("reminder:{}:{}:{stage}", one.account_id, one.period),
        person: crate::PersonId(one.payer_id),
        code: match stage {
            Stage::Before => "reminder.before",
            Stage::Day3 => "reminder.day3",
            Stage::Day15 => "reminder.day15",
            Stage::Day30 => "reminder.day30",
        },
        args: json!({
            "account": one.account_id,
            "period": one.period,
            "home": one.home,
            "owed": crate::Fen(one.balance_fen).to_string(),
            "due": one.due_on.to_string(),
            "days": late.abs(),
            "list": list.join("\n"),
        }),
        link: Some(format!("/homes/{}/bills", one.home)),
        urgency: Urgency::Normal,
    };
    notifications::tell(tx, &told, now)
}

/// Whether a reminder that waits to be sent is still true: its period is still unpaid, enough is owed, and
/// one "before due" has not been overtaken by the due date.
pub fn still_due(db: &mut Db, one: &Notification, now: Instant) -> Result<bool> {
    let Some((account, period, stage)) = parse(&one.event) else { return Ok(true) };
    let today = community::by_id(db, one.community_id)?.today(now)?;
    let least = least(db, one.community_id)?;
    let owing = records::owing(db, one.community_id, today, least, Some(account))?;
    let Some(oldest) = owing.first().filter(|oldest| oldest.period.as_str() == period) else {
        return Ok(false);
    };
    Ok(stage != Stage::Before || today < oldest.due_on)
}

fn parse(event: &str) -> Option<(LedgerAccountId, &str, Stage)> {
    let mut parts = event.strip_prefix("reminder:")?.split(':');
    let account = LedgerAccountId(parts.next()?.parse().ok()?);
    let (period, stage) = (parts.next()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some((account, period, stage))
}
