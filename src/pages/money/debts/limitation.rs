//! `/limitation`: what can be refused soon; `/debtors/{account}/acknowledge` records what was acknowledged in writing.

use actix_web::web::Path;
use domain::limitation::{self, NewAcknowledgement};
use domain::{AttachmentId, ChargeId, LedgerAccountId, debts, settings};

use super::{FORM, debtor};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::money::limitation::{AcknowledgeView, LimitationView, WatchedRow};

/// `GET /limitation`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let view = ctx
        .read(move |db, actor, now| {
            let watched = limitation::watch(db, actor, now, community)?;
            Ok(LimitationView {
                days: settings::get(db, community, settings::LIMITATION_WATCH_DAYS)?,
                rows: watched.into_iter().map(WatchedRow::from).collect(),
            })
        })
        .await?;
    ctx.page(&view)
}

/// `GET /debtors/{account}/acknowledge`
pub(crate) async fn form(ctx: Ctx, account: Path<i64>) -> Reply {
    let view = view(&ctx, LedgerAccountId(*account)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, account: LedgerAccountId) -> domain::Result<AcknowledgeView> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let owner = debts::debtor(db, actor, now, account)?;
        let today = community.today(now)?;
        let mut charges = debtor::open(db, actor, now, account)?;
        charges.iter_mut().for_each(|row| row.chosen = row.due_on < today);
        let form = Form::new(FORM).with("day", today).with("signed_by", &owner.name);
        Ok(AcknowledgeView { account, home: owner.home, name: owner.name, charges, kept: vec![], form })
    })
    .await
}

/// `POST /debtors/{account}/acknowledge`
pub(crate) async fn submit(ctx: Ctx, account: Path<i64>, posted: Posted) -> Reply {
    let account = LedgerAccountId(*account);
    let mut page = view(&ctx, account).await?;
    let mut form = posted.form(FORM);
    let papers: Vec<AttachmentId> = files::gather(&ctx, &mut form, ("kept", "photos")).await?;
    let charges = form.many::<ChargeId>("charges", "choice");
    let (day, by, note) = (form.date("day"), form.text("signed_by", 100), form.maybe("note", 300));
    page.kept = papers.iter().map(|id| id.0).collect();
    let chosen: Vec<ChargeId> = charges.clone().unwrap_or_default();
    page.charges.iter_mut().for_each(|row| row.chosen = chosen.contains(&ChargeId(row.id)));
    let new = match (charges, day, by, note) {
        (Some(charges), Some(day), Some(signed_by), Some(note)) => {
            let note = note.unwrap_or_default();
            Some(NewAcknowledgement { charges, day, signed_by, note, papers })
        }
        _ => None,
    };
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            limitation::acknowledge(tx, actor, now, account, new)?;
            Ok(format!("/debtors/{account}?done=acknowledged"))
        })
        .await;
    ctx.outcome(done, form, |form| AcknowledgeView { form, ..page })
}
