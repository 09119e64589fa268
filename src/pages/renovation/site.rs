//! `/renovations/{number}`: a site, whether it was looked at today, what is to be mended by when, the days
//! missed, its inspections, and the steps that can be made.

use actix_web::web::Path;
use domain::access::{Action, Actor, Object, Role, may};
use domain::inspections::{self, Violation};
use domain::renovation::{self, Move};
use domain::{CaseId, CommunityId, Db, Error, Instant, audit, cases, community, visits};

use super::today;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::renovation::{InspectionRow, MissedDay, SiteView, ViolationRow};

/// `GET /renovations/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let view = view(&ctx, number.into_inner(), Form::new("renovation.form")).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, number: String, form: Form) -> domain::Result<SiteView> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let case = cases::read(db, actor, now, community.id, &number)?;
        let (row, case) = renovation::of(db, case.id)?;
        let home = case.home_id.ok_or(Error::NotFound)?;
        let made = inspections::of_site(db, case.id, 40)?;
        let names = audit::names(db, &made.iter().map(|one| one.inspector_id).collect::<Vec<_>>())?;
        let open = inspections::open_violations(db, case.id)?;
        let name = |one: &inspections::Inspection| names.get(&one.inspector_id).cloned().unwrap_or_default();
        Ok(SiteView {
            code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
            looked_at: today(db, case.id, community.today(now)?)?,
            inspects: may(db, actor, now, Action::Inspect, Object::Case(community.id, case.id))?,
            actions: renovation::actions(actor, &case)?,
            violations: violations(db, (community.id, &open), now)?,
            missed: missed(db, actor, (community.id, case.id))?,
            inspections: made
                .into_iter()
                .map(|one| {
                    let who = name(&one);
                    InspectionRow::of(one, who)
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

/// What has to be mended, with who found it when, and whether its deadline has passed.
pub(super) fn violations(
    db: &mut Db,
    (community, open): (CommunityId, &[Violation]),
    now: Instant,
) -> domain::Result<Vec<ViolationRow>> {
    let today = community::by_id(db, community)?.today(now)?;
    let row = |one: &Violation| {
        Ok(ViolationRow {
            severe: one.is_severe(),
            item: one.item.clone(),
            note: one.note.clone(),
            deadline: one.deadline,
            late: one.deadline.is_some_and(|day| day < today),
            found_by: one.opened_by.0,
            found_at: inspections::by_id(db, one.opened_by)?.made_at,
        })
    };
    open.iter().map(row).collect()
}

/// The days on which nobody came in time; what staff know of each other, not the resident.
fn missed(
    db: &mut Db,
    actor: &Actor,
    (community, case): (CommunityId, CaseId),
) -> domain::Result<Vec<MissedDay>> {
    if !actor.roles_in(community).any(Role::is_staff) {
        return Ok(vec![]);
    }
    let duties = inspections::missed_days(db, case)?;
    let names = audit::names(db, &duties.iter().map(|duty| duty.owner_id).collect::<Vec<_>>())?;
    let day = |duty: domain::duties::Duty| MissedDay {
        owner: names.get(&duty.owner_id).cloned().unwrap_or_default(),
        later: duty.record_id,
        day: duty.occurrence,
    };
    Ok(duties.into_iter().map(day).collect())
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
