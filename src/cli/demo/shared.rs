//! What the house uses together: on the 20th the bills of lighting, lifts and pumps have come, a clerk imports
//! them, and they are shared out.

use chrono::Datelike;
use domain::access::Role;
use domain::billing::{self, What};
use domain::imports::{self, Kind, Options};
use domain::{Error, Instant, LocalDate, Month, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// Those of the newest month.
const NEWEST: &str = include_str!("../../../demo/data/shared_bills.csv");

/// On the 20th of each month its shared bills.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day.day() == 20 {
        agenda.at(stage.on(day, 9, 40), move |stage, _, at| share(stage, Month::of(day), at));
    }
    Ok(())
}

fn share(stage: &Stage, month: Month, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let (name, community) = (format!("公摊账单-{month}.csv"), stage.community.id);
    let sheet = imports::read(Kind::SharedBills, &name, bills(month).as_bytes())?;
    let clerk = domain::access::Actor::system("demo");
    let import = stage.write(|tx| imports::run(tx, &clerk, at, community, &sheet, Options::default()))?;
    if import.outcome != imports::Outcome::Imported {
        return Err(Error::internal(format!("{name} has {} bad rows", import.report.rejected)));
    }
    billing::run_now(&stage.store, &cashier, at, community, (month, What::Shared)).map(|_| ())
}

/// The bills of a month: those of the newest, a little more or less by the season.
fn bills(month: Month) -> String {
    let mut lines = NEWEST.lines();
    let mut text = format!("{}\n", lines.next().unwrap_or_default());
    for line in lines {
        let mut cells: Vec<&str> = line.split(',').collect();
        let (named, total) =
            (cells.get(1).copied().unwrap_or_default(), cells.get(2).copied().unwrap_or_default());
        let newest: bool = named == month.as_str();
        let fen: i64 = total.replace('.', "").parse().unwrap_or_default();
        let percent = 85 + i64::from(Dice::of("shared", &[number(month.first_day()), fen]).below(30));
        let fen = if newest { fen } else { fen * percent / 100 };
        let total = format!("{}.{:02}", fen / 100, fen % 100);
        if let [_, period, sum, ..] = cells.as_mut_slice() {
            (*period, *sum) = (month.as_str(), &total);
        }
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_months_bills_are_those_of_the_register() {
        assert_eq!(bills("2026-11".parse().unwrap()), NEWEST.replace("\r\n", "\n"));
        let before = bills("2026-10".parse().unwrap());
        assert!(before.contains("电梯电费,2026-10,") && !before.contains("27100.88"), "{before}");
    }
}
