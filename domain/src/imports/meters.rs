//! Meters 水电气表: the register, and what they were read at where the file says so. A meter goes by its kind and
//! number; once it was read, where it began stands.

use std::collections::HashMap;

use diesel::prelude::*;

use super::row::Row;
use super::table::{Column, Table, may, must};
use super::values::{self, Parsed};
use super::{Place, Prepared, RowError, Work, months};
use crate::access::Actor;
use crate::db::schema::homes;
use crate::meters::{self, Kind, Meter, NewMeter, NewReading, Source};
use crate::{Db, Error, FieldError, HomeId, LocalDate, MeterId, Month, Quantity, Result};

pub(super) const COLUMNS: &[Column] = &[
    must("home", &["房屋编码", "房屋", "home"]),
    must("kind", &["表类型", "类型", "kind"]),
    must("number", &["表号", "表具编号", "number"]),
    may("multiplier", &["倍率", "multiplier"]),
    may("turns_at", &["满度", "量程", "turns_at"]),
    must("installed_on", &["安装日期", "启用日期", "installed_on"]),
    must("first_reading", &["起始读数", "底数", "first_reading"]),
    may("removed_on", &["拆除日期", "换表日期", "removed_on"]),
    may("value", &["读数", "本期读数", "value"]),
    may("read_on", &["抄表日期", "read_on"]),
];

const KINDS: &[(&[&str], Kind)] = &[
    (&["水", "水表", "water"], Kind::Water),
    (&["电", "电表", "electricity"], Kind::Electricity),
    (&["气", "燃气表", "气表", "gas"], Kind::Gas),
    (&["热", "热表", "heat"], Kind::Heat),
];

/// What would be written.
pub(super) type Plan = Vec<(Option<MeterId>, NewMeter, Option<(i64, LocalDate)>)>;

struct MeterRow {
    at: usize,
    home: String,
    meter: NewMeter,
    reading: Option<(i64, LocalDate)>,
}

pub(super) fn prepare(db: &mut Db, place: &Place, table: &Table) -> Result<Prepared> {
    let rows = homes::table.filter(homes::community_id.eq(place.community.0));
    let known: Vec<(String, HomeId)> = rows.select((homes::code, homes::id)).load(db)?;
    let known: HashMap<String, HomeId> = known.into_iter().collect();
    let (rows, mut errors) = read(table, place.month);
    let (mut added, mut changed, mut plan) = (0, 0, Plan::new());
    for mut row in rows {
        let mut fault = |key: &str, why| {
            errors.extend(table.rows.get(row.at).map(|line| table.fault(line, key, why)));
        };
        let Some(home) = known.get(&row.home) else {
            fault("home", FieldError::new("home", "unknown_home"));
            continue;
        };
        row.meter.home = *home;
        let before = meters::known(db, place.community, &row.meter)?;
        if let Some((meter, true)) = &before
            && moved(&meter.says(), &row.meter)
        {
            fault("number", FieldError::new("number", "meter_read"));
            continue;
        }
        let reading = match (&before, row.reading) {
            (Some((meter, _)), Some(reading)) => match new_reading(db, place, meter, reading)? {
                Ok(new) => new.then_some(reading),
                Err(why) => {
                    fault("value", why);
                    continue;
                }
            },
            (None, Some((value, _))) if value < row.meter.first_reading => {
                fault("value", FieldError::new("value", "reading_below"));
                continue;
            }
            (_, reading) => reading,
        };
        let same = before.as_ref().is_some_and(|(meter, _)| meter.says() == row.meter);
        added += usize::from(before.is_none());
        changed += usize::from(before.is_some() && (!same || reading.is_some()));
        if !same || reading.is_some() {
            plan.push((before.map(|(meter, _)| meter.id), row.meter, reading));
        }
    }
    Ok(Prepared { added, changed, errors, work: Work::Meters(plan) })
}

/// Whether a register would change where a meter began, or whose it is.
fn moved(old: &NewMeter, new: &NewMeter) -> bool {
    let began = |meter: &NewMeter| (meter.home, meter.multiplier, meter.installed_on, meter.first_reading);
    began(old) != began(new)
}

/// Whether a reading is new; why it cannot be.
fn new_reading(
    db: &mut Db,
    place: &Place,
    meter: &Meter,
    (value, read_on): (i64, LocalDate),
) -> Result<Result<bool, FieldError>> {
    if meters::was_read(db, meter.id, Month::of(read_on), value)? {
        return Ok(Ok(false));
    }
    match meters::judge(db, meter, place.today, &reading(meter.id, (value, read_on))) {
        Ok(_) => Ok(Ok(true)),
        Err(Error::Invalid(mut fields)) => Ok(fields.pop().map_or(Ok(true), Err)),
        Err(other) => Err(other),
    }
}

fn reading(meter: MeterId, (value, read_on): (i64, LocalDate)) -> NewReading {
    NewReading { meter, period: Month::of(read_on), read_on, value, turned: false, source: Source::Import }
}

fn read(table: &Table, asked: Option<Month>) -> (Vec<MeterRow>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen: HashMap<(Kind, String), usize> = HashMap::new();
    for (at, line) in table.rows.iter().enumerate() {
        let mut row = Row::new(table, line);
        let (home, number) = (row.must("home", values::code), row.must("number", values::code));
        let kind = row.must("kind", |text| values::word(text, KINDS, "unknown_meter"));
        let multiplier = row.may("multiplier", |text| values::whole(text, 1, 100_000)).unwrap_or(1);
        let turns_at = row.may("turns_at", dial).unwrap_or(10_000_000);
        let (installed_on, first) = (row.must("installed_on", values::date), row.must("first_reading", dial));
        let removed_on = row.may("removed_on", values::date);
        let (value, read_on) = (row.may("value", dial), row.may("read_on", values::date));
        if let Some(day) = read_on {
            months::same(&mut row, "read_on", Month::of(day), asked);
        }
        if value.is_some() != read_on.is_some() {
            row.fault("read_on", FieldError::new("read_on", "required"));
        }
        if removed_on.zip(installed_on).is_some_and(|(removed, installed)| removed < installed) {
            row.fault("removed_on", FieldError::new("removed_on", "ends_before_start"));
        }
        if let (Some(kind), Some(number)) = (kind, &number)
            && let Some(first) = seen.insert((kind, number.clone()), line.number)
        {
            row.fault("number", FieldError::new("number", "repeated").with("first", first));
        }
        let whole = (|| {
            let meter = NewMeter {
                home: HomeId(0),
                kind: kind?,
                number: number?,
                multiplier: i64::from(multiplier),
                turns_at,
                installed_on: installed_on?,
                first_reading: first?,
                removed_on,
            };
            Some(MeterRow { at, home: home?, meter, reading: value.zip(read_on) })
        })();
        match row.done(whole) {
            Ok(row) => good.push(row),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

/// What a dial says, with two decimals at most.
fn dial(text: &str) -> Parsed<i64> {
    let folded = values::fold(text);
    let value =
        Quantity::parse(&values::without_zeros(&folded, 2)).ok_or_else(|| values::why_no_number(&folded))?;
    match value.0 {
        ..0 => Err("negative"),
        0..=10_000_000_000 => Ok(value.0),
        _ => Err("number_too_large"),
    }
}

pub(super) fn write(tx: &mut Db, place: &Place, plan: &Plan) -> Result<()> {
    let clerk = Actor::system("import");
    for (old, meter, read) in plan {
        meters::write(tx, place.community, *old, meter)?;
        let Some(read) = read else { continue };
        let known = meters::by_number(tx, place.community, meter.kind, &meter.number)?;
        let known = known.ok_or_else(|| Error::internal("an import lost a meter"))?;
        meters::read(tx, &clerk, place.now, &reading(known.id, *read))?;
    }
    Ok(())
}
