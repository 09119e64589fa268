//! Move-ins: buyers of the homes that the developer has finished, who come to the desk, in every state on the day
//! of the opening; and through the year tenants, into homes that stood empty.

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};
use diesel::prelude::*;
use domain::access::{Actor, Role};
use domain::cases::{self, Channel};
use domain::db::schema::move_ins;
use domain::move_in::{self, Act, Agreement, Form, Handover, Kind, State};
use domain::{CaseId, HomeId, Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::registers::Status;
use super::stage::{Home, Stage};

/// Who has bought a home, and how far their application comes, for one undelivered home after the other.
const STORIES: &[(&str, &str, &str)] = &[
    ("秦雨桐", "13900009401", "draft"),
    ("丁一帆", "13900009402", "submitted"),
    ("韩冰", "13900009403", "reviewing"),
    ("谭志勇", "13900009404", "returned"),
    ("邱丽华", "13900009405", "approved"),
    ("潘文博", "13900009406", "handed_over"),
    ("邓晓芳", "13900009407", "withdrawn"),
    ("袁国强", "13900009408", "rejected"),
];

/// Who takes a home on lease in the course of the year, one after the other.
const TENANTS: &[(&str, &str)] = &[
    ("钱立新", "13900009501"),
    ("沈晓燕", "13900009502"),
    ("周永宁", "13900009503"),
    ("何家欣", "13900009504"),
    ("罗宇航", "13900009505"),
    ("宋佳音", "13900009506"),
    ("唐明远", "13900009507"),
    ("冯雅静", "13900009508"),
    ("曹志鹏", "13900009509"),
    ("彭思琪", "13900009510"),
    ("吕建国", "13900009511"),
    ("苏婷婷", "13900009512"),
    ("蒋海波", "13900009513"),
    ("蔡文静", "13900009514"),
];

/// The last days before the opening are told by the stories.
const TOLD: u64 = 4;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let homes: Vec<Home> = stage.homes_that_are(Status::Undelivered).cloned().collect();
    for (story, home) in STORIES.iter().zip(homes) {
        tell(stage, (story, &home), day, agenda);
    }
    if Dice::on("tenant", day).percent(2) && stage.ago(day).is_none_or(|days| days > 12) {
        agenda.at(stage.on(day, 10, 40), tenant);
    }
    agenda.at(stage.on(day, 14, 10), |stage, _, at| go_on(stage, at));
    Ok(())
}

/// A buyer's story: their name, their phone, how far it comes.
type Story = (&'static str, &'static str, &'static str);

/// The steps of a buyer's story that fall on this day: days before the opening, hour, minute.
fn tell(stage: &Stage, (story, home): (&'static Story, &Home), day: LocalDate, agenda: &mut Agenda) {
    let steps = [
        (3, 10, 20, "submit"),
        (2, 9, 20, "start_review"),
        (2, 10, 20, "return"),
        (2, 12, 20, "submit"),
        (2, 14, 20, "start_review"),
        (2, 15, 20, "approve"),
        (1, 10, 20, "hand_over"),
    ];
    let count = match story.2 {
        "submitted" | "withdrawn" => 1,
        "reviewing" | "rejected" => 2,
        "returned" => 3,
        "approved" => 5,
        "handed_over" => 6,
        _ => 0,
    };
    let mut told = vec![(3, 9, 30, "draft")];
    told.extend(steps.into_iter().take(count));
    match story.2 {
        "withdrawn" => told.push((2, 9, 0, "withdraw")),
        "rejected" => told.push((1, 9, 0, "reject")),
        _ => {}
    }
    for (_, hour, minute, word) in told.into_iter().filter(|step| stage.ago(day) == Some(step.0)) {
        let home = home.clone();
        agenda.at(stage.on(day, hour, minute), move |stage, _, at| take(stage, (story, &home), word, at));
    }
}

/// One step of a buyer's story; nothing where the home has an application from before.
fn take(stage: &Stage, (story, home): (&Story, &Home), word: &str, at: Instant) -> Result<()> {
    let desk = stage.staff("E005", at)?;
    let form = Form {
        kind: Some(Kind::Owner),
        name: story.0.to_owned(),
        phone: Some(story.1.to_owned()),
        wished_on: Some(stage.today + Days::new(6)),
        id_last4: Some("201X".to_owned()),
        ..Form::default()
    };
    let known = stage.read(|db| move_in::of_home(db, home.id))?;
    let since = stage.zone.start_of(stage.days_ago(TOLD));
    let Some((_, case)) = known.iter().find(|(_, case)| case.created_at >= since) else {
        if word == "draft" && known.is_empty() {
            return apply(stage, (&desk, home.id, Channel::WalkIn), &form, at).map(|_| ());
        }
        return Ok(());
    };
    let (who, act) = match word {
        "submit" => (desk, Act::Submit(Some(form))),
        "start_review" => (desk, Act::StartReview),
        "return" => (desk, Act::Return("请补充身份证后四位与购房合同。".to_owned())),
        "approve" => (desk, Act::Approve),
        "reject" => (desk, Act::Reject("房屋登记人与申请人不符。".to_owned())),
        "withdraw" => (desk, Act::Withdraw("改期再办".to_owned())),
        "hand_over" => match stage.steward_of(home.id, at)? {
            Some(steward) => (steward, Act::HandOver(handover(true))),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let may = stage.read(|db| move_in::actions(&who, &move_in::of(db, case.id)?))?;
    if may.contains(&act.action()) { step(stage, &who, at, case.id, &act) } else { Ok(()) }
}

/// Writes an application down.
fn apply(
    stage: &Stage,
    (who, home, channel): (&Actor, HomeId, Channel),
    form: &Form,
    at: Instant,
) -> Result<CaseId> {
    stage.write(|tx| {
        let case = move_in::draft(tx, who, at, (stage.community.id, home), channel)?;
        move_in::save(tx, who, at, case.id, form)?;
        Ok(case.id)
    })
}

fn step(stage: &Stage, who: &Actor, at: Instant, id: CaseId, act: &Act) -> Result<()> {
    stage.write(|tx| {
        let version = cases::by_id(tx, id)?.version;
        move_in::act(tx, who, at, (id, version), act).map(|_| ())
    })
}

/// An owner lets a home that stands empty, and applies for the tenant.
fn tenant(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let day = stage.zone.date(at);
    let mut dice = Dice::on("lets", day);
    let empty: Vec<&Home> = stage.homes_that_are(Status::Vacant).collect();
    let before = stage.read(|db| Ok(move_ins::table.count().get_result::<i64>(db)?))?;
    let next = usize::try_from(before).unwrap_or(0) % TENANTS.len();
    let (Some(home), Some((name, phone))) = (dice.one(&empty).copied(), TENANTS.get(next)) else {
        return Ok(());
    };
    if is_taken(stage, home.id, day)? {
        return Ok(());
    }
    let form = Form {
        kind: Some(Kind::Tenant),
        name: (*name).to_owned(),
        phone: Some((*phone).to_owned()),
        id_last4: Some(format!("{:04}", dice.below(10_000))),
        lease_from: Some(day + Days::new(3)),
        lease_to: Some(day + Days::new(3 + 365)),
        wished_on: Some(day + Days::new(3)),
        ..Form::default()
    };
    let owner = stage.owner(home, at)?;
    let id = apply(stage, (&owner, home.id, Channel::Portal), &form, at)?;
    step(stage, &owner, at, id, &Act::Submit(Some(form)))
}

fn is_taken(stage: &Stage, home: HomeId, day: LocalDate) -> Result<bool> {
    let (lives, applied) = stage
        .read(|db| Ok((domain::visits::facts::household_on(db, home, day)?, move_in::of_home(db, home)?)))?;
    Ok(lives.is_some() || !applied.is_empty())
}

/// What lies with the office goes on: looked at on the day, decided on the next, handed over a day later.
fn go_on(stage: &Stage, at: Instant) -> Result<()> {
    let states = [State::Submitted, State::Reviewing, State::Approved];
    let open = stage.read(|db| move_in::in_states(db, stage.community.id, &states))?;
    let told = stage.zone.start_of(stage.days_ago(TOLD));
    for (row, case) in open {
        let since = case.submitted_at.unwrap_or(case.created_at);
        if since >= told {
            continue;
        }
        let (Some(desk), Some(home)) = (stage.on_duty(Role::Desk, at)?, case.home_id) else { continue };
        match move_in::state(&case)? {
            State::Submitted => step(stage, &desk, at, case.id, &Act::StartReview)?,
            State::Reviewing if at.since(since) > TimeDelta::hours(20) => {
                if let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? {
                    step(stage, &supervisor, at, case.id, &Act::Approve)?;
                }
            }
            State::Approved if row.approved_at.is_some_and(|then| at.since(then) > TimeDelta::hours(20)) => {
                if let Some(steward) = stage.steward_of(home, at)? {
                    step(stage, &steward, at, case.id, &Act::HandOver(handover(false)))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn handover(with_defect: bool) -> Handover {
    let readings = [("water", "12.4"), ("electricity", "108.6"), ("gas", "3.1")];
    let defect = move_in::Defect {
        category: domain::categories::Shipped::DoorWindow.into(),
        text: "次卧窗锁松动".to_owned(),
    };
    Handover {
        identity_seen: true,
        readings: readings
            .map(|(meter, text)| (meter.to_owned(), text.to_owned()))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        // Where something is to be mended, the household takes the rules home to read them first.
        agreements: Agreement::ALL.iter().copied().skip(usize::from(with_defect)).collect(),
        keys: "入户门钥匙 3 把，门禁卡 2 张，信箱钥匙 1 把".to_owned(),
        defects: with_defect.then_some(defect).into_iter().collect(),
        attachments: Vec::new(),
    }
}
