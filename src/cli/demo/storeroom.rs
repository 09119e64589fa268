//! The storeroom and the price list: entered on the first day, filled up each month, counted at its end; and
//! what a repair costs when the resident pays, from the quote to the materials that were used.

use domain::access::{Actor, Role};
use domain::cases::Case;
use domain::repairs::Act;
use domain::repairs::pays::{self, Payer, QuoteState, Quoted};
use domain::stock::{self, Kind, NewItem, Used};
use domain::{Fen, Instant, LocalDate, Month, Quantity, Result, homes};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

/// Code, kind, names, unit, price in fen, and what the shelf is filled up to.
type Line = (&'static str, Kind, &'static str, &'static str, &'static str, i64, i64);

const LIST: &[Line] = &[
    ("labour-hour", Kind::Labour, "人工（每小时）", "Labour by the hour", "小时", 6_000, 0),
    ("unblock", Kind::Labour, "疏通管道", "Unblocking a drain", "次", 8_000, 0),
    ("lock-change", Kind::Labour, "更换锁芯（人工）", "Changing a lock", "次", 5_000, 0),
    ("visit", Kind::Labour, "上门检查", "Visit and check", "次", 3_000, 0),
    ("angle-valve", Kind::Material, "角阀", "Angle valve", "个", 2_500, 20),
    ("hose", Kind::Material, "不锈钢软管", "Steel hose", "根", 1_800, 30),
    ("washer", Kind::Material, "密封圈", "Washer", "个", 300, 80),
    ("tap", Kind::Material, "水龙头", "Tap", "个", 6_800, 10),
    ("socket", Kind::Material, "五孔插座", "Socket", "个", 1_500, 30),
    ("bulb", Kind::Material, "LED 灯泡", "LED bulb", "个", 1_200, 60),
    ("lock", Kind::Material, "锁芯", "Lock cylinder", "个", 9_800, 12),
    ("roller", Kind::Material, "窗滑轮", "Window roller", "副", 2_200, 16),
];

/// What is used in a category: labour that a quote names, materials with how many.
fn usual(category: &str) -> (&'static str, &'static [(&'static str, i64)]) {
    match category {
        "water.leak" => ("labour-hour", &[("washer", 2), ("hose", 1)]),
        "water.blocked" => ("unblock", &[]),
        "water.none" => ("labour-hour", &[("angle-valve", 1)]),
        "power.socket" => ("labour-hour", &[("socket", 1)]),
        "power.light" => ("visit", &[("bulb", 1)]),
        "public.light" => ("visit", &[("bulb", 2)]),
        "door.lock" => ("lock-change", &[("lock", 1)]),
        "door.window" => ("labour-hour", &[("roller", 1)]),
        _ => ("labour-hour", &[]),
    }
}

/// The first day's list, the month's filling up, the count at its end.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    if day == stage.begin {
        agenda.at(stage.on(day, 6, 30), |stage, _, at| open(stage, at));
    }
    let month = Month::of(day);
    if day == month.first_day() {
        agenda.at(stage.on(day, 7, 10), |stage, _, at| fill_up(stage, at));
    }
    if day == month.last_day() {
        agenda.at(stage.on(day, 17, 40), count);
    }
    Ok(())
}

fn open(stage: &Stage, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    for (code, kind, zh, en, unit, price, _) in LIST {
        let (zh, en, unit) = ((*zh).to_owned(), (*en).to_owned(), (*unit).to_owned());
        let new = NewItem {
            code: (*code).to_owned(),
            kind: *kind,
            zh,
            en,
            unit,
            price: Fen(*price),
            retired: false,
        };
        stage.write(|tx| stock::save(tx, &manager, at, stage.community.id, &new))?;
    }
    let known = stage.read(|db| homes::completions(db, stage.community.id))?;
    let completed: Vec<_> =
        known.into_iter().map(|(code, _)| (code.clone(), accepted(stage, &code))).collect();
    stage.write(|tx| homes::complete(tx, &manager, at, stage.community.id, &completed))
}

/// A building is accepted two months before its first home is handed over.
fn accepted(stage: &Stage, building: &str) -> Option<LocalDate> {
    let of = |code: &str| code.split('-').next() == Some(building);
    let first =
        stage.homes.iter().filter(|home| of(&home.code)).filter_map(|home| home.delivered_on).min()?;
    Some(first - chrono::Days::new(60)).filter(|day| *day < stage.begin)
}

fn materials() -> impl Iterator<Item = &'static Line> {
    LIST.iter().filter(|line| line.1 == Kind::Material)
}

fn fill_up(stage: &Stage, at: Instant) -> Result<()> {
    let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    for (code, .., full) in materials() {
        let Some(item) = stage.read(|db| stock::find(db, stage.community.id, code))? else { continue };
        let missing = full * 100 - item.stock.0;
        if missing > 0 {
            let used = Used { item: (*code).to_owned(), quantity: Quantity(missing) };
            stage.write(|tx| stock::receive(tx, &desk, at, stage.community.id, (&used, "五金建材店")))?;
        }
    }
    Ok(())
}

/// What is counted is what the books have, but for a washer or two.
fn count(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
    for (code, ..) in materials() {
        let Some(item) = stage.read(|db| stock::find(db, stage.community.id, code))? else { continue };
        let lost = *code == "washer" && Dice::of("count", &[number(stage.zone.date(at))]).percent(40);
        let there = if lost { (item.stock.0 - 100).max(0) } else { item.stock.0 };
        let found = Used { item: (*code).to_owned(), quantity: Quantity(there) };
        let note = if there == item.stock.0 { "" } else { "散落丢失" };
        stage.write(|tx| stock::count(tx, &desk, at, stage.community.id, (&found, note)))?;
    }
    Ok(())
}

/// What a technician does about the cost before the work: a quote where the resident pays, which the owner then
/// agrees to. None where there is nothing to be said.
pub(super) fn about_cost(
    stage: &Stage,
    case: &Case,
    technician: &Actor,
    at: Instant,
) -> Result<Option<(Actor, Act)>> {
    let Some(home) = case.home_id else { return Ok(None) };
    let (decided, newest) = stage.read(|db| Ok((pays::decide(db, case)?, pays::current(db, case)?)))?;
    if decided.payer != Payer::Resident || stage.home(home)?.owner.is_none() {
        return Ok(None);
    }
    match newest.map(|(quote, _)| quote).filter(|quote| quote.charge_id.is_none()) {
        None => {
            let (labour, parts) = usual(&case.category);
            let line = |item: &str, n: i64| Quoted { item: item.to_owned(), quantity: Quantity(n * 100) };
            let mut lines = vec![line(labour, 1)];
            lines.extend(parts.iter().map(|(item, n)| line(item, *n)));
            Ok(Some((technician.clone(), Act::Quote { lines, caused_by_people: false })))
        }
        Some(quote) if quote.state == QuoteState::Offered => {
            let owner = stage.owner(stage.home(home)?, at)?;
            if Dice::of("refuses", &[case.id.0]).percent(4) {
                return Ok(Some((owner, Act::Refuse { reason: "价格高了，先不换。".to_owned() })));
            }
            Ok(Some((owner, Act::Agree { signature: None })))
        }
        Some(_) => Ok(None),
    }
}

/// What was used of what lies there; nothing that the resident would pay for and has not agreed to.
pub(super) fn used(stage: &Stage, case: &Case) -> Result<Vec<Used>> {
    let (decided, newest) = stage.read(|db| Ok((pays::decide(db, case)?, pays::current(db, case)?)))?;
    let agreed =
        newest.is_some_and(|(quote, _)| quote.state == QuoteState::Agreed && quote.charge_id.is_none());
    if decided.payer == Payer::Resident && !agreed {
        return Ok(vec![]);
    }
    let mut all = Vec::new();
    for (code, n) in usual(&case.category).1 {
        let there = stage.read(|db| stock::find(db, stage.community.id, code))?;
        if there.is_some_and(|item| item.stock.0 >= n * 100) {
            all.push(Used { item: (*code).to_owned(), quantity: Quantity(n * 100) });
        }
    }
    Ok(all)
}
