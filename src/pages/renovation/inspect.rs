//! `/renovations/{number}/inspect`: a look at a site, filled in on the spot; `GET /inspections/{id}`: it on paper.

use actix_web::web::Path;
use domain::access::{Action, Object, allow};
use domain::attachments::{self, Subject};
use domain::inspections::rules::{self, Severity};
use domain::inspections::{self, NewInspection, NewItem};
use domain::{
    AttachmentId, CaseId, CommunityId, Db, Error, InspectionId, Instant, LocalDate, audit, cases, renovation,
    settings, visits,
};

use super::site::violations;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::pages::account::second_factor::qr;
use crate::views::renovation::{CheckRow, InspectView, InspectionRow, PaperView};

/// The field of something that no item of the form names.
const OTHER: &str = "other";

/// `GET /renovations/{number}/inspect`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let community = ctx.community()?.clone();
    let (zone, now) = (community.zone()?, ctx.now);
    let page = sheet(&ctx, number.into_inner()).await?;
    let days = ctx.read(move |db, _, _| settings::get(db, community.id, settings::VIOLATION_DAYS)).await?;
    let deadline = rules::deadline(zone.date(now), None, days);
    let form = Form::new("renovation.form").with("made_at", zone.local(now).format("%Y-%m-%dT%H:%M"));
    let form = page.rows.iter().fold(form, |form, row| proposed(form, row, deadline));
    let form = form.with("severity_other", Severity::Minor).with("deadline_other", deadline);
    ctx.page(&InspectView { form, ..page })
}

/// What stands in an item's fields before anybody has written: what was found last time, else what the form says.
fn proposed(form: Form, row: &CheckRow, deadline: LocalDate) -> Form {
    let severe = row.found.as_ref().map_or(row.severe, |found| found.severe);
    let severity = if severe { Severity::Severe } else { Severity::Minor };
    let form = form.with(&format!("severity_{}", row.field), severity);
    match &row.found {
        Some(found) => form.with(&format!("note_{}", row.field), &found.note),
        None => form.with(&format!("deadline_{}", row.field), deadline),
    }
}

/// The page with an empty form.
async fn sheet(ctx: &Ctx, number: String) -> domain::Result<InspectView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let case = cases::read(db, actor, now, community, &number)?;
        allow(db, actor, now, Action::Inspect, Object::Case(community, case.id))?;
        let (_, case) = renovation::of(db, case.id)?;
        let home = case.home_id.ok_or(Error::NotFound)?;
        Ok(InspectView {
            code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
            rows: rows(db, (community, case.id), now)?,
            photos: vec![],
            form: Form::new("renovation.form"),
            number,
        })
    })
    .await
}

/// The form's items, and what was found beyond them and is not mended.
fn rows(
    db: &mut Db,
    (community, case): (CommunityId, CaseId),
    now: Instant,
) -> domain::Result<Vec<CheckRow>> {
    let open = inspections::open_violations(db, case)?;
    let mut found = violations(db, (community, &open), now)?;
    let mut rows = Vec::new();
    for item in rules::ITEMS {
        let known = found.iter().position(|row| row.item == item.code).map(|at| found.remove(at));
        let severe = item.severity == Severity::Severe;
        rows.push(CheckRow { field: item.code.to_owned(), item: item.code.to_owned(), severe, found: known });
    }
    rows.extend(found.into_iter().enumerate().map(|(n, row)| CheckRow {
        field: format!("more{n}"),
        item: row.item.clone(),
        severe: row.severe,
        found: Some(row),
    }));
    Ok(rows)
}

/// `POST /renovations/{number}/inspect`
pub(crate) async fn submit(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let community = ctx.community()?.clone();
    let zone = community.zone()?;
    let page = sheet(&ctx, number.clone()).await?;
    let mut form = labelled(posted.form("renovation.form"), &page.rows);
    let photos = files::gather(&ctx, &mut form, ("kept", "attachments")).await?;
    let made_at = form.moment("made_at").map(|at| zone.at(at.date(), at.time()));
    let (progress, workers) = (form.text("progress", 2_000), form.number("workers", 0, 500));
    let items = items(&mut form, &page.rows);
    let input = (|| {
        let new = NewInspection {
            case: CaseId(0),
            made_at: made_at?,
            items: items.as_ref()?.iter().map(|(_, item)| item.clone()).collect(),
            progress: progress?,
            workers: i32::try_from(workers?).ok()?,
            attachments: photos.clone(),
        };
        let found =
            page.rows.iter().filter_map(|row| Some((row.item.as_str(), row.found.as_ref()?.found_at)));
        if rules::mends_unseen(found, &new) {
            form.wrong("attachments", "mended_needs_photo");
        }
        Some(new)
    })();
    let asked = number.clone();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, new| {
            let case = cases::read(tx, actor, now, community.id, &asked)?.id;
            inspections::log(tx, actor, now, &NewInspection { case, ..new.clone() })?;
            Ok(format!("/renovations/{asked}?done=inspection_logged"))
        })
        .await;
    let fields: Vec<String> = items.unwrap_or_default().into_iter().map(|(field, _)| field).collect();
    let done = done.map_err(|error| beside(error, &fields));
    let photos: Vec<i64> = photos.iter().map(|id: &AttachmentId| id.0).collect();
    ctx.outcome(done, form, |form| InspectView { form, photos, ..page })
}

/// The fields of an item are called by the item.
fn labelled(form: Form, rows: &[CheckRow]) -> Form {
    let listed = rows.iter().filter(|row| row.field == row.item);
    listed.fold(form, |form, row| {
        let text = format!("words.check_item.{}", row.item);
        ["item", "note", "severity", "deadline"]
            .iter()
            .fold(form, |form, what| form.labelled(&format!("{what}_{}", row.field), &text))
    })
}

/// The items that were looked at, each with the name of its fields; none where one is wrong.
fn items(form: &mut Form, rows: &[CheckRow]) -> Option<Vec<(String, NewItem)>> {
    let mut all = Vec::new();
    let mut complete = true;
    let rest = form.ticked("rest_ok");
    for row in rows {
        match verdict(form, row, rest) {
            Some(Some(item)) => all.push((row.field.clone(), item)),
            Some(None) => {}
            None => complete = false,
        }
    }
    match other(form) {
        Some(item) => all.extend(item.map(|item| (OTHER.to_owned(), item))),
        None => complete = false,
    }
    complete.then_some(all)
}

/// What was ticked for an item: `Some(None)` where it was not looked at, none where a field is wrong. The `rest` are in
/// order where it is said of all at once; what was found before and is not mended is answered by itself.
fn verdict(form: &mut Form, row: &CheckRow, rest: bool) -> Option<Option<NewItem>> {
    let name = format!("item_{}", row.field);
    let said = form.maybe(&name, 10);
    let (note, severity, deadline) = finding(form, &row.field)?;
    let ok = match said?.as_deref() {
        // A note that was there before nobody has written.
        None if note.is_empty() && rest && row.found.is_none() => true,
        None if note.is_empty() || row.found.as_ref().is_some_and(|found| found.note == note) => {
            return Some(None);
        }
        Some("ok") => true,
        Some("bad") => false,
        _ => {
            form.wrong(&name, "choice");
            return None;
        }
    };
    if ok {
        let item = row.item.clone();
        return Some(Some(NewItem { item, ok, note: String::new(), severity: None, deadline: None }));
    }
    failed(form, &row.field, row.item.clone(), (note, severity, deadline)).map(Some)
}

/// What was found beyond the form's items.
fn other(form: &mut Form) -> Option<Option<NewItem>> {
    let what = form.maybe("item_other", 100);
    let found = finding(form, OTHER)?;
    match what? {
        Some(what) => failed(form, OTHER, what, found).map(Some),
        None if found.0.is_empty() => Some(None),
        None => {
            form.wrong("item_other", "required");
            None
        }
    }
}

/// Note, severity and deadline, as they were typed.
type Finding = (String, Option<Severity>, Option<LocalDate>);

fn finding(form: &mut Form, field: &str) -> Option<Finding> {
    let note = form.maybe(&format!("note_{field}"), 1_000);
    let severity = form.maybe_parsed(&format!("severity_{field}"), "choice");
    let deadline = form.maybe_parsed(&format!("deadline_{field}"), "date");
    Some((note?.unwrap_or_default(), severity?, deadline?))
}

fn failed(
    form: &mut Form,
    field: &str,
    item: String,
    (note, severity, deadline): Finding,
) -> Option<NewItem> {
    if note.is_empty() {
        form.wrong(&format!("note_{field}"), "needs_note");
        return None;
    }
    let deadline = deadline.filter(|_| severity != Some(Severity::Severe));
    Some(NewItem { item, ok: false, note, severity, deadline })
}

/// What the domain says of the n-th item, said of the fields that were filled in for it.
fn beside(error: Error, fields: &[String]) -> Error {
    let Error::Invalid(mut wrong) = error else { return error };
    for one in &mut wrong {
        let mut parts = one.field.split('.');
        if let (Some("items"), Some(n), Some(what)) = (parts.next(), parts.next(), parts.next()) {
            let field = n.parse().ok().and_then(|n: usize| fields.get(n));
            one.field = field.map_or_else(|| "items".to_owned(), |field| format!("{what}_{field}"));
        }
    }
    Error::Invalid(wrong)
}

/// `GET /inspections/{id}`
pub(crate) async fn paper(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = InspectionId(id.into_inner());
    let url = format!("{}/inspections/{id}", ctx.app.config.web.base_url);
    let mut view = ctx
        .read(move |db, actor, now| {
            let (made, items) = inspections::read(db, actor, now, id)?;
            let (row, case) = renovation::of(db, made.case_id)?;
            let home = case.home_id.ok_or(Error::NotFound)?;
            let who = audit::names(db, &[made.inspector_id])?.into_values().next().unwrap_or_default();
            let pictures = attachments::of(db, Subject::Inspection(id))?.into_iter();
            Ok(PaperView {
                number: case.number().to_owned(),
                code: visits::codes(db, &[home])?.into_values().next().unwrap_or_default().0,
                contractor: row.contractor,
                items: items.into_iter().map(|item| (item.item, item.passed, item.note)).collect(),
                pictures: pictures.filter(|one| one.thumbnail.is_some()).map(|one| one.id.0).collect(),
                made: InspectionRow::of(made, who),
                qr: String::new(),
            })
        })
        .await?;
    view.qr = qr(&url)?;
    ctx.page(&view)
}
