//! What no monthly run bills: the shops' grease traps by the quarter, and their air-conditioning overtime by the hour.

use chrono::{Datelike, Days, Weekday};
use domain::access::Role;
use domain::billing::counted::{self, NewCount};
use domain::billing::exceptions::{self, NewException, Terms};
use domain::billing::intervals::{self, NewInterval, Timing};
use domain::billing::items::{AppliesTo, By};
use domain::billing::keep::{self, NewItem, NewTariff};
use domain::{Instant, LocalDate, Month, Quantity, Rate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::registers::Status;
use super::stage::Stage;

const GREASE: &str = "grease_trap";
const OVERTIME: &str = "air_overtime";

/// What a shop is open for at night.
const NOTES: &[&str] = &["夜间盘点", "周末促销延长营业", "店内装修验收", "节前备货"];

/// Early in the second month both are agreed on, from the next quarter and month; then hours are entered twice a week.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day == Month::of(stage.begin).next().day_or_last(10) {
        agenda.at(stage.on(day, 10, 20), agree);
    }
    let agreed = Month::of(stage.begin).next().next().first_day();
    let uses_air = !matches!(day.month(), 3..=5 | 10);
    if day > agreed && uses_air && matches!(day.weekday(), Weekday::Mon | Weekday::Thu) {
        agenda.at(stage.on(day, 9, 50), enter);
    }
    // In the middle of a quarter that is charged: what it was charged ahead is given back by the next night.
    if day.month0() % 3 == 1 && day.day() == 16 {
        agenda.at(stage.on(day, 11, 10), spare);
    }
    Ok(())
}

fn agree(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let (community, next) = (stage.community.id, Month::of(stage.zone.date(at)).next());
    // Quarters of the calendar.
    let quarter = (0..(3 - next.first_day().month0() % 3) % 3).fold(next, |month, _| month.next());
    let shops = |code: &str, name: &str, by, unit: &str| NewItem {
        code: code.to_owned(),
        name: name.to_owned(),
        by,
        applies_to: AppliesTo::Shop,
        unit: unit.to_owned(),
        due_day: 25,
        meter: None,
    };
    let rate = |month: Month, rate| NewTariff { starts_on: month.first_day(), rate, tiers: vec![] };
    let grease = shops(GREASE, "隔油池清掏费（商铺）", By::Home, "元/户·月");
    let overtime = shops(OVERTIME, "空调加时费（商铺）", By::Hour, "元/小时");
    let by_quarter = NewInterval { from: quarter, months: 3, timing: Timing::First };
    stage.write(|tx| {
        keep::add(tx, &manager, at, community, (&grease, &rate(quarter, Rate(600_000))))?;
        intervals::set(tx, &manager, at, community, GREASE, &by_quarter)?;
        keep::add(tx, &manager, at, community, (&overtime, &rate(next, Rate(450_000))))?;
        Ok(())
    })
}

/// The desk enters what a shop used the evening before.
fn enter(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    let (today, community) = (stage.zone.date(at), stage.community.id);
    let items = stage.read(|db| counted::items(db, community, today))?;
    if !items.iter().any(|one| one.item.code == OVERTIME) {
        return Ok(());
    }
    let mut dice = Dice::on("overtime", today);
    let shops: Vec<_> =
        stage.homes_that_are(Status::Occupied).filter(|home| home.code.starts_with('S')).collect();
    let (Some(shop), Some(note)) = (dice.one(&shops), dice.one(NOTES)) else { return Ok(()) };
    let new = NewCount {
        home: shop.code.clone(),
        item: OVERTIME.to_owned(),
        day: today - Days::new(1),
        quantity: Quantity(i64::from(dice.between(3, 9)) * 50),
        note: (*note).to_owned(),
    };
    stage.write(|tx| {
        let seen = counted::look(tx, &desk, at, community, &new)?.seen();
        counted::charge(tx, &desk, at, community, &new, &seen).map(|_| ())
    })
}

/// A shop has its trap emptied by a contractor of its own from the next month on.
fn spare(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let (today, community) = (stage.zone.date(at), stage.community.id);
    let Some(item) = stage.read(|db| keep::find(db, community, GREASE))? else { return Ok(()) };
    let agreed = stage.read(|db| exceptions::of_item(db, item.id))?;
    let shops: Vec<_> = stage
        .homes_that_are(Status::Occupied)
        .filter(|home| home.code.starts_with('S') && agreed.iter().all(|one| one.home != home.code))
        .collect();
    let Some(shop) = Dice::on("grease", today).one(&shops).copied() else { return Ok(()) };
    let new = NewException {
        home: shop.code.clone(),
        terms: Terms::Free,
        from: Month::of(today).next(),
        to: None,
        reason: "已自行委托有资质的单位清掏，附合同".to_owned(),
    };
    stage.write(|tx| exceptions::agree(tx, &manager, at, community, &item, &new).map(|_| ()))
}
