//! The manager's figures of money: collection, ageing, who owes, and the rows behind each figure.

use actix_web::web::Query;
use domain::access::{Action, Object, allow, may};
use domain::collection::{self, Age, By, DebtorOrder, Figure};
use domain::ledger::{self, ChargeFilter, Page};
use domain::{BuildingId, Error, FeeItemId, LocalDate, Month, PersonId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::money::collection::{
    AgeRow, ArrearsRow, ArrearsView, ChargeRow, ChargesView, CollectionView, FigureRow,
};
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
            Ok(CollectionView {
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
                rows: figures.into_iter().map(|figure| row(figure, period, by)).collect(),
                most: ageing.iter().map(|one| one.open.0).max().unwrap_or(0),
                ageing: ageing.into_iter().map(|one| age_row(one, today)).collect(),
            })
        })
        .await?;
    ctx.page(&view)
}

fn row(figure: Figure, period: Month, by: By) -> FigureRow {
    let href = match by {
        By::Building => format!("/charges?due_month={period}&building={}", figure.id),
        By::Item => format!("/charges?due_month={period}&item={}", figure.id),
        By::Steward => format!("/charges?due_month={period}&steward={}", figure.id),
        By::Month => format!("/charges?due_month={}", figure.key),
    };
    FigureRow {
        charges: figure.charges,
        due: figure.due,
        collected: figure.collected,
        rate: percent(figure.rate()),
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

/// How many of those who owe a page has.
const MOST_DEBTORS: i64 = 50;

/// Which part of the list, in which order.
#[derive(Debug, Deserialize)]
pub(crate) struct Debtors {
    offset: Option<i64>,
    sort: Option<String>,
}

/// `GET /arrears`
pub(crate) async fn arrears(ctx: Ctx, asked: Query<Debtors>) -> Reply {
    let (community, offset) = (ctx.community()?.id, asked.offset.unwrap_or(0).max(0));
    let order = asked.sort.as_deref().unwrap_or(DebtorOrder::Overdue.as_str());
    let order: DebtorOrder = order.parse().map_err(|_| Error::field("sort", "choice"))?;
    let part = (offset, MOST_DEBTORS);
    let (rows, keeps) = ctx
        .read(move |db, actor, now| {
            let keeps = may(db, actor, now, Action::KeepDebts, Object::Community(community))?;
            Ok((collection::arrears(db, actor, now, community, order, part)?, keeps))
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == MOST_DEBTORS);
    let base = format!("/arrears?sort={order}");
    let next = offset.saturating_add(MOST_DEBTORS);
    let more = if full { format!("{base}&offset={next}") } else { String::new() };
    let first = if offset > 0 { base } else { String::new() };
    let row = |row: collection::Arrears| ArrearsRow {
        account: row.account_id,
        home: row.home,
        payer: row.payer,
        charges: row.charges,
        open: row.open,
        overdue: row.overdue,
        oldest_period: row.oldest_period,
        oldest_due_on: row.oldest_due_on,
    };
    let rows: Vec<ArrearsRow> = rows.into_iter().map(row).collect();
    let ways = DebtorOrder::ALL.iter().map(|order| order.as_str()).collect();
    ctx.page(&ArrearsView { rows, keeps, ways, sort: order.as_str(), first, more })
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
