//! `GET /supervisor`: what is late, what soon will be, and what waits for a decision.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::{Days, TimeDelta};
use domain::access::{Action, Actor, Object, allow};
use domain::cases::{self, Case};
use domain::community::Community;
use domain::duties::{self, Kind};
use domain::{
    CaseId, Db, Error, HomeId, Instant, Month, Result, audit, figures, homes, inspections, service_checks,
    visits,
};

use super::{quotas, span};
use crate::ctx::{Ctx, Reply};
use crate::views::figures::{ClockLine, Kept};
use crate::views::supervisor::{MissLine, SupervisorView, ViolationLine};

/// How far ahead clocks are looked at.
const AHEAD: TimeDelta = TimeDelta::hours(4);
/// How many clocks the page shows.
const CLOCKS: i64 = 100;

/// `GET /supervisor`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let community = ctx.community()?.clone();
    let view = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadFigures, Object::Community(community.id))?;
            view(db, (actor, now), &community)
        })
        .await?;
    ctx.page(&view)
}

fn view(db: &mut Db, (actor, now): (&Actor, Instant), community: &Community) -> Result<SupervisorView> {
    let month = Month::of(community.today(now)?);
    let span = span(community, month)?;
    let mut kept =
        |kind| Ok::<_, Error>(Kept::new(kind, duties::compliance(db, community.id, kind, span, now)?));
    let return_visits = kept(Kind::ReturnVisit)?;
    let looks = service_checks::KINDS.into_iter().map(kept).collect::<Result<_>>()?;
    let clocks = figures::clocks(db, actor, now, community.id, now.plus(AHEAD), CLOCKS)?;
    let (breached, soon): (Vec<_>, Vec<_>) = clocks.into_iter().partition(|clock| clock.due_at < now);
    let lines =
        |clocks: Vec<figures::Clock>| clocks.into_iter().map(|clock| ClockLine::new(clock, now)).collect();
    let undecided =
        visits::shortfalls(db, community.id, None)?.iter().filter(|one| one.decision.is_none()).count();
    Ok(SupervisorView {
        month,
        as_of: now,
        return_visits,
        looks,
        breached: lines(breached),
        soon: lines(soon),
        quota: quotas(db, (actor, now), community, month)?,
        misses: misses(db, community, now)?,
        violations: violations(db, community, now)?,
        late_visits: count(visits::waiting(db, community.id)?.len()),
        shortfalls: count(undecided),
    })
}

/// Sites without an inspection today or yesterday.
fn misses(db: &mut Db, community: &Community, now: Instant) -> Result<Vec<MissLine>> {
    let zone = community.zone()?;
    let yesterday = community.today(now)? - Days::new(1);
    let found = inspections::misses(db, community.id, zone.start_of(yesterday))?;
    let owners = audit::names(db, &found.iter().map(|miss| miss.duty.owner_id).collect::<Vec<_>>())?;
    let codes = homes::codes(db, &found.iter().filter_map(|miss| miss.home).collect::<Vec<_>>())?;
    let line = |miss: inspections::Miss| MissLine {
        number: miss.number,
        home: code(&codes, miss.home),
        owner: owners.get(&miss.duty.owner_id).cloned().unwrap_or_default(),
        // A day's duty ends with the day.
        day: zone.date(miss.duty.due_at.minus(TimeDelta::seconds(1))),
        made_up: miss.duty.record_id.is_some(),
    };
    Ok(found.into_iter().map(line).collect())
}

fn violations(db: &mut Db, community: &Community, now: Instant) -> Result<Vec<ViolationLine>> {
    let today = community.today(now)?;
    let found = inspections::all_open_violations(db, community.id)?;
    let mut sites: BTreeMap<CaseId, Case> = BTreeMap::new();
    for violation in &found {
        if let Entry::Vacant(place) = sites.entry(violation.case_id) {
            place.insert(cases::by_id(db, violation.case_id)?);
        }
    }
    let codes = homes::codes(db, &sites.values().filter_map(|case| case.home_id).collect::<Vec<_>>())?;
    let line = |violation: inspections::Violation| {
        let site = sites.get(&violation.case_id);
        ViolationLine {
            number: site.map(|case| case.number().to_owned()).unwrap_or_default(),
            home: code(&codes, site.and_then(|case| case.home_id)),
            severe: violation.is_severe(),
            late: violation.deadline.is_some_and(|deadline| deadline < today),
            deadline: violation.deadline,
            item: violation.item,
        }
    };
    Ok(found.into_iter().map(line).collect())
}

fn code(codes: &BTreeMap<HomeId, String>, home: Option<HomeId>) -> String {
    home.and_then(|home| codes.get(&home).cloned()).unwrap_or_default()
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}
