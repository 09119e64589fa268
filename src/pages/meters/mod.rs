//! `/meters`: a sheet of homes to enter readings quickly, building by building, and the readings that wait for
//! somebody to look at them; [`reading`] is the page of one. [`register`] keeps which home has which meter, [`own`] is
//! the residents' side.

pub(crate) mod own;
pub(crate) mod reading;
pub(crate) mod register;

use actix_web::web::Query;
use domain::access::{Action, Object, allow, may};
use domain::meters::{self, Kind, NewReading, Source};
use domain::{MeterId, Month, Quantity};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::meters::{HeldRow, MeterRow, SheetView};

const FORM: &str = "meters.form";

/// What a dial says, as it was typed.
fn dial(form: &mut Form, name: &str) -> Option<i64> {
    let text = form.text(name, 20)?;
    let value = Quantity::parse(&text).filter(|value| value.0 >= 0);
    if value.is_none() {
        form.wrong(name, "dial");
    }
    value.map(|value| value.0)
}

/// Which sheet.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    period: Option<String>,
    building: Option<String>,
}

/// `GET /meters?kind=&period=&building=`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let today = ctx.community()?.today(ctx.now)?;
    let asked = asked.into_inner();
    let period = asked.period.and_then(|text| text.parse().ok()).unwrap_or(Month::of(today));
    let kind = asked.kind.and_then(|text| text.parse().ok()).unwrap_or(Kind::Water);
    let form = Form::new(FORM).with("read_on", today);
    let view = view(&ctx, (kind, asked.building.unwrap_or_default(), period), form).await?;
    ctx.page(&view)
}

async fn view(
    ctx: &Ctx,
    (kind, building, period): (Kind, String, Month),
    form: Form,
) -> domain::Result<SheetView> {
    let community = ctx.community()?.id;
    let (buildings, building, rows, held, (decides, keeps)) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadMeter, Object::Community(community))?;
            let buildings = meters::buildings(db, community)?;
            let chosen = if buildings.contains(&building) { Some(&building) } else { buildings.first() };
            let building = chosen.cloned().unwrap_or_default();
            let rows = meters::sheet(db, actor, now, community, (kind, &building, period))?;
            let place = Object::Community(community);
            let decides = may(db, actor, now, Action::Bill, place)?;
            let keeps = may(db, actor, now, Action::KeepMeters, place)?;
            Ok((buildings, building, rows, meters::waiting(db, community)?, (decides, keeps)))
        })
        .await?;
    Ok(SheetView {
        form,
        kind: kind.as_str(),
        period,
        building,
        buildings,
        rows: rows.into_iter().map(MeterRow::from).collect(),
        held: held.into_iter().map(HeldRow::from).collect(),
        decides,
        keeps,
    })
}

/// `POST /meters/readings`
pub(crate) async fn enter(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form(FORM);
    for name in form.names_beginning("value_") {
        form = form.labelled(&name, "meters.value");
    }
    let (kind, period) = (form.choice::<Kind>("kind"), form.month("period"));
    let (building, read_on) = (form.text("building", 20), form.date("read_on"));
    let readings = readings(&mut form);
    let sheet = (kind.unwrap_or(Kind::Water), building.clone().unwrap_or_default());
    let present = Month::of(ctx.community()?.today(ctx.now)?);
    let page = view(&ctx, (sheet.0, sheet.1, period.unwrap_or(present)), Form::new(FORM)).await?;
    let all = (|| {
        let (period, read_on) = (period?, read_on?);
        let new = |(meter, value, turned): (MeterId, i64, bool)| NewReading {
            meter,
            period,
            read_on,
            value,
            turned,
            source: Source::Hand,
        };
        Some(readings?.into_iter().map(new).collect::<Vec<_>>())
    })();
    let (kind, building) = (page.kind, page.building.clone());
    let address = format!("/meters?kind={kind}&period={}&building={building}&done=readings", page.period);
    let done = ctx
        .submit(&mut form, all, move |tx, actor, now, all| {
            meters::read_all(tx, actor, now, all)?;
            Ok(address.clone())
        })
        .await;
    ctx.outcome(done, form, |form| SheetView { form, ..page })
}

/// What was typed, meter by meter; empty fields are none. None where something is no number.
fn readings(form: &mut Form) -> Option<Vec<(MeterId, i64, bool)>> {
    let mut all = Some(Vec::new());
    for name in form.names_beginning("value_") {
        let id: Option<MeterId> = name.strip_prefix("value_").and_then(|id| id.parse().ok());
        let turned = form.ticked(&name.replace("value_", "turned_"));
        let Some(Some(text)) = form.maybe(&name, 20) else { continue };
        match (id, Quantity::parse(&text).filter(|value| value.0 >= 0)) {
            (Some(id), Some(value)) => {
                if let Some(all) = &mut all {
                    all.push((id, value.0, turned));
                }
            }
            _ => {
                form.wrong(&name, "dial");
                all = None;
            }
        }
    }
    all
}
