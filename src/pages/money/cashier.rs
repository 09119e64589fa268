//! The cashier's desk: find a home, take a payment, close the day.

use actix_web::web::{Path, Query};
use domain::ledger::{self, Book, ChargeFilter, Page};
use domain::payments::{self, Method, NewPayment};
use domain::{ChargeId, Db, Error, Fen, LocalDate, late_fees};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::money::bills::{BillLine, PayerRow};
use crate::views::money::cashier::{CashierView, ClosingRow, ClosingView, PayView};

/// Which home.
#[derive(Debug, Deserialize)]
pub(crate) struct Find {
    home: Option<String>,
}

/// `GET /cashier`: with `?home=` straight to the home.
pub(crate) async fn show(ctx: Ctx, find: Query<Find>) -> Reply {
    let (community, wanted) = (ctx.community()?.clone(), find.into_inner().home);
    let mut form = Form::new("cashier.form");
    if let Some(code) = wanted.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()) {
        let (id, asked) = (community.id, code.clone());
        match ctx.read(move |db, actor, now| ledger::home(db, actor, now, id, &asked)).await {
            Ok(_) => return Ok(see_other(&format!("/homes/{code}/pay"))),
            Err(Error::NotFound) => {
                form = form.with("home", code);
                form.wrong("home", "unknown_home");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let today = community.today(ctx.now)?;
    let (closing, net) = closing(&ctx, today).await?;
    ctx.page(&CashierView { form, closing, net })
}

async fn closing(ctx: &Ctx, day: LocalDate) -> domain::Result<(Vec<ClosingRow>, Fen)> {
    let community = ctx.community()?.id;
    let rows = ctx.read(move |db, actor, now| payments::closing(db, actor, now, community, day)).await?;
    let net = rows.iter().map(payments::Closing::net).sum();
    Ok((rows.iter().map(ClosingRow::from).collect(), net))
}

/// Which day.
#[derive(Debug, Deserialize)]
pub(crate) struct Day {
    day: Option<String>,
}

/// `GET /closing`
pub(crate) async fn day(ctx: Ctx, asked: Query<Day>) -> Reply {
    let today = ctx.community()?.today(ctx.now)?;
    let day = asked.into_inner().day.filter(|day| !day.is_empty());
    let day: LocalDate = match day {
        Some(text) => text.parse().map_err(|_| Error::field("day", "date"))?,
        None => today,
    };
    let (rows, net) = closing(&ctx, day).await?;
    ctx.page(&ClosingView { day, rows, net })
}

/// `GET /homes/{code}/pay`
pub(crate) async fn pay(ctx: Ctx, code: Path<String>) -> Reply {
    let view = pay_view(&ctx, code.into_inner(), Form::new("pay.form")).await?;
    let owed = view.owed;
    let form =
        if owed > Fen::ZERO { Form::new("pay.form").with("amount", owed) } else { Form::new("pay.form") };
    ctx.page(&PayView { form: form.with("method", Method::Cash), ..view })
}

async fn pay_view(ctx: &Ctx, code: String, form: Form) -> domain::Result<PayView> {
    let (place, language) = (ctx.community()?.clone(), ctx.lang.code());
    let community = place.id;
    let pays_online = !ctx.app.channels.codes().is_empty();
    ctx.read(move |db, actor, now| {
        let home = ledger::home(db, actor, now, community, &code)?;
        let accounts = ledger::of_home(db, home, Book::Fees)?;
        let ids: Vec<_> = accounts.iter().map(|account| account.id).collect();
        let lines = open_lines(db, community, home)?;
        let open: Vec<_> = lines.iter().map(|line| &line.charge).collect();
        let each = ledger::prepaid_of_each(db, &ids)?;
        Ok(PayView {
            home: code,
            growing: late_fees::growing(db, &open, place.zone()?, place.today(now)?)?,
            payers: PayerRow::of(&accounts, &open, &each),
            owed: lines.iter().map(|line| line.charge.open()).sum(),
            prepaid: each.into_values().sum(),
            lines: lines.into_iter().map(|line| BillLine::of(line, language)).collect(),
            pays_online,
            methods: Method::AT_DESK.iter().map(|method| method.as_str()).collect(),
            form,
        })
    })
    .await
}

/// What is open on a home, oldest first.
fn open_lines(
    db: &mut Db,
    community: domain::CommunityId,
    home: domain::HomeId,
) -> domain::Result<Vec<ledger::ChargeLine>> {
    let filter = ChargeFilter { home: Some(home), open_only: true, ..ChargeFilter::default() };
    let mut lines = ledger::list(db, community, &filter, Page { after: 0, limit: 2_000 })?;
    lines.sort_by_key(|line| (line.charge.due_on, line.charge.period, line.charge.id));
    Ok(lines)
}

/// What a cashier typed.
struct Typed {
    amount: Fen,
    method: Method,
    note: String,
    charges: Vec<i64>,
}

/// `POST /homes/{code}/pay`
pub(crate) async fn take(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let code = code.into_inner();
    let mut form = posted.form("pay.form");
    let read =
        (form.money("amount"), form.choice("method"), form.maybe("note", 200), form.many("charge", "choice"));
    let typed = match read {
        (Some(amount), Some(method), Some(note), Some(charges)) if Method::AT_DESK.contains(&method) => {
            Some(Typed { amount, method, note: note.unwrap_or_default(), charges })
        }
        _ => None,
    };
    let (community, asked) = (ctx.community()?.id, code.clone());
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let home = ledger::home(tx, actor, now, community, &asked)?;
            let allocate = shares(tx, community, home, typed)?;
            let (amount, method, note) = (typed.amount, typed.method, typed.note.clone());
            let new = NewPayment { home, payer: None, amount, method, allocate, note };
            let id = payments::take(tx, actor, now, &new).map_err(renamed)?;
            Ok(format!("/receipts/{}?done=paid", payments::by_id(tx, id)?.receipt))
        })
        .await;
    let page = pay_view(&ctx, code, Form::new("pay.form")).await?;
    ctx.outcome(done, form, |form| PayView { form, ..page })
}

/// The ticked charges, oldest first, as far as the amount goes; nothing ticked is oldest first by itself.
fn shares(
    tx: &mut Db,
    community: domain::CommunityId,
    home: domain::HomeId,
    typed: &Typed,
) -> domain::Result<Vec<(ChargeId, Fen)>> {
    if typed.charges.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = typed.amount;
    let mut shares = Vec::new();
    for line in open_lines(tx, community, home)? {
        let share = line.charge.open().min(left);
        if typed.charges.contains(&line.charge.id.0) && share > Fen::ZERO {
            shares.push((line.charge.id, share));
            left -= share;
        }
    }
    if shares.is_empty() { Err(Error::field("charge", "unknown_charge")) } else { Ok(shares) }
}

/// The form calls the amount by its own name.
fn renamed(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                let name = if field.field == "amount_fen" { "amount" } else { "charge" };
                name.clone_into(&mut field.field);
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}
