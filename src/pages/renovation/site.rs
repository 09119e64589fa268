//! `/renovations/{number}`: a site, what is to be mended, its inspections, and the steps that can be made.

use actix_web::web::Path;
use domain::access::{Action, Object, may};
use domain::inspections::{self, rules};
use domain::renovation::{self, Move};
use domain::{Error, audit, cases, visits};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::renovation::{InspectionRow, SiteView, ViolationRow};

/// `GET /renovations/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let zone = ctx.community()?.zone()?;
    let form = Form::new("renovation.form").with("made_at", zone.local(ctx.now).format("%Y-%m-%dT%H:%M"));
    let view = view(&ctx, number.into_inner(), form).await?;
    ctx.page(&view)
}

pub(super) async fn view(ctx: &Ctx, number: String, form: Form) -> domain::Result<SiteView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let case = cases::read(db, actor, now, community, &number)?;
        let (row, case) = renovation::of(db, case.id)?;
        let home = case.home_id.ok_or(Error::NotFound)?;
        let made = inspections::of_site(db, case.id, 40)?;
        let names = audit::names(db, &made.iter().map(|one| one.inspector_id).collect::<Vec<_>>())?;
        let open = inspections::open_violations(db, case.id)?;
        let listed: Vec<&'static str> = rules::ITEMS.iter().map(|item| item.code).collect();
        Ok(SiteView {
            code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
            inspects: may(db, actor, now, Action::Inspect, Object::Case(community, case.id))?,
            actions: renovation::actions(actor, &case)?,
            items: listed,
            violations: open
                .into_iter()
                .map(|one| ViolationRow {
                    severe: one.is_severe(),
                    item: one.item,
                    note: one.note,
                    deadline: one.deadline,
                })
                .collect(),
            inspections: made
                .into_iter()
                .map(|one| InspectionRow {
                    id: one.id.0,
                    made_at: one.made_at,
                    arrived_at: one.arrived_at,
                    who: names.get(&one.inspector_id).cloned().unwrap_or_default(),
                    progress: one.progress,
                    workers: one.workers,
                    photos: one.photos,
                })
                .collect(),
            number: case.number().to_owned(),
            version: case.version,
            state: case.state,
            reason: case.text,
            permit: row.permit_number,
            contractor: row.contractor,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            form,
        })
    })
    .await
}

/// `POST /renovations/{number}/{action}`
pub(crate) async fn act(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Reply {
    let (number, action) = path.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form("renovation.form");
    let (version, reason) = (form.number("version", 0, 1_000_000), form.text("reason", 2_000));
    let wanted = match action.as_str() {
        "stop" => Some(Move::Stop),
        "resume" => Some(Move::Resume),
        "extend" => form.date("ends_on").map(Move::Extend),
        "abandon" => Some(Move::Abandon(None)),
        _ => return Err(Error::NotFound.into()),
    };
    let input = (|| Some((i32::try_from(version?).ok()?, reason?, wanted?)))();
    let asked = number.clone();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, (version, reason, wanted)| {
            let case = cases::read(tx, actor, now, community, &asked)?;
            renovation::act(tx, actor, now, (case.id, *version), (wanted, reason))?;
            Ok(format!("/renovations/{asked}?done=renovation_moved"))
        })
        .await;
    let page = view(&ctx, number, Form::new("renovation.form")).await?;
    ctx.outcome(done, form, |form| SiteView { form, ..page })
}
