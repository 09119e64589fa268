//! `/renovations/new`: the desk registers a site that is at work already.

use domain::HomeId;
use domain::access::{Action, Object, allow};
use domain::homes;
use domain::renovation::{self, NewRunning};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::renovation::RegisterView;

/// `GET /renovations/new`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::RegisterRenovation, Object::Community(community))
    })
    .await?;
    ctx.page(&RegisterView { form: Form::new("renovation.form") })
}

/// `POST /renovations`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("renovation.form");
    let (home, permit) = (form.text("home", 40), form.text("permit_number", 60));
    let (reason, contractor) = (form.text("reason", 2_000), form.text("contractor", 200));
    let (phone, starts_on, ends_on) =
        (form.maybe("contractor_phone", 30), form.date("starts_on"), form.date("ends_on"));
    let input = (|| {
        let new = NewRunning {
            community,
            home: HomeId(0),
            permit_number: permit?,
            reason: reason?,
            contractor: contractor?,
            contractor_phone: phone?,
            starts_on: starts_on?,
            ends_on: ends_on?,
        };
        Some((home?, new))
    })();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, (code, new)| {
            let home = homes::find(tx, actor, now, community, code).map_err(|error| match error {
                domain::Error::NotFound => domain::Error::field("home", "unknown"),
                other => other,
            })?;
            let case = renovation::register_running(tx, actor, now, &NewRunning { home, ..new.clone() })?;
            Ok(format!("/renovations/{}?done=renovation_registered", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| RegisterView { form })
}
