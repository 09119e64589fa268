//! `/demands/batches/{id}`: the letters that were made together, as a list and as one file to print.

use actix_web::web::Path;
use domain::{DemandBatchId, demands};

use super::sheet;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::views::money::demands::{BatchRow, BatchView, DemandRow};

/// `GET /demands/batches/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DemandBatchId(*id);
    let view = ctx
        .read(move |db, actor, now| {
            let (batch, all) = demands::batch(db, actor, now, id)?;
            let rows = DemandRow::all(db, all)?;
            Ok(BatchView { batch: BatchRow::from(batch), rows })
        })
        .await?;
    ctx.page(&view)
}

/// `GET /demands/batches/{id}/letters.pdf`
pub(crate) async fn letters(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DemandBatchId(*id);
    let sheets = ctx
        .read(move |db, actor, now| {
            let (_, all) = demands::batch(db, actor, now, id)?;
            all.into_iter().map(|one| sheet::Sheet::of(db, one)).collect::<domain::Result<Vec<_>>>()
        })
        .await?;
    let documents = sheets.iter().map(|sheet| sheet.document(&ctx)).collect();
    files::pdf(&ctx, "demands.pdf", documents).await
}
