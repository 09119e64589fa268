//! The books: what the agreement says for late payment of shops, and each month closed when it is over.

use chrono::{Datelike, Days};
use domain::access::Role;
use domain::late_fees::{self, NewTerms};
use domain::{Error, Instant, LocalDate, Month, Rate, Result, closings};

use super::agenda::Agenda;
use super::stage::Stage;

/// The item for which late fees were agreed on.
const SHOPS: &str = "property_shop";

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day == stage.begin + Days::new(20) {
        agenda.at(stage.on(day, 11, 5), agree);
    }
    // Not in the month of the opening: it waits for who looks at the demo.
    if day.day() == 5 && Month::of(day) < stage.present() {
        agenda.at(stage.on(day, 16, 40), close);
    }
    Ok(())
}

fn agree(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    let terms = NewTerms {
        starts_on: Month::of(stage.zone.date(at)).next().first_day(),
        basis: "《前期物业服务合同》第十八条：商铺逾期缴纳物业费的，自催告之日起每日按欠费的万分之五支付违约金，最高不超过欠费的百分之二十。".to_owned(),
        rate: Rate(500),
        grace_days: 15,
        cap_percent: 20,
    };
    let community = stage.community.id;
    stage.write(|tx| late_fees::agree(tx, &manager, at, community, SHOPS, &terms))
}

fn close(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let community = stage.community.id;
    let Some(month) = stage.read(|db| closings::next(db, community, at))? else { return Ok(()) };
    match stage.write(|tx| closings::close(tx, &cashier, at, community, month)) {
        Err(Error::Refused(_)) => Ok(()),
        done => done.map(|_| ()),
    }
}
