//! Water in building 2: meters are registered, an engineer's round reads them on the 20th, some residents read their own
//! the evening before with a photo, somebody is not at home, now and then a meter is exchanged.

use chrono::Datelike;
use domain::access::{Actor, Role};
use domain::billing::items::{AppliesTo, By};
use domain::billing::keep::{self, NewItem, NewTariff};
use domain::imports::{self, Options};
use domain::meters::{self, Act, Kind, Last, Listed, NewOwn, NewReading, Source, Successor, Wanted};
use domain::{Error, HomeId, Instant, LocalDate, Month, Rate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::photo;
use super::registers::Status;
use super::stage::{Home, Stage};

/// Whose water is read and billed.
const BUILDING: &str = "2";

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let (first, month) = (first(stage), Month::of(day));
    if day == first.first_day() {
        agenda.at(stage.on(day, 9, 5), begin);
    }
    if month < first {
        return Ok(());
    }
    match day.day() {
        12 if month == first.next().next() || month == stage.present() => {
            agenda.at(stage.on(day, 10, 35), exchange);
        }
        19 => agenda.at(stage.on(day, 19, 40), send),
        20 => agenda.at(stage.on(day, 14, 20), round),
        21 => agenda.at(stage.on(day, 9, 45), decide),
        _ => {}
    }
    Ok(())
}

/// The month from which on water is billed here: some months after the history begins.
fn first(stage: &Stage) -> Month {
    (0..5).fold(Month::of(stage.begin), |month, _| month.next())
}

/// A manager sets the price with its tiers, and a clerk imports the register of meters.
fn begin(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let (community, today) = (stage.community.id, stage.zone.date(at));
    let item = NewItem {
        code: "water".to_owned(),
        name: "自来水费".to_owned(),
        by: By::Meter,
        applies_to: AppliesTo::Residential,
        unit: "元/吨".to_owned(),
        due_day: 25,
        meter: Some(Kind::Water),
    };
    let tariff = NewTariff {
        starts_on: today,
        rate: Rate(34_500),
        tiers: vec![(1_500, Rate(48_300)), (2_500, Rate(58_000))],
    };
    stage.write(|tx| keep::add(tx, &manager, at, community, (&item, &tariff)).map(|_| ()))?;
    let mut file = "房屋编码,表类型,表号,安装日期,起始读数\n".to_owned();
    for (n, home) in metered(stage, today).enumerate() {
        let dial = Dice::of("dial", &[home.id.0]).below(400);
        file.push_str(&format!("{},水表,SB{:04},{today},{dial}\n", home.code, n + 1));
    }
    let sheet = imports::read(imports::Kind::Meters, "水表登记.csv", file.as_bytes())?;
    let clerk = Actor::system("demo");
    let done = stage.write(|tx| imports::run(tx, &clerk, at, community, &sheet, Options::default()))?;
    if done.outcome == imports::Outcome::Imported {
        Ok(())
    } else {
        Err(Error::internal("the demo's register of meters has bad rows"))
    }
}

/// The homes of the building in which somebody lived when the meters were put in.
fn metered(stage: &Stage, day: LocalDate) -> impl Iterator<Item = &Home> {
    let there = move |home: &&Home| {
        home.code.split('-').next() == Some(BUILDING) && home.delivered_on.is_some_and(|since| since <= day)
    };
    stage.homes_that_are(Status::Occupied).filter(there)
}

/// What a home uses in a month, in hundredths of a ton: now and then something leaks.
fn usage(home: HomeId, month: Month) -> i64 {
    let mut dice = Dice::of("water", &[home.0, number(month.first_day())]);
    let used = i64::from(dice.between(620, 1_480));
    if dice.percent(1) { used * 4 } else { used }
}

/// What a dial says in a month, that said `last` in another, or when it was put in.
fn dial(home: HomeId, (last, since): (i64, Option<Month>), month: Month) -> i64 {
    let first = since.map_or(month, |since| since.next());
    let months = std::iter::successors(Some(first), |one| Some(one.next()));
    last + months.take_while(|one| *one <= month).map(|one| usage(home, one)).sum::<i64>()
}

/// Whether a home's people read their own meter.
fn reads_itself(stage: &Stage, home: &Home) -> bool {
    stage.is_resident(home) || Dice::of("reads", &[home.id.0]).percent(9)
}

/// Some residents send what they read; one in a while misreads a digit. The demo's own has not yet this month.
fn send(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let today = stage.zone.date(at);
    let (month, mut first) = (Month::of(today), true);
    for home in metered(stage, first_day_of(stage)).filter(|home| reads_itself(stage, home)) {
        if month == stage.present() && stage.is_resident(home) {
            continue;
        }
        let owner = stage.owner(home, at)?;
        let place = (stage.community.id, home.id);
        let own = match stage.read(|db| meters::own_meters(db, &owner, at, place)) {
            // Sold or let meanwhile: others live there.
            Err(Error::NotFound) => continue,
            own => own?,
        };
        for one in own.into_iter().filter(|one| one.reading.is_none()) {
            let right = dial(home.id, (one.last, one.last_period), month);
            let misread = Dice::of("misread", &[home.id.0, number(today)]).percent(6);
            let slip = if misread || first && month == stage.present() { 9_000 } else { 0 };
            let photos = vec![photo::upload(stage, &owner, at, "水表")?];
            let new = NewOwn { meter: one.meter.id, value: right + slip, photos };
            stage.write(|tx| meters::send(tx, &owner, at, &new).map(|_| ()))?;
            first = false;
        }
    }
    Ok(())
}

fn first_day_of(stage: &Stage) -> LocalDate {
    first(stage).first_day()
}

/// The round through the building, of what nobody has read yet; a few are not at home.
fn round(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(reader) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    let today = stage.zone.date(at);
    let month = Month::of(today);
    let present = month == stage.present();
    let mut all = Vec::new();
    for Listed { meter, last, .. } in listed(stage, &reader, at)? {
        let home = stage.home(meter.home_id)?;
        let read = last.is_some_and(|(_, period)| period >= month);
        let left = Dice::of("not at home", &[meter.id.0, number(today)]).percent(2);
        if meter.removed_on.is_some() || read || left || present && stage.is_resident(home) {
            continue;
        }
        let known = last.map_or((meter.first_reading, None), |(value, period)| (value, Some(period)));
        let value = dial(home.id, known, month);
        let (period, read_on) = (month, today);
        all.push(NewReading { meter: meter.id, period, read_on, value, turned: false, source: Source::Hand });
    }
    for new in &all {
        match stage.write(|tx| meters::read(tx, &reader, at, new)) {
            // What a resident sent still waits.
            Err(Error::Invalid(_)) => {}
            done => drop(done?),
        }
    }
    Ok(())
}

fn listed(stage: &Stage, reader: &Actor, at: Instant) -> Result<Vec<Listed>> {
    let wanted = Wanted::Building(BUILDING.to_owned());
    stage.read(|db| meters::list(db, reader, at, stage.community.id, (&wanted, Some(Kind::Water))))
}

/// What is odd is looked at: what the round read is so, what a resident misread is put right by the photo. Of this
/// month that still waits.
fn decide(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let (community, month) = (stage.community.id, Month::of(stage.zone.date(at)));
    for row in stage.read(|db| meters::waiting(db, community))? {
        let Some(seen) = row.reading else { continue };
        let act = match seen.source {
            Source::Resident if month == stage.present() => continue,
            Source::Resident if seen.value > row.last + 8_000 => Act::PutRight(seen.value - 9_000),
            _ => Act::Confirm,
        };
        stage.write(|tx| meters::decide(tx, &cashier, at, (community, seen.id), act))?;
    }
    Ok(())
}

/// A meter is due for its verification, and another takes its place.
fn exchange(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let (day, month) = (stage.zone.date(at), Month::of(stage.zone.date(at)));
    let all = listed(stage, &cashier, at)?;
    let there: Vec<&Listed> = all.iter().filter(|one| one.meter.removed_on.is_none()).collect();
    let Some(one) = Dice::on("exchanged", day).one(&there).copied() else { return Ok(()) };
    let (value, since) = one.last.map_or((one.meter.first_reading, None), |last| (last.0, Some(last.1)));
    let upto = dial(one.meter.home_id, (value, since), month);
    let last = Last { day, value: value + (upto - value) / 2, turned: false };
    let next = Successor {
        number: format!("{}-{}", one.meter.number, month.as_str().replace('-', "")),
        multiplier: one.meter.multiplier,
        turns_at: one.meter.turns_at,
        first_reading: 0,
    };
    stage.write(|tx| meters::exchange(tx, &cashier, at, one.meter.id, (last, &next)).map(|_| ()))
}
