//! `/charges/counted`: charging a home by quantity. First what it would cost is shown in words, then it is charged,
//! once, for what was shown.

use domain::Quantity;
use domain::access::{Action, Object, may};
use domain::billing::counted::{self, NewCount};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::counted::{CountedView, ItemChoice, LatestRow, Shown};

const FORM: &str = "counted.form";
/// How many of the latest are listed.
const LATEST: i64 = 10;

/// `GET /charges/counted`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let today = ctx.community()?.today(ctx.now)?;
    let view = view(&ctx, Form::new(FORM).with("day", today)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<CountedView> {
    let (community, language) = (ctx.community()?.clone(), ctx.lang.code());
    ctx.read(move |db, actor, now| {
        let items = counted::items(db, community.id, community.today(now)?)?;
        let latest = counted::list(db, actor, now, community.id, LATEST)?;
        Ok(CountedView {
            form,
            shown: None,
            items: items.into_iter().map(ItemChoice::from).collect(),
            latest: latest.into_iter().map(|line| LatestRow::of(line, language)).collect(),
            sets: may(db, actor, now, Action::ChangeSettings, Object::Community(community.id))?,
        })
    })
    .await
}

/// `POST /charges/counted`: shows what it would cost, or charges it.
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let charges = form.maybe("act", 10).flatten().is_some_and(|act| act == "charge");
    let seen = form.maybe("seen", 80).flatten();
    let new = read(&mut form);
    let (true, Some(seen)) = (charges, seen) else { return looked(&ctx, form, new).await };
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            counted::charge(tx, actor, now, community, new, &seen)?;
            Ok("/charges/counted?done=counted".to_owned())
        })
        .await;
    let page = view(&ctx, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| CountedView { form, ..page })
}

/// What it would cost, in words; nothing is charged yet.
async fn looked(ctx: &Ctx, mut form: Form, new: Option<NewCount>) -> Reply {
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    let looked = match form.done(new) {
        Ok(new) => ctx.read(move |db, actor, now| counted::look(db, actor, now, community, &new)).await,
        Err(error) => Err(error),
    };
    let page = view(ctx, Form::new(FORM)).await?;
    match looked {
        Ok(worked) => ctx.page(&CountedView { form, shown: Some(Shown::of(worked, language)), ..page }),
        Err(error) => ctx.outcome(Err(error), form, |form| CountedView { form, ..page }),
    }
}

fn read(form: &mut Form) -> Option<NewCount> {
    let (home, item, day) = (form.text("home", 40), form.text("item", 64), form.date("day"));
    let (typed, note) = (form.text("quantity", 12), form.text("note", 100));
    let quantity = typed.and_then(|text| {
        let quantity = Quantity::parse(&text);
        if quantity.is_none() {
            form.wrong("quantity", "number");
        }
        quantity
    });
    Some(NewCount { home: home?, item: item?, day: day?, quantity: quantity?, note: note? })
}
