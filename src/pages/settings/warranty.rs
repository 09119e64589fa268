//! `/settings/warranty`: the warranty table with its periods, and when each building passed its completion
//! acceptance.

use domain::homes;
use domain::repairs::pays;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::warranty::WarrantyView;

/// `GET /settings/warranty`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<WarrantyView> {
    let community = ctx.community()?.id;
    let (periods, buildings) = ctx
        .read(move |db, _, _| Ok((pays::periods(db, community)?, homes::completions(db, community)?)))
        .await?;
    let mut form = Form::new("warranty.form");
    for (code, day) in &buildings {
        let name = format!("completed.{code}");
        form = form.labelled(&name, "warranty.form.completed");
        if let Some(day) = day {
            form = form.with(&name, day);
        }
    }
    let periods = [
        ("waterproofing", periods.waterproofing),
        ("installation", periods.installation),
        ("heating", periods.heating),
        ("structure", periods.structure),
    ];
    Ok(WarrantyView {
        periods: periods.to_vec(),
        buildings: buildings.into_iter().map(|(code, _)| code).collect(),
        form,
    })
}

/// `POST /settings/warranty`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let page = view(&ctx).await?;
    let mut form = posted.form("warranty.form");
    let mut day = |code: &String| {
        let day = form.maybe_date(&format!("completed.{code}"))?;
        Some((code.clone(), day))
    };
    let days: Vec<Option<_>> = page.buildings.iter().map(&mut day).collect();
    let read: Option<Vec<_>> = days.into_iter().collect();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, all| {
            homes::complete(tx, actor, now, community, all)?;
            Ok("/settings/warranty?done=saved".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| WarrantyView { form, ..page })
}
