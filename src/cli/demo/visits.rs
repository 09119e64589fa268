//! Stewards go from door to door by the plan of the month, keep what they promise, and answer for a month
//! that stayed short.

use chrono::TimeDelta;
use domain::access::Role;
use domain::duties::{self, Filter, Kind, State};
use domain::visits::{self, Decision, NewVisit};
use domain::{DutyId, HomeId, Instant, LocalDate, Month, PersonId, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// What was talked about, and what was said.
const TALK: &[(&str, &str, i32)] = &[
    ("卫生", "楼道保洁比以前勤快。", 5),
    ("卫生", "垃圾分类点夏天有味道。", 3),
    ("停车", "晚上回来难找车位。", 3),
    ("停车", "充电桩够用了，方便。", 5),
    ("电梯", "电梯有异响，希望检查。", 3),
    ("安全", "门禁坏过两次。", 2),
    ("安全", "保安认得我们，放心。", 5),
    ("费用", "想了解物业费怎么算。", 4),
    ("邻里", "楼上装修声音大。", 3),
    ("邻里", "社区活动老人很喜欢。", 5),
    ("维修", "上次报修来得很快。", 5),
    ("绿化", "草坪修剪得不错。", 4),
];

/// How much of their plan stewards get done in the month of the opening, in a hundred: one is ahead, one behind.
const PRESENT: &[(&str, u32)] = &[("E001", 100), ("E002", 92), ("E003", 55), ("E004", 75), ("E021", 95)];

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    agenda.at(stage.on(day, 9, 5), go);
    agenda.at(stage.on(day, 16, 30), keep_promises);
    agenda.at(stage.on(day, 10, 20), explain_short_months);
    agenda.at(stage.on(day, 11, 30), decide);
    Ok(())
}

/// Every steward sets out to those whom the plan has for this day, and to who has just moved in.
fn go(stage: &Stage, agenda: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    for steward in stage.holders(Role::Steward, at)? {
        let month = Month::of(day);
        let done = eagerness(stage, steward, month)?;
        let plan = stage.read(|db| visits::planned(db, stage.community.id, steward, month))?;
        let planned = plan.iter().filter(|entry| entry.day == day).map(|entry| entry.home_id);
        let at_home = planned
            .filter(|home| Dice::of("at home", &[home.0, number(day)]).percent(done))
            .chain(moved_in(stage, steward, at)?);
        for (n, home) in (0_i64..).zip(at_home) {
            let later = Dice::of("on the way", &[home.0, number(day)]).between(10, 140);
            let begins = at.plus(TimeDelta::minutes(n * 150 + i64::from(later)));
            agenda.at(begins.plus(TimeDelta::minutes(22)), move |stage, _, at| {
                log(stage, (steward, home), begins, at)
            });
        }
    }
    Ok(())
}

/// How many in a hundred of the plan a steward gets done in a month: nearly all, in a bad month too few.
fn eagerness(stage: &Stage, steward: PersonId, month: Month) -> Result<u32> {
    if month == stage.present() {
        let own = stage.number_of(steward)?;
        return Ok(PRESENT.iter().find(|(known, _)| *known == own).map_or(92, |(_, done)| *done));
    }
    let mut dice = Dice::of("eager", &[steward.0, number(month.first_day())]);
    Ok(if dice.percent(9) { dice.between(66, 78) } else { dice.between(91, 99) })
}

/// The homes to which a steward owes the first visit.
fn moved_in(stage: &Stage, steward: PersonId, at: Instant) -> Result<Vec<HomeId>> {
    let owed = owed(stage, Kind::FirstVisit)?
        .into_iter()
        .filter(|duty| duty.owner_id == steward && at.since(duty.created_at) > TimeDelta::days(2));
    let mut homes = Vec::new();
    for duty in owed {
        homes.extend(stage.case(domain::CaseId(duty.subject_id))?.home_id);
    }
    Ok(homes)
}

fn owed(stage: &Stage, kind: Kind) -> Result<Vec<duties::Duty>> {
    let open = Filter { kind: Some(kind), state: Some(State::Open), ..Filter::default() };
    stage.read(|db| duties::list(db, stage.community.id, &open, 1_000))
}

fn log(stage: &Stage, (steward, home): (PersonId, HomeId), begins: Instant, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    if stage.read(|db| visits::facts::household_on(db, home, day))?.is_none() {
        return Ok(());
    }
    let mut dice = Dice::of("visit", &[home.0, number(day)]);
    let Some((topic, said, satisfaction)) = dice.one(TALK) else { return Ok(()) };
    let kept: Vec<DutyId> =
        stage.read(|db| visits::promised(db, home))?.into_iter().map(|(duty, _)| duty.id).collect();
    let new = NewVisit {
        home,
        started_at: begins,
        spoken_to: if dice.percent(60) { "业主本人" } else { "家属" }.to_owned(),
        topics: vec![(*topic).to_owned()],
        said: (*said).to_owned(),
        satisfaction: *satisfaction,
        follow_up: dice.percent(11).then(|| "三天内回复处理结果".to_owned()),
        kept,
    };
    let actor = stage.person(steward, at)?;
    stage.write(|tx| visits::log(tx, &actor, at, stage.community.id, &new).map(|_| ()))
}

/// A promise is kept within days; a few take longer than they should.
fn keep_promises(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    for duty in owed(stage, Kind::FollowUp)? {
        let mut dice = Dice::of("promise", &[duty.id.0]);
        let days = if dice.percent(5) { 9 } else { dice.between(1, 5).into() };
        let owner = stage.holds(duty.owner_id, Role::Steward, at)?;
        if at.since(duty.created_at) < TimeDelta::days(days) {
            continue;
        }
        // Who has left hands on what is promised.
        let keeper = match stage.steward_of(HomeId(duty.subject_id), at)? {
            Some(now) if !owner => {
                let person = now.person.unwrap_or(duty.owner_id);
                stage.write(|tx| duties::hand_over(tx, &duty, person))?;
                now
            }
            _ => stage.person(duty.owner_id, at)?,
        };
        stage.write(|tx| visits::keep(tx, &keeper, at, duty.id, "已电话答复住户，问题处理完。"))?;
    }
    Ok(())
}

/// Who is asked for the reason of a short month gives it; the supervisor decides two days later.
fn explain_short_months(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    for short in stage.read(|db| visits::shortfalls(db, stage.community.id, None))? {
        if short.decision.is_some() {
            continue;
        }
        let mut dice = Dice::of("short", &[short.id]);
        if short.reason.is_none() {
            let reasons =
                ["月中发烧请假一周，未能补齐。", "配合消防检查，走访时间不够。", "多户外出，敲门无人。"];
            let reason = dice.one(&reasons).copied().unwrap_or_default();
            let steward = stage.person(short.steward_id, at)?;
            stage.write(|tx| visits::explain(tx, &steward, at, short.id, reason))?;
        } else if at.since(short.asked_at) > TimeDelta::days(2) {
            let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? else { continue };
            let decision = if dice.percent(60) {
                (Decision::MakeUp, "下月补访。")
            } else {
                (Decision::Excused, "情况属实，免补。")
            };
            stage.write(|tx| visits::decide_shortfall(tx, &supervisor, at, short.id, decision))?;
        }
    }
    Ok(())
}

/// The supervisor decides about visits that were logged late.
fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let waiting = stage.read(|db| visits::waiting(db, stage.community.id))?;
    let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? else { return Ok(()) };
    for visit in waiting {
        stage.write(|tx| {
            visits::decide(tx, &supervisor, at, visit.row.id, (true, "手机没电，次日补录。")).map(|_| ())
        })?;
    }
    Ok(())
}
