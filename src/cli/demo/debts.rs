//! Who does not simply pay: a charge that somebody disputes until it is answered, and who owes for long and agrees on
//! instalments, which some keep and some don't.

use chrono::{Datelike, Days, Months, TimeDelta};
use domain::access::{Actor, Role};
use domain::collection::{self, DebtorOrder, Wanted};
use domain::debts::{self, NewDispute, NewPlan, Outcome, Part, State, rules};
use domain::ledger::{self, ChargeFilter, Page};
use domain::payments::{self, Method, NewPayment};
use domain::{ChargeId, Error, Fen, Instant, LedgerAccountId, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::photo;
use super::stage::Stage;

/// What somebody does not accept, and what they are answered.
const DISPUTES: &[(&str, &str, Outcome)] = &[
    ("电梯停运半个月，不应全额收取", "停运期间已按约减免，其余照收", Outcome::Rejected),
    ("面积比房产证多了 3 平方米", "已核对房产证，面积无误", Outcome::Rejected),
    ("当月房子还没有交接", "交接单日期属实，已安排更正", Outcome::Upheld),
    ("车位已退租", "已与业主当面核对，业主认可", Outcome::Withdrawn),
];

/// How long a dispute waits for its answer at least.
const LOOKED_INTO: TimeDelta = TimeDelta::days(5);

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // Nobody owes for long in the first months.
    if day < stage.begin + Days::new(75) {
        return Ok(());
    }
    agenda.at(stage.on(day, 9, 50), answer);
    agenda.at(stage.on(day, 10, 15), pay);
    if day.day() == 12 || stage.ago(day) == Some(2) {
        agenda.at(stage.on(day, 10, 50), dispute);
    }
    if day.day() == 16 || stage.ago(day) == Some(1) {
        agenda.at(stage.on(day, 20, 10), raise);
    }
    if day.day() == 21 {
        agenda.at(stage.on(day, 15, 10), agree);
    }
    Ok(())
}

/// An account, and what is open on it.
type Owing = (LedgerAccountId, Vec<(ChargeId, Fen)>);

/// Who owes for longest, with what of it can be talked about.
fn owing(stage: &Stage, cashier: &Actor, at: Instant, word: &str) -> Result<Option<Owing>> {
    let (community, today) = (stage.community.id, stage.zone.date(at));
    let list = stage.read(|db| {
        collection::arrears(db, cashier, at, community, &Wanted::all(DebtorOrder::Oldest), (0, 30))
    })?;
    let Some(one) = Dice::on(word, today).one(&list) else { return Ok(None) };
    let account = LedgerAccountId(one.account_id);
    let filter = ChargeFilter {
        accounts: Some(vec![account]),
        due_to: Some(today),
        open_only: true,
        ..ChargeFilter::default()
    };
    let lines = stage.read(|db| ledger::list(db, community, &filter, Page { after: 0, limit: 500 }))?;
    Ok(Some((account, lines.iter().map(|line| (line.charge.id, line.charge.open())).collect())))
}

fn dispute(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let Some((account, charges)) = owing(stage, &cashier, at, "disputes")? else { return Ok(()) };
    let mut dice = Dice::on("disputed", stage.zone.date(at));
    if let (Some((charge, _)), Some((reason, ..))) = (dice.one(&charges).copied(), dice.one(DISPUTES)) {
        unless_refused(stage.write(|tx| debts::dispute(tx, &cashier, at, account, charge, reason)))?;
    }
    Ok(())
}

/// Somebody does not accept a charge, and says so from their own bill, with a photo.
fn raise(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let Some((account, charges)) = owing(stage, &manager, at, "raises")? else { return Ok(()) };
    let mut dice = Dice::on("raised", stage.zone.date(at));
    let (Some((charge, _)), Some((reason, ..))) = (dice.one(&charges).copied(), dice.one(DISPUTES)) else {
        return Ok(());
    };
    let Some(owner) = stage.read(|db| debts::debtors(db, &[account]))?.pop() else { return Ok(()) };
    let payer = stage.person(owner.payer, at)?;
    let photos = vec![photo::upload(stage, &payer, at, "账单")?];
    let new = NewDispute { charge, reason: (*reason).to_owned(), photos };
    let place = (owner.community, owner.home_id);
    unless_refused(stage.write(|tx| debts::raise(tx, &payer, at, place, &new)))
}

/// The cashier answers what has waited long enough.
fn answer(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let open =
        stage.read(|db| debts::open_disputes(db, &cashier, at, stage.community.id, (None, i64::MAX)))?;
    for one in open.into_iter().filter(|one| one.noted_at.plus(LOOKED_INTO) <= at) {
        let known = DISPUTES.iter().find(|(reason, ..)| *reason == one.reason);
        if let Some((_, said, outcome)) = known {
            unless_refused(stage.write(|tx| debts::end_dispute(tx, &cashier, at, one.id, *outcome, said)))?;
        }
    }
    Ok(())
}

fn agree(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let Some((account, charges)) = owing(stage, &cashier, at, "plans")? else { return Ok(()) };
    let today = stage.zone.date(at);
    let total: Fen = charges.iter().map(|(_, open)| *open).sum();
    let count = 3 + usize::try_from(Dice::on("parts", today).below(3)).unwrap_or(0);
    let days = (1_u32..).filter_map(|months| today.checked_add_months(Months::new(months)));
    let parts = days.zip(rules::divide(total, count)).map(|(due_on, amount)| Part { due_on, amount });
    let names = stage.read(|db| debts::debtors(db, &[account]))?;
    let new = NewPlan {
        charges: charges.iter().map(|(id, _)| *id).collect(),
        parts: parts.collect(),
        agreed_by: names.into_iter().next().map(|one| one.name).unwrap_or_default(),
        agreed_on: today,
        note: "书面约定存财务室".to_owned(),
    };
    match stage.write(|tx| debts::agree(tx, &cashier, at, account, &new)) {
        // Little is owed, or nothing any more.
        Err(Error::Invalid(_)) => Ok(()),
        done => unless_refused(done),
    }
}

/// Most of those who agreed bring each instalment on its day.
fn pay(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let (today, id) = (stage.zone.date(at), stage.community.id);
    for plan in stage.read(|db| debts::plans_in(db, &cashier, at, id, State::Running, (None, 200)))? {
        let due = plan.parts.iter().position(|part| part.due_on == today);
        let Some(n) = due.filter(|_| Dice::of("keeps", &[plan.id.0]).percent(70)) else { continue };
        let until: Fen = plan.parts.iter().take(n + 1).map(|part| part.amount).sum();
        let missing = until - plan.settled.iter().copied().sum();
        let Some(owner) = stage.read(|db| debts::debtors(db, &[plan.account_id]))?.pop() else { continue };
        if missing > Fen::ZERO {
            let new = NewPayment {
                home: owner.home_id,
                payer: Some(owner.payer),
                amount: missing,
                method: Method::Messenger,
                allocate: Vec::new(),
                note: "分期".to_owned(),
            };
            stage.write(|tx| payments::take(tx, &cashier, at, &new))?;
        }
    }
    Ok(())
}

/// What was disputed, planned or paid meanwhile is left as it is.
fn unless_refused<T>(done: Result<T>) -> Result<()> {
    match done {
        Err(Error::Refused(_)) => Ok(()),
        done => done.map(|_| ()),
    }
}
