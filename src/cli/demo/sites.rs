//! Renovation sites: registered when work begins, looked at every day, stopped where it is dangerous, closed
//! when they are done.

use chrono::{Days, TimeDelta};
use domain::access::Role;
use domain::inspections::{self, NewInspection, NewItem, rules::ITEMS};
use domain::renovation::{self, Move, NewRunning, Site, State};
use domain::{CaseId, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::photo;
use super::registers::Status;
use super::stage::{Home, Stage};

/// How many of the homes that the register has as renovating are registered as sites.
const REGISTERED: usize = 12;

/// What fails now and then, and what is written about it.
const FAILS: &[(&str, &str)] = &[
    ("rubbish_bagged", "楼道堆放建筑垃圾。"),
    ("fire_extinguishers", "现场没有灭火器。"),
    ("workers_passes", "两名工人没有出入证。"),
    ("public_parts_protected", "电梯轿厢保护板脱落。"),
    ("working_hours", "中午仍在使用电锤。"),
    ("electricity_safe", "临时用电拖线板没有漏电保护。"),
];

const SEVERE: (&str, &str) = ("bearing_structure", "客厅与阳台之间的墙体被开洞。");

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    begin(stage, day, agenda);
    agenda.at(stage.on(day, 8, 50), rounds);
    Ok(())
}

/// Sites that begin on this day: new homes some days after their delivery, older ones that are done up.
fn begin(stage: &Stage, day: LocalDate, agenda: &mut Agenda) {
    let new = stage.homes_that_are(Status::Renovating).take(REGISTERED).filter(|home| {
        let after = Days::new(Dice::of("begins", &[home.id.0]).between(5, 14).into());
        home.delivered_on.is_some_and(|since| since + after == day)
    });
    let mut dice = Dice::on("done up", day);
    let lived_in: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(day - Days::new(700))).collect();
    // None that would still be at work when the demo is opened.
    let again = dice.percent(4) && stage.ago(day).is_none_or(|days| days > 100);
    let older = again.then(|| dice.one(&lived_in)).flatten().copied().filter(|home| !stage.is_resident(home));
    for id in new.chain(older).map(|home| home.id) {
        agenda.at(stage.on(day, 8, 30), move |stage, _, at| register(stage, stage.home(id)?, at));
    }
}

fn register(stage: &Stage, home: &Home, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    let mut dice = Dice::of("site", &[home.id.0]);
    let contractors = ["鸿运装饰工程有限公司", "家和装修队", "宜居装饰"];
    let ends_soon = stage.homes_that_are(Status::Renovating).next().is_some_and(|first| first.id == home.id);
    let lasts = if home.status == Status::Renovating { 88 } else { dice.between(35, 70) };
    let new = NewRunning {
        community: stage.community.id,
        home: home.id,
        permit_number: format!("ZXXK-{}-{}", day.format("%Y%m"), home.code.replace('-', "")),
        reason: "纸质许可已批准开工，登记入系统".to_owned(),
        contractor: dice.one(&contractors).copied().unwrap_or_default().to_owned(),
        contractor_phone: Some("13900009901".to_owned()),
        starts_on: day,
        ends_on: if ends_soon {
            (stage.today + Days::new(5)).max(day)
        } else {
            day + Days::new(lasts.into())
        },
    };
    let registered = stage.write(|tx| renovation::register_running(tx, &desk, at, &new));
    match registered {
        Err(domain::Error::Refused(_)) => Ok(()),
        done => done.map(|_| ()),
    }
}

/// The officer looks at every site in the course of the day.
fn rounds(stage: &Stage, agenda: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let mut sites = stage.read(|db| renovation::sites(db, stage.community.id, day))?;
    sites.retain(|(row, _)| row.ended_on.is_none());
    for (n, site) in (0_u32..).zip(sites) {
        let id = site.1.id;
        // Six before ten, the others in the afternoon.
        let begins = if n < 6 { stage.past(day, 9, n * 8) } else { stage.past(day, 14, (n - 6) * 9) };
        if !is_forgotten(stage, day, (n, id)) {
            agenda.at(begins, move |stage, _, at| inspect(stage, id, n, at));
        }
        agenda.at(stage.on(day, 17, 30), move |stage, _, at| decide(stage, id, at));
    }
    Ok(())
}

/// Two the day before yesterday, and a few on other days.
fn is_forgotten(stage: &Stage, day: LocalDate, (n, id): (u32, CaseId)) -> bool {
    match stage.ago(day) {
        Some(2) => n < 2,
        Some(0 | 1 | 3) => false,
        _ => Dice::of("forgotten", &[id.0, number(day)]).percent(2),
    }
}

/// What fails on a site on a day.
fn fails(stage: &Stage, day: LocalDate, (n, id): (u32, CaseId)) -> Option<(&'static str, &'static str)> {
    match (stage.ago(day), n) {
        (Some(3), 3) => return FAILS.first().copied(),
        (Some(1), 4) => return Some(SEVERE),
        (Some(1), 5) => return FAILS.get(1).copied(),
        (Some(0..=3), _) => return None,
        _ => {}
    }
    let mut dice = Dice::of("fails", &[id.0, number(day)]);
    if dice.below(500) == 0 {
        return Some(SEVERE);
    }
    dice.percent(3).then(|| dice.one(FAILS)).flatten().copied()
}

fn inspect(stage: &Stage, id: CaseId, n: u32, at: Instant) -> Result<()> {
    let (row, case) = stage.read(|db| renovation::of(db, id))?;
    if row.ended_on.is_some() || !renovation::state(&case)?.is_inspected() {
        return Ok(());
    }
    let Some(officer) = stage.on_duty(Role::Officer, at)? else { return Ok(()) };
    let day = stage.zone.date(at);
    let failed = fails(stage, day, (n, id));
    let open = stage.read(|db| inspections::open_violations(db, id))?;
    let mended = open.iter().any(|one| is_mended(stage, one, at));
    // What was found earlier and is not mended stays as it is until a photo shows that it is.
    let kept = |code: &str| !mended && open.iter().any(|one| one.item == code);
    let items = ITEMS.iter().filter(|item| !kept(item.code)).map(|item| item_of(item.code, failed)).collect();
    let photos = if mended { vec![photo::upload(stage, &officer, at, "site mended")?] } else { Vec::new() };
    let begun = u64::try_from(day.signed_duration_since(row.starts_on).num_days()).unwrap_or(0);
    let stages = ["拆除", "水电改造", "防水", "瓦工", "木工", "油漆", "收尾"];
    let stage_of_work = usize::try_from(begun / 15).unwrap_or(0).min(stages.len() - 1);
    let new = NewInspection {
        case: id,
        made_at: at,
        items,
        progress: stages.get(stage_of_work).copied().unwrap_or("收尾").to_owned(),
        workers: 2 + i32::try_from(n % 3).unwrap_or(0),
        attachments: photos,
    };
    stage.write(|tx| inspections::log(tx, &officer, at, &new).map(|_| ()))
}

fn item_of(code: &str, failed: Option<(&str, &str)>) -> NewItem {
    let failed = failed.filter(|(item, _)| *item == code);
    let note = failed.map(|(_, note)| note.to_owned()).unwrap_or_default();
    NewItem { item: code.to_owned(), ok: failed.is_none(), note, severity: None, deadline: None }
}

/// Whether the contractor has mended what was found: within days, but nothing of the last days before the opening.
fn is_mended(stage: &Stage, violation: &inspections::Violation, at: Instant) -> bool {
    let Ok(found) = stage.read(|db| inspections::by_id(db, violation.opened_by)) else { return false };
    let days = Dice::of("mended", &[violation.id]).between(1, 4);
    let is_shown = stage.ago(found.day).is_some_and(|days| days <= 3);
    !is_shown && at.since(found.made_at) > TimeDelta::hours(i64::from(days) * 24 - 6)
}

/// What the officer decides in the evening: work goes on, a permit is extended, a site that is done is closed.
fn decide(stage: &Stage, id: CaseId, at: Instant) -> Result<()> {
    let site = stage.read(|db| renovation::of(db, id))?;
    let Some(officer) = stage.on_duty(Role::Officer, at)? else { return Ok(()) };
    let Some((wanted, reason)) = decision(stage, &site, at)? else { return Ok(()) };
    let version = site.1.version;
    stage.write(|tx| renovation::act(tx, &officer, at, (id, version), (&wanted, reason)).map(|_| ()))
}

fn decision(stage: &Stage, (row, case): &Site, at: Instant) -> Result<Option<(Move, &'static str)>> {
    let day = stage.zone.date(at);
    let open = stage.read(|db| inspections::open_violations(db, row.case_id))?;
    let state = renovation::state(case)?;
    if state == State::Stopped && !open.iter().any(inspections::Violation::is_severe) {
        return Ok(Some((Move::Resume, "整改完成，复工")));
    }
    let is_over = row.ends_on <= day + Days::new(1);
    let renovating = case.home_id.map(|home| stage.home(home)).transpose()?;
    let goes_on = renovating.is_some_and(|home| home.status == Status::Renovating);
    Ok(match (is_over, goes_on) {
        (true, true) if row.extended_at.is_none() => {
            Some((Move::Extend(day + Days::new(75)), "材料到货延期"))
        }
        (true, false) if state == State::Working => Some((Move::Abandon(Some(day)), "完工，场地清理完毕")),
        _ => None,
    })
}
