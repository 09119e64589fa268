//! The developer's homes: when the buildings passed their acceptance, and what was agreed late in the year for those
//! that are not handed over; the worker bills the month when it is over.

use chrono::Days;
use domain::access::Role;
use domain::billing::developer::{self, NewTerms};
use domain::{Instant, LocalDate, Month, Result, homes};

use super::agenda::Agenda;
use super::stage::Stage;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day == stage.begin + Days::new(12) {
        agenda.at(stage.on(day, 10, 35), accepted);
    }
    if day == stage.present().prev().day_or_last(20) {
        agenda.at(stage.on(day, 15, 15), agree);
    }
    Ok(())
}

/// The papers of the acceptance are entered; the developer's warranty counts from it too.
fn accepted(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let community = stage.community.id;
    let before_the_first_was_handed_over = LocalDate::from_ymd_opt(2021, 5, 20);
    let known = stage.read(|db| homes::completions(db, community))?;
    let all: Vec<_> =
        known.into_iter().map(|(code, day)| (code, day.or(before_the_first_was_handed_over))).collect();
    stage.write(|tx| homes::complete(tx, &manager, at, community, &all))
}

fn agree(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let terms = NewTerms {
        name: "锦绣置业有限公司".to_owned(),
        phone: None,
        email: None,
        from_month: Month::of(stage.zone.date(at)),
        percent: 70,
        basis:
            "《前期物业服务合同》第十二条：已竣工未交付的房屋，由建设单位按收费标准的百分之七十交纳物业费。"
                .to_owned(),
    };
    stage.write(|tx| developer::set(tx, &manager, at, stage.community.id, &terms))
}
