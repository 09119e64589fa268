//! What lies open on the day on which the demo is opened: repairs in every state, from the first word to the
//! return visit's answer. Their steps are told in the days before; nobody else touches them.

use domain::cases::{Case, Channel, Kind};
use domain::categories::Shipped;
use domain::duties::{self, SubjectKind};
use domain::repairs::{self, Act, WaitFor};
use domain::return_visits::Outcome;
use domain::{CaseId, Error, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::repairs::{act_on, draft, wait};
use super::stage::{Home, Stage};
use super::{callbacks, photo};

/// How far a repair comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Reported,
    Accepted,
    Dispatched,
    Taken,
    OnSite,
    WaitingParts,
    WaitingResident,
    Done,
    Satisfied,
    Unsatisfied,
    NotMended,
    NoAnswer,
    Cancelled,
}

/// Days before the opening, minutes after eight, category, words, technician, how far.
type Story = (u64, u32, Shipped, &'static str, &'static str, Until);

const STORIES: &[Story] = &[
    (20, 65, Shipped::WaterLeak, "厨房水槽下面一直滴水，地柜已经泡了。", "E008", Until::Satisfied),
    (18, 365, Shipped::PowerSocket, "客厅插座没电，其他房间都正常。", "E009", Until::Satisfied),
    (16, 125, Shipped::DoorLock, "入户门锁芯打不开，要用力提门。", "E010", Until::Unsatisfied),
    (11, 185, Shipped::PowerLight, "楼道感应灯白天也亮。", "E009", Until::Satisfied),
    (9, 65, Shipped::WallLeak, "主卧外墙下雨渗水，墙皮起泡。", "E012", Until::Satisfied),
    (8, 485, Shipped::DoorWindow, "阳台推拉窗滑轮坏了，关不严。", "E010", Until::Cancelled),
    (3, 65, Shipped::WaterLeak, "热水器进水管接头漏水。", "E008", Until::NoAnswer),
    (2, 65, Shipped::WaterBlocked, "卫生间地漏堵了，洗澡积水。", "E008", Until::NotMended),
    (2, 125, Shipped::HeatingCold, "次卧暖气片不热，其他房间热。", "E012", Until::Done),
    (2, 425, Shipped::PowerSocket, "厨房插座冒火花，已经拉闸。", "E009", Until::WaitingParts),
    (1, 65, Shipped::DoorLock, "电子门锁没电打不开。", "E010", Until::Done),
    (1, 185, Shipped::WaterNone, "全屋没水，邻居家有水。", "E008", Until::WaitingResident),
    (1, 365, Shipped::WallCrack, "客厅顶上有一条裂缝，越来越长。", "E012", Until::OnSite),
    (1, 425, Shipped::WaterBlocked, "厨房下水慢，有异味。", "E008", Until::Taken),
    (0, 5, Shipped::DoorWindow, "飘窗把手断了。", "E010", Until::Accepted),
    (0, 65, Shipped::WaterLeak, "阳台洗衣机水龙头滴水。", "E008", Until::Reported),
    (0, 75, Shipped::Other, "空调外机支架晃动，担心掉下去。", "E012", Until::Reported),
    (0, 102, Shipped::PowerLight, "卫生间灯不亮，换过灯泡也不行。", "E009", Until::Dispatched),
];

/// Those that are the resident's of the demo's login: one settled, one under way, one new.
const RESIDENTS: [usize; 3] = [0, 13, 15];

/// The day's steps of every story.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let Some(ago) = stage.ago(day) else { return Ok(()) };
    for (n, story) in STORIES.iter().enumerate() {
        let home = home_of(stage, n)?.clone();
        if story.0 == ago {
            agenda.at(stage.past(day, 8, story.1), move |stage, agenda, at| {
                begin(stage, agenda, &home, story, at)
            });
        } else if story.0 == ago + 1 {
            agenda.at(stage.on(day, 15, 10), move |stage, _, at| call_back(stage, &home, story, at));
        }
    }
    if ago == 0 {
        agenda.at(stage.on(day, 9, 20), |stage, _, at| on_the_round(stage, at));
    }
    Ok(())
}

/// Whether a repair is one of these, and left to them. Those of an earlier opening, from which the year was
/// played on, are work like any other.
pub(super) fn holds(stage: &Stage, case: &Case) -> bool {
    let Some(ago) = case.submitted_at.and_then(|at| stage.ago(stage.zone.date(at))) else { return false };
    let told = STORIES.iter().any(|story| story.0 == ago && story.3 == case.text);
    case.kind == Kind::Repair && (told || (ago == 0 && case.text == ON_THE_ROUND))
}

fn home_of(stage: &Stage, n: usize) -> Result<&Home> {
    if RESIDENTS.contains(&n) {
        return stage.resident();
    }
    let long_there = stage.days_ago(60);
    let homes: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(long_there) && !stage.is_resident(home)).collect();
    let about = i64::try_from(n).unwrap_or(0);
    Dice::of("open work", &[about]).one(&homes).copied().ok_or(Error::NotFound)
}

fn begin(stage: &Stage, agenda: &mut Agenda, home: &Home, story: &'static Story, at: Instant) -> Result<()> {
    let (_, _, category, text, _, until) = *story;
    let owner = stage.owner(home, at)?;
    let seen = photo::upload(stage, &owner, at, category.as_str())?;
    let mut new = draft(stage, category, text, Channel::Portal);
    new.home = Some(home.id);
    new.available = "工作日晚上，周末全天".to_owned();
    new.attachments.push(seen);
    let case = stage.write(|tx| repairs::report(tx, &owner, at, &new))?;
    let id = case.id;
    if until == Until::Cancelled {
        let reason = Act::Cancel { reason: "自己修好了".to_owned() };
        agenda.at(later(at, 25), move |stage, _, at| act_on(stage, &owner, at, id, &reason));
    }
    for (minutes, step) in steps(until) {
        agenda.at(later(at, minutes), move |stage, _, at| take(stage, id, story, step, at));
    }
    Ok(())
}

fn later(at: Instant, minutes: i64) -> Instant {
    at.plus(chrono::TimeDelta::minutes(minutes))
}

/// A step of a story.
#[derive(Debug, Clone, Copy)]
enum Step {
    Accept,
    Dispatch,
    Take,
    Arrive,
    WaitParts,
    WaitResident,
    Finish,
}

/// What is done, so many minutes after the report, until the repair is where it shall be.
fn steps(until: Until) -> Vec<(i64, Step)> {
    let mut all = vec![(5, Step::Accept), (9, Step::Dispatch), (13, Step::Take), (35, Step::Arrive)];
    all.truncate(match until {
        Until::Reported | Until::Cancelled => 0,
        Until::Accepted => 1,
        Until::Dispatched => 2,
        Until::Taken => 3,
        _ => 4,
    });
    match until {
        Until::WaitingParts => all.push((40, Step::WaitParts)),
        Until::WaitingResident => all.push((40, Step::WaitResident)),
        Until::Done | Until::Satisfied | Until::Unsatisfied | Until::NotMended | Until::NoAnswer => {
            all.push((50, Step::Finish));
        }
        _ => {}
    }
    all
}

fn take(stage: &Stage, id: CaseId, story: &Story, step: Step, at: Instant) -> Result<()> {
    let (desk, worker) = (stage.staff("E005", at)?, stage.staff(story.4, at)?);
    let technician = worker.person.ok_or(Error::NotFound)?;
    let (who, act) = match step {
        Step::Accept => (&desk, Act::Accept),
        Step::Dispatch => (&desk, Act::Dispatch { technician }),
        Step::Take => (&worker, Act::Take),
        Step::Arrive => (&worker, Act::Arrive),
        Step::WaitParts => (&worker, wait(WaitFor::Parts, "插座面板缺货，明天到")),
        Step::WaitResident => (&worker, wait(WaitFor::Resident, "敲门无人，电话约时间")),
        Step::Finish => (&worker, finish(stage, &worker, at)?),
    };
    act_on(stage, who, at, id, &act)
}

fn finish(stage: &Stage, worker: &domain::access::Actor, at: Instant) -> Result<Act> {
    Ok(Act::Finish {
        work: "更换损坏件，试用正常。".to_owned(),
        cause: "配件老化".to_owned(),
        minutes: 35,
        materials: vec![],
        attachments: vec![photo::upload(stage, worker, at, "finish")?],
    })
}

/// The return visit of a finished repair, answered the next day.
fn call_back(stage: &Stage, home: &Home, story: &Story, at: Instant) -> Result<()> {
    let heard = match story.5 {
        Until::Satisfied => callbacks::said(Outcome::Satisfied, "修得很快，没再漏。"),
        Until::Unsatisfied => callbacks::said(Outcome::Unsatisfied, "修好了，但等了两天。"),
        Until::NotMended => callbacks::said(Outcome::NotMended, "通了半天又堵了。"),
        Until::NoAnswer => callbacks::said(Outcome::NoAnswer, ""),
        _ => return Ok(()),
    };
    let Some(id) = stage.read(|db| newest(db, home, story.3))? else { return Ok(()) };
    let open = |kind| stage.read(|db| duties::open_of(db, kind, (SubjectKind::Case, id.0)));
    let Some(duty) = open(duties::Kind::ReturnVisit)? else { return Ok(()) };
    callbacks::record(stage, &duty, &heard, at)
}

fn newest(db: &mut domain::Db, home: &Home, text: &str) -> Result<Option<CaseId>> {
    use diesel::prelude::*;
    use domain::db::schema::cases;
    let told = cases::table.filter(cases::home_id.eq(home.id.0).and(cases::text.eq(text)));
    Ok(told.order(cases::id.desc()).select(cases::id).first(db).optional()?)
}

const ON_THE_ROUND: &str = "大堂灯带不亮。";

/// What a steward has just seen.
fn on_the_round(stage: &Stage, at: Instant) -> Result<()> {
    let steward = stage.staff("E001", at)?;
    let mut new = draft(stage, Shipped::PublicLight, ON_THE_ROUND, Channel::Patrol);
    new.place = Some("1栋 1单元 大堂".to_owned());
    new.reporter = steward.person;
    stage.write(|tx| repairs::report(tx, &steward, at, &new).map(|_| ()))
}
