//! What the community spends and what its common parts earn, entered by the cashier as the invoices come; each quarter
//! is published in the weeks after it.

use domain::access::Role;
use domain::publications::{self, Kind, NewEntry, State};
use domain::{Fen, Instant, LocalDate, Month, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// Kind, category, day of the month, who, yuan, and by how many percent it differs.
type Line = (Kind, &'static str, u32, &'static str, i64, u32);

const MONTHLY: &[Line] = &[
    (Kind::ServiceCost, "cleaning", 5, "洁美保洁有限公司", 42_000, 4),
    (Kind::ServiceCost, "security", 6, "平安保安服务公司", 58_000, 3),
    (Kind::ServiceCost, "staff", 10, "物业项目部工资", 126_000, 5),
    (Kind::ServiceCost, "greening", 12, "绿源园艺", 16_500, 20),
    (Kind::ServiceCost, "maintenance", 15, "安捷电梯维保", 21_800, 15),
    (Kind::ServiceCost, "energy", 20, "供电公司", 33_000, 25),
    (Kind::ServiceCost, "office", 25, "办公用品店", 2_600, 30),
    (Kind::CommonIncome, "parking", 8, "公共场地临时停车", 9_600, 20),
    (Kind::CommonIncome, "advertising", 16, "电梯广告公司", 7_500, 0),
    (Kind::CommonCost, "collecting", 18, "停车收费设备维护", 1_800, 10),
];

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if MONTHLY.iter().any(|line| Month::of(day).day_or_last(line.2) == day) {
        agenda.at(stage.on(day, 14, 10), enter);
    }
    agenda.at(stage.on(day, 9, 45), draft);
    agenda.at(stage.on(day, 11, 20), decide);
    Ok(())
}

fn enter(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let today = stage.zone.date(at);
    let due = |line: &&Line| Month::of(today).day_or_last(line.2) == today;
    for (kind, category, _, party, yuan, differs) in MONTHLY.iter().filter(due) {
        let mut dice = Dice::of(category, &[number(today)]);
        let percent = 100 + i64::from(dice.below(differs + 1));
        let new = NewEntry {
            kind: *kind,
            category: (*category).to_owned(),
            day: today,
            amount: Fen(yuan * percent),
            party: (*party).to_owned(),
            document: format!("FP-{}", today.format("%Y%m%d")),
            note: String::new(),
        };
        stage.write(|tx| publications::enter(tx, &cashier, at, stage.community.id, &new).map(|_| ()))?;
    }
    Ok(())
}

/// Ten days after a quarter the cashier works it out.
fn draft(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let id = stage.community.id;
    let Some((_, last)) = stage.read(|db| publications::next_span(db, id, at))? else { return Ok(()) };
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    if last + chrono::Days::new(10) > stage.zone.date(at) {
        return Ok(());
    }
    let note = "支出按发票日期登记；电费随季节变化。";
    stage.write(|tx| publications::draft(tx, &cashier, at, id, note).map(|_| ()))
}

/// The manager looks at it some days later, and publishes it.
fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let id = stage.community.id;
    let all = stage.read(|db| publications::list(db, &manager, at, id))?;
    let Some(draft) = all.into_iter().find(|one| one.state == State::Draft) else { return Ok(()) };
    if draft.drafted_at.plus(chrono::TimeDelta::days(4)) > at {
        return Ok(());
    }
    stage.write(|tx| publications::approve(tx, &manager, at, id, draft.id))?;
    let real_now = domain::Clock::system().real_now();
    stage.write(|tx| publications::publish(tx, &manager, at, real_now, (id, draft.id)))
}
