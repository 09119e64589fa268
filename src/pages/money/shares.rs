//! `/billing/shares`: what a home counts where a bill is shared by share.

use domain::Quantity;
use domain::access::{Action, Object, allow};
use domain::billing::shared;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::shared::{ShareRow, SharesView};

const FORM: &str = "shared.share_form";

/// `GET /billing/shares`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new(FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<SharesView> {
    let community = ctx.community()?.id;
    let shares = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Bill, Object::Community(community))?;
            shared::shares(db, community)
        })
        .await?;
    Ok(SharesView { form, shares: shares.into_iter().map(ShareRow::from).collect() })
}

/// `POST /billing/shares`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let (home, text) = (form.text("home", 40), form.text("share", 20));
    let share = text.and_then(|text| {
        let share = Quantity::parse(&text).filter(|share| (0..=1_000_000).contains(&share.0));
        if share.is_none() {
            form.wrong("share", "share");
        }
        share
    });
    let done = ctx
        .submit(&mut form, home.zip(share), move |tx, actor, now, (home, share)| {
            shared::set_share(tx, actor, now, community, home, *share)?;
            Ok("/billing/shares?done=saved".to_owned())
        })
        .await;
    let page = view(&ctx, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| SharesView { form, ..page })
}
