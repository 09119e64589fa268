//! `GET /complaints/{number}/paper`: the registration form 《投诉登记表》.

use actix_web::web::Path;

use super::show;
use crate::ctx::{Ctx, Reply};
use crate::pages::account::second_factor::qr;
use crate::views::complaints::PaperView;

/// `GET /complaints/{number}/paper`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let complaint = show::view(&ctx, number.into_inner()).await?;
    let url = format!("{}/complaints/{}", ctx.app.config.web.base_url, complaint.row.number);
    ctx.page(&PaperView { qr: qr(&url)?, complaint })
}
