//! `/settings/fees`: fee items, their tariffs with a worked example from real homes, and the homes that an
//! exception is made for.

use actix_web::web::Path;
use domain::billing::exceptions::{self, Kind, Listed, NewException, Terms};
use domain::billing::intervals::{self, Timing};
use domain::billing::items::{self, Tariffed};
use domain::billing::keep::{self, Change, NewItem, NewTariff};
use domain::billing::{Example, example, given_back};
use domain::{Error, FeeExceptionId, Month, Quantity, Rate, late_fees, meters};

use super::intervals::INTERVAL;
use super::late::LATE;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::given_back::GivenBackView;
use crate::views::settings::fees::{
    ExampleRow, ExceptionRow, FeeView, FeesView, IntervalRow, ItemRow, LateRow, NewFeeView,
};

const ITEM: &str = "fees.item_form";
const TARIFF: &str = "fees.tariff_form";
const EXCEPTION: &str = "fees.exception_form";

/// `GET /settings/fees`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let items = ctx.read(move |db, _, _| items::all(db, community)).await?;
    let (going, ended) =
        items.into_iter().map(ItemRow::from).partition(|item: &ItemRow| item.ends_on.is_none());
    ctx.page(&FeesView { going, ended })
}

/// `GET /settings/fees/new`
pub(crate) async fn new(ctx: Ctx) -> Reply {
    let first = Month::of(ctx.community()?.today(ctx.now)?).next().first_day();
    let form = Form::new(ITEM).with("due_day", 25).with("starts_on", first);
    ctx.page(&NewFeeView { form })
}

/// `POST /settings/fees`
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(ITEM);
    // In the order of the page, so that what is wrong is listed in it.
    let (name, code) = (form.text("name", 40), form.text("code", 64));
    let (by, applies_to) = (form.choice("by"), form.choice("applies_to"));
    let meter = form.maybe_parsed::<meters::Kind>("meter", "unknown_word");
    let (rate, unit) = (rate(&mut form), form.text("unit", 20));
    let (starts_on, due_day) = (form.date("starts_on"), form.number("due_day", 1, 31));
    let tiers = tiers(&mut form);
    let read = (|| {
        let due_day = i32::try_from(due_day?).ok()?;
        let item = NewItem {
            code: code?,
            name: name?,
            by: by?,
            applies_to: applies_to?,
            unit: unit?,
            due_day,
            meter: meter?,
        };
        Some((item, NewTariff { starts_on: starts_on?, rate: rate?, tiers: tiers? }))
    })();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (item, first)| {
            keep::add(tx, actor, now, community, (item, first))?;
            Ok(format!("/settings/fees/{}?done=saved", item.code))
        })
        .await;
    ctx.outcome(done, form, |form| NewFeeView { form })
}

fn tariff(form: &mut Form) -> Option<NewTariff> {
    let (rate, starts_on) = (rate(form), form.date("starts_on"));
    let tiers = tiers(form);
    Some(NewTariff { starts_on: starts_on?, rate: rate?, tiers: tiers? })
}

fn rate(form: &mut Form) -> Option<Rate> {
    let rate = Rate::parse(&form.text("rate", 20)?);
    if rate.is_none() {
        form.wrong("rate", "rate");
    }
    rate
}

/// A line for each tier: above which quantity, which rate.
fn tiers(form: &mut Form) -> Option<Vec<(i64, Rate)>> {
    let text = form.maybe("tiers", 500)?.unwrap_or_default();
    let tier = |line: &str| {
        let (above, rate) = line.trim().split_once(char::is_whitespace)?;
        Some((Quantity::parse(above)?.0, Rate::parse(rate)?))
    };
    let tiers: Option<Vec<_>> = text.lines().filter(|line| !line.trim().is_empty()).map(tier).collect();
    if tiers.is_none() {
        form.wrong("tiers", "tiers");
    }
    tiers
}

/// `GET /settings/fees/{item}`
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let (view, _) = view(&ctx, code.into_inner()).await?;
    ctx.page(&view)
}

pub(super) async fn view(ctx: &Ctx, code: String) -> domain::Result<(FeeView, Tariffed)> {
    let community = ctx.community()?.id;
    let (today, language) = (ctx.community()?.today(ctx.now)?, ctx.lang.code());
    let next = Month::of(today).next();
    let (item, exceptions, late, often, due) = ctx
        .read(move |db, _, _| {
            let item = keep::find(db, community, &code)?.ok_or(Error::NotFound)?;
            let found = items::find(db, community, item.id)?.ok_or(Error::NotFound)?;
            let often = intervals::history(db, item.id)?;
            let due = given_back::due_of_item(db, (community, item.id), today)?;
            Ok((found, exceptions::of_item(db, item.id)?, late_fees::of_item(db, item.id)?, often, due))
        })
        .await?;
    let change = Form::new(ITEM)
        .with("name", &item.item.name)
        .with("unit", &item.item.unit)
        .with("due_day", item.item.due_day)
        .with("ends_on", item.item.ends_on.map(|day| day.to_string()).unwrap_or_default());
    let view = FeeView {
        item: ItemRow::from(item.clone()),
        given_back: GivenBackView::of(&due, language),
        change,
        tariff: Form::new(TARIFF).with("starts_on", next.first_day()),
        examples: Vec::new(),
        interval: Form::new(INTERVAL)
            .with("from_month", next)
            .with("months", often.first().map_or(3, |one| one.months))
            .with("timing", often.first().map_or(Timing::First, |one| one.timing)),
        intervals: often.into_iter().map(IntervalRow::from).collect(),
        interval_tried: None,
        interval_examples: Vec::new(),
        exception: Form::new(EXCEPTION).with("kind", Kind::Free).with("from_month", next),
        exceptions: exceptions.into_iter().map(|one: Listed| ExceptionRow::of(one, next.prev())).collect(),
        late: Form::new(LATE)
            .with("starts_on", next.first_day())
            .with("grace_days", 15)
            .with("cap_percent", 20),
        late_terms: late.into_iter().map(LateRow::from).collect(),
    };
    Ok((view, item))
}

/// `POST /settings/fees/{item}`
pub(crate) async fn change(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let (page, _) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(ITEM);
    let (name, unit) = (form.text("name", 40), form.text("unit", 20));
    let (due_day, ends_on) = (form.number("due_day", 1, 31), form.maybe_date("ends_on"));
    let read = (|| {
        let due_day = i32::try_from(due_day?).ok()?;
        Some(Change { name: name?, unit: unit?, due_day, ends_on: ends_on? })
    })();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, change| {
            keep::change(tx, actor, now, community, &code, change)?;
            // Its page says what is given back.
            let ends = change.ends_on.map_or_else(String::new, |_| format!("/{code}"));
            Ok(format!("/settings/fees{ends}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { change: form, ..page })
}

/// `POST /settings/fees/{item}/tariffs`: shows what it would make of real homes, or sets it.
pub(crate) async fn set_tariff(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let (page, item) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(TARIFF);
    let tries = form.maybe("act", 10).flatten().is_some_and(|act| act == "try");
    let read = tariff(&mut form);
    if let (true, Some(new)) = (tries, &read) {
        return tried(&ctx, page, item, (form, new.clone())).await;
    }
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            keep::set_tariff(tx, actor, now, community, &code, new)?;
            Ok(format!("/settings/fees/{code}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { tariff: form, ..page })
}

async fn tried(ctx: &Ctx, page: FeeView, item: Tariffed, (mut form, new): (Form, NewTariff)) -> Reply {
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    let examples = ctx
        .read(move |db, _, now| {
            keep::fits(db, now, community, item.item.id, &new)?;
            example(db, community, &item, &new)
        })
        .await;
    match examples {
        Ok(examples) => {
            let row = |one: Example| ExampleRow::of(&one, language);
            let examples = examples.into_iter().map(row).collect();
            ctx.page(&FeeView { tariff: form, examples, ..page })
        }
        Err(error) => {
            form.note(error)?;
            ctx.page(&FeeView { tariff: form, ..page })
        }
    }
}

/// `POST /settings/fees/{item}/exceptions`
pub(crate) async fn agree(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let (page, item) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(EXCEPTION);
    let read = exception(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            exceptions::agree(tx, actor, now, community, &item.item, new)?;
            Ok(format!("/settings/fees/{code}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { exception: form, ..page })
}

fn exception(form: &mut Form) -> Option<NewException> {
    let (home, kind) = (form.text("home", 40), form.choice::<Kind>("kind"));
    let (from, to) = (form.month("from_month"), form.maybe_parsed::<Month>("to_month", "month"));
    let (value, reason) = (form.maybe("value", 20).flatten(), form.text("reason", 200));
    let terms = match kind? {
        Kind::Free => Some(Terms::Free),
        Kind::Part => value.and_then(|text| text.trim_end_matches('%').trim().parse().ok()).map(Terms::Part),
        Kind::Rate => value.and_then(|text| Rate::parse(&text)).map(Terms::Rate),
    };
    if terms.is_none() {
        form.wrong("value", if kind == Some(Kind::Part) { "percent" } else { "rate" });
    }
    Some(NewException { home: home?, terms: terms?, from: from?, to: to?, reason: reason? })
}

/// `POST /settings/fees/{item}/exceptions/{id}/end`
pub(crate) async fn end(ctx: Ctx, path: Path<(String, i64)>, posted: Posted) -> Reply {
    let ((code, id), community) = (path.into_inner(), ctx.community()?.id);
    let (page, item) = view(&ctx, code.clone()).await?;
    let mut form = posted.form(EXCEPTION);
    let last = form.month("last");
    let done = ctx
        .submit(&mut form, last, move |tx, actor, now, last| {
            let which = (item.item.id, FeeExceptionId(id));
            exceptions::end(tx, actor, now, community, which, *last)?;
            Ok(format!("/settings/fees/{code}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| FeeView { exception: form, ..page })
}
