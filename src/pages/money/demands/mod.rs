//! `/demands`: who is to be sent a formal demand, and the batches that were made; [`letter`] is one of them.

pub(crate) mod batch;
pub(crate) mod letter;
pub(crate) mod sheet;

use actix_web::web::Query;
use domain::demands::{self, MOST, Texts};
use domain::letters::{self, Letter};
use domain::{CommunityId, Db, LedgerAccountId, settings};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::lang::Lang;
use crate::views::money::demands::{BatchRow, CandidateRow, DemandsView};

const FORM: &str = "demands.form";

/// Whom the list shows, and whether they are ticked to begin with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    account: Option<i64>,
    tick: Option<String>,
}

/// `GET /demands`: everybody, or with `?account=` one; with `?tick=none` nobody is ticked.
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let which = which.into_inner();
    let ticked = which.tick.as_deref() != Some("none");
    let view = view(&ctx, which.account.map(LedgerAccountId)).await?;
    ctx.page(&DemandsView { ticked, ..view })
}

async fn view(ctx: &Ctx, only: Option<LedgerAccountId>) -> domain::Result<DemandsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let mut due = demands::candidates(db, actor, now, community)?;
        due.retain(|one| only.is_none_or(|only| only == one.account));
        let batches = demands::batches(db, actor, now, community)?;
        Ok(DemandsView {
            one: only.is_some(),
            ticked: false,
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
            let texts = texts_of(tx, community, &portals)?;
            let batch = demands::make(tx, actor, now, community, accounts, &texts)?;
            Ok(format!("/demands/batches/{batch}?done=demands_made"))
        })
        .await;
    let page = view(&ctx, None).await?;
    ctx.outcome(done, form, |form| DemandsView { form, ..page })
}

/// What letters say: the community's own words, or else the portal's.
pub(crate) fn texts_of(db: &mut Db, community: CommunityId, portals: &Texts) -> domain::Result<Texts> {
    let own = letters::own(db, community, Letter::Demand)?;
    Ok(own.map_or_else(|| portals.clone(), |own| Texts { zh: own.zh, en: own.en }))
}

/// What the portal says in letters, in both languages.
pub(crate) fn texts(ctx: &Ctx) -> domain::Result<Texts> {
    let of = |lang: Lang| {
        let text = ctx.app.views.texts(lang).get("demands.letter");
        text.map(str::to_owned).ok_or_else(|| domain::Error::internal("no text for demands"))
    };
    Ok(Texts { zh: of(Lang::Zh)?, en: of(Lang::En)? })
}
