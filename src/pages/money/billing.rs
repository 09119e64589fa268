//! Billing: the items and runs, a preview, a run with its progress. The worker carries a run through, so a
//! reload or a closed browser changes nothing.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::billing::{self, State, What, given_back};
use domain::{BillingRunId, Error, Month};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::money::billing::{BillingView, ItemRow, PreviewView, RunRow, RunView};
use crate::views::money::given_back::GivenBackView;

/// `GET /billing`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let present = Month::of(ctx.community()?.today(ctx.now)?);
    let form = Form::new("billing.form").with("period", present);
    let view = overview(&ctx, form).await?;
    ctx.page(&view)
}

async fn overview(ctx: &Ctx, form: Form) -> domain::Result<BillingView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::Bill, Object::Community(community))?;
        let runs = billing::list(db, community, 24)?;
        let items = billing::items::items(db, community)?;
        let (runs, items) =
            (runs.iter().map(RunRow::from).collect(), items.into_iter().map(ItemRow::from).collect());
        Ok(BillingView { form, runs, items })
    })
    .await
}

/// Which month.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    period: Option<String>,
}

/// `GET /billing/preview?period=`
pub(crate) async fn preview(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let typed = asked.into_inner().period.unwrap_or_default();
    let Ok(period) = typed.trim().parse::<Month>() else {
        let mut form = Form::new("billing.form").with("period", typed);
        form.wrong("period", "month");
        let view = overview(&ctx, form).await?;
        return ctx.page(&view);
    };
    let community = ctx.community()?.id;
    let preview = ctx.read(move |db, actor, now| billing::preview(db, actor, now, community, period)).await?;
    ctx.page(&PreviewView::of(What::Items, preview, ctx.lang.code()))
}

/// `POST /billing/runs`
pub(crate) async fn start(ctx: Ctx, posted: Posted) -> Reply {
    let (community, real_now) = (ctx.community()?.id, ctx.real_now());
    let mut form = posted.form("billing.form");
    let what = form.maybe_parsed::<What>("what", "unknown_word").map(|what| what.unwrap_or(What::Items));
    let asked = form.month("period").zip(what);
    let done = ctx
        .submit(&mut form, asked, move |tx, actor, now, asked| {
            let id = billing::ask(tx, actor, now, real_now, community, *asked)?;
            Ok(format!("/billing/runs/{id}"))
        })
        .await;
    let page = overview(&ctx, Form::new("billing.form")).await?;
    ctx.outcome(done, form, |form| BillingView { form, ..page })
}

/// `GET /billing/runs/{id}`: looks again by itself while the run is under way.
pub(crate) async fn run(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = BillingRunId(*id);
    let (run, was) = ctx
        .read(move |db, actor, now| Ok((billing::of(db, actor, now, id)?, given_back::of_run(db, id)?)))
        .await?;
    let given_back = GivenBackView::done(&was, ctx.lang.code());
    let view = RunView { run: RunRow::from(&run), left_out: run.left_out()?, given_back };
    let mut response = ctx.page(&view)?;
    if run.state == State::Running {
        use actix_web::http::header::{HeaderValue, REFRESH};
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// `POST /billing/runs/{id}/cancel`
pub(crate) async fn cancel(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = BillingRunId(*id);
    let mut form = posted.form("billing.form");
    let address = format!("/billing/runs/{id}");
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            billing::cancel(tx, actor, now, id)?;
            Ok(address.clone())
        })
        .await;
    match done {
        // It ended by itself first: its page says so.
        Err(Error::Refused(_)) => Ok(see_other(&format!("/billing/runs/{id}"))),
        done => Ok(done?),
    }
}
