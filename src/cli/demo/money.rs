//! Fees come in by habits: most households pay in the first weeks of a month, many about the due day, some
//! when they are reminded, a few each quarter, a few not at all any more.

use chrono::Datelike;
use domain::access::Role;
use domain::payments::{self, Method, NewPayment};
use domain::{Db, Fen, HomeId, Instant, LocalDate, Month, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::{Home, Stage};

/// How a household pays, with so many in a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Soon after the bill.
    Early,
    /// About the due day.
    Due,
    /// Some days after the reminder.
    Late,
    /// Every third month, what has come together.
    Quarter,
    /// Every third month, three months ahead.
    Ahead,
    /// Does not pay, or not any more.
    Stopped,
}

const HABITS: &[(Habit, u32)] = &[
    (Habit::Early, 550),
    (Habit::Due, 265),
    (Habit::Late, 80),
    (Habit::Quarter, 35),
    (Habit::Ahead, 20),
    (Habit::Stopped, 50),
];

/// The day's payments, and now and then one that was keyed in at the wrong home.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    for home in &stage.homes {
        if pays_on(stage, home, day) {
            let (home, minute) = (home.id, Dice::of("minute", &[home.id.0, number(day)]).below(520));
            agenda.at(stage.past(day, 8, 40 + minute), move |stage, _, at| settle(stage, home, at));
        }
    }
    if Dice::on("a mistake", day).percent(4) || stage.ago(day) == Some(1) {
        agenda.at(stage.on(day, 11, 5), mistake);
    }
    Ok(())
}

/// Whether this is the day on which a home's payer pays in its month.
fn pays_on(stage: &Stage, home: &Home, day: LocalDate) -> bool {
    let mut dice = Dice::of("habit", &[home.id.0]);
    let Some((habit, _)) = HABITS.get(dice.weighed(HABITS.iter().map(|(_, weight)| *weight))) else {
        return false;
    };
    if stage.is_resident(home) {
        // The demo's resident pays well, and this month not yet.
        return Month::of(day) < stage.present() && day.day() == 9;
    }
    let (month, quarter) = (Month::of(day), dice.below(3));
    let mut dice = Dice::of("pays", &[home.id.0, number(month.first_day())]);
    // Some months people are quicker than in others.
    let slow = Dice::on("slow", month.first_day()).below(4);
    let its_quarter = month.first_day().month0() % 3 == quarter;
    let on = match habit {
        Habit::Early => slow + 2 + dice.below(9) + dice.below(8),
        Habit::Due => 17 + slow + dice.below(9),
        Habit::Late if dice.percent(60) => 27 + dice.below(4),
        Habit::Late => 3 + dice.below(12),
        Habit::Quarter if its_quarter => 5 + dice.below(20),
        Habit::Ahead if its_quarter => 4 + dice.below(10),
        Habit::Stopped if month < stopped(stage, home) => 6 + dice.below(19),
        _ => return false,
    };
    day == month.day_or_last(on)
}

/// The month from which on somebody does not pay any more.
fn stopped(stage: &Stage, home: &Home) -> Month {
    // Every third did so before the first bill.
    let months = Dice::of("stopped", &[home.id.0]).below(15).saturating_sub(4);
    (0..months).fold(Month::of(stage.begin), |month, _| month.next())
}

/// Pays what the home's payer owes at that moment; who pays ahead, for three months.
fn settle(stage: &Stage, home: HomeId, at: Instant) -> Result<()> {
    let owed = stage.read(|db| owed(db, home))?;
    if owed <= Fen::ZERO {
        return Ok(());
    }
    let mut dice = Dice::of("habit", &[home.0]);
    let ahead =
        HABITS.get(dice.weighed(HABITS.iter().map(|(_, w)| *w))).is_some_and(|(h, _)| *h == Habit::Ahead);
    let amount = if ahead { Fen(owed.0 * 3) } else { owed };
    let method = match dice.below(10) {
        0 | 1 => Method::Transfer,
        2 => Method::Card,
        3 => Method::Cash,
        _ => Method::Messenger,
    };
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    stage.write(|tx| payments::take(tx, &cashier, at, &payment(home, amount, method)).map(|_| ()))
}

fn payment(home: HomeId, amount: Fen, method: Method) -> NewPayment {
    NewPayment { home, payer: None, amount, method, allocate: Vec::new(), note: String::new() }
}

fn owed(db: &mut Db, home: HomeId) -> Result<Fen> {
    use diesel::prelude::*;
    use domain::db::schema::ledger_accounts as accounts;
    let balances: Vec<Fen> = accounts::table
        .filter(accounts::home_id.eq(home).and(accounts::book.eq("fees")))
        .select(accounts::balance_fen)
        .load(db)?;
    Ok(balances.into_iter().sum())
}

/// A payment that was keyed in at the wrong home, voided by the other cashier.
fn mistake(stage: &Stage, agenda: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let lived_in: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(day) && !stage.is_resident(home)).collect();
    let cashiers = stage.holders(Role::Cashier, at)?;
    let ([first, second, ..], Some(home)) = (cashiers.as_slice(), Dice::on("wrong home", day).one(&lived_in))
    else {
        return Ok(());
    };
    let (first, second) = (stage.person(*first, at)?, *second);
    let new = payment(home.id, Fen(30_000), Method::Cash);
    let paid = stage.write(|tx| payments::take(tx, &first, at, &new))?;
    agenda.at(at.plus(chrono::TimeDelta::minutes(15)), move |stage, _, at| {
        let second = stage.person(second, at)?;
        stage.write(|tx| payments::void(tx, &second, at, paid, "收错房号，应为对门", None))
    });
    Ok(())
}
