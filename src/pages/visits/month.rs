//! `/visits`: a steward's month with every visit; the same of a steward for the supervisor.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::visits::{self, Shortfall, quota};
use domain::{Db, Error, Month, PersonId, audit};
use serde::Deserialize;

use super::rows;
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::views::visits::{CorrectionRow, MonthView, Ring, ShortRow, by_week};

/// Which month.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    month: Option<String>,
}

impl Asked {
    /// The month that was asked for, else the present one.
    pub(crate) fn month(&self, ctx: &Ctx) -> domain::Result<Month> {
        match &self.month {
            Some(text) => text.parse().map_err(|_| Error::field("month", "month")),
            None => Ok(Month::of(ctx.community()?.today(ctx.now)?)),
        }
    }
}

/// `GET /visits`
pub(crate) async fn own(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let person = ctx.actor.person.ok_or(Error::NotSignedIn)?;
    let view = view(&ctx, person, asked.month(&ctx)?).await?;
    ctx.page(&view)
}

/// `GET /visits/team/{steward}`
pub(crate) async fn of_steward(ctx: Ctx, steward: Path<i64>, asked: Query<Asked>) -> Reply {
    let view = view(&ctx, PersonId(steward.into_inner()), asked.month(&ctx)?).await?;
    ctx.page(&view)
}

pub(super) async fn view(ctx: &Ctx, steward: PersonId, month: Month) -> domain::Result<MonthView> {
    let (community, zone) = (ctx.community()?.id, ctx.community()?.zone()?);
    ctx.read(move |db, actor, now| {
        let own = actor.person == Some(steward);
        allow(db, actor, now, Action::ReadQuota, Object::Person(community, steward))?;
        let figure = match quota::of(db, actor, now, (community, steward), month) {
            Ok(figure) => Some(figure),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let mut all = visits::of_month(db, community, month, Some(steward))?;
        all.reverse();
        let shorts = visits::shortfalls(db, community, Some(steward))?;
        Ok(MonthView {
            who: audit::names(db, &[steward])?.remove(&steward).unwrap_or_default(),
            own,
            base: if own { "/visits".to_owned() } else { format!("/visits/team/{steward}") },
            month,
            before: month.prev(),
            after: month.next(),
            weeks: by_week(rows(db, &all)?, zone),
            corrections: corrections(db, figure.as_ref())?,
            ring: figure.as_ref().map(Ring::from),
            shorts: short_rows(db, shorts)?,
            form: Form::new("visits.form"),
        })
    })
    .await
}

fn corrections(db: &mut Db, figure: Option<&visits::Figure>) -> domain::Result<Vec<CorrectionRow>> {
    let lines = figure.map(|figure| figure.corrections.clone()).unwrap_or_default();
    let people: Vec<PersonId> = lines.iter().filter_map(|line| line.by_id).collect();
    let names = audit::names(db, &people)?;
    let row = |line: &visits::Correction| CorrectionRow {
        visit: line.visit_id.0,
        cause: line.cause.as_str(),
        delta: line.delta,
        by: line.by_id.and_then(|by| names.get(&by).cloned()).unwrap_or_default(),
        at: line.at,
    };
    Ok(lines.iter().map(row).collect())
}

pub(super) fn short_rows(db: &mut Db, all: Vec<Shortfall>) -> domain::Result<Vec<ShortRow>> {
    let people: Vec<PersonId> = all.iter().map(|one| one.steward_id).collect();
    let names = audit::names(db, &people)?;
    let row = |one: Shortfall| ShortRow {
        id: one.id,
        who: names.get(&one.steward_id).cloned().unwrap_or_default(),
        month: one.month,
        short_by: one.short_by,
        reason: one.reason,
        decision: one.decision.map(visits::Decision::as_str),
        note: one.note,
    };
    Ok(all.into_iter().map(row).collect())
}
