//! The bank's statement of each month, taken in on the 21st: some pay by transfer and name their home, some forget
//! to, a platform collects. What waits is gone through the next day, but for the last one.

use std::fmt::Write as _;

use diesel::prelude::*;
use domain::access::{Actor, Role};
use domain::bank::{self, Booking, State};
use domain::db::schema::{ledger_accounts as accounts, people};
use domain::imports::{self, Kind, Options};
use domain::{Error, Fen, HomeId, Instant, LocalDate, Month, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// The day on which a month's statement is fetched.
const DAY: u32 = 21;
/// How many of those who owe pay by transfer, in a hundred.
const BY_TRANSFER: u32 = 30;
const MOST_LINES: usize = 40;
const PLATFORM: &str = "支付宝（中国）网络技术有限公司";

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let month = Month::of(day);
    if day == month.day_or_last(DAY) {
        agenda.at(stage.on(day, 9, 20), |stage, _, at| take_in(stage, at));
    }
    // The last statement's lines still wait when the demo is opened.
    if day == month.day_or_last(DAY + 1) && month < stage.present() {
        agenda.at(stage.on(day, 9, 40), |stage, _, at| go_through(stage, at));
    }
    Ok(())
}

fn take_in(stage: &Stage, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let day = stage.zone.date(at);
    let name = format!("网银明细_{}.csv", Month::of(day));
    let sheet = imports::read(Kind::Bank, &name, statement(stage, day)?.as_bytes())?;
    let community = stage.community.id;
    stage.write(|tx| imports::run(tx, &cashier, at, community, &sheet, Options::default()))?;
    while stage.write(|tx| bank::book_next(tx, at, community))? {}
    Ok(())
}

/// The bank's table of a month.
fn statement(stage: &Stage, day: LocalDate) -> Result<String> {
    let mut file =
        "账户明细查询\n户名：锦绣花园物业服务中心\n交易日期,交易时间,对方户名,对方账号,借方金额,贷方金额,摘要,流水号\n".to_owned();
    let stamp = day.format("%Y%m%d").to_string();
    let mut line = |n: usize, payer: &str, sums: (String, String), text: &str| {
        let (debit, credit) = sums;
        let (minute, tail) = (n % 60, 1_000 + n * 37 % 9_000);
        writeln!(file, "{day},10:{minute:02}:00,{payer},6222****{tail},{debit},{credit},{text},{stamp}{n:06}")
            .map_err(Error::internal)
    };
    let paying = paying(stage, day)?;
    for (n, (home, payer, owed)) in paying.iter().enumerate() {
        let code = &stage.home(*home)?.code;
        let sum = (String::new(), owed.to_string());
        match Dice::of("transfer says", &[home.0, number(day)]).below(10) {
            0 => line(n, PLATFORM, sum, "代收")?,
            1 => line(n, payer, sum, "物业费")?,
            2 => line(n, "家人", sum, &format!("代{payer}交 {code}"))?,
            3 => line(n, "家人", sum, code)?,
            _ => line(n, payer, sum, &format!("{code} 物业费"))?,
        }
    }
    line(paying.len(), "", ("15.00".to_owned(), String::new()), "手续费")?;
    Ok(file)
}

/// Who pays by transfer what they owe: home, payer, sum.
fn paying(stage: &Stage, day: LocalDate) -> Result<Vec<(HomeId, String, Fen)>> {
    let rows: Vec<(HomeId, String, Fen)> = stage.read(|db| {
        let owing = accounts::table
            .inner_join(people::table.on(people::id.eq(accounts::payer_id)))
            .filter(accounts::community_id.eq(stage.community.id.0).and(accounts::book.eq("fees")))
            .filter(accounts::balance_fen.gt(0))
            .order(accounts::id)
            .select((accounts::home_id, people::name, accounts::balance_fen));
        Ok(owing.load(db)?)
    })?;
    let resident = stage.resident()?.id;
    let pays = |(home, ..): &(HomeId, String, Fen)| {
        *home != resident && Dice::of("transfers", &[home.0, number(day)]).percent(BY_TRANSFER)
    };
    Ok(rows.into_iter().filter(pays).take(MOST_LINES).collect())
}

/// Books what suggests itself, and sets aside what does not.
fn go_through(stage: &Stage, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let community = stage.community.id;
    let waiting = stage.read(|db| bank::lines(db, &cashier, at, (community, State::Queued), (0, 100)))?;
    let mut suggested = stage.read(|db| bank::suggestions(db, community, &waiting))?;
    for line in waiting {
        let owes = suggested.remove(&line.id).unwrap_or_default();
        let home = owes.into_iter().find(|one| one.owed == line.amount_fen).map(|one| one.home_id);
        decide(stage, &cashier, at, (line.id, home))?;
    }
    Ok(())
}

fn decide(
    stage: &Stage,
    cashier: &Actor,
    at: Instant,
    (line, home): (domain::BankLineId, Option<HomeId>),
) -> Result<()> {
    match home {
        Some(home) => {
            let booking = Booking { home, remember: false, version: None };
            stage.write(|tx| bank::book(tx, cashier, at, line, &booking)).map(|_| ())
        }
        None => stage.write(|tx| bank::set_aside(tx, cashier, at, line, "不是物业费，已转财务核对", None)),
    }
}
