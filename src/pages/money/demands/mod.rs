//! `/demands`: who is to be sent a formal demand, and the batches that were made; [`letter`] is one of them.

pub(crate) mod batch;
pub(crate) mod letter;
pub(crate) mod sheet;

use domain::demands::{self, MOST, Texts};
use domain::letters::{self, Letter};
use domain::{LedgerAccountId, settings};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::lang::Lang;
use crate::views::money::demands::{BatchRow, CandidateRow, DemandsView};

const FORM: &str = "demands.form";

/// `GET /demands`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<DemandsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let due = demands::candidates(db, actor, now, community)?;
        let batches = demands::batches(db, actor, now, community)?;
        Ok(DemandsView {
            more: due.len().saturating_sub(MOST),
            due: due.into_iter().take(MOST).map(CandidateRow::from).collect(),
            batches: batches.into_iter().map(BatchRow::from).collect(),
            days: settings::get(db, community, settings::DEMAND_TERM_DAYS)?,
            form: Form::new(FORM),
        })
    })
    .await
}

/// `POST /demands`
pub(crate) async fn make(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let accounts = form.many::<LedgerAccountId>("accounts", "choice");
    let portals = texts(&ctx)?;
    let done = ctx
        .submit(&mut form, accounts, move |tx, actor, now, accounts| {
            let own = letters::own(tx, community, Letter::Demand)?;
            let texts = own.map_or_else(|| portals.clone(), |own| Texts { zh: own.zh, en: own.en });
            let batch = demands::make(tx, actor, now, community, accounts, &texts)?;
            Ok(format!("/demands/batches/{batch}?done=demands_made"))
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| DemandsView { form, ..page })
}

/// What the portal says in letters, in both languages.
fn texts(ctx: &Ctx) -> domain::Result<Texts> {
    let of = |lang: Lang| {
        let text = ctx.app.views.texts(lang).get("demands.letter");
        text.map(str::to_owned).ok_or_else(|| domain::Error::internal("no text for demands"))
    };
    Ok(Texts { zh: of(Lang::Zh)?, en: of(Lang::En)? })
}
