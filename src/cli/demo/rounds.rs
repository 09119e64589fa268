//! The stewards' rounds: visits that fill the quota, or don't; sites that are inspected, or missed.

use chrono::Days;
use domain::access::Actor;
use domain::inspections::{self, NewInspection, NewItem};
use domain::renovation::{self, NewRunning};
use domain::visits::{self, NewVisit};
use domain::{CaseId, HomeId, LocalDate, Month, PersonId, Result};

use super::dice::Dice;
use super::stage::Stage;

/// How many households each steward visited last month and this one.
const VISITS: &[(&str, usize, usize)] =
    &[("E001", 31, 24), ("E002", 33, 19), ("E003", 26, 12), ("E021", 30, 8), ("E004", 0, 6)];

/// What was talked about, and what was said.
const TALK: &[(&str, &str, i32)] = &[
    ("卫生", "楼道保洁比以前勤快。", 5),
    ("停车", "晚上回来难找车位。", 3),
    ("电梯", "电梯有异响，希望检查。", 3),
    ("安全", "门禁坏过两次。", 2),
    ("费用", "想了解物业费怎么算。", 4),
    ("邻里", "楼上装修声音大。", 3),
];

/// Plays the visits of two months and the sites of this one.
pub(super) fn play(stage: &Stage) -> Result<()> {
    let this = Month::of(stage.today);
    let last = this.prev();
    plan(stage, last)?;
    for (number, count, _) in VISITS {
        visit(stage, number, last, *count)?;
    }
    let first = stage.on(this.first_day(), 0, 30);
    stage.store.write_now(|tx| visits::close(tx, stage.community.id, first).map(|_| ()))?;
    plan(stage, this)?;
    for (number, _, count) in VISITS {
        visit(stage, number, this, *count)?;
    }
    sites(stage)
}

fn plan(stage: &Stage, month: Month) -> Result<()> {
    let at = stage.on(month.first_day(), 0, 31);
    stage.store.write_now(|tx| visits::plan_missing(tx, stage.community.id, at).map(|_| ()))
}

/// The days of a month on which a steward was on duty, before the demo's day.
fn days(stage: &Stage, number: &str, month: Month) -> Vec<LocalDate> {
    let (from, to) = match number {
        "E021" => (None, "2026-11-11".parse().ok()),
        "E004" => ("2026-11-12".parse().ok(), None),
        _ => (None, None),
    };
    let on_duty = |day: &LocalDate| {
        *day < stage.today
            && from.is_none_or(|from| *day >= from)
            && to.is_none_or(|to: LocalDate| *day <= to)
    };
    month.each_day().filter(on_duty).collect()
}

/// Logs so many visits of a steward to households of the area, spread over the days on duty.
fn visit(stage: &Stage, number: &str, month: Month, count: usize) -> Result<()> {
    let days = days(stage, number, month);
    let Some(first) = days.first() else { return Ok(()) };
    let steward = stage.staff(number, stage.on(*first, 9, 0))?;
    let mut area = area(stage, steward.person, *first)?;
    let seed = number.bytes().map(u64::from).sum::<u64>() + u64::try_from(month.days()).unwrap_or(0);
    let mut dice = Dice::new(seed);
    dice.shuffle(&mut area);
    let mut each = days.iter().cycle();
    let step = (days.len() * 7 / 10).max(1);
    for (n, home) in area.into_iter().take(count).enumerate() {
        let Some(day) = each.nth(step - 1).or(days.first()) else { break };
        let hour = 9 + u32::try_from(n % 8).unwrap_or(0);
        log(stage, &steward, home, (*day, hour), &mut dice)?;
    }
    Ok(())
}

fn log(
    stage: &Stage,
    steward: &Actor,
    home: HomeId,
    (day, hour): (LocalDate, u32),
    dice: &mut Dice,
) -> Result<()> {
    let pick = usize::try_from(dice.below(6)).unwrap_or(0);
    let Some((topic, said, satisfaction)) = TALK.get(pick) else { return Ok(()) };
    let at = stage.on(day, hour, 12);
    let new = NewVisit {
        home,
        started_at: at,
        spoken_to: if dice.percent(60) { "业主本人" } else { "家属" }.to_owned(),
        topics: vec![(*topic).to_owned()],
        said: (*said).to_owned(),
        satisfaction: *satisfaction,
        follow_up: (dice.below(9) == 0).then(|| "三天内回复处理结果".to_owned()),
        kept: Vec::new(),
    };
    let later = stage.on(day, hour, 40);
    stage.store.write_now(|tx| visits::log(tx, steward, later, stage.community.id, &new).map(|_| ()))
}

/// The homes with a household in a steward's area on a day.
fn area(stage: &Stage, steward: Option<PersonId>, day: LocalDate) -> Result<Vec<HomeId>> {
    use diesel::prelude::*;
    use domain::db::schema::{home_stewards, households};
    let Some(steward) = steward else { return Ok(Vec::new()) };
    stage.store.read_now(|db| {
        Ok(home_stewards::table
            .inner_join(households::table.on(households::home_id.eq(home_stewards::home_id)))
            .filter(home_stewards::steward_id.eq(steward).and(home_stewards::starts_on.le(day)))
            .filter(households::started_on.le(day).and(households::ended_on.is_null()))
            .order(home_stewards::home_id)
            .select(home_stewards::home_id)
            .load(db)?)
    })
}

/// Days that the demo's sites have been looked at.
const SITE_DAYS: u64 = 9;

/// Registers the sites that the register has as renovating, and inspects them day by day.
fn sites(stage: &Stage) -> Result<()> {
    let desk = stage.staff("E006", stage.ago(SITE_DAYS, 9, 0))?;
    let homes: Vec<_> = stage.homes_that_are("renovating").take(12).collect();
    let mut open = Vec::new();
    for (n, home) in homes.iter().enumerate() {
        let new = NewRunning {
            community: stage.community.id,
            home: home.id,
            permit_number: format!("ZXXK-2026-{:03}", 41 + n),
            reason: "系统上线前已批准开工，补登记".to_owned(),
            contractor: if n % 2 == 0 { "鸿运装饰工程有限公司" } else { "家和装修队" }.to_owned(),
            contractor_phone: Some("13900009901".to_owned()),
            starts_on: stage.today - Days::new(30),
            ends_on: stage.today + Days::new(if n == 0 { 5 } else { 60 }),
        };
        let minute = u32::try_from(n).unwrap_or(0);
        let at = stage.ago(SITE_DAYS, 9, minute);
        open.push(stage.store.write_now(|tx| renovation::register_running(tx, &desk, at, &new))?.id);
    }
    for ago in (0..SITE_DAYS).rev() {
        let dawn = stage.ago(ago, 5, 0);
        stage.store.write_now(|tx| inspections::day_list(tx, stage.community.id, dawn).map(|_| ()))?;
        // Two were forgotten the day before yesterday; today's first six are done by ten o'clock.
        for (n, case) in open.iter().enumerate() {
            let forgotten = ago == 2 && n < 2;
            if !forgotten && (ago > 0 || n < 6) {
                inspect(stage, *case, (ago, n))?;
            }
        }
    }
    Ok(())
}

fn inspect(stage: &Stage, case: CaseId, (ago, n): (u64, usize)) -> Result<()> {
    let minute = u32::try_from(n * 4).unwrap_or(0);
    let at = stage.ago(ago, 9, minute.min(55));
    let officer = stage.staff("E013", at)?;
    let fails = match (ago, n) {
        (3, 3) => Some(("rubbish_bagged", "楼道堆放建筑垃圾。")),
        (1, 4) => Some(("bearing_structure", "客厅与阳台之间的墙体被开洞。")),
        (1, 5) => Some(("fire_extinguishers", "现场没有灭火器。")),
        _ => None,
    };
    let item = |item: &inspections::rules::CheckItem| {
        let failed = fails.filter(|(code, _)| *code == item.code);
        NewItem {
            item: item.code.to_owned(),
            ok: failed.is_none(),
            note: failed.map(|(_, note)| note.to_owned()).unwrap_or_default(),
            severity: None,
            deadline: None,
        }
    };
    // What was found on an earlier day and is not mended stays failed until a photo shows that it is.
    let still = stage.store.read_now(|db| inspections::open_violations(db, case))?;
    let mut items: Vec<NewItem> = inspections::rules::ITEMS.iter().map(item).collect();
    items.retain(|one| !one.ok || !still.iter().any(|violation| violation.item == one.item));
    let new = NewInspection {
        case,
        made_at: at,
        items,
        progress: ["水电改造", "防水", "瓦工", "木工", "油漆"]
            .get(n % 5)
            .copied()
            .unwrap_or("收尾")
            .to_owned(),
        workers: 2 + i32::try_from(n % 3).unwrap_or(0),
        attachments: Vec::new(),
    };
    stage.store.write_now(|tx| inspections::log(tx, &officer, at, &new).map(|_| ()))
}
