//! The manager's figures of money: collection, ageing, and the rows behind each figure.

use std::collections::BTreeMap;

use actix_web::web::Query;
use domain::access::{Action, Object, allow, may};
use domain::collection::{self, Age, By, Figure};
use domain::ledger::{self, ChargeFilter, Page};
use domain::{BuildingId, Error, FeeItemId, LocalDate, Month, PersonId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::figures::points;
use crate::views::money::collection::{AgeRow, ChargeRow, ChargesView, CollectionView, FigureRow};
use crate::views::money::percent;

/// Which figures.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    period: Option<String>,
    by: Option<String>,
}

/// `GET /collection`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (asked, community) = (asked.into_inner(), ctx.community()?.clone());
    let view = ctx
        .read(move |db, actor, now| {
            let today = community.today(now)?;
            let period: Month = match &asked.period {
                Some(text) => text.parse().map_err(|_| Error::field("period", "month"))?,
                None => Month::of(today),
            };
            let by: By = match &asked.by {
                Some(word) => word.parse().map_err(|_| Error::field("by", "choice"))?,
                None => By::Building,
            };
            let figures = collection::figures(db, actor, now, community.id, (period, by), None)?;
            let whole = match by {
                By::Building => figures.clone(),
                _ => collection::figures(db, actor, now, community.id, (period, By::Building), None)?,
            };
            let (due, collected) =
                (whole.iter().map(|f| f.due).sum(), whole.iter().map(|f| f.collected).sum());
            let ageing = collection::ageing(db, actor, now, community.id)?;
            let year_ago = (collection::year_ago(period), by);
            let before = collection::figures(db, actor, now, community.id, year_ago, None)?;
            let before: Before = before.into_iter().map(|one| (same(&one, by), one.rate())).collect();
            let running = Month::of(today);
            Ok(CollectionView {
                takes: may(db, actor, now, Action::Export, Object::Community(community.id))?,
                period,
                previous: period.prev(),
                next: period.next(),
                by: by.as_str(),
                ways: By::ALL.iter().map(|by| by.as_str()).collect(),
                as_of: now,
                due,
                collected,
                rate: percent(collection::rate(due, collected)),
                prior_years: collection::prior_years(db, community.id, period)?,
                rows: figures.into_iter().map(|figure| row(figure, (period, by), running, &before)).collect(),
                most: ageing.iter().map(|one| one.open.0).max().unwrap_or(0),
                ageing: ageing.into_iter().map(|one| age_row(one, today)).collect(),
            })
        })
        .await?;
    ctx.page(&view)
}

/// The rates of a year ago, by what tells their figures apart.
type Before = BTreeMap<String, Option<i64>>;

/// What tells a figure from the others of its kind in every year: the month without its year, else its id.
fn same(figure: &Figure, by: By) -> String {
    match by {
        By::Month => figure.key.rsplit('-').next().unwrap_or_default().to_owned(),
        _ => figure.id.to_string(),
    }
}

fn row(figure: Figure, (period, by): (Month, By), running: Month, before: &Before) -> FigureRow {
    let href = match by {
        By::Building => format!("/charges?due_month={period}&building={}", figure.id),
        By::Item => format!("/charges?due_month={period}&item={}", figure.id),
        By::Steward => format!("/charges?due_month={period}&steward={}", figure.id),
        By::Month => format!("/charges?due_month={}", figure.key),
    };
    let year_ago = before.get(&same(&figure, by)).copied().flatten();
    // A month that still runs has not had the time of the one before.
    let month = if by == By::Month { figure.key.as_str() } else { period.as_str() };
    let over = month < running.as_str();
    let change = figure.rate().zip(year_ago).filter(|_| over).map(|(now, then)| points(now - then));
    FigureRow {
        charges: figure.charges,
        due: figure.due,
        collected: figure.collected,
        rate: percent(figure.rate()),
        year_ago: percent(year_ago),
        change,
        name: figure.name,
        href,
    }
}

fn age_row(one: collection::Ageing, today: LocalDate) -> AgeRow {
    let (from, to) = one.age.due_days(today);
    let bound =
        |name: &str, day: Option<LocalDate>| day.map_or(String::new(), |day| format!("&{name}={day}"));
    let href = format!("/charges?open=yes{}{}", bound("due_from", from), bound("due_to", to));
    AgeRow { age: Age::as_str(one.age), charges: one.charges, open: one.open, href }
}

/// Which charges.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rows {
    due_month: Option<Month>,
    building: Option<i64>,
    item: Option<i64>,
    steward: Option<i64>,
    due_from: Option<LocalDate>,
    due_to: Option<LocalDate>,
    open: Option<String>,
    after: Option<i64>,
}

/// How many rows a page has.
const ROWS: i64 = 200;

/// `GET /charges`
pub(crate) async fn charges(ctx: Ctx, asked: Query<Rows>) -> Reply {
    let (asked, community) = (asked.into_inner(), ctx.community()?.clone());
    let base = without_after(&ctx.path);
    let view = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadCollection, Object::Community(community.id))?;
            let today = community.today(now)?;
            let filter = ChargeFilter {
                building: asked.building.map(BuildingId),
                item: asked.item.map(FeeItemId),
                due_month: asked.due_month,
                due_from: asked.due_from,
                due_to: asked.due_to,
                steward: asked.steward.map(|id| (PersonId(id), today)),
                open_only: asked.open.is_some(),
                ..ChargeFilter::default()
            };
            let page = Page { after: asked.after.unwrap_or(0), limit: ROWS };
            let lines = ledger::list(db, community.id, &filter, page)?;
            let full = i64::try_from(lines.len()).is_ok_and(|count| count == ROWS);
            let last = lines.last().map_or(0, |line| line.charge.id.0);
            let more = if full { format!("{base}after={last}") } else { String::new() };
            Ok(ChargesView { rows: lines.into_iter().map(charge_row).collect(), more })
        })
        .await?;
    ctx.page(&view)
}

/// The address without its cursor, ready for another one.
fn without_after(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|part| !part.is_empty() && !part.starts_with("after=")).collect();
    if kept.is_empty() { format!("{path}?") } else { format!("{path}?{}&", kept.join("&")) }
}

fn charge_row(line: ledger::ChargeLine) -> ChargeRow {
    let charge = line.charge;
    ChargeRow {
        open: charge.open(),
        home: line.home,
        name: line.item_name,
        subject: charge.subject,
        period: charge.period,
        payer: line.payer,
        amount: charge.amount,
        due_on: charge.due_on,
    }
}

#[cfg(test)]
mod tests {
    use super::without_after;

    #[test]
    fn the_next_page_keeps_its_filters() {
        for (path, base) in [
            ("/charges", "/charges?"),
            ("/charges?due_month=2026-11", "/charges?due_month=2026-11&"),
            ("/charges?due_month=2026-11&after=7", "/charges?due_month=2026-11&"),
        ] {
            assert_eq!(without_after(path), base);
        }
    }
}
