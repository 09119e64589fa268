//! Deposits: handed in before work begins, sometimes partly kept, now and then contested, given back weeks later.

use chrono::{Datelike, Days};
use domain::access::Role;
use domain::deposits::{self, Decision, DeductionState, NewDeposit, Purpose, State};
use domain::payments::Method;
use domain::{Error, Fen, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::registers::Status;
use super::stage::Stage;

/// What is handed in, how much, and what it is taken on.
const KINDS: &[(Purpose, i64, &str)] = &[
    (Purpose::Renovation, 200_000, "《装饰装修管理服务协议》第五条"),
    (Purpose::Renovation, 300_000, "《装饰装修管理服务协议》第五条"),
    (Purpose::Pass, 10_000, "《出入证管理规定》第三条"),
    (Purpose::Key, 5_000, "《门禁卡管理规定》第二条"),
    (Purpose::Loan, 20_000, "会所桌椅借用登记"),
];

/// What is kept of one, and why.
const KEPT: &[(i64, &str)] =
    &[(30_000, "电梯轿厢护板划伤"), (15_000, "装修垃圾未按约清运"), (8_000, "公共走廊地砖破损")];

/// For how many days it is held at least.
const HELD_DAYS: u64 = 45;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day < stage.begin + Days::new(10) {
        return Ok(());
    }
    if [4, 11, 18, 26].contains(&day.day()) || stage.ago(day) == Some(1) {
        agenda.at(stage.on(day, 10, 35), take);
    }
    if [9, 23].contains(&day.day()) {
        agenda.at(stage.on(day, 14, 25), settle);
    }
    agenda.at(stage.on(day, 15, 45), decide);
    agenda.at(stage.on(day, 16, 20), give_back);
    Ok(())
}

fn take(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let mut dice = Dice::on("deposits", stage.zone.date(at));
    let homes: Vec<_> = stage.homes_that_are(Status::Occupied).collect();
    let (Some(home), Some((purpose, fen, basis))) = (dice.one(&homes), dice.one(KINDS)) else {
        return Ok(());
    };
    let by_contractor = *purpose == Purpose::Renovation && dice.percent(50);
    let new = NewDeposit {
        home: home.id,
        payer: None,
        purpose: *purpose,
        basis: (*basis).to_owned(),
        handed_in_by: if by_contractor { "宏达装饰工程有限公司".to_owned() } else { String::new() },
        amount: Fen(*fen),
        method: if dice.percent(60) { Method::Messenger } else { Method::Cash },
        note: String::new(),
        case: None,
    };
    unless_refused(stage.write(|tx| deposits::take(tx, &cashier, at, &new)))
}

/// The cashier asks to give back what was held long enough; of some something is kept.
fn settle(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let (today, community) = (stage.zone.date(at), stage.community.id);
    for line in stage.read(|db| deposits::held(db, &cashier, at, community))? {
        let id = line.deposit.id;
        let long = stage.zone.date(line.taken_at) + Days::new(HELD_DAYS) <= today;
        if line.deposit.state != State::Held || !long {
            continue;
        }
        let mut dice = Dice::of("kept of a deposit", &[id.0]);
        if let Some((fen, reason)) = dice.one(KEPT).filter(|_| line.amount > Fen(100_000) && dice.percent(60))
        {
            unless_refused(stage.write(|tx| deposits::deduct(tx, &cashier, at, id, Fen(*fen), reason)))?;
        }
        unless_refused(stage.write(|tx| deposits::ask_return(tx, &cashier, at, id)))?;
    }
    Ok(())
}

/// Some payers do not agree; the manager answers the day after.
fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let community = stage.community.id;
    for line in stage.read(|db| deposits::held(db, &manager, at, community))? {
        let id = line.deposit.id;
        let (_, kept) = stage.read(|db| deposits::whole(db, &manager, at, id))?;
        for one in kept {
            let contests = Dice::of("contests", &[one.id.0]).percent(35);
            let new = stage.zone.date(one.proposed_at) == stage.zone.date(at);
            match one.state {
                DeductionState::Proposed if new && contests => {
                    let payer = stage.person(line.payer_id, at)?;
                    let said = "搬运前就已经这样，请调监控核实";
                    unless_refused(stage.write(|tx| deposits::contest(tx, &payer, at, one.id, said)))?;
                }
                DeductionState::Contested => {
                    let said = "已调监控核实，系本次搬运造成，按报价扣除";
                    let upheld = |tx: &mut domain::Db| {
                        deposits::decide(tx, &manager, at, one.id, Decision::Uphold, said)
                    };
                    unless_refused(stage.write(upheld))?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The manager gives back what was asked for and is not contested any more.
fn give_back(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let community = stage.community.id;
    for line in stage.read(|db| deposits::held(db, &manager, at, community))? {
        // The last one waits for who looks at the demo.
        let waits = stage.ago(stage.zone.date(at)).is_some_and(|days| days < 12);
        if line.deposit.state == State::Returning && !waits {
            let back = (Method::Transfer, "原路退回");
            unless_refused(stage.write(|tx| deposits::give_back(tx, &manager, at, line.deposit.id, back)))?;
        }
    }
    Ok(())
}

/// What the rules hold back waits for another day.
fn unless_refused<T>(done: Result<T>) -> Result<()> {
    match done {
        Err(Error::Refused(_)) => Ok(()),
        done => done.map(|_| ()),
    }
}
