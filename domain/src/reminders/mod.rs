//! Reminders 催缴提醒: friendly mails to who owes, by stage, listing everything owed (domain.md §10).
//! Polite, and never threatening to cut water, power, heat or gas (Civil Code art. 944).

mod records;
pub mod rules;

use std::collections::{BTreeMap, HashSet};

use serde_json::json;

pub use records::{Reminder, of_account};

use crate::access::{Action, Actor, Object, allow};
use crate::ledger;
use crate::letters::{self, Letter};
use crate::notifications::{self, Notification, Tell, Urgency};
use crate::{
    CommunityId, Db, Instant, LedgerAccountId, LocalDate, NotificationId, Result, community, settings,
};
use records::Owing;
use rules::Stage;

/// The accounts that a reminder is due for now; none outside the hours in which people are reminded.
pub fn due(db: &mut Db, community: CommunityId, now: Instant) -> Result<Vec<LedgerAccountId>> {
    let zone = community::by_id(db, community)?.zone()?;
    if !rules::may_remind_at(zone.time(now)) {
        return Ok(Vec::new());
    }
    let today = zone.date(now);
    let least = least(db, community)?;
    let owing = records::owing(db, community, today, least, None)?;
    let settled = records::settled(db, community, today, &owing)?;
    let wanted =
        owing.iter().filter(|one| rules::plan(one.due_on, today, records::stages(&settled, one)).is_some());
    Ok(wanted.map(Owing::account).collect())
}

fn least(db: &mut Db, community: CommunityId) -> Result<i64> {
    settings::get(db, community, settings::REMINDER_LEAST_FEN)
}

/// Reminds one account, if that is still due. Whoever comes second finds nothing to do.
pub fn remind(tx: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<Option<Stage>> {
    let community = records::community_of(tx, account)?;
    let sent = remind_all(tx, actor, now, community, &[account])?;
    Ok(sent.first().map(|(_, stage)| *stage))
}

/// What one account is reminded of.
struct Planned {
    owing: Owing,
    stage: Stage,
    skipped: Vec<Stage>,
}

/// Reminds those of these accounts of a community for which that is still due: the stage, what was skipped, the
/// notification, in one transaction and in a few statements, however many they are. Returns whom, and of which stage.
pub fn remind_all(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    accounts: &[LedgerAccountId],
) -> Result<Vec<(LedgerAccountId, Stage)>> {
    allow(tx, actor, now, Action::Bill, Object::Community(community))?;
    let zone = community::by_id(tx, community)?.zone()?;
    if !rules::may_remind_at(zone.time(now)) {
        return Ok(Vec::new());
    }
    ledger::lock_all(tx, accounts)?;
    let today = zone.date(now);
    let planned = plan(tx, community, today, accounts)?;
    records::insert(tx, community, &planned, now, today)?;
    let ids: Vec<LedgerAccountId> = planned.iter().map(|one| one.owing.account()).collect();
    let mut owed = records::owed(tx, &ids)?;
    let mut told = Vec::with_capacity(planned.len());
    let own = own_words(tx, community)?;
    for one in &planned {
        let owed = owed.remove(&one.owing.account_id).unwrap_or_default();
        told.push(tell(community, one, &owed, own.get(&one.stage), today));
    }
    notifications::tell_each(tx, &told, now)?;
    Ok(planned.iter().map(|one| (one.owing.account(), one.stage)).collect())
}

/// What a community says in its own words, by stage.
fn own_words(db: &mut Db, community: CommunityId) -> Result<BTreeMap<Stage, letters::Own>> {
    let mut own = BTreeMap::new();
    for stage in Stage::ALL {
        if let Some(words) = letters::own(db, community, Letter::of(*stage))? {
            own.insert(*stage, words);
        }
    }
    Ok(own)
}

/// What each of these accounts is to be reminded of today; those with nothing are left out.
fn plan(
    db: &mut Db,
    community: CommunityId,
    today: LocalDate,
    accounts: &[LedgerAccountId],
) -> Result<Vec<Planned>> {
    let least = least(db, community)?;
    let owing = records::owing(db, community, today, least, Some(accounts))?;
    let settled = records::settled(db, community, today, &owing)?;
    let planned = owing.into_iter().filter_map(|owing| {
        let (stage, skipped) = rules::plan(owing.due_on, today, records::stages(&settled, &owing))?;
        Some(Planned { owing, stage, skipped })
    });
    Ok(planned.collect())
}

fn tell(
    community: CommunityId,
    planned: &Planned,
    owed: &[records::Owed],
    own: Option<&letters::Own>,
    today: LocalDate,
) -> Tell {
    let (one, stage) = (&planned.owing, planned.stage);
    let list: Vec<String> = owed.iter().map(records::Owed::line).collect();
    let late = today.signed_duration_since(one.due_on).num_days();
    Tell {
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
            "own": own.map(|own| json!({ "zh": own.zh, "en": own.en })),
        }),
        link: Some(format!("/homes/{}/bills", one.home)),
        urgency: Urgency::Normal,
    }
}

/// Those of these reminders that wait to be sent which are still true: its period is still unpaid, enough is owed, and
/// one "before due" has not been overtaken by the due date.
pub fn still_due(db: &mut Db, all: &[&Notification], now: Instant) -> Result<HashSet<NotificationId>> {
    let mut due = HashSet::new();
    let mut by_community: BTreeMap<CommunityId, Vec<Waiting<'_>>> = BTreeMap::new();
    for one in all {
        match parse(&one.event) {
            Some((account, period, stage)) => {
                let waiting = Waiting { id: one.id, account, period, stage };
                by_community.entry(one.community_id).or_default().push(waiting);
            }
            None => drop(due.insert(one.id)),
        }
    }
    for (community, waiting) in by_community {
        due.extend(still_owed(db, community, &waiting, now)?);
    }
    Ok(due)
}

/// A reminder that waits to be sent.
struct Waiting<'a> {
    id: NotificationId,
    account: LedgerAccountId,
    period: &'a str,
    stage: Stage,
}

fn still_owed(
    db: &mut Db,
    community: CommunityId,
    waiting: &[Waiting<'_>],
    now: Instant,
) -> Result<Vec<NotificationId>> {
    let today = community::by_id(db, community)?.today(now)?;
    let least = least(db, community)?;
    let accounts: Vec<LedgerAccountId> = waiting.iter().map(|one| one.account).collect();
    let owing = records::owing(db, community, today, least, Some(&accounts))?;
    let owing: BTreeMap<LedgerAccountId, Owing> = owing.into_iter().map(|one| (one.account(), one)).collect();
    let still = waiting.iter().filter(|one| {
        let oldest = owing.get(&one.account).filter(|oldest| oldest.period.as_str() == one.period);
        oldest.is_some_and(|oldest| one.stage != Stage::Before || today < oldest.due_on)
    });
    Ok(still.map(|one| one.id).collect())
}

fn parse(event: &str) -> Option<(LedgerAccountId, &str, Stage)> {
    let mut parts = event.strip_prefix("reminder:")?.split(':');
    let account = LedgerAccountId(parts.next()?.parse().ok()?);
    let (period, stage) = (parts.next()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some((account, period, stage))
}
