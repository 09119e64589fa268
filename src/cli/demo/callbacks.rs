//! Return visits: who answers for a repair calls when it is time, and hears that it is mended, or not.

use chrono::TimeDelta;
use domain::cases;
use domain::duties::{self, Duty, Filter, Kind, State};
use domain::return_visits::{self, Heard, Outcome};
use domain::{CaseId, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::open_work;
use super::stage::Stage;

/// When those who call look at whom they owe a call.
const ROUNDS: [(u32, u32); 5] = [(9, 20), (11, 10), (14, 20), (16, 40), (18, 50)];

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    for (hour, minute) in ROUNDS {
        agenda.at(stage.on(day, hour, minute), round);
    }
    Ok(())
}

fn round(stage: &Stage, agenda: &mut Agenda, at: Instant) -> Result<()> {
    let open = Filter { kind: Some(Kind::ReturnVisit), state: Some(State::Open), ..Filter::default() };
    let owed = stage.read(|db| duties::list(db, stage.community.id, &open, 1_000))?;
    let now = owed.into_iter().filter(|duty| duty.next_at <= at && !is_forgotten(duty, at));
    for (n, duty) in (0_i64..).zip(now) {
        let minutes = TimeDelta::minutes(2 + n * 4);
        agenda.at(at.plus(minutes), move |stage, _, at| call(stage, &duty, at));
    }
    Ok(())
}

/// A few are forgotten until the supervisor asks.
fn is_forgotten(duty: &Duty, at: Instant) -> bool {
    Dice::of("forgotten", &[duty.id.0]).percent(4) && at < duty.due_at.plus(TimeDelta::hours(18))
}

fn call(stage: &Stage, duty: &Duty, at: Instant) -> Result<()> {
    let case = stage.case(CaseId(duty.subject_id))?;
    let duty = stage.read(|db| duties::by_id(db, duty.id))?;
    if duty.state != State::Open || open_work::holds(stage, &case) {
        return Ok(());
    }
    let heard = hear(stage, &duty, &case, at);
    record(stage, &duty, &heard, at)
}

/// Records what was heard, as who owes the call.
pub(super) fn record(stage: &Stage, duty: &Duty, heard: &Heard, at: Instant) -> Result<()> {
    let caller = stage.person(duty.owner_id, at)?;
    stage.write(|tx| return_visits::record(tx, &caller, at, duty.id, heard).map(|_| ()))
}

fn hear(stage: &Stage, duty: &Duty, case: &cases::Case, at: Instant) -> Heard {
    let attempt = i64::from(duty.attempts);
    let mut dice = Dice::of("call", &[duty.id.0, attempt, at.micros()]);
    let never_there = Dice::of("never there", &[case.id.0]).percent(2);
    if never_there || (duty.attempts < 2 && dice.percent(11)) {
        return said(Outcome::NoAnswer, "");
    }
    if case.kind == cases::Kind::Complaint {
        return of_complaint(&mut dice, case);
    }
    let (outcome, words) = match dice.below(100) {
        0..=2 if duty.attempts == 0 => {
            let tomorrow = stage.zone.date(at) + chrono::Days::new(1);
            let agreed_at = Some(stage.on(tomorrow, 18, 30));
            return Heard { agreed_at, ..said(Outcome::CallLater, "在开会，明晚再打。") };
        }
        3..=6 if case.round == 0 => {
            (Outcome::NotMended, ["用了一天又坏了。", "还是有点漏。", "没有彻底修好。"])
        }
        7..=11 => {
            (Outcome::Unsatisfied, ["修好了，但等太久。", "地面没有收拾干净。", "师傅没有提前打电话。"])
        }
        _ => (Outcome::Satisfied, ["修得很快，谢谢。", "好了，没有再出问题。", ""]),
    };
    said(outcome, dice.one(&words).copied().unwrap_or_default())
}

/// What is said of a complaint that was answered.
fn of_complaint(dice: &mut Dice, case: &cases::Case) -> Heard {
    match dice.below(100) {
        0..=9 if case.round == 0 => said(Outcome::NotMended, "这两天又发生了，没有解决。"),
        10..=24 => said(Outcome::Unsatisfied, "解决了，但拖得太久。"),
        25..=60 => said(Outcome::Satisfied, "处理得可以，谢谢。"),
        _ => said(Outcome::Satisfied, ""),
    }
}

/// An answer with its words.
pub(super) fn said(outcome: Outcome, words: &str) -> Heard {
    Heard { outcome, words: words.to_owned(), agreed_at: None }
}
