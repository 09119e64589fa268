//! `/move-ins/{number}/handover`: the steward's checklist in the doorway.

use actix_web::web::Path;
use domain::AttachmentId;
use domain::categories::{Code, Shipped};
use domain::move_in::{self, Act, Agreement, Defect, Handover, Kind};

use super::{WORDS, code_of, show};
use crate::ctx::{Ctx, Reply, see_other};
use crate::files;
use crate::form::{Form, Posted};
use crate::pages::repairs::categories;
use crate::views::move_ins::HandoverView;

/// How many defects the page asks for at first, and how many come with each wish for more.
const ROWS: i64 = 2;
/// The most that one handover takes down; what is left can be reported as repairs.
const MOST: i64 = 10;
const METERS: [&str; 3] = ["water", "electricity", "gas"];

/// `GET /move-ins/{number}/handover`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let number = number.into_inner();
    match view(&ctx, &number, (ROWS, &[]), Form::new(WORDS)).await? {
        Some(view) => ctx.page(&view),
        None => Ok(see_other(&format!("/move-ins/{number}"))),
    }
}

/// `POST /move-ins/{number}/handover`
pub(crate) async fn submit(ctx: Ctx, number: Path<String>, posted: Posted) -> Reply {
    let number = number.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let kept = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let rows = form.number("rows", 1, MOST).unwrap_or(ROWS);
    let more = form.maybe("go", 10).flatten().as_deref() == Some("more");
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let read = read(&mut form, rows, &kept);
    let rows = if more { (rows + ROWS).min(MOST) } else { rows };
    let Some(page) = view(&ctx, &number, (rows, &kept), Form::new(WORDS)).await? else {
        // Somebody was first: the page says what is now.
        return Ok(see_other(&format!("/move-ins/{number}")));
    };
    if more {
        return ctx.page(&HandoverView { form: form.plain(), ..page });
    }
    let done = ctx
        .submit(&mut form, read.zip(version), move |tx, actor, now, (handover, version)| {
            let (_, case) = show::of_number(tx, (actor, now), community, &number)?;
            move_in::act(tx, actor, now, (case.id, *version), &Act::HandOver(handover.clone()))?;
            Ok(format!("/move-ins/{number}?done=move_in_hand_over"))
        })
        .await;
    ctx.outcome(done, form, |form| HandoverView { form, ..page })
}

/// The checklist as it was filled in; the domain says what is missing.
fn read(form: &mut Form, rows: i64, photos: &[AttachmentId]) -> Option<Handover> {
    let identity_seen = form.ticked("identity_seen");
    let readings: Vec<_> = METERS
        .iter()
        .map(|meter| {
            Some(((*meter).to_owned(), form.maybe(&format!("readings.{meter}"), 20)?.unwrap_or_default()))
        })
        .collect();
    let keys = form.maybe("keys", 2_000);
    let agreements = form.many("agreements", "choice");
    let defects: Vec<_> = (1..=rows).map(|n| defect(form, n)).collect();
    Some(Handover {
        identity_seen,
        readings: readings.into_iter().collect::<Option<_>>()?,
        keys: keys?.unwrap_or_default(),
        agreements: agreements?.into_iter().collect(),
        defects: defects.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect(),
        attachments: photos.to_vec(),
    })
}

/// One defect; `Some(None)` where its row was left empty.
fn defect(form: &mut Form, n: i64) -> Option<Option<Defect>> {
    let name = format!("defect_{n}");
    let (text, category) =
        (form.maybe(&name, 2_000), form.maybe_parsed::<Code>(&format!("{name}_category"), "choice"));
    match (text?, category?) {
        (None, None) => Some(None),
        (None, Some(_)) => {
            form.wrong(&name, "required");
            None
        }
        (Some(text), category) => {
            Some(Some(Defect { category: category.unwrap_or_else(|| Shipped::Other.into()), text }))
        }
    }
}

/// The page; none where who asks cannot hand over now.
async fn view(
    ctx: &Ctx,
    number: &str,
    (rows, photos): (i64, &[AttachmentId]),
    form: Form,
) -> domain::Result<Option<HandoverView>> {
    let community = ctx.community()?.id;
    let asked = number.to_owned();
    let found = ctx
        .read(move |db, actor, now| {
            let application = show::of_number(db, (actor, now), community, &asked)?;
            let may = move_in::actions(actor, &application)?.contains(&"hand_over");
            Ok((may, code_of(db, &application)?, application))
        })
        .await?;
    let (true, code, (row, case)) = found else { return Ok(None) };
    Ok(Some(HandoverView {
        number: case.number().to_owned(),
        code,
        kind: row.kind.map(Kind::as_str),
        name: row.name,
        phone: row.phone,
        id_last4: row.id_last4,
        wished_on: row.wished_on,
        version: case.version,
        agreements: Agreement::ALL.iter().map(|one| one.as_str()).collect(),
        categories: categories(ctx).await?,
        rows: (1..=rows).collect(),
        more: rows < MOST,
        photos: photos.iter().map(|id| id.0).collect(),
        form,
    }))
}
