//! `GET /move-ins/{number}/handover/record`: the record of a handover on paper, to be signed by both.

use actix_web::web::Path;

use super::show;
use crate::ctx::{Ctx, Reply, see_other};
use crate::pages::account::second_factor::qr;
use crate::views::move_ins::HandoverRecordView;

/// `GET /move-ins/{number}/handover/record`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let move_in = show::view(&ctx, number.into_inner()).await?;
    let page = format!("/move-ins/{}", move_in.number);
    if move_in.handed.is_none() {
        return Ok(see_other(&page));
    }
    let url = format!("{}{page}", ctx.app.config.web.base_url);
    ctx.page(&HandoverRecordView { qr: qr(&url)?, move_in })
}
