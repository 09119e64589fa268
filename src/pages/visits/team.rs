//! `/visits/team`: the quota of every steward with the month's curve, late visits to accept, short months to
//! decide.

use std::cmp::Reverse;

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::visits::{self, Visit, quota, rules};
use domain::{Month, audit};
use serde::Deserialize;

use super::month::{Asked, short_rows};
use super::rows;
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::pages::sorting::order;
use crate::views::visits::{Ring, TeamRow, TeamView};

/// How stewards are sorted.
const WAYS: [&str; 3] = ["register", "behind", "counted"];

/// `GET /visits/team`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>, sorted: Query<Sorted>) -> Reply {
    let view = view(&ctx, asked.month(&ctx)?, sorted.sort.as_deref()).await?;
    ctx.page(&view)
}

/// In which order.
#[derive(Debug, Deserialize)]
pub(crate) struct Sorted {
    sort: Option<String>,
}

/// By the register, or who needs a word most first.
fn sort(team: &mut [TeamRow], way: &str) {
    match way {
        "behind" => team.sort_by_key(|row| Reverse((row.ring.behind, row.ring.short_by))),
        "counted" => team.sort_by_key(|row| row.ring.counted),
        _ => {}
    }
}

pub(super) async fn view(ctx: &Ctx, month: Month, asked: Option<&str>) -> domain::Result<TeamView> {
    let way = order(asked, &WAYS)?;
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::DecideVisit, Object::Community(community.id))?;
        let zone = community.zone()?;
        let figures = quota::all(db, actor, now, community.id, month)?;
        let people: Vec<_> = figures.iter().map(|figure| figure.steward).collect();
        let names = audit::names(db, &people)?;
        let all = visits::of_month(db, community.id, month, None)?;
        let team = figures.iter().map(|figure| {
            let theirs: Vec<&Visit> =
                all.iter().filter(|visit| visit.row.steward_id == figure.steward).collect();
            TeamRow {
                id: figure.steward,
                name: names.get(&figure.steward).cloned().unwrap_or_default(),
                ring: Ring::from(figure),
                curve: curve(&theirs, figure.quota, (month, zone.date(now))),
            }
        });
        let mut team: Vec<TeamRow> = team.collect();
        sort(&mut team, way);
        let waiting = visits::waiting(db, community.id)?;
        let shorts = visits::shortfalls(db, community.id, None)?;
        Ok(TeamView {
            month,
            before: month.prev(),
            after: month.next(),
            ways: WAYS.to_vec(),
            sort: way,
            rows: team,
            waiting: rows(db, &waiting)?,
            shorts: short_rows(db, shorts)?,
            form: Form::new("visits.form"),
        })
    })
    .await
}

/// Households counted by the end of each day, as points in a box of 120 × 40 whose top is the quota.
fn curve(visits: &[&Visit], quota: i64, (month, today): (Month, domain::LocalDate)) -> String {
    let mut seen = std::collections::BTreeSet::new();
    let mut points = Vec::new();
    for (n, day) in (1_i64..).zip(month.each_day()).take_while(|(_, day)| *day <= today) {
        let counting = visits.iter().filter(|visit| {
            visit.row.day == day && rules::counting(visit).is_some_and(|one| one.until.is_none())
        });
        seen.extend(counting.map(|visit| visit.row.household_id));
        let counted = i64::try_from(seen.len()).unwrap_or(0).min(quota.max(1));
        points.push(format!("{},{}", n * 120 / month.days(), 40 - counted * 40 / quota.max(1)));
    }
    points.join(" ")
}
