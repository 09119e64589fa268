//! Two months of fees: billing at night, payments with habits, reminders to who is late.

use chrono::{Datelike, Days};
use domain::access::Actor;
use domain::payments::{self, Method, NewPayment};
use domain::{Db, Fen, HomeId, LocalDate, Month, Result, billing, reminders};

use super::dice::Dice;
use super::stage::Stage;

/// Plays every day since the first of last month: bills at night, lets people pay by their habits, reminds
/// who is late. The resident of the demo's login still owes this month's bill.
pub(super) fn play(stage: &Stage, resident: HomeId) -> Result<()> {
    let this = Month::of(stage.today);
    let last = this.prev();
    let mut habits = habits(stage, last, 88);
    habits.extend(self::habits(stage, this, 62).into_iter().filter(|one| one.home != resident));
    let mut day = last.first_day();
    while day < stage.today {
        if day.day() == 1 {
            bill(stage, Month::of(day))?;
        }
        pay(stage, habits.iter().filter(|one| one.day == day))?;
        remind(stage, day)?;
        day = day + Days::new(1);
    }
    if this.first_day() == stage.today {
        bill(stage, this)?;
    }
    a_mistake(stage)
}

fn bill(stage: &Stage, period: Month) -> Result<()> {
    let at = stage.on(period.first_day(), 2, 0);
    billing::run_now(stage.store, &Actor::system("billing"), at, stage.community.id, period)?;
    Ok(())
}

/// Somebody who pays: on which day, for which home, how.
struct Habit {
    day: LocalDate,
    home: HomeId,
    method: Method,
}

/// So many in a hundred pay in a month, each on a day of their own.
fn habits(stage: &Stage, period: Month, percent: u64) -> Vec<Habit> {
    let mut dice = Dice::new(u64::from(period.first_day().month()) + 17);
    let ways = [Method::Messenger, Method::Messenger, Method::Transfer, Method::Card, Method::Cash];
    let mut payers = Vec::new();
    for home in &stage.homes {
        let day = period.first_day() + Days::new(1 + dice.below(27));
        let way = usize::try_from(dice.below(5)).unwrap_or(0);
        if dice.percent(percent) {
            let method = ways.get(way).copied().unwrap_or(Method::Cash);
            payers.push(Habit { day, home: home.id, method });
        }
    }
    payers
}

/// Lets those of one day pay, one after the other.
fn pay<'h>(stage: &Stage, payers: impl Iterator<Item = &'h Habit>) -> Result<()> {
    let payers: Vec<&Habit> = payers.collect();
    stage.store.write_now(|tx| payers.iter().try_for_each(|one| settle(tx, stage, one)))
}

/// Pays what the home's payer owes at that moment, at the cashier's desk.
fn settle(tx: &mut Db, stage: &Stage, one: &Habit) -> Result<()> {
    let at = stage.on(one.day, 9, 30);
    let owed = owed(tx, one.home)?;
    if owed <= Fen::ZERO {
        return Ok(());
    }
    let cashier = stage.staff.get("E014").copied().ok_or(domain::Error::NotFound)?;
    let actor = Actor::load(tx, cashier, one.day, "page")?;
    let new = NewPayment {
        home: one.home,
        payer: None,
        amount: owed,
        method: one.method,
        allocate: Vec::new(),
        note: String::new(),
    };
    payments::take(tx, &actor, at, &new)?;
    Ok(())
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

/// The worker's reminders of one morning.
fn remind(stage: &Stage, day: LocalDate) -> Result<()> {
    let worker = Actor::system("reminders");
    let at = stage.on(day, 9, 30);
    let due = stage.store.read_now(|db| reminders::due(db, stage.community.id, at))?;
    stage.store.write_now(|tx| {
        due.iter().try_for_each(|account| reminders::remind(tx, &worker, at, *account).map(|_| ()))
    })
}

/// A payment that was keyed in at the wrong home, voided by the second cashier.
fn a_mistake(stage: &Stage) -> Result<()> {
    let Some(home) = stage.homes.get(40) else { return Ok(()) };
    let at = stage.ago(1, 11, 5);
    let (first, second) = (stage.staff("E014", at)?, stage.staff("E015", at)?);
    let new = NewPayment {
        home: home.id,
        payer: None,
        amount: Fen(30_000),
        method: Method::Cash,
        allocate: Vec::new(),
        note: String::new(),
    };
    let paid = stage.store.write_now(|tx| payments::take(tx, &first, at, &new))?;
    let later = stage.ago(1, 11, 20);
    stage.store.write_now(|tx| payments::void(tx, &second, later, paid, "收错房号，应为对门", None))
}
