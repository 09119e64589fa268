//! `/corrections`: what one asked for and another decides: waivers above the year's limit, refunds.

pub(crate) mod charge;
pub(crate) mod refund;
pub(crate) mod split;

use actix_web::web::Path;
use domain::CorrectionId;
use domain::access::{Action, Object, may};
use domain::corrections::{self, Kind};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::corrections::{CorrectionsView, Row};

const FORM: &str = "corrections.form";

/// How many that were decided the page shows.
const DECIDED: i64 = 50;

/// `GET /corrections`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<CorrectionsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let place = Object::Community(community);
        let approves = may(db, actor, now, Action::ApproveWaiver, place)?;
        let gives_back = may(db, actor, now, Action::VoidPayment, place)?;
        let row = |line: corrections::Line| {
            let mine = line.asked_by == actor.person;
            let decides = if line.kind == Kind::Waiver { approves } else { gives_back };
            Row::of(line, mine, decides && !mine, Form::new(FORM))
        };
        Ok(CorrectionsView {
            waiting: corrections::waiting(db, actor, now, community)?.into_iter().map(row).collect(),
            decided: corrections::decided(db, actor, now, community, DECIDED)?.into_iter().map(row).collect(),
            form: Form::new(FORM),
        })
    })
    .await
}

/// What is decided.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Make,
    Refuse,
    Withdraw,
}

/// `POST /corrections/{id}/{decision}`
pub(crate) async fn decide(ctx: Ctx, which: Path<(i64, Decision)>, posted: Posted) -> Reply {
    let (id, decision) = which.into_inner();
    let id = CorrectionId(id);
    let mut form = posted.form(FORM);
    let answer = match decision {
        Decision::Refuse => form.text("answer", 200),
        Decision::Make | Decision::Withdraw => Some(String::new()),
    };
    let done = ctx
        .submit(&mut form, answer, move |tx, actor, now, answer| {
            let done = match decision {
                Decision::Make => corrections::make(tx, actor, now, id).map(|()| "correction_made"),
                Decision::Refuse => {
                    corrections::refuse(tx, actor, now, id, answer).map(|()| "correction_refused")
                }
                Decision::Withdraw => {
                    corrections::withdraw(tx, actor, now, id).map(|()| "correction_withdrawn")
                }
            }?;
            Ok(format!("/corrections?done={done}"))
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| page.with_wrong(id, form))
}
