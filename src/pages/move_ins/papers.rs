//! The page of the papers: scans are kept as they come, and can be taken back until the application is sent.

use domain::AttachmentId;
use domain::move_in::{self, Paper};

use super::step::Step;
use super::write::{Writing, goes_back, view};
use crate::ctx::{Ctx, Reply, see_other};
use crate::files;
use crate::form::Form;

/// Scans by paper.
type Scans = Vec<(Paper, Vec<AttachmentId>)>;

/// `POST /move-ins/form/{id}/papers`
pub(super) async fn submit(ctx: Ctx, writing: &Writing, mut form: Form) -> Reply {
    let id = writing.id();
    form.ticked("from");
    let back = goes_back(&mut form);
    let go = form.maybe("go", 40).flatten().unwrap_or_default();
    let taken_back = go.strip_prefix("remove:").and_then(|id| id.parse().ok()).map(AttachmentId);
    let scans = upload(&ctx, writing, &mut form).await?;
    if form.has_faults() {
        // What came through is kept all the same.
        ctx.write(move |tx, actor, now| keep(tx, actor, now, id, &scans)).await?;
        let done = form.done::<()>(None).map(|()| see_other("/"));
        let writing = super::write::load(&ctx, id).await?;
        return ctx.outcome(done, form, |form| view(&ctx, &writing, Step::Papers, form));
    }
    let to = match (back, taken_back) {
        (_, Some(_)) => Step::Papers,
        (true, _) => Step::Papers.before(writing.entered.kind),
        _ => Step::Check,
    };
    let done = ctx
        .submit(&mut form, Some(scans), move |tx, actor, now, scans| {
            keep(tx, actor, now, id, scans)?;
            taken_back.map_or(Ok(()), |scan| move_in::remove_paper(tx, actor, now, id, scan))?;
            Ok(to.address(id))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, writing, Step::Papers, form))
}

/// The scans that came with the form; what is wrong with one is noted beside its field.
async fn upload(ctx: &Ctx, writing: &Writing, form: &mut Form) -> domain::Result<Scans> {
    let community = ctx.community()?.id;
    let mut scans = Vec::new();
    for paper in writing.asked() {
        let field = format!("file_{paper}");
        let new = form.files(&field);
        match files::upload(ctx, community, new).await {
            Ok(ids) => scans.push((*paper, ids)),
            Err(error) => form.note(error.renamed("file", &field))?,
        }
    }
    Ok(scans)
}

fn keep(
    tx: &mut domain::Db,
    actor: &domain::access::Actor,
    now: domain::Instant,
    id: domain::CaseId,
    scans: &Scans,
) -> domain::Result<()> {
    scans.iter().try_for_each(|(paper, ids)| move_in::add_papers(tx, actor, now, id, (*paper, ids)))
}
