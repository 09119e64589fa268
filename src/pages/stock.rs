//! `/stock`: what lies in the store, receipts and counts; `/stock/month` is the monthly list 月度维修库存记录, for the
//! eye, for paper and for spreadsheets.

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::stock::{self, Item, Kind, Used};
use domain::{CommunityId, Db, Error, Instant, Month, Quantity};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::tables::{self, work};
use crate::views::cases::ChoiceView;
use crate::views::stock::{StockMonthView, StockView};

/// `GET /stock`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new("stock.form"), "").await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form, tried: &'static str) -> domain::Result<StockView> {
    let community = ctx.community()?;
    let (id, month) = (community.id, Month::of(community.today(ctx.now)?));
    let items = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ManageStock, Object::Community(id))?;
            stock::all(db, id)
        })
        .await?;
    let there = |item: &Item| item.kind == Kind::Material && (!item.retired || item.stock.0 > 0);
    let items: Vec<Item> = items.into_iter().filter(there).collect();
    let choice = |item: &Item| ChoiceView {
        value: item.code.clone(),
        text: ctx.lang.of_two(&item.zh, &item.en).to_owned(),
        hint: None,
    };
    Ok(StockView { choices: items.iter().map(choice).collect(), items, month, tried, form })
}

/// `POST /stock/receipts`: what came in.
pub(crate) async fn receive(ctx: Ctx, posted: Posted) -> Reply {
    book(ctx, posted, "receipt", |tx, actor, now, community, (used, note)| {
        stock::receive(tx, actor, now, community, (used, note))
    })
    .await
}

/// `POST /stock/counts`: what a count found.
pub(crate) async fn count(ctx: Ctx, posted: Posted) -> Reply {
    book(ctx, posted, "count", |tx, actor, now, community, (used, note)| {
        stock::count(tx, actor, now, community, (used, note))
    })
    .await
}

type Book = fn(&mut Db, &domain::access::Actor, Instant, CommunityId, &(Used, String)) -> domain::Result<()>;

async fn book(ctx: Ctx, posted: Posted, tried: &'static str, book: Book) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("stock.form");
    let read = read(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, input| {
            book(tx, actor, now, community, input)?;
            Ok(format!("/stock?done=stock_{tried}"))
        })
        .await;
    let page = view(&ctx, Form::new("stock.form"), tried).await?;
    ctx.outcome(done, form, |form| StockView { form, ..page })
}

fn read(form: &mut Form) -> Option<(Used, String)> {
    let (item, typed, note) = (form.text("item", 30), form.text("quantity", 12), form.maybe("note", 200));
    let quantity = typed.and_then(|text| {
        let parsed = Quantity::parse(&text);
        if parsed.is_none() {
            form.wrong("quantity", "number");
        }
        parsed
    });
    Some((Used { item: item?, quantity: quantity? }, note?.unwrap_or_default()))
}

/// Which month's.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    month: Option<String>,
}

impl Asked {
    fn month(&self, ctx: &Ctx) -> domain::Result<Month> {
        match &self.month {
            Some(text) => text.parse().map_err(|_| Error::field("month", "month")),
            None => Ok(Month::of(ctx.community()?.today(ctx.now)?)),
        }
    }
}

/// `GET /stock/month`
pub(crate) async fn month(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (month, community) = (asked.month(&ctx)?, ctx.community()?.id);
    let (rows, taken) = ctx
        .read(move |db, actor, now| {
            let rows = stock::month(db, actor, now, community, month)?;
            Ok((rows, stock::taken_in(db, actor, now, community, month)?))
        })
        .await?;
    let worth = rows.iter().map(|row| row.worth).sum();
    ctx.page(&StockMonthView { month, previous: month.prev(), next: month.next(), rows, taken, worth })
}

/// `GET /stock/month.csv`
pub(crate) async fn month_file(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (month, community) = (asked.month(&ctx)?, ctx.community()?.id);
    let found = ctx.read(move |db, actor, now| stock::month(db, actor, now, community, month)).await?;
    let rows = found.into_iter().map(work::stocked).collect();
    tables::deliver(&ctx, work::STOCK, month.as_str(), rows).await
}
