//! `POST /renovations/{number}/inspect`, `GET /inspections/{id}`: the record of a look, and it on paper.

use actix_web::web::Path;
use domain::inspections::{self, NewInspection, NewItem, rules};
use domain::{CaseId, Error, InspectionId, audit, cases, renovation, visits};

use super::site;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::renovation::{InspectionRow, PaperView, SiteView};

/// The items as they were ticked: those in order, and those with a note that are not.
fn items(form: &mut Form) -> Option<Vec<NewItem>> {
    let mut all = Vec::new();
    let mut complete = true;
    for item in rules::ITEMS {
        let verdict = form.maybe(&format!("item_{}", item.code), 10);
        let note = form.maybe(&format!("note_{}", item.code), 1_000);
        let (Some(verdict), Some(note)) = (verdict, note) else {
            complete = false;
            continue;
        };
        if let Some(verdict) = verdict {
            let ok = verdict == "ok";
            if !ok && note.is_none() {
                form.wrong(&format!("note_{}", item.code), "needs_note");
                complete = false;
            }
            let note = note.unwrap_or_default();
            all.push(NewItem { item: item.code.to_owned(), ok, note, severity: None, deadline: None });
        }
    }
    complete.then_some(all)
}

/// `POST /renovations/{number}/inspect`
pub(crate) async fn submit(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let community = ctx.community()?.clone();
    let zone = community.zone()?;
    let mut form = posted.form("renovation.form");
    let made_at = form.moment("made_at").map(|at| zone.at(at.date(), at.time()));
    let (progress, workers) = (form.text("progress", 2_000), form.number("workers", 0, 500));
    let items = items(&mut form);
    let input = (|| {
        Some(NewInspection {
            case: CaseId(0),
            made_at: made_at?,
            items: items?,
            progress: progress?,
            workers: i32::try_from(workers?).ok()?,
            attachments: vec![],
        })
    })();
    let asked = number.clone();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, new| {
            let case = cases::read(tx, actor, now, community.id, &asked)?.id;
            inspections::log(tx, actor, now, &NewInspection { case, ..new.clone() })?;
            Ok(format!("/renovations/{asked}?done=inspection_logged"))
        })
        .await;
    let page = site::view(&ctx, number, Form::new("renovation.form")).await?;
    ctx.outcome(done, form, |form| SiteView { form, ..page })
}

/// `GET /inspections/{id}`
pub(crate) async fn paper(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = InspectionId(id.into_inner());
    let view = ctx
        .read(move |db, actor, now| {
            let (made, items) = inspections::read(db, actor, now, id)?;
            let (row, case) = renovation::of(db, made.case_id)?;
            let home = case.home_id.ok_or(Error::NotFound)?;
            let who = audit::names(db, &[made.inspector_id])?.into_values().next().unwrap_or_default();
            Ok(PaperView {
                number: case.number().to_owned(),
                code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
                contractor: row.contractor,
                items: items.into_iter().map(|item| (item.item, item.passed, item.note)).collect(),
                made: InspectionRow {
                    id: made.id.0,
                    made_at: made.made_at,
                    arrived_at: made.arrived_at,
                    who,
                    progress: made.progress,
                    workers: made.workers,
                    photos: made.photos,
                },
            })
        })
        .await?;
    ctx.page(&view)
}
