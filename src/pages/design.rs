//! `GET /design`: every component on one page, in the demo only, for who builds or judges a page.

use domain::Error;

use crate::ctx::{Ctx, Reply};
use crate::views::design::DesignView;

/// `GET /design`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    if !ctx.app.clock.is_set() {
        return Err(Error::NotFound.into());
    }
    ctx.page(&DesignView::example())
}
