//! `/settings/prices`: the price list, labour and materials, and the form of one line.

use actix_web::web::Path;
use domain::stock::{self, Item, Kind, NewItem};
use domain::{Error, Fen};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::prices::{PriceView, PricesView};

/// `GET /settings/prices`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let items = ctx.read(move |db, _, _| stock::all(db, community)).await?;
    let (labour, materials) = items.into_iter().partition(|item: &Item| item.kind == Kind::Labour);
    ctx.page(&PricesView { labour, materials })
}

/// `GET /settings/prices/new`
pub(crate) async fn new(ctx: Ctx) -> Reply {
    let form = Form::new("prices.form").with("kind", Kind::Labour);
    ctx.page(&PriceView { code: None, title: None, form })
}

/// `GET /settings/prices/{code}`
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let item = known(&ctx, code.into_inner()).await?;
    let form = Form::new("prices.form")
        .with("kind", item.kind)
        .with("zh", &item.zh)
        .with("en", &item.en)
        .with("unit", &item.unit)
        .with("price", item.price)
        .with("retired", if item.retired { "on" } else { "" });
    ctx.page(&view(&ctx, Some(&item), form))
}

fn view(ctx: &Ctx, item: Option<&Item>, form: Form) -> PriceView {
    let title = item.map(|item| ctx.lang.of_two(&item.zh, &item.en).to_owned());
    PriceView { code: item.map(|item| item.code.clone()), title, form }
}

async fn known(ctx: &Ctx, code: String) -> domain::Result<Item> {
    let community = ctx.community()?.id;
    ctx.read(move |db, _, _| stock::find(db, community, &code)?.ok_or(Error::NotFound)).await
}

/// `POST /settings/prices`: a new line.
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("prices.form");
    let code = form.text("code", 30);
    save(ctx, form, code, None).await
}

/// `POST /settings/prices/{code}`
pub(crate) async fn change(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let item = known(&ctx, code.into_inner()).await?;
    save(ctx, posted.form("prices.form"), Some(item.code.clone()), Some(item)).await
}

async fn save(ctx: Ctx, mut form: Form, code: Option<String>, item: Option<Item>) -> Reply {
    let community = ctx.community()?.id;
    let read = read(&mut form, code);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            stock::save(tx, actor, now, community, new)?;
            Ok("/settings/prices?done=saved".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, item.as_ref(), form))
}

fn read(form: &mut Form, code: Option<String>) -> Option<NewItem> {
    let (kind, zh, en) = (form.choice("kind"), form.text("zh", 40), form.text("en", 60));
    let (unit, price) = (form.text("unit", 10), form.text("price", 20));
    let retired = form.ticked("retired");
    let price = price.and_then(|text| {
        let price = Fen::parse(&text).filter(|price| price.0 >= 0);
        if price.is_none() {
            form.wrong("price", "money");
        }
        price
    });
    Some(NewItem { code: code?, kind: kind?, zh: zh?, en: en?, unit: unit?, price: price?, retired })
}
