//! Complaints: five or six a month, most about noise, parking and slowness; judged, looked into, settled, and
//! now and then late, so that somebody has to account for it.

use chrono::{Days, TimeDelta};
use domain::access::{Actor, Role};
use domain::cases::{self, Case, Channel, Kind, Voice};
use domain::complaints::{self, Act, Category, Cause, Department, NewComplaint, State, departments};
use domain::{CaseId, Fen, Instant, LocalDate, Result, rectifications};

use super::agenda::Agenda;
use super::dice::Dice;
use super::stage::{Home, Stage};

/// A complaint as somebody would make it: what about, in which words, what is asked for; what the department
/// finds, its cause, what it would do; what was done, and what is learned.
struct Story {
    category: Category,
    text: &'static str,
    wish: &'static str,
    department: Department,
    cause: Cause,
    findings: &'static str,
    options: &'static [(&'static str, i64)],
    done: &'static str,
    lesson: &'static str,
}

const STORIES: &[Story] = &[
    Story {
        category: Category::Noise,
        text: "楼上晚上十点以后还在敲敲打打，孩子睡不着。",
        wish: "请在晚上制止施工。",
        department: Department::Renovation,
        cause: Cause::ThirdParty,
        findings: "施工队赶工，超过许可的施工时间。",
        options: &[("要求停工整改，并由施工队上门道歉", 0)],
        done: "已责令施工队按时收工，施工负责人上门道歉，连续三晚复查无噪音。",
        lesson: "夜间巡查增加在建户。",
    },
    Story {
        category: Category::Parking,
        text: "我的车位经常被外来车占用，门岗不管。",
        wish: "外来车不要放进来。",
        department: Department::Security,
        cause: Cause::Rules,
        findings: "访客登记后没有核对去向。",
        options: &[
            ("访客车引导到临停区，车位加装地锁", 0),
            ("访客车引导到临停区，减免一个月车位管理费", 5_000),
        ],
        done: "门岗改为核对访客去向，车位已加装地锁。",
        lesson: "访客登记必须写明去向和停放区域。",
    },
    Story {
        category: Category::Cleaning,
        text: "电梯厅的垃圾桶好几天没有清，有异味。",
        wish: "每天清运。",
        department: Department::Cleaning,
        cause: Cause::Quality,
        findings: "保洁换班漏排了这一层。",
        options: &[("补排班次，每天早晚各清一次", 0)],
        done: "已补排班次并做了除味，主管连查三天。",
        lesson: "换班时核对楼层清单。",
    },
    Story {
        category: Category::Repair,
        text: "报修水管三次了，每次修完过几天又漏。",
        wish: "彻底修好，赔偿泡坏的地板。",
        department: Department::Engineering,
        cause: Cause::Quality,
        findings: "接头型号不符，前两次只做了临时处理。",
        options: &[("更换整段水管，修复地板", 80_000), ("更换整段水管，减免两个月物业费", 50_000)],
        done: "已更换整段水管并修复地板，保压一周无渗漏。",
        lesson: "同一处第二次报修由班长到场。",
    },
    Story {
        category: Category::Service,
        text: "打电话问缴费的事，前台态度不耐烦，没说完就挂了。",
        wish: "要求道歉。",
        department: Department::Service,
        cause: Cause::Attitude,
        findings: "录音核实，解释不完整且先挂断。",
        options: &[("当事人致电道歉，主管补充解释", 0)],
        done: "当事人已致电道歉，主管把缴费方式完整解释了一遍。",
        lesson: "缴费问题先发账单链接再解释。",
    },
    Story {
        category: Category::Facilities,
        text: "儿童滑梯的螺丝松了，孩子差点受伤。",
        wish: "马上维修。",
        department: Department::Engineering,
        cause: Cause::Facility,
        findings: "月检漏了滑梯连接件。",
        options: &[("围挡停用，当天更换连接件", 0)],
        done: "已围挡停用并更换全部连接件，复检合格后开放。",
        lesson: "游乐设施改为每周检查。",
    },
    Story {
        category: Category::Fees,
        text: "这个月水费比上个月多一倍，怀疑抄错表。",
        wish: "重新抄表。",
        department: Department::Finance,
        cause: Cause::Communication,
        findings: "读数无误，马桶漏水造成用量增加，账单没有提醒。",
        options: &[("上门复核读数并帮助检查漏点", 0)],
        done: "当面复核读数，找到马桶漏水点，已代约维修。",
        lesson: "用量翻倍的先电话提醒再出账。",
    },
    Story {
        category: Category::Neighbours,
        text: "隔壁把鞋柜和纸箱堆在走道里，消防通道都堵了。",
        wish: "清走。",
        department: Department::Security,
        cause: Cause::Neighbour,
        findings: "现场属实，已占用疏散通道。",
        options: &[("当面告知并限三天清理，逾期报消防", 0)],
        done: "已当面告知，住户两天内清理完毕。",
        lesson: "楼道巡查发现堆物当天张贴告知。",
    },
];

/// Who heads which department in 锦绣花园.
const HEADS: [(Department, &str); 5] = [
    (Department::Service, "E016"),
    (Department::Engineering, "E020"),
    (Department::Security, "E018"),
    (Department::Renovation, "E013"),
    (Department::Finance, "E014"),
];

/// The day's complaints, the next step of everything that is still open, and the notices to be answered.
pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // In the first weeks people are still finding their way.
    if day < stage.begin + Days::new(20) {
        return Ok(());
    }
    if stage.read(|db| departments::heads(db, stage.community.id))?.is_empty() {
        agenda.at(stage.on(day, 9, 0), |stage, _, at| name_heads(stage, at));
    }
    arrive(stage, day, agenda);
    let open = cases::Filter { kind: Some(Kind::Complaint), running: true, ..cases::Filter::default() };
    let dawn = stage.zone.start_of(day);
    for case in stage.read(|db| cases::list(db, stage.community.id, &open, 1_000))? {
        next(stage, agenda, &case, dawn)?;
    }
    agenda.at(stage.on(day, 16, 30), |stage, _, at| account(stage, at));
    Ok(())
}

fn name_heads(stage: &Stage, at: Instant) -> Result<()> {
    let Some(manager) = stage.on_duty(Role::Manager, at)? else { return Ok(()) };
    for (department, number) in HEADS {
        let head = (department, stage.staff_id(number)?);
        stage.write(|tx| departments::name_head(tx, &manager, at, stage.community.id, head))?;
    }
    Ok(())
}

fn arrive(stage: &Stage, day: LocalDate, agenda: &mut Agenda) {
    let mut dice = Dice::on("complaint", day);
    let ago = stage.ago(day).unwrap_or(u64::MAX);
    // The last days have some in every state; none comes on the day of the opening itself but in the morning.
    if !(dice.percent(18) || [0, 1, 2, 4].contains(&ago)) {
        return;
    }
    let lived_in: Vec<&Home> =
        stage.homes.iter().filter(|home| home.is_lived_in(day) && !stage.is_resident(home)).collect();
    let Some(home) = dice.one(&lived_in).map(|home| (*home).clone()) else { return };
    let Some(story) = dice.one(STORIES) else { return };
    let minute = if ago == 0 { dice.below(60) } else { dice.below(11 * 60) };
    agenda.at(stage.past(day, 8, 20 + minute), move |stage, agenda, at| {
        complain(stage, agenda, (&home, story), at)
    });
}

fn complain(stage: &Stage, agenda: &mut Agenda, (home, story): (&Home, &Story), at: Instant) -> Result<()> {
    let mut dice = Dice::of("complain", &[home.id.0, at.micros()]);
    let channel = match dice.below(12) {
        0..=5 => Channel::Portal,
        6..=8 => Channel::Phone,
        9 | 10 => Channel::WalkIn,
        _ => Channel::Hotline12345,
    };
    let desk = stage.on_duty(Role::Desk, at)?.filter(|_| channel != Channel::Portal);
    let (actor, reporter) = match desk {
        Some(desk) => (desk, home.owner),
        None => (stage.owner(home, at)?, None),
    };
    let official = channel == Channel::Hotline12345;
    let new = NewComplaint {
        voice: Voice {
            community: stage.community.id,
            home: Some(home.id),
            place: None,
            channel,
            reporter,
            reporter_name: None,
            reporter_phone: None,
        },
        category: story.category,
        text: story.text.to_owned(),
        wish: story.wish.to_owned(),
        happened_on: None,
        about: None,
        reference: official.then(|| format!("GD{}", at.micros() / 60_000_000)),
        deadline: official.then(|| at.plus(TimeDelta::days(5))),
        attachments: vec![],
    };
    let case = stage.write(|tx| complaints::register(tx, &actor, at, &new))?;
    next(stage, agenda, &case, at)
}

/// Puts the next step of a complaint on the day, in working hours; what does not fit into it waits.
fn next(stage: &Stage, agenda: &mut Agenda, case: &Case, after: Instant) -> Result<()> {
    let (id, mut dice) = (case.id, Dice::of("complaint step", &[case.id.0, case.version.into()]));
    let state: State = case.state.parse().map_err(domain::Error::internal)?;
    // Some lie for a day or two with a department that has other things to do.
    let slow = Dice::of("slow", &[id.0]).percent(14);
    let since = case.submitted_at.map_or(0, |at| after.since(at).num_hours());
    let minutes = match state {
        State::Registered => dice.between(15, 150),
        State::Founded | State::Investigating if slow && since < 40 => return Ok(()),
        State::Founded => dice.between(10, 90),
        State::Unfounded => dice.between(20, 120),
        State::Investigating => dice.between(60, 240),
        State::Proposed => dice.between(20, 100),
        State::Approved => dice.between(15, 90),
        State::CarryingOut => dice.between(60, 300),
        _ => return Ok(()),
    };
    let day = stage.zone.date(after);
    let at = after.max(stage.on(day, 8, 35)).plus(TimeDelta::minutes(minutes.into()));
    if at >= stage.on(day, 18, 30) {
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

/// Who is to take the next step takes it.
fn step(stage: &Stage, case: &Case, state: State, at: Instant) -> Result<()> {
    let row = stage.read(|db| complaints::of_case(db, case.id))?;
    let Some(story) = STORIES.iter().find(|story| story.text == case.text) else { return Ok(()) };
    let head = row.responsible_id.map(|person| stage.person(person, at)).transpose()?;
    let desk = case.accountable_id.map(|person| stage.person(person, at)).transpose()?;
    let supervisor = stage.on_duty(Role::Supervisor, at)?;
    let promises = story.options.iter().any(|(_, fen)| *fen > 0);
    let approver = if promises { stage.on_duty(Role::Manager, at)? } else { supervisor.clone() };
    let found = match state {
        State::Registered => supervisor.map(|actor| (actor, judged(story, case))),
        State::Founded => head.map(|actor| (actor, Act::Investigate)),
        State::Investigating => head.map(|actor| (actor, plan(story))),
        State::Proposed => approver.map(|actor| (actor, Act::Approve)),
        State::Approved if story.options.len() > 1 && row.chosen.is_none() => return choose(stage, case, at),
        State::Approved => head.map(|actor| (actor, Act::CarryOut)),
        State::CarryingOut => head.map(|actor| (actor, answered(story))),
        State::Unfounded => desk
            .map(|actor| (actor, answer("现场核实没有发现所说的情况，已向您说明，如再出现请马上告诉我们。"))),
        _ => None,
    };
    found.map_or(Ok(()), |(actor, act)| act_on(stage, &actor, at, case.id, &act))
}

fn act_on(stage: &Stage, who: &Actor, at: Instant, id: CaseId, act: &Act) -> Result<()> {
    stage.write(|tx| {
        let now = cases::by_id(tx, id)?;
        complaints::act(tx, who, at, (stage.community.id, now.number()), now.version, act).map(|_| ())
    })
}

fn judged(story: &Story, case: &Case) -> Act {
    if Dice::of("unfounded", &[case.id.0]).percent(12) {
        return Act::Unfounded { reason: "现场核实没有发现所说的情况。".to_owned() };
    }
    Act::Founded { department: story.department, note: "情况属实，已交责任部门。".to_owned() }
}

fn plan(story: &Story) -> Act {
    let options = story.options.iter().map(|(text, fen)| ((*text).to_owned(), Fen(*fen))).collect();
    Act::Propose { cause: story.cause, findings: story.findings.to_owned(), options }
}

/// Who complained says which of the options it shall be; the desk hears it where they don't use the portal.
fn choose(stage: &Stage, case: &Case, at: Instant) -> Result<()> {
    let mut dice = Dice::of("option", &[case.id.0]);
    let option = if dice.percent(60) { 1 } else { 2 };
    let actor = match (case.channel, case.reporter_id, case.accountable_id) {
        (Channel::Portal, Some(person), _) | (_, _, Some(person)) => stage.person(person, at)?,
        _ => return Ok(()),
    };
    act_on(stage, &actor, at, case.id, &Act::Choose { option })
}

fn answered(story: &Story) -> Act {
    Act::Answer { done: story.done.to_owned(), said: String::new(), lesson: story.lesson.to_owned() }
}

fn answer(done: &str) -> Act {
    Act::Answer { done: done.to_owned(), said: String::new(), lesson: String::new() }
}

/// Whoever has a notice accounts for it, most of them in time.
fn account(stage: &Stage, at: Instant) -> Result<()> {
    let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? else { return Ok(()) };
    let notices = stage.read(|db| rectifications::list(db, &supervisor, stage.community.id))?;
    for notice in notices.into_iter().filter(|notice| notice.answered_at.is_none()) {
        if at.since(notice.issued_at) < TimeDelta::hours(3) {
            continue;
        }
        let who = stage.person(notice.owed_by, at)?;
        let words =
            ("当天同时处理几件，没有及时更新进度。", "每天上午先看期限最近的投诉，做不到的当天说明。");
        stage.write(|tx| {
            rectifications::answer(tx, &who, at, (stage.community.id, notice.id), words).map(|_| ())
        })?;
    }
    Ok(())
}
