//! `/roster`: who is on duty this week; one's own leave; for who keeps the roster, what waits for a decision.

pub(crate) mod leave;
pub(crate) mod person;

use std::collections::BTreeMap;

use actix_web::web::Query;
use chrono::{Datelike, Days};
use domain::access::{Action, Actor, Object, may};
use domain::roster::{self, Leave, Plan};
use domain::{CommunityId, Db, Error, Instant, LocalDate, PersonId, Result, audit, clock, community};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::views::roster::{LeaveRow, PostTable, RosterView, Who};

/// How many days a page shows.
const WEEK: usize = 7;

/// Which week.
#[derive(Debug, Deserialize)]
pub(crate) struct Week {
    from: Option<String>,
}

/// `GET /roster?from=2026-11-23`
pub(crate) async fn show(ctx: Ctx, week: Query<Week>) -> Reply {
    let from = match week.from.as_deref() {
        Some(text) => Some(clock::day(text).ok_or_else(|| Error::field("from", "date"))?),
        None => None,
    };
    let view = view(&ctx, from).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, from: Option<LocalDate>) -> Result<RosterView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let today = community::by_id(db, community)?.today(now)?;
        let from = monday(from.unwrap_or(today));
        let plan = roster::plan(db, actor, now, community, (from, WEEK))?;
        let keeps = may(db, actor, now, Action::KeepRoster, Object::Community(community))?;
        let own = match actor.person {
            Some(person) => roster::of(db, actor, now, community, person)?,
            None => Vec::new(),
        };
        let waiting = roster::waiting(db, actor, now, community)?;
        let names = names(db, waiting.iter().chain(&own))?;
        let row = |leave: &Leave| LeaveRow::of(leave, &names, today);
        let ask = |leave: &Leave| row(leave).asked(colleagues(&plan, leave.person_id), actor.person);
        Ok(RosterView {
            from,
            before: from - Days::new(7),
            after: from + Days::new(7),
            this: monday(today),
            days: plan.days.iter().map(|(day, working)| (*day, *working).into()).collect(),
            waiting: waiting.iter().map(ask).collect(),
            own: own.iter().map(row).collect(),
            posts: plan.posts.iter().map(PostTable::of).collect(),
            keeps,
            form: Form::new(leave::FORM),
        })
    })
    .await
}

/// The Monday of a day's week.
fn monday(day: LocalDate) -> LocalDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

fn names<'l>(db: &mut Db, leaves: impl Iterator<Item = &'l Leave>) -> Result<BTreeMap<PersonId, String>> {
    let people: Vec<PersonId> = leaves
        .flat_map(|leave| [Some(leave.person_id), leave.substitute_id, leave.decided_by])
        .flatten()
        .collect();
    audit::names(db, &people)
}

/// Who holds one of the posts of somebody, and could stand in for them.
fn colleagues(plan: &Plan, person: PersonId) -> Vec<Who> {
    let mut all: Vec<Who> = Vec::new();
    for post in plan.posts.iter().filter(|post| post.lines.iter().any(|line| line.person == person)) {
        for line in post.lines.iter().filter(|line| line.person != person) {
            if all.iter().all(|one| one.value != line.person) {
                all.push(Who { value: line.person, text: line.name.clone() });
            }
        }
    }
    all
}

/// Who could stand in for somebody this week.
fn colleagues_of(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, person): (CommunityId, PersonId),
) -> Result<Vec<Who>> {
    let today = community::by_id(db, community)?.today(now)?;
    let plan = roster::plan(db, actor, now, community, (today, 1))?;
    Ok(colleagues(&plan, person))
}
