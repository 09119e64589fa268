//! The tables of figures as files for spreadsheets, with stable headings in English and money in fen.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::collection::{self, By};
use domain::{Error, Instant, csv_out};

use super::rows::{Asked, case_rows, duty_rows};
use super::{month, quotas};
use crate::ctx::{Ctx, Reply};

/// The most rows that leave at once.
const MOST: i64 = 100_000;

/// `GET /manager/{table}.csv`: `collection`, by building and item, or `quota`.
pub(crate) async fn table(ctx: Ctx, name: Path<String>, asked: Query<Month>) -> Reply {
    let (name, community) = (name.into_inner(), ctx.community()?.clone());
    let asked = asked.into_inner().month;
    let csv = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Export, Object::Community(community.id))?;
            let month = month(asked.as_deref(), &community, now)?;
            match name.as_str() {
                "collection" => {
                    let mut rows =
                        vec![heading(["by", "key", "charges", "due_fen", "collected_fen", "rate"])];
                    for by in [By::Building, By::Item] {
                        let figures = collection::figures(db, actor, now, community.id, (month, by), None)?;
                        rows.extend(figures.into_iter().map(|one| collected(by, one)));
                    }
                    csv_out::write(&rows)
                }
                "quota" => {
                    let mut rows =
                        vec![heading(["steward", "counted", "quota", "expected", "short_by", "state"])];
                    rows.extend(quotas(db, (actor, now), &community, month)?.into_iter().map(|one| {
                        let numbers =
                            [one.counted, one.quota, one.expected, one.short_by].map(|n| n.to_string());
                        let [counted, quota, expected, short_by] = numbers;
                        [one.name, counted, quota, expected, short_by, one.state.to_owned()]
                    }));
                    csv_out::write(&rows)
                }
                _ => Err(Error::NotFound),
            }
        })
        .await?;
    Ok(file("figures.csv", &csv))
}

/// Which month.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Month {
    month: Option<String>,
}

fn collected(by: By, one: collection::Figure) -> [String; 6] {
    let rate = one.rate().map(|rate| format!("{}.{:02}", rate / 100, rate % 100)).unwrap_or_default();
    let numbers = [one.charges, one.due.0, one.collected.0].map(|n| n.to_string());
    let [charges, due, collected] = numbers;
    [by.as_str().to_owned(), one.key, charges, due, collected, rate]
}

/// `GET /figures/cases.csv`
pub(crate) async fn cases(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (_, found) = case_rows(&ctx, asked.into_inner(), (0, MOST)).await?;
    let mut rows = vec![heading([
        "number",
        "kind",
        "state",
        "home",
        "category",
        "urgency",
        "accountable",
        "submitted_at",
        "resolve_by",
        "resolved_at",
        "rating",
    ])];
    rows.extend(found.into_iter().map(|one| {
        [
            one.number,
            one.kind.to_string(),
            one.state,
            one.home.or(one.place).unwrap_or_default(),
            one.category,
            one.urgency.to_string(),
            one.accountable.unwrap_or_default(),
            one.submitted_at.to_string(),
            moment(one.resolve_by),
            moment(one.resolved_at),
            one.rating.map(|rating| rating.to_string()).unwrap_or_default(),
        ]
    }));
    Ok(file("cases.csv", &csv_out::write(&rows)?))
}

/// `GET /figures/duties.csv`
pub(crate) async fn duties(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (_, found) = duty_rows(&ctx, asked.into_inner(), (0, MOST)).await?;
    let mut rows =
        vec![heading(["case", "home", "owner", "due_at", "state", "finished_at", "attempts", "reason"])];
    rows.extend(found.into_iter().map(|one| {
        [
            one.number.unwrap_or_default(),
            one.home.unwrap_or_default(),
            one.owner,
            one.due_at.to_string(),
            one.state.to_string(),
            moment(one.finished_at),
            one.attempts.to_string(),
            one.reason.unwrap_or_default(),
        ]
    }));
    Ok(file("duties.csv", &csv_out::write(&rows)?))
}

fn heading<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(str::to_owned)
}

fn moment(at: Option<Instant>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// A file to be saved; its first bytes tell spreadsheets that it is UTF-8.
pub(crate) fn file(name: &str, csv: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(format!("\u{feff}{csv}"))
}
