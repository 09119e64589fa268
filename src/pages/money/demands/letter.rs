//! One demand: its page with how it was delivered, and the letter itself, which who pays reads too.

use actix_web::web::Path;
use domain::attachments::{self, Subject};
use domain::demands::{self, NewProof, ProofKind};
use domain::ledger::{self, Book};
use domain::{AttachmentId, DemandId, Error, debts};

use super::{FORM, sheet};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::money::demands::{DemandRow, DemandView, PaperRow, ProofRow};

/// `GET /demands/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, DemandId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: DemandId) -> domain::Result<DemandView> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let one = demands::demand(db, actor, now, id)?;
        let owner = debts::debtor(db, actor, now, one.account_id)?;
        let proofs = demands::proofs_of(db, &[id])?;
        let papers = attachments::of(db, Subject::Demand(id))?;
        Ok(DemandView {
            version: demands::version(&proofs),
            body: one.body.clone(),
            row: DemandRow::all(db, vec![one])?.pop().ok_or(Error::NotFound)?,
            proofs: proofs.into_iter().map(ProofRow::from).collect(),
            papers: papers.into_iter().map(|one| PaperRow { id: one.id.0, name: one.name }).collect(),
            kinds: ProofKind::ALL.iter().map(|kind| kind.as_str()).collect(),
            own: actor.person == Some(owner.payer),
            kept: vec![],
            form: Form::new(FORM).with("day", community.today(now)?),
        })
    })
    .await
}

/// `POST /demands/{id}/proof`
pub(crate) async fn prove(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DemandId(*id);
    // Who has no business with it uploads nothing.
    ctx.read(move |db, actor, now| demands::demand(db, actor, now, id)).await?;
    let mut form = posted.form(FORM);
    let papers: Vec<AttachmentId> = files::gather(&ctx, &mut form, ("kept", "photos")).await?;
    let (kind, day) = (form.choice::<ProofKind>("kind"), form.date("day"));
    let (reference, note) = (form.maybe("reference", 60), form.maybe("note", 300));
    let version = form.parsed::<i32>("version", "number");
    let kept = papers.iter().map(|id| id.0).collect();
    let new = match (kind, day, reference, note, version) {
        (Some(kind), Some(day), Some(reference), Some(note), Some(_)) => Some(NewProof {
            kind,
            day,
            reference: reference.unwrap_or_default(),
            note: note.unwrap_or_default(),
            papers,
            version,
        }),
        _ => None,
    };
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            demands::prove(tx, actor, now, id, new).map_err(meanwhile)?;
            Ok(format!("/demands/{id}?done=proved"))
        })
        .await;
    let page = view(&ctx, id).await?;
    ctx.outcome(done, form, |form| DemandView { form, kept, ..page })
}

/// Somebody else was quicker: the page shows what they recorded, and keeps what was typed.
fn meanwhile(error: Error) -> Error {
    if matches!(error, Error::Conflict(_)) { Error::refused("demand.proved", vec![]) } else { error }
}

/// `GET /homes/{code}/demands/{id}/letter.pdf`: for whoever sees the account.
pub(crate) async fn pdf(ctx: Ctx, which: Path<(String, i64)>) -> Reply {
    let ((code, id), community) = (which.into_inner(), ctx.community()?.id);
    let found = ctx
        .read(move |db, actor, now| {
            let home = ledger::home(db, actor, now, community, &code)?;
            let seen = ledger::visible(db, actor, home, Book::Fees)?;
            let one = demands::by_id(db, DemandId(id))?;
            if !seen.iter().any(|account| account.id == one.account_id) {
                return Err(Error::NotFound);
            }
            Ok((one.number.clone(), sheet::Sheet::of(db, one)?))
        })
        .await?;
    let (number, sheet) = found;
    files::pdf(&ctx, &format!("{number}.pdf"), vec![sheet.document(&ctx)]).await
}
