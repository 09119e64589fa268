//! What the books have to put right: a sum given up where something did not work, a charge taken back and made anew,
//! money given back. What needs a second person waits for the manager; what was asked for on the last day still does.

use chrono::{Datelike, Days, TimeDelta};
use domain::access::{Actor, Role};
use domain::corrections;
use domain::db::schema::payments;
use domain::ledger::{self, Charge, ChargeFilter, Page};
use domain::{Error, Fen, Instant, LocalDate, Month, PaymentId, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::stage::Stage;

/// Why something is given up.
const LET_OFF: &[&str] =
    &["电梯停运两周，经协商减免", "顶楼渗水影响居住，减免当月部分费用", "地库积水，车位一周无法使用"];

/// How long what was asked for waits at least.
const THOUGHT_OVER: TimeDelta = TimeDelta::hours(20);

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // In the first weeks nothing has gone wrong yet.
    if day < stage.begin + Days::new(20) {
        return Ok(());
    }
    let last = stage.ago(day) == Some(1);
    agenda.at(stage.on(day, 9, 40), decide);
    if [7, 19].contains(&day.day()) || last {
        agenda.at(stage.on(day, 14, 10), let_off);
    }
    if day.day() == 13 {
        agenda.at(stage.on(day, 10, 25), take_back);
    }
    if (day.day() == 16 && day.month().is_multiple_of(2)) || last {
        agenda.at(stage.on(day, 15, 30), give_back);
    }
    Ok(())
}

/// The charges of the month that are open and untouched.
fn open(stage: &Stage, day: LocalDate) -> Result<Vec<Charge>> {
    let filter = ChargeFilter { due_month: Some(Month::of(day)), open_only: true, ..ChargeFilter::default() };
    let page = Page { after: 0, limit: 10_000 };
    let lines = stage.read(|db| ledger::list(db, stage.community.id, &filter, page))?;
    let charges = lines.into_iter().map(|line| line.charge);
    Ok(charges.filter(|charge| charge.open() == charge.amount && charge.waived == Fen::ZERO).collect())
}

/// A part of a charge is given up: at once where it is little, else as the manager decides.
fn let_off(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let mut dice = Dice::on("let off", day);
    let mut charges = open(stage, day)?;
    let much = day.day() == 19 || stage.ago(day) == Some(1);
    charges.retain(|charge| (charge.amount > Fen(60_000)) == much);
    let (Some(charge), Some(cashier)) = (dice.one(&charges), stage.on_duty(Role::Cashier, at)?) else {
        return Ok(());
    };
    let reason = dice.one(LET_OFF).copied().unwrap_or_default();
    let amount = if much { Fen(charge.amount.0 * 9 / 10) } else { Fen(charge.amount.0 / 5) };
    unless_refused(stage.write(|tx| corrections::ask_waiver(tx, &cashier, at, charge.id, amount, reason)))
}

/// A charge that was wrong is taken back, and made anew a little later.
fn take_back(stage: &Stage, agenda: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let charges = open(stage, day)?;
    let (Some(charge), Some(cashier)) =
        (Dice::on("taken back", day).one(&charges).cloned(), stage.on_duty(Role::Cashier, at)?)
    else {
        return Ok(());
    };
    let (id, seen) = (charge.id, charge.seen());
    stage
        .write(|tx| corrections::reverse(tx, &cashier, at, id, "起收日期登记有误，核对后重新计费", &seen))?;
    agenda.at(at.plus(TimeDelta::minutes(25)), move |stage, _, at| {
        unless_refused(stage.write(|tx| corrections::charge_again(tx, &cashier, at, id, charge.amount)))
    });
    Ok(())
}

/// Somebody who paid ahead wants a part of it back.
fn give_back(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    use diesel::prelude::*;
    let ahead = payments::table
        .filter(payments::community_id.eq(stage.community.id.0).and(payments::unallocated_fen.gt(10_000)))
        .order(payments::id.desc())
        .select((payments::id, payments::unallocated_fen))
        .limit(20);
    let ahead: Vec<(PaymentId, Fen)> = stage.read(|db| Ok(ahead.load(db)?))?;
    let (Some((payment, prepaid)), Some(cashier)) =
        (Dice::on("given back", stage.zone.date(at)).one(&ahead), stage.on_duty(Role::Cashier, at)?)
    else {
        return Ok(());
    };
    let (amount, reason) = (Fen(prepaid.0 / 2), "住户要求退回部分预缴");
    let ask =
        |tx: &mut domain::Db| corrections::ask_prepaid_refund(tx, &cashier, at, *payment, amount, reason);
    unless_refused(stage.write(ask))
}

/// What something was asked of already, or what changed meanwhile, is left as it is.
fn unless_refused<T>(done: Result<T>) -> Result<()> {
    match done {
        Err(Error::Refused(_)) => Ok(()),
        done => done.map(|_| ()),
    }
}

/// The manager decides what has waited long enough.
fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let waiting = stage.read(|db| corrections::waiting(db, &manager, at, stage.community.id))?;
    for line in waiting.into_iter().filter(|line| line.asked_at.plus(THOUGHT_OVER) <= at) {
        if Dice::of("decided", &[line.id.0]).percent(85) {
            let made = stage.write(|tx| corrections::make(tx, &manager, at, line.id));
            // What was paid meanwhile is not given up any more.
            if let Err(Error::Refused(_)) = made {
                refuse(stage, &manager, at, &line, "情况已变化，请核对后重新申请")?;
            } else {
                made?;
            }
        } else {
            refuse(stage, &manager, at, &line, "依据不足，请补充说明后再报")?;
        }
    }
    Ok(())
}

fn refuse(stage: &Stage, manager: &Actor, at: Instant, line: &corrections::Line, why: &str) -> Result<()> {
    stage.write(|tx| corrections::refuse(tx, manager, at, line.id, why))
}
