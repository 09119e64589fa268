//! Renovation sites: the list, registering a running one, a site with its inspections, the misses.

pub(crate) mod inspect;
pub(crate) mod register;
pub(crate) mod site;

use chrono::TimeDelta;
use domain::access::{Action, Object, allow, may};
use domain::duties::{self, Kind, SubjectKind};
use domain::{CaseId, Db, Error, LocalDate, audit, inspections, renovation, visits};

use crate::ctx::{Ctx, Reply};
use crate::views::renovation::{MissRow, MissesView, SiteRow, SitesView};

/// `GET /renovations`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.clone();
    let view = ctx
        .read(move |db, actor, now| {
            let here = Object::Community(community.id);
            allow(db, actor, now, Action::Inspect, here)
                .or_else(|_| allow(db, actor, now, Action::RegisterRenovation, here))
                .or_else(|_| allow(db, actor, now, Action::ReadFigures, here))?;
            let today = community.today(now)?;
            let mut rows = Vec::new();
            for (row, case) in renovation::sites(db, community.id, today)? {
                if !may(db, actor, now, Action::ReadCase, Object::Case(community.id, case.id))? {
                    continue;
                }
                let home = case.home_id.ok_or(Error::NotFound)?;
                rows.push(SiteRow {
                    number: case.number().to_owned(),
                    code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
                    state: case.state.clone(),
                    contractor: row.contractor,
                    ends_on: row.ends_on,
                    today: self::today(db, case.id, today)?,
                    violations: inspections::open_violations(db, case.id)?.len(),
                });
            }
            // What is to be looked at today is on top, then what is to be mended, then whose permit ends first.
            rows.sort_by_key(|row| (row.today != "open", row.violations == 0, row.ends_on));
            let registers = may(db, actor, now, Action::RegisterRenovation, Object::Community(community.id))?;
            Ok(SitesView { rows, registers })
        })
        .await?;
    ctx.page(&view)
}

/// Whether a site was looked at on a day, as pages say it: `done`, `open`, or `none` where nothing is owed.
fn today(db: &mut Db, case: CaseId, day: LocalDate) -> domain::Result<&'static str> {
    let subject = (SubjectKind::Case, case.0);
    let duty = duties::of_occurrence(db, Kind::RenovationInspection, subject, &day.to_string())?;
    Ok(match duty.map(|duty| duty.state) {
        None => "none",
        Some(duties::State::Open) => "open",
        Some(_) => "done",
    })
}

/// `GET /inspections/misses`
pub(crate) async fn misses(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let view = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::DecideVisit, Object::Community(community))?;
            let found = inspections::misses(db, community, now.minus(TimeDelta::days(60)))?;
            let names = audit::names(db, &found.iter().map(|miss| miss.duty.owner_id).collect::<Vec<_>>())?;
            let homes: Vec<_> = found.iter().filter_map(|miss| miss.home).collect();
            let codes = visits::codes(db, &homes)?;
            let code = |home| codes.get(&home).map(|(code, _)| code.clone()).unwrap_or_default();
            let rows = found.into_iter().map(|miss| MissRow {
                code: miss.home.map(code).unwrap_or_default(),
                owner: names.get(&miss.duty.owner_id).cloned().unwrap_or_default(),
                later: miss.duty.record_id,
                day: miss.duty.occurrence,
                number: miss.number,
            });
            Ok(MissesView { rows: rows.collect() })
        })
        .await?;
    ctx.page(&view)
}
