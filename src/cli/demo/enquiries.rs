//! Enquiries: a few a week, answered by the desk from what it knows; most helped, some asked back.

use chrono::{Days, TimeDelta};
use domain::access::{Actor, Role};
use domain::cases::{self, Case, Channel, Kind, Voice};
use domain::enquiries::{self, Act, NewEnquiry, State};
use domain::knowledge;
use domain::{CaseId, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::knowledge::ARTICLES;
use super::stage::{Home, Stage};

/// What is asked: which of the articles answers it, and in which words.
const QUESTIONS: &[(usize, &str)] = &[
    (0, "物业费在哪里缴，可以扫码吗？"),
    (1, "物业费能不能一次多缴几个月？"),
    (2, "这个月公摊电费是怎么算的？"),
    (3, "换了车，停车证怎么改车牌？"),
    (4, "朋友来玩，车停一天多少钱？"),
    (5, "准备装修，要先办什么手续？"),
    (6, "周末可以装修吗？"),
    (7, "租客要住进来，怎么登记？"),
    (8, "周六搬家，货梯要预约吗？"),
    (9, "厨房水龙头坏了，维修要收费吗？"),
    (11, "门禁卡找不到了，怎么补？"),
    (12, "儿童乐园几点关门？"),
    (13, "旧沙发扔在哪里？"),
];

/// The day's questions, and the next word of everything that is still open.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // In the first weeks people are still finding their way.
    if day < stage.begin + Days::new(20) {
        return Ok(());
    }
    arrive(stage, day, agenda);
    let open = cases::Filter { kind: Some(Kind::Enquiry), running: true, ..cases::Filter::default() };
    let dawn = stage.zone.start_of(day);
    for case in stage.read(|db| cases::list(db, stage.community.id, &open, 1_000))? {
        next(stage, agenda, &case, dawn)?;
    }
    Ok(())
}

fn arrive(stage: &Stage, day: LocalDate, agenda: &mut Agenda) {
    let lived_in: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(day) && !stage.is_resident(home)).collect();
    for n in 0..Dice::on("enquiries", day).weighed([5, 4, 2].into_iter()) {
        let mut dice = Dice::of("enquiry", &[number(day), i64::try_from(n).unwrap_or(0)]);
        let Some(home) = dice.one(&lived_in).map(|home| (*home).clone()) else { return };
        let Some((_, text)) = dice.one(QUESTIONS) else { return };
        let minute = dice.below(if stage.ago(day) == Some(0) { 75 } else { 12 * 60 });
        agenda.at(stage.past(day, 8, 10 + minute), move |stage, agenda, at| {
            ask(stage, agenda, &home, text, at)
        });
    }
}

fn ask(stage: &Stage, agenda: &mut Agenda, home: &Home, text: &str, at: Instant) -> Result<()> {
    let mut dice = Dice::of("ask", &[home.id.0, at.micros()]);
    let channel = match dice.below(10) {
        0..=4 => Channel::Portal,
        5..=7 => Channel::Phone,
        8 => Channel::Email,
        _ => Channel::WalkIn,
    };
    let desk = stage.on_duty(Role::Desk, at)?.filter(|_| channel != Channel::Portal);
    let (actor, reporter) = match desk {
        Some(desk) => (desk, home.owner),
        None => (stage.owner(home, at)?, None),
    };
    let category = QUESTIONS.iter().find(|(_, asked)| *asked == text).and_then(|(n, _)| ARTICLES.get(*n));
    let new = NewEnquiry {
        voice: Voice {
            community: stage.community.id,
            home: Some(home.id),
            place: None,
            channel,
            reporter,
            reporter_name: None,
            reporter_phone: None,
        },
        category: category.map_or(knowledge::Category::Other, |article| article.0),
        text: text.to_owned(),
        attachments: vec![],
    };
    let case = stage.write(|tx| enquiries::ask(tx, &actor, at, &new))?;
    next(stage, agenda, &case, at)
}

/// Puts the next word of an enquiry on the day; what does not fit into it waits.
fn next(stage: &Stage, agenda: &mut Agenda, case: &Case, after: Instant) -> Result<()> {
    let today = number(stage.zone.date(after));
    let (id, mut dice) = (case.id, Dice::of("enquiry step", &[case.id.0, case.version.into(), today]));
    let state: State = case.state.parse().map_err(domain::Error::internal)?;
    let minutes = match state {
        // A question now and then lies until the next day.
        State::Asked if dice.percent(4) => return Ok(()),
        State::Asked => dice.between(4, 150),
        State::Answered if case.round == 0 && dice.percent(60) => dice.between(10, 400),
        _ => return Ok(()),
    };
    let day = stage.zone.date(after);
    let at = after.max(stage.on(day, 8, 20)).plus(TimeDelta::minutes(minutes.into()));
    if at >= stage.on(day, 20, 0) {
        return Ok(());
    }
    agenda.at(at, move |stage, agenda, at| {
        let case = stage.case(id)?;
        if case.state != state.as_str() {
            return Ok(());
        }
        step(stage, &case, state, at)?;
        next(stage, agenda, &stage.case(id)?, at)
    });
    Ok(())
}

fn step(stage: &Stage, case: &Case, state: State, at: Instant) -> Result<()> {
    if state == State::Asked {
        let Some(desk) = stage.on_duty(Role::Desk, at)? else { return Ok(()) };
        return act_on(stage, &desk, at, case.id, &answer(stage, case, &desk, at)?);
    }
    // Who called says nothing more; who asked in the portal says whether it helped.
    let (Channel::Portal, Some(person)) = (case.channel, case.reporter_id) else { return Ok(()) };
    let asker = stage.person(person, at)?;
    let act = if Dice::of("asks back", &[case.id.0]).percent(12) {
        Act::AskBack { text: "周末也可以办吗？".to_owned() }
    } else {
        Act::Helped
    };
    act_on(stage, &asker, at, case.id, &act)
}

/// The answer is looked up; what is asked back is answered in words.
fn answer(stage: &Stage, case: &Case, desk: &Actor, at: Instant) -> Result<Act> {
    if case.round > 0 {
        return Ok(Act::Answer {
            text: "可以，周末九点到五点前台都有人。".to_owned(), article: None
        });
    }
    let found = stage.read(|db| knowledge::find(db, desk, at, stage.community.id, (&case.text, None), 1))?;
    let article = found.first().map(|(article, _)| article.id);
    let text = if article.is_none() { "已为您核实，稍后由管家上门说明。" } else { "" };
    Ok(Act::Answer { text: text.to_owned(), article })
}

fn act_on(stage: &Stage, who: &Actor, at: Instant, id: CaseId, act: &Act) -> Result<()> {
    stage.write(|tx| {
        let now = cases::by_id(tx, id)?;
        enquiries::act(tx, who, at, (stage.community.id, now.number()), now.version, act).map(|_| ())
    })
}
