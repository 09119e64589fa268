//! `/imports`: send a register, look before it comes in, see row by row what is bad, and what came before.

use actix_web::web::{Path, Query};
use domain::community::{self, Community};
use domain::imports::{self, Kind, Options, Sheet};
use domain::{Error, ImportId, row};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{File, Form, Posted};
use crate::pages::admin;
use crate::tables;
use crate::views::imports::{ErrorRow, ImportRow, ImportView, ImportsView};

const FORM: &str = "register.import_form";

/// How many imports stand on a page.
const PAGE: usize = 20;

/// Where the list begins.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    before: Option<ImportId>,
}

/// Whose registers, and the address of the page that takes them.
pub(crate) struct Place {
    pub(crate) community: Community,
    pub(crate) address: String,
}

fn own(ctx: &Ctx) -> domain::Result<Place> {
    Ok(Place { community: ctx.community()?.clone(), address: "/imports".to_owned() })
}

/// `GET /imports`
pub(crate) async fn list(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let place = own(&ctx)?;
    list_of(ctx, place, &asked).await
}

/// The form, and what was imported into a place before.
pub(crate) async fn list_of(ctx: Ctx, place: Place, asked: &Asked) -> Reply {
    let view = view(&ctx, place, Form::new(FORM).with("mode", "look"), asked.before).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, place: Place, form: Form, before: Option<ImportId>) -> domain::Result<ImportsView> {
    let community = place.community.id;
    let most = i64::try_from(PAGE + 1).map_err(Error::internal)?;
    let mut kept =
        ctx.read(move |db, actor, now| imports::list(db, actor, now, community, before, most)).await?;
    let more = kept.len() > PAGE;
    kept.truncate(PAGE);
    let next = kept.last().filter(|_| more).map(|import| import.id.0);
    let later = before.is_some();
    let page = ImportsView::new(place.address, form, &kept, ctx.app.views.texts(ctx.lang));
    Ok(ImportsView { next, later, ..page })
}

/// `POST /imports`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let place = own(&ctx)?;
    submit_to(ctx, place, posted).await
}

/// Takes a register into a place, or looks what would come of it.
pub(crate) async fn submit_to(ctx: Ctx, place: Place, posted: Posted) -> Reply {
    let community = place.community.id;
    let mut form = posted.form(FORM);
    let read = match input(&mut form) {
        Some((kind, options, file, name)) => {
            sheet(kind, file, name).await.map(|sheet| Some((options, sheet)))
        }
        None => Ok(None),
    };
    let done = match read {
        Ok(input) => {
            ctx.submit(&mut form, input, move |tx, actor, now, (options, sheet)| {
                let import = imports::run(tx, actor, now, community, sheet, *options)?;
                Ok(format!("/imports/{}", import.id))
            })
            .await
        }
        Err(error) => Err(error),
    };
    let page = view(&ctx, place, Form::new(FORM), None).await?;
    ctx.outcome(done, form, |form| ImportsView { form, ..page })
}

/// What is imported as what, how, and from which sheet.
fn input(form: &mut Form) -> Option<(Kind, Options, File, Option<String>)> {
    let kind = form.choice("kind");
    let mode = form.text("mode", 10);
    // As long as spreadsheets let a sheet's name be.
    let name = form.maybe("sheet", 31);
    let file = form.files("file").into_iter().next();
    if file.is_none() {
        form.wrong("file", "required");
    }
    let options = match mode.as_deref() {
        Some("look") => Some(Options { dry_run: true, skip_bad: false, month: None }),
        Some("all") => Some(Options { dry_run: false, skip_bad: false, month: None }),
        Some("good") => Some(Options { dry_run: false, skip_bad: true, month: None }),
        _ => None,
    };
    if options.is_none() {
        form.wrong("mode", "choice");
    }
    Some((kind?, options?, file?, name?))
}

/// Reads a file off the async threads.
pub(crate) async fn sheet(kind: Kind, file: File, name: Option<String>) -> domain::Result<Sheet> {
    let read = move || imports::read_sheet(kind, &file.name, (&file.bytes, name.as_deref()));
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)?
}

/// `GET /imports/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<ImportId>) -> Reply {
    let id = *id;
    let (import, community) = ctx
        .read(move |db, actor, now| {
            let import = imports::get(db, actor, now, id)?;
            let community = community::by_id(db, import.community)?;
            Ok((import, community))
        })
        .await?;
    let texts = ctx.app.views.texts(ctx.lang);
    // Who belongs to no community came from the page of this one.
    let list = match &ctx.community {
        Some(_) => own(&ctx)?.address,
        None => admin::imports::address(&community),
    };
    ctx.page(&ImportView {
        list,
        import: ImportRow::from(&import),
        errors: import.report.errors.iter().map(|error| ErrorRow::new(error, texts)).collect(),
        ignored: import.report.ignored.join("、"),
    })
}

/// `GET /imports/{id}/report.csv`: what is bad, to be mended beside the register.
pub(crate) async fn report(ctx: Ctx, id: Path<ImportId>) -> Reply {
    let id = *id;
    let import = ctx.read(move |db, actor, now| imports::get(db, actor, now, id)).await?;
    let texts = ctx.app.views.texts(ctx.lang);
    let rows = import.report.errors.iter().map(|error| ErrorRow::new(error, texts));
    let line = |line: usize| i64::try_from(line).unwrap_or(i64::MAX);
    let rows = rows.map(|row| row![line(row.line), row.column, row.value, row.reason]).collect();
    tables::deliver(&ctx, tables::IMPORT, &import.file_name, rows).await
}
