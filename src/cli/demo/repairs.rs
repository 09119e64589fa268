//! Repairs in every state, from the first word to the return visit's answer.

use domain::access::Actor;
use domain::cases::{self, Case, Channel};
use domain::duties::{self, SubjectKind};
use domain::repairs::{self, Act, Category, NewRepair, WaitFor};
use domain::return_visits::{self, Heard, Outcome};
use domain::{AttachmentId, Instant, Result};

use super::photo;
use super::stage::{Home, Stage};

/// How far a repair of the demo comes.
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

/// Days ago, hour, category, words, technician, how far.
type Story = (u64, u32, Category, &'static str, &'static str, Until);

const STORIES: &[Story] = &[
    (20, 9, Category::WaterLeak, "厨房水槽下面一直滴水，地柜已经泡了。", "E008", Until::Satisfied),
    (18, 14, Category::PowerSocket, "客厅插座没电，其他房间正常。", "E009", Until::Satisfied),
    (16, 10, Category::DoorLock, "入户门锁芯打不开，要用力提门。", "E010", Until::Unsatisfied),
    (12, 15, Category::WaterBlocked, "卫生间地漏堵了，洗澡积水。", "E008", Until::NotMended),
    (11, 11, Category::PowerLight, "楼道感应灯白天也亮。", "E009", Until::Satisfied),
    (9, 9, Category::WallLeak, "主卧外墙下雨渗水，墙皮起泡。", "E012", Until::Satisfied),
    (8, 16, Category::DoorWindow, "阳台推拉窗滑轮坏了，关不严。", "E010", Until::Cancelled),
    (3, 9, Category::WaterLeak, "热水器进水管接头漏水。", "E008", Until::NoAnswer),
    (2, 10, Category::HeatingCold, "次卧暖气片不热，其他房间热。", "E012", Until::Done),
    (2, 15, Category::PowerSocket, "厨房插座冒火花，已经拉闸。", "E009", Until::WaitingParts),
    (1, 9, Category::DoorLock, "电子门锁没电打不开。", "E010", Until::Done),
    (1, 11, Category::WaterNone, "全屋没水，邻居家有水。", "E008", Until::WaitingResident),
    (1, 14, Category::WallCrack, "客厅顶上有一条裂缝，越来越长。", "E012", Until::OnSite),
    (1, 15, Category::WaterBlocked, "厨房下水慢，有异味。", "E008", Until::Taken),
    (0, 8, Category::PowerLight, "卫生间灯不亮，换过灯泡也不行。", "E009", Until::Dispatched),
    (0, 8, Category::DoorWindow, "飘窗把手断了。", "E010", Until::Accepted),
    (0, 9, Category::WaterLeak, "阳台洗衣机水龙头滴水。", "E008", Until::Reported),
    (0, 9, Category::Other, "空调外机支架晃动，担心掉下去。", "E012", Until::Reported),
];

/// Plays every story; the first home is that of the resident's login.
pub(super) async fn play(stage: &Stage<'_>, resident: &Home) -> Result<()> {
    let others = stage.some_homes(7, STORIES.len());
    for (n, story) in STORIES.iter().enumerate() {
        // The resident of the demo's login has one that is settled, one that is under way, one that is new.
        let home =
            if matches!(n, 0 | 13 | 16) { resident } else { others.get(n).copied().unwrap_or(resident) };
        tell(stage, home, story).await?;
    }
    in_public(stage)
}

async fn tell(
    stage: &Stage<'_>,
    home: &Home,
    &(days, hour, category, text, technician, until): &Story,
) -> Result<()> {
    let at = |later: u32| stage.ago(days, hour + later / 60, later % 60);
    let owner = stage.owner(home, at(5))?;
    let photo = photo::upload(stage, &owner, at(4), category.as_str()).await?;
    let new = NewRepair {
        community: stage.community.id,
        home: Some(home.id),
        place: None,
        category,
        text: text.to_owned(),
        channel: Channel::Portal,
        urgency: None,
        available: "工作日晚上，周末全天".to_owned(),
        call_part: None,
        reporter: owner.person,
        reporter_name: None,
        reporter_phone: None,
        attachments: vec![photo],
    };
    let case = stage.store.write_now(|tx| repairs::report(tx, &owner, at(5), &new))?;
    let worker = stage.staff(technician, at(5))?;
    let desk = stage.staff("E005", at(5))?;
    if until == Until::Cancelled {
        let reason = Act::Cancel { reason: "自己修好了".to_owned() };
        act(stage, &owner, at(30), &case, &reason)?;
        return Ok(());
    }
    let after = photo::upload(stage, &worker, at(50), "finish").await?;
    for (who, minute, act) in steps(&desk, &worker, technician_id(&worker)?, until, after) {
        self::act(stage, who, at(minute), &case, &act)?;
    }
    if matches!(
        until,
        Until::Done | Until::Satisfied | Until::Unsatisfied | Until::NotMended | Until::NoAnswer
    ) {
        call_back(stage, &case, &desk, (days, until), at(56))?;
    }
    Ok(())
}

fn technician_id(worker: &Actor) -> Result<domain::PersonId> {
    worker.person.ok_or(domain::Error::NotFound)
}

/// Who does what, so many minutes after the hour, until the repair is where it shall be.
fn steps<'a>(
    desk: &'a Actor,
    worker: &'a Actor,
    technician: domain::PersonId,
    until: Until,
    photo: AttachmentId,
) -> Vec<(&'a Actor, u32, Act)> {
    let finish = Act::Finish {
        work: "更换损坏件，试用正常。".to_owned(),
        cause: "配件老化".to_owned(),
        minutes: 35,
        attachments: vec![photo],
    };
    let wait = |wait_for, note: &str| Act::Wait { wait_for, note: note.to_owned() };
    let mut all = vec![
        (desk, 10, Act::Accept),
        (desk, 14, Act::Dispatch { technician }),
        (worker, 18, Act::Take),
        (worker, 40, Act::Arrive),
    ];
    let length = match until {
        Until::Reported | Until::Cancelled => 0,
        Until::Accepted => 1,
        Until::Dispatched => 2,
        Until::Taken => 3,
        _ => 4,
    };
    all.truncate(length);
    match until {
        Until::WaitingParts => all.push((worker, 45, wait(WaitFor::Parts, "插座面板缺货，明天到"))),
        Until::WaitingResident => all.push((worker, 45, wait(WaitFor::Resident, "敲门无人，电话约时间"))),
        Until::Done | Until::Satisfied | Until::Unsatisfied | Until::NotMended | Until::NoAnswer => {
            all.push((worker, 55, finish));
        }
        _ => {}
    }
    all
}

fn act(stage: &Stage, who: &Actor, at: Instant, case: &Case, act: &Act) -> Result<Case> {
    stage.store.write_now(|tx| {
        let now = cases::by_id(tx, case.id)?;
        repairs::act(tx, who, at, (stage.community.id, now.number()), now.version, act)
    })
}

/// The return visit of a finished repair, planned at once and answered the next day.
fn call_back(
    stage: &Stage,
    case: &Case,
    desk: &Actor,
    (days, until): (u64, Until),
    at: Instant,
) -> Result<()> {
    stage.store.write_now(|tx| return_visits::plan_missed(tx, stage.community.id, at))?;
    let (outcome, words) = match until {
        Until::Satisfied => (Outcome::Satisfied, "修得很快，没再漏。"),
        Until::Unsatisfied => (Outcome::Unsatisfied, "修好了，但等了两天。"),
        Until::NotMended => (Outcome::NotMended, "通了半天又堵了。"),
        Until::NoAnswer => (Outcome::NoAnswer, ""),
        _ => return Ok(()),
    };
    let asked = stage.ago(days - 1, 15, 10);
    let open = stage
        .store
        .read_now(|db| duties::open_of(db, duties::Kind::ReturnVisit, (SubjectKind::Case, case.id.0)))?;
    let Some(duty) = open else { return Ok(()) };
    let heard = Heard { outcome, words: words.to_owned(), agreed_at: None };
    stage.store.write_now(|tx| return_visits::record(tx, desk, asked, duty.id, &heard).map(|_| ()))
}

/// What staff see on their rounds.
fn in_public(stage: &Stage) -> Result<()> {
    let at = stage.ago(0, 9, 20);
    let steward = stage.staff("E001", at)?;
    let new = NewRepair {
        community: stage.community.id,
        home: None,
        place: Some("1栋 1单元 大堂".to_owned()),
        category: Category::PublicLight,
        text: "大堂灯带不亮。".to_owned(),
        channel: Channel::Patrol,
        urgency: None,
        available: String::new(),
        call_part: None,
        reporter: steward.person,
        reporter_name: None,
        reporter_phone: None,
        attachments: Vec::new(),
    };
    stage.store.write_now(|tx| repairs::report(tx, &steward, at, &new).map(|_| ()))
}
