//! The year before the opening, day by day: everybody does what they do, and the portal's own calendar ticks.

use chrono::Days;
use domain::{Instant, LocalDate, Month, Result};

use super::agenda::Agenda;
use super::stage::Stage;
use super::{
    bank, books, calendar, callbacks, complaints, corrections, debts, demands, deposits, developer,
    enquiries, evening, items, knowledge, leaves, looks, meters, money, moves, open_work, publications,
    registers, repairs, shared, sites, storeroom, visits,
};

/// What puts its acts on a day. Each reads the records as they are, and nothing else is remembered from one
/// day to the next, so a year that was kept can be played on.
type Day = fn(&Stage, LocalDate, &mut Agenda) -> Result<()>;

/// Every part of the community's life. A capability adds its own file, and a line here.
const LIFE: &[Day] = &[
    registers::day,
    calendar::day,
    leaves::day,
    items::day,
    shared::day,
    meters::day,
    money::day,
    bank::day,
    books::day,
    developer::day,
    publications::day,
    corrections::day,
    debts::day,
    demands::day,
    deposits::day,
    storeroom::day,
    repairs::day,
    complaints::day,
    knowledge::day,
    enquiries::day,
    callbacks::day,
    looks::day,
    visits::day,
    sites::day,
    moves::day,
    open_work::day,
    evening::day,
];

/// The first day of the history of a demo that is opened on a day: a year before, and so much that the same
/// month of the year before is whole.
pub(super) fn begins(opening: LocalDate) -> LocalDate {
    let year_ago = (0..12).fold(Month::of(opening), |month, _| month.prev());
    year_ago.first_day()
}

/// Plays from a moment to another, which is at or after it.
pub(super) fn play(stage: &Stage, from: Instant, until: Instant) -> Result<()> {
    let mut day = stage.zone.date(from);
    while day <= stage.zone.date(until) {
        let mut agenda = Agenda::default();
        LIFE.iter().try_for_each(|part| part(stage, day, &mut agenda))?;
        agenda.play(stage, from, until)?;
        day = day + Days::new(1);
    }
    Ok(())
}
