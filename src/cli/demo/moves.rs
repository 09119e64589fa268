//! Move-ins in every state: owners into homes that stand empty, and a buyer, whom the desk wrote down, into one that the
//! developer has just finished.

use std::collections::BTreeMap;

use domain::access::Actor;
use domain::cases::{self, Case, Channel};
use domain::move_in::{self, Act, Form, Handover, Kind};
use domain::{Instant, Result};

use super::stage::{Home, Stage};

/// How far each application comes, for one vacant home after the other.
const STORIES: &[&str] =
    &["draft", "submitted", "reviewing", "returned", "approved", "handed_over", "withdrawn", "rejected"];

/// Plays every story.
pub(super) fn play(stage: &Stage) -> Result<()> {
    let homes: Vec<&Home> = stage.homes_that_are("vacant").collect();
    STORIES.iter().zip(homes).try_for_each(|(until, home)| tell(stage, home, until))?;
    walk_in(stage)
}

/// A buyer at the desk: approved, so that the steward can hand the new home over and its fees begin.
fn walk_in(stage: &Stage) -> Result<()> {
    use diesel::prelude::*;
    use domain::db::schema::homes;
    let new = stage.store.read_now(|db| {
        let undelivered = homes::table.filter(homes::community_id.eq(stage.community.id.0));
        let undelivered = undelivered.filter(homes::delivered_on.is_null()).order(homes::register_order);
        Ok(undelivered.select(homes::id).first(db).optional()?)
    })?;
    let Some(home) = new else { return Ok(()) };
    let at = stage.ago(2, 11, 0);
    let desk = stage.staff("E005", at)?;
    let form = Form {
        kind: Some(Kind::Owner),
        name: "吴佩兰".to_owned(),
        phone: Some("13700007788".to_owned()),
        id_last4: Some("4820".to_owned()),
        wished_on: Some(stage.today + chrono::Days::new(3)),
        ..Form::default()
    };
    let what = (&form, Channel::WalkIn, "开发商交付通知书已核对", &[][..]);
    let case = stage.store.write_now(|tx| move_in::apply(tx, &desk, at, (stage.community.id, home), what))?;
    step(stage, &desk, stage.ago(2, 11, 10), &case, &Act::StartReview)?;
    step(stage, &desk, stage.ago(1, 9, 30), &case, &Act::Approve)
}

fn tell(stage: &Stage, home: &Home, until: &str) -> Result<()> {
    let at = stage.ago(3, 9, 30);
    let owner = stage.owner(home, at)?;
    let form = Form {
        kind: Some(Kind::Owner),
        wished_on: Some(stage.today + chrono::Days::new(6)),
        id_last4: Some("201X".to_owned()),
        ..Form::default()
    };
    let place = (stage.community.id, home.id);
    let case = stage.store.write_now(|tx| {
        let case = move_in::draft(tx, &owner, at, place, Channel::Portal)?;
        move_in::save(tx, &owner, at, case.id, &form)?;
        cases::by_id(tx, case.id)
    })?;
    let desk = stage.staff("E005", at)?;
    let steward = steward_of(stage, home, stage.ago(1, 10, 0))?;
    let steps: &[(&Actor, u64, u32, Act)] = &[
        (&owner, 3, 10, Act::Submit(Some(form.clone()))),
        (&desk, 2, 9, Act::StartReview),
        (&desk, 2, 10, Act::Return("请补充身份证后四位与购房合同。".to_owned())),
        (&owner, 2, 12, Act::Submit(Some(form.clone()))),
        (&desk, 2, 15, Act::Approve),
        (&steward, 1, 10, Act::HandOver(handover())),
    ];
    let count = match until {
        "submitted" | "withdrawn" => 1,
        "reviewing" | "rejected" => 2,
        "returned" => 3,
        "approved" => 5,
        "handed_over" => 6,
        _ => 0,
    };
    for (who, days, hour, act) in steps.iter().take(count) {
        step(stage, who, stage.ago(*days, *hour, 20), &case, act)?;
    }
    match until {
        "withdrawn" => step(stage, &owner, stage.ago(2, 9, 0), &case, &Act::Withdraw("改期再办".to_owned())),
        "rejected" => {
            step(stage, &desk, stage.ago(1, 9, 0), &case, &Act::Reject("房屋登记人与申请人不符。".to_owned()))
        }
        _ => Ok(()),
    }
}

fn step(stage: &Stage, who: &Actor, at: Instant, case: &Case, act: &Act) -> Result<()> {
    stage.store.write_now(|tx| {
        let version = cases::by_id(tx, case.id)?.version;
        move_in::act(tx, who, at, (case.id, version), act).map(|_| ())
    })
}

/// The steward whose area the home is in.
fn steward_of(stage: &Stage, home: &Home, at: Instant) -> Result<Actor> {
    use diesel::prelude::*;
    use domain::db::schema::home_stewards as areas;
    let day = stage.zone.date(at);
    let person = stage.store.read_now(|db| {
        Ok(areas::table
            .filter(areas::home_id.eq(home.id).and(areas::starts_on.le(day)))
            .filter(areas::ends_on.is_null().or(areas::ends_on.ge(day)))
            .select(areas::steward_id)
            .first(db)?)
    })?;
    stage.person(person, at)
}

fn handover() -> Handover {
    let readings = [("water", "12.4"), ("electricity", "108.6"), ("gas", "3.1")];
    Handover {
        identity_seen: true,
        readings: readings
            .map(|(meter, text)| (meter.to_owned(), text.to_owned()))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        keys: "入户门钥匙 3 把，门禁卡 2 张，信箱钥匙 1 把".to_owned(),
        defects: vec![move_in::Defect {
            category: domain::repairs::Category::DoorWindow,
            text: "次卧窗锁松动".to_owned(),
        }],
        attachments: Vec::new(),
    }
}
