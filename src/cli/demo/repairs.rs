//! Repairs: reported from homes by weather and age, found on the grounds, and carried through all their
//! states by people who look at what lies before them and do the next thing.

use chrono::TimeDelta;
use domain::access::{Actor, Role};
use domain::cases::{self, Case, Channel, Kind, Urgency};
use domain::categories::{self, Shipped};
use domain::repairs::{self, Act, NewRepair, State, WaitFor};
use domain::{CaseId, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::{Home, Stage};
use super::weather::{Age, PUBLIC, Trouble, Weather};
use super::{open_work, photo, storeroom};

/// The day's reports, and the next step of everything that is still open.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    from_homes(stage, day, agenda);
    from_grounds(stage, day, agenda);
    let open = cases::Filter { kind: Some(Kind::Repair), running: true, ..cases::Filter::default() };
    let open = stage.read(|db| cases::list(db, stage.community.id, &open, 2_000))?;
    let dawn = stage.zone.start_of(day);
    open.iter().try_for_each(|case| next(stage, agenda, case, dawn))
}

fn from_homes(stage: &Stage, day: LocalDate, agenda: &mut Agenda) {
    let weather = Weather::of(day);
    let mut dice = Dice::on("repairs", day);
    let (least, most) = weather.reports();
    let lived_in: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(day) && !stage.is_resident(home)).collect();
    for n in 0..dice.between(least, most) {
        let mut dice = Dice::of("repair", &[number(day), n.into()]);
        let Some(trouble) = Trouble::fall(weather, &mut dice) else { continue };
        let Some(home) = home_for(trouble.age, &lived_in, &mut dice) else { continue };
        let minute = dice.between(0, 13 * 60);
        let home = home.clone();
        agenda.at(stage.past(day, 7, 40 + minute), move |stage, agenda, at| {
            report(stage, agenda, (&home, trouble), at)
        });
    }
}

/// Of two homes the older, or the newer, where it matters.
fn home_for<'h>(age: Age, lived_in: &[&'h Home], dice: &mut Dice) -> Option<&'h Home> {
    let (one, other) = (*dice.one(lived_in)?, *dice.one(lived_in)?);
    let one_is_older = one.delivered_on < other.delivered_on;
    Some(match age {
        Age::Any => one,
        Age::Old if one_is_older => one,
        Age::New if !one_is_older => one,
        _ => other,
    })
}

/// What one writes about a repair; the rest is the portal's.
pub(super) fn draft(stage: &Stage, category: Shipped, text: &str, channel: Channel) -> NewRepair {
    NewRepair {
        community: stage.community.id,
        home: None,
        place: None,
        category: category.into(),
        text: text.to_owned(),
        channel,
        urgency: None,
        available: String::new(),
        call_part: None,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
        attachments: Vec::new(),
    }
}

fn report(stage: &Stage, agenda: &mut Agenda, (home, trouble): (&Home, &Trouble), at: Instant) -> Result<()> {
    let mut dice = Dice::of("report", &[home.id.0, at.micros()]);
    let words = dice.one(trouble.words).copied().unwrap_or_default();
    let channel = match dice.below(10) {
        0..=5 => Channel::Portal,
        6 | 7 => Channel::Phone,
        8 => Channel::Messenger,
        _ => Channel::WalkIn,
    };
    let mut new = draft(stage, trouble.category, words, channel);
    new.home = Some(home.id);
    new.available =
        dice.one(&["工作日晚上", "白天都在家", "周末全天", ""]).copied().unwrap_or_default().to_owned();
    let by_themselves = channel == Channel::Portal;
    let desk = stage.on_duty(Role::Desk, at)?;
    let actor = match desk.filter(|_| !by_themselves) {
        Some(desk) => {
            new.reporter = home.owner;
            desk
        }
        None => stage.owner(home, at)?,
    };
    if by_themselves && dice.percent(18) {
        new.attachments.push(photo::upload(stage, &actor, at, trouble.category.as_str())?);
    }
    let case = stage.write(|tx| repairs::report(tx, &actor, at, &new))?;
    next(stage, agenda, &case, at)
}

fn from_grounds(stage: &Stage, day: LocalDate, agenda: &mut Agenda) {
    let mut dice = Dice::on("grounds", day);
    if !dice.percent(38) {
        return;
    }
    let Some((category, place, text)) = dice.one(PUBLIC) else { return };
    // Nobody wants to be in a lift of which that could be said each month.
    if *category == Shipped::LiftStuck && !dice.percent(25) {
        return;
    }
    agenda.at(stage.past(day, 9, dice.below(420)), |stage, agenda, at| {
        let Some(steward) = stage.on_duty(Role::Steward, at)? else { return Ok(()) };
        let case = stage.write(|tx| {
            let mut new = draft(stage, *category, text, Channel::Patrol);
            new.place = Some((*place).to_owned());
            new.reporter = steward.person;
            repairs::report(tx, &steward, at, &new)
        })?;
        next(stage, agenda, &case, at)
    });
}

/// Puts the next step of a repair on the day, by who takes it; what does not fit into the day waits.
fn next(stage: &Stage, agenda: &mut Agenda, case: &Case, after: Instant) -> Result<()> {
    let (id, mut dice) = (case.id, Dice::of("step", &[case.id.0, case.version.into()]));
    if open_work::holds(stage, case) {
        return Ok(());
    }
    let urgent = case.urgency == Urgency::Emergency;
    let state: State = case.state.parse().map_err(domain::Error::internal)?;
    // An order that nobody answers goes back, and a hard one takes days.
    let hard = Dice::of("hard", &[id.0]).percent(9) && !urgent;
    let takes = if case.urgency == Urgency::Urgent { 27 } else { 100 };
    let since = case.submitted_at.map_or(0, |at| after.since(at).num_hours());
    let minutes = match state {
        State::Reported => dice.between(3, 20),
        State::Accepted if hard && since < 1 => return Ok(()),
        State::Accepted => dice.between(3, 15),
        State::Dispatched if dice.percent(3) => dice.between(65, 80),
        State::Dispatched if urgent => dice.between(2, 12),
        State::Dispatched => dice.between(3, 24),
        State::Taken if hard && since < takes => return Ok(()),
        State::Taken if urgent => dice.between(10, 25),
        State::Taken => dice.between(15, 90),
        State::OnSite => dice.between(20, 80),
        State::WaitingParts if waited(case, after) >= i64::from(dice.between(18, 60)) => dice.between(0, 90),
        State::WaitingResident if !dice.percent(30) && waited(case, after) >= 20 => dice.between(0, 90),
        State::WaitingResident if waited(case, after) >= 7 * 24 => dice.between(0, 60),
        State::Done if dice.percent(30) => dice.between(60, 300),
        _ => return Ok(()),
    };
    let at = if urgent { after.plus(minutes_of(minutes)) } else { at_work(stage, after, minutes) };
    agenda.at(at, move |stage, agenda, at| {
        let case = stage.case(id)?;
        if case.state != state.as_str() {
            return Ok(());
        }
        step(stage, &case, state, at)?;
        if state == State::Done { Ok(()) } else { next(stage, agenda, &stage.case(id)?, at) }
    });
    Ok(())
}

fn waited(case: &Case, at: Instant) -> i64 {
    case.paused_at.map_or(0, |since| at.since(since).num_hours())
}

fn minutes_of(minutes: u32) -> TimeDelta {
    TimeDelta::minutes(minutes.into())
}

/// So many minutes later, from eight in the morning to nine in the evening; else never, that is: tomorrow.
fn at_work(stage: &Stage, after: Instant, minutes: u32) -> Instant {
    let day = stage.zone.date(after);
    let at = after.max(stage.on(day, 8, 2)).plus(minutes_of(minutes));
    if at < stage.on(day, 21, 0) { at } else { stage.zone.start_of(day + chrono::Days::new(1)) }
}

/// Who is to take the next step takes it.
fn step(stage: &Stage, case: &Case, state: State, at: Instant) -> Result<()> {
    let repair = stage.read(|db| repairs::of_case(db, case.id))?;
    let technician = repair.technician_id.map(|person| stage.person(person, at)).transpose()?;
    let desk = stage.on_duty(Role::Desk, at)?;
    let (actor, act) = match (state, technician, desk) {
        (State::Reported, _, Some(desk)) => (desk, Act::Accept),
        (State::Accepted, _, Some(desk)) => match proposed(stage, case, at)? {
            Some(technician) => (desk, Act::Dispatch { technician }),
            None => return Ok(()),
        },
        (State::Dispatched, Some(technician), _) => (technician, Act::Take),
        (State::Taken, Some(technician), _) => (technician, Act::Arrive),
        (State::OnSite, Some(technician), _) => match storeroom::about_cost(stage, case, &technician, at)? {
            Some(said) => said,
            None => {
                let act = at_the_door(stage, case, &technician, at)?;
                (technician, act)
            }
        },
        (State::WaitingResident, _, Some(desk)) if waited(case, at) >= 7 * 24 => (desk, Act::NoAccess),
        (State::WaitingParts | State::WaitingResident, Some(technician), _) => (technician, Act::Resume),
        (State::Done, ..) => return rate(stage, case, at),
        _ => return Ok(()),
    };
    act_on(stage, &actor, at, case.id, &act)
}

/// Moves a repair as it is now.
pub(super) fn act_on(stage: &Stage, who: &Actor, at: Instant, id: CaseId, act: &Act) -> Result<()> {
    stage.write(|tx| {
        let now = cases::by_id(tx, id)?;
        repairs::act(tx, who, at, (stage.community.id, now.number()), now.version, act).map(|_| ())
    })
}

fn proposed(stage: &Stage, case: &Case, at: Instant) -> Result<Option<domain::PersonId>> {
    let all = stage.read(|db| {
        let category = categories::of(db, stage.community.id, &case.category)?;
        repairs::candidates(db, stage.community.id, &category, at)
    })?;
    Ok(all.first().map(|one| one.load.person))
}

/// On site it is mended, or something is missing: a part, or the resident.
fn at_the_door(stage: &Stage, case: &Case, technician: &Actor, at: Instant) -> Result<Act> {
    let mut dice = Dice::of("on site", &[case.id.0, case.version.into()]);
    let first = case.finish_number == 0 && case.version < 8 && case.urgency != Urgency::Emergency;
    if first && dice.percent(8) {
        return Ok(wait(WaitFor::Parts, "配件缺货，已订货"));
    }
    if first && case.home_id.is_some() && dice.percent(4) {
        return Ok(wait(WaitFor::Resident, "敲门无人，电话约时间"));
    }
    let known = case.category.parse().ok().and_then(Trouble::of);
    let (cause, work) =
        known.map_or(("自然损坏", "现场修复，检查正常。"), |one| (one.cause, one.work));
    let after = photo::upload(stage, technician, at, &format!("{} finish", case.category))?;
    let minutes = i32::try_from(dice.between(15, 75)).unwrap_or(30);
    Ok(Act::Finish {
        work: work.to_owned(),
        cause: cause.to_owned(),
        minutes,
        materials: storeroom::used(stage, case)?,
        attachments: vec![after],
    })
}

/// Waits for something.
pub(super) fn wait(wait_for: WaitFor, note: &str) -> Act {
    Act::Wait { wait_for, note: note.to_owned() }
}

/// Who reported it says how it was.
fn rate(stage: &Stage, case: &Case, at: Instant) -> Result<()> {
    let (Some(home), Some(_)) = (case.home_id, case.reporter_id) else { return Ok(()) };
    if stage.read(|db| repairs::of_case(db, case.id))?.rating.is_some() {
        return Ok(());
    }
    let owner = stage.owner(stage.home(home)?, at)?;
    let (score, word) = match Dice::of("rating", &[case.id.0]).below(20) {
        0 => (2, "师傅来得太晚。"),
        1 | 2 => (3, ""),
        3..=6 => (4, "还可以。"),
        7..=11 => (5, "师傅很专业，收拾得干净。"),
        _ => (5, ""),
    };
    act_on(stage, &owner, at, case.id, &Act::Rate { score, word: word.to_owned() })
}
