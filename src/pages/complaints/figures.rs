//! `/complaints/figures`: 投诉分类统计表 for a span of days, as a page, on paper, and for a spreadsheet.

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::complaints::{self, Entry};
use domain::{Error, LocalDate};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::pages::cases::word;
use crate::tables::{self, work};
use crate::views::complaints::{EntryRow, FiguresPaperView, FiguresView, GroupTable};

/// Which days: from the first to the last, both counted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Span {
    from: Option<String>,
    to: Option<String>,
}

/// The complaints of the span that was asked for, else of the present month.
async fn found(
    ctx: &Ctx,
    span: Span,
    action: Action,
) -> domain::Result<((LocalDate, LocalDate), Vec<Entry>)> {
    let community = ctx.community()?.clone();
    let today = community.today(ctx.now)?;
    let month = domain::Month::of(today);
    let from = day("from", span.from)?.unwrap_or(month.first_day());
    let to = day("to", span.to)?.unwrap_or(today);
    let zone = community.zone()?;
    let last = to.succ_opt().unwrap_or(to);
    let entries = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, action, Object::Community(community.id))?;
            complaints::entries(db, actor, now, community.id, (zone.start_of(from), zone.start_of(last)))
        })
        .await?;
    Ok(((from, to), entries))
}

fn day(name: &'static str, text: Option<String>) -> domain::Result<Option<LocalDate>> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| Error::field(name, "date"))).transpose()
}

fn view(ctx: &Ctx, (from, to): (LocalDate, LocalDate), entries: Vec<Entry>) -> FiguresView {
    let named = |list: &'static str, of: fn(&Entry) -> String| {
        let groups = complaints::grouped(&entries, of);
        GroupTable::new(list, groups, |text| match text {
            "" => ctx.say("complaints.not_named", &[]),
            text => word(ctx, list, text),
        })
    };
    FiguresView {
        tables: vec![
            named("category", |one| one.category.clone()),
            named("cause", |one| one.cause.map(|cause| cause.to_string()).unwrap_or_default()),
            named("department", |one| one.department.map(|part| part.to_string()).unwrap_or_default()),
            named("complaint_outcome", |one| one.outcome().to_owned()),
        ],
        rows: entries.iter().map(|one| row(ctx, one)).collect(),
        form: Form::new("complaints.form").with("from", from).with("to", to),
        from,
        to,
    }
}

/// A complaint as the table shows it.
pub(crate) fn row(ctx: &Ctx, one: &Entry) -> EntryRow {
    EntryRow {
        number: one.number.clone(),
        at: one.at,
        category: word(ctx, "category", &one.category),
        cause: one.cause.map(|cause| word(ctx, "cause", cause.as_str())).unwrap_or_default(),
        department: one.department.map(|part| word(ctx, "department", part.as_str())).unwrap_or_default(),
        hours: one.hours(),
        outcome: one.outcome(),
        done: one.done.clone(),
        lesson: one.lesson.clone(),
        late: one.breaches > 0,
    }
}

/// `GET /complaints/figures`
pub(crate) async fn show(ctx: Ctx, span: Query<Span>) -> Reply {
    let (span, entries) = found(&ctx, span.into_inner(), Action::ReadFigures).await?;
    ctx.page(&view(&ctx, span, entries))
}

/// `GET /complaints/figures/paper`
pub(crate) async fn paper(ctx: Ctx, span: Query<Span>) -> Reply {
    let (span, entries) = found(&ctx, span.into_inner(), Action::ReadFigures).await?;
    ctx.page(&FiguresPaperView { figures: view(&ctx, span, entries) })
}

/// `GET /complaints/figures.csv`
pub(crate) async fn file(ctx: Ctx, span: Query<Span>) -> Reply {
    let ((from, to), entries) = found(&ctx, span.into_inner(), Action::Export).await?;
    let rows = entries.into_iter().map(work::complaint).collect();
    tables::deliver(&ctx, work::COMPLAINTS, &format!("{from} {to}"), rows).await
}
