//! `/billing/shared`: the register of shared bills, one bill with its parts, a preview; and what a home is shown
//! of the bills that it bears a part of.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::billing::What;
use domain::billing::shared::{self, Bill, NewBill};
use domain::{BuildingId, Error, Month, SharedBillId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::billing::PreviewView;
use crate::views::money::shared::{BillRow, HomeView, SeenBill, SharedBillView, SharedView, TakenBackRow};

const FORM: &str = "shared.form";
/// How many bills the register shows.
const BILLS: i64 = 240;

/// `GET /billing/shared`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let present = Month::of(ctx.community()?.today(ctx.now)?);
    let form =
        Form::new(FORM).with("period", present).with("method", "area").with("applies_to", "residential");
    let view = register(&ctx, form).await?;
    ctx.page(&view)
}

async fn register(ctx: &Ctx, form: Form) -> domain::Result<SharedView> {
    let community = ctx.community()?.id;
    let bills = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Bill, Object::Community(community))?;
            shared::list(db, community, BILLS)
        })
        .await?;
    let mut months: Vec<Month> = bills.iter().map(|bill| bill.period).collect();
    months.dedup();
    Ok(SharedView { form, months, bills: bills.into_iter().map(BillRow::from).collect() })
}

/// `POST /billing/shared`: a new bill.
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let read = read(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            shared::save(tx, actor, now, community, None, new)?;
            Ok("/billing/shared?done=saved".to_owned())
        })
        .await;
    let page = register(&ctx, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| SharedView { form, ..page })
}

fn read(form: &mut Form) -> Option<NewBill> {
    let (name, period, total) = (form.text("name", 40), form.month("period"), form.money("total"));
    let (method, applies_to) = (form.choice("method"), form.choice("applies_to"));
    Some(NewBill { name: name?, period: period?, total: total?, method: method?, applies_to: applies_to? })
}

/// Which building's parts.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    building: Option<String>,
}

/// `GET /billing/shared/{id}?building=`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>, asked: Query<Asked>) -> Reply {
    let view = bill_view(&ctx, SharedBillId(*id), asked.into_inner().building, None).await?;
    ctx.page(&view)
}

async fn bill_view(
    ctx: &Ctx,
    id: SharedBillId,
    building: Option<String>,
    form: Option<Form>,
) -> domain::Result<SharedBillView> {
    let community = ctx.community()?.id;
    let (bill, buildings, parts, taken_back) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::Bill, Object::Community(community)).map_err(hidden)?;
            let bill = shared::find(db, community, id)?;
            let buildings = shared::buildings(db, &bill)?;
            let chosen = building.unwrap_or_default();
            let found: Option<&(BuildingId, String)> =
                buildings.iter().find(|(_, code)| *code == chosen).or(buildings.first());
            let parts = match found {
                Some((id, _)) => shared::parts(db, &bill, Some(*id))?,
                None => Vec::new(),
            };
            let chosen = found.map(|(_, code)| code.clone());
            let taken_back = shared::taken_back(db, &bill)?;
            Ok((bill, (buildings, chosen), parts, taken_back))
        })
        .await?;
    let form = form.unwrap_or_else(|| filled(&bill));
    Ok(SharedBillView {
        form,
        version: bill.version,
        buildings: buildings.0.into_iter().map(|(_, code)| code).collect(),
        building: buildings.1,
        parts: parts.into_iter().map(|part| (bill.method, part).into()).collect(),
        taken_back: taken_back.into_iter().map(TakenBackRow::from).collect(),
        bill: BillRow::from(bill),
    })
}

/// Who may not bill is not told what there is.
pub(super) fn hidden(error: Error) -> Error {
    if matches!(error, Error::NotAllowed) { Error::NotFound } else { error }
}

fn filled(bill: &Bill) -> Form {
    Form::new(FORM)
        .with("name", &bill.name)
        .with("period", bill.period)
        .with("total", bill.total)
        .with("method", bill.method)
        .with("applies_to", bill.applies_to)
}

/// `POST /billing/shared/{id}`: corrects a bill that nobody was charged of.
pub(crate) async fn change(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, SharedBillId(*id));
    let view = bill_view(&ctx, id, None, None).await?;
    let mut form = posted.form(FORM);
    let version = form.parsed::<i32>("version", "version");
    let read = read(&mut form).zip(version);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (new, version)| {
            shared::save(tx, actor, now, community, Some((id, *version)), new)?;
            Ok("/billing/shared?done=saved".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| SharedBillView { form, ..view })
}

/// `POST /billing/shared/{id}/remove`
pub(crate) async fn remove(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, SharedBillId(*id));
    let view = bill_view(&ctx, id, None, None).await?;
    let mut form = posted.form(FORM);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            shared::remove(tx, actor, now, community, id)?;
            Ok("/billing/shared?done=bill_removed".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| SharedBillView { form, ..view })
}

/// Which month.
#[derive(Debug, Deserialize)]
pub(crate) struct Of {
    period: Option<String>,
}

/// `GET /billing/shared/preview?period=`
pub(crate) async fn preview(ctx: Ctx, asked: Query<Of>) -> Reply {
    let community = ctx.community()?.id;
    let typed = asked.into_inner().period.unwrap_or_default();
    let Ok(period) = typed.trim().parse::<Month>() else {
        let mut form = Form::new(FORM).with("period", typed);
        form.wrong("period", "month");
        let view = register(&ctx, form).await?;
        return ctx.page(&view);
    };
    let preview = ctx.read(move |db, actor, now| shared::preview(db, actor, now, community, period)).await?;
    ctx.page(&PreviewView::of(What::Shared, preview, ctx.lang.code()))
}

/// `GET /homes/{code}/shared/{period}`
pub(crate) async fn home(ctx: Ctx, path: Path<(String, String)>) -> Reply {
    let ((code, period), community) = (path.into_inner(), ctx.community()?.id);
    let Ok(period) = period.parse::<Month>() else { return Err(Error::NotFound.into()) };
    let (home, language) = (code.clone(), ctx.lang.code());
    let seen =
        ctx.read(move |db, actor, now| shared::of_home(db, actor, now, community, (&code, period))).await?;
    let bills = seen.into_iter().map(|seen| SeenBill::of(seen, language)).collect();
    ctx.page(&HomeView { home, period, bills })
}
