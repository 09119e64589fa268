//! The tables of figures as files: `….csv` with stable headings in English and money in fen, `….xlsx` for people.

use actix_web::web::{Path, Query};
use domain::Error;
use domain::access::{Action, Object, allow};

use super::rows::{Asked, case_rows, duty_rows};
use super::{month, quotas};
use crate::ctx::{Ctx, Reply};
use crate::tables::{self, money, work};

/// The most rows that leave at once.
const MOST: i64 = 100_000;

/// `GET /manager/{table}.csv`: `collection`, by building, item and steward, or `quota`.
pub(crate) async fn table(ctx: Ctx, name: Path<String>, asked: Query<Month>) -> Reply {
    let (name, community) = (name.into_inner(), ctx.community()?.clone());
    let asked = asked.into_inner().month;
    let (shape, month, rows) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Export, Object::Community(community.id))?;
            let month = month(asked.as_deref(), &community, now)?;
            let mut rows = Vec::new();
            let shape = match name.as_str() {
                "collection" => {
                    money::collected(db, (actor, now), community.id, month, &mut |row| {
                        rows.push(row);
                        Ok(())
                    })?;
                    money::COLLECTION
                }
                "quota" => {
                    rows.extend(quotas(db, (actor, now), &community, month)?.into_iter().map(work::quota));
                    work::QUOTA
                }
                _ => return Err(Error::NotFound),
            };
            Ok((shape, month, rows))
        })
        .await?;
    tables::deliver(&ctx, shape, month.as_str(), rows).await
}

/// Which month.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Month {
    month: Option<String>,
}

/// `GET /figures/cases.csv`
pub(crate) async fn cases(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (month, found) = case_rows(&ctx, asked.into_inner(), (0, MOST)).await?;
    let rows = found.into_iter().map(work::case).collect();
    tables::deliver(&ctx, work::CASES, month.as_str(), rows).await
}

/// `GET /figures/duties.csv`
pub(crate) async fn duties(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (month, found) = duty_rows(&ctx, asked.into_inner(), (0, MOST)).await?;
    let rows = found.into_iter().map(work::duty).collect();
    tables::deliver(&ctx, work::DUTIES, month.as_str(), rows).await
}
