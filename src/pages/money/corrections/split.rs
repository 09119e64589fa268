//! `/homes/{code}/charges/{id}/split`: a charge whose payer changed within its days, split by the settlement.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::billing::{self, explain::explain};
use domain::db::schema::people;
use domain::ledger;
use domain::{ChargeId, Error, LocalDate, PersonId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::bills::BillLine;
use crate::views::money::split::{Half, SplitView};

const FORM: &str = "split.form";

type Which = Path<(String, i64)>;

/// On which day.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    on: Option<String>,
}

/// `GET /homes/{code}/charges/{id}/split`
pub(crate) async fn confirm(ctx: Ctx, which: Which, asked: Query<Asked>) -> Reply {
    let (code, id) = which.into_inner();
    let on = asked.into_inner().on.and_then(|text| domain::clock::day(&text));
    let view = view(&ctx, code, ChargeId(id), on).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, code: String, id: ChargeId, on: Option<LocalDate>) -> domain::Result<SplitView> {
    use diesel::prelude::*;
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::Bill, Object::Community(community))?;
        let home = ledger::home(db, actor, now, community, &code)?;
        let line = ledger::line_of(db, home, id)?;
        let charge = &line.charge;
        let changes = billing::payer_changes(db, home)?;
        let known = changes.into_iter().find(|day| charge.from_on < *day && *day <= charge.to_on);
        let on = on.or(known);
        let (mut halves, mut stop) = (Vec::new(), None);
        match on.map(|on| billing::halves(db, actor, now, id, on)) {
            None => stop = Some("split.same_payer"),
            Some(Err(Error::Refused(refusal))) => stop = Some(refusal.rule),
            Some(Err(Error::Invalid(_))) => stop = Some("split.not_within"),
            Some(Err(error)) => return Err(error),
            Some(Ok(made)) => {
                let name = |payer: PersonId| people::table.find(payer.0).select(people::name);
                let other: String = name(made.payer).first(db)?;
                let first = explain(&made.first, language);
                let rest = domain::billing::explain::explain_stored(&made.rest.to_string(), language);
                halves.push(Half {
                    payer: line.payer.clone(),
                    amount: made.first.amount(),
                    explanation: first,
                });
                halves.push(Half { payer: other, amount: made.rest.amount(), explanation: rest });
            }
        }
        let form = Form::new(FORM).with("on", on.map(|day| day.to_string()).unwrap_or_default());
        Ok(SplitView {
            seen: charge.seen(),
            home: code,
            line: BillLine::of(line, language),
            halves,
            stop,
            form,
        })
    })
    .await
}

/// `POST /homes/{code}/charges/{id}/split`
pub(crate) async fn submit(ctx: Ctx, which: Which, posted: Posted) -> Reply {
    let (code, id) = which.into_inner();
    let (community, id, home) = (ctx.community()?.id, ChargeId(id), code.clone());
    let mut form = posted.form(FORM);
    let (on, reason, seen) = (form.date("on"), form.text("reason", 200), form.text("seen", 80));
    let read = (|| Some((on?, reason?, seen?)))();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (on, reason, seen)| {
            let of = ledger::home(tx, actor, now, community, &home)?;
            ledger::line_of(tx, of, id)?;
            billing::split(tx, actor, now, id, (*on, reason, seen))?;
            Ok(format!("/homes/{home}/bills?done=charge_split"))
        })
        .await;
    let page = view(&ctx, code, id, on).await?;
    ctx.outcome(done, form, |form| SplitView { form, ..page })
}
