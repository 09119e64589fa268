//! `/deposits`: who handed in what and the office still holds; a new one; one with what is to be kept of it.

pub(crate) mod deduction;

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, may};
use domain::deposits::{self, NewDeposit, Purpose};
use domain::payments::Method;
use domain::{DepositId, Error, Fen, ledger};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::deposits::{
    DeductionRow, DepositRow, DepositView, DepositsView, NewDepositView, by_purpose,
};

pub(super) const FORM: &str = "deposits.form";

/// How many that are over the page shows.
const RECENT: i64 = 30;

/// `GET /deposits`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let view = ctx
        .read(move |db, actor, now| {
            let held = deposits::held(db, actor, now, community)?;
            let recent = deposits::recent(db, actor, now, community, RECENT)?;
            Ok(DepositsView {
                total: held.iter().map(|line| line.held).sum(),
                purposes: by_purpose(&held),
                held: held.into_iter().map(DepositRow::from).collect(),
                recent: recent.into_iter().map(DepositRow::from).collect(),
            })
        })
        .await?;
    ctx.page(&view)
}

/// For which home.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    home: Option<String>,
}

/// `GET /deposits/new`
pub(crate) async fn new(ctx: Ctx, wanted: Query<Wanted>) -> Reply {
    let home = wanted.into_inner().home.unwrap_or_default();
    ctx.page(&new_view(Form::new(FORM).with("home", home).with("method", Method::Cash)))
}

fn new_view(form: Form) -> NewDepositView {
    NewDepositView {
        purposes: Purpose::ALL.iter().map(|one| one.as_str()).collect(),
        methods: Method::AT_DESK.iter().map(|one| one.as_str()).collect(),
        form,
    }
}

/// What a cashier typed.
struct Typed {
    home: String,
    purpose: Purpose,
    basis: String,
    handed_in_by: Option<String>,
    amount: Fen,
    method: Method,
    note: String,
}

/// `POST /deposits`
pub(crate) async fn take(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let read = read(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, typed| {
            let home = ledger::home(tx, actor, now, community, &typed.home).map_err(unknown)?;
            let new = NewDeposit {
                home,
                payer: None,
                purpose: typed.purpose,
                basis: typed.basis.clone(),
                handed_in_by: typed.handed_in_by.clone().unwrap_or_default(),
                amount: typed.amount,
                method: typed.method,
                note: typed.note.clone(),
                case: None,
            };
            let id = deposits::take(tx, actor, now, &new).map_err(renamed)?;
            let receipt = deposits::line(tx, actor, now, id)?.receipt;
            Ok(format!("/receipts/{receipt}?done=deposit_taken"))
        })
        .await;
    ctx.outcome(done, form, new_view)
}

fn read(form: &mut Form) -> Option<Typed> {
    let (home, purpose) = (form.text("home", 40), form.choice("purpose"));
    let (basis, handed_in_by) = (form.text("basis", 300), form.maybe("handed_in_by", 80));
    let (amount, method) = (form.money("amount"), form.choice::<Method>("method"));
    let note = form.maybe("note", 200);
    Some(Typed {
        home: home?,
        purpose: purpose?,
        basis: basis?,
        handed_in_by: handed_in_by?,
        amount: amount?,
        method: method.filter(|method| Method::AT_DESK.contains(method))?,
        note: note?.unwrap_or_default(),
    })
}

fn unknown(error: Error) -> Error {
    match error {
        Error::NotFound => Error::field("home", "unknown_home"),
        other => other,
    }
}

/// The form calls the amount by its own name.
fn renamed(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            let amounts = fields.iter_mut().filter(|field| field.field == "amount_fen");
            amounts.for_each(|field| "amount".clone_into(&mut field.field));
            Error::Invalid(fields)
        }
        other => other,
    }
}

/// `GET /deposits/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, DepositId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: DepositId) -> domain::Result<DepositView> {
    ctx.read(move |db, actor, now| {
        let (line, kept) = deposits::whole(db, actor, now, id)?;
        let place = Object::Community(line.deposit.community_id);
        let own = actor.person == Some(line.payer_id);
        let first = [line.deposit.asked_by, line.taken_by].contains(&actor.person);
        Ok(DepositView {
            keeps: !own && may(db, actor, now, Action::KeepDeposits, place)?,
            gives_back: !own && !first && may(db, actor, now, Action::VoidPayment, place)?,
            own,
            methods: Method::AT_DESK.iter().map(|one| one.as_str()).collect(),
            deductions: kept.into_iter().map(DeductionRow::from).collect(),
            row: DepositRow::from(line),
            form: Form::new(FORM).with("method", Method::Cash),
        })
    })
    .await
}

/// `POST /deposits/{id}/deductions`
pub(crate) async fn deduct(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DepositId(*id);
    let page = view(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let read = form.money("amount").zip(form.text("reason", 200));
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (amount, reason)| {
            deposits::deduct(tx, actor, now, id, *amount, reason)?;
            Ok(format!("/deposits/{id}?done=deposit_deducted"))
        })
        .await;
    ctx.outcome(done, form, |form| DepositView { form, ..page })
}

/// `POST /deposits/{id}/return`
pub(crate) async fn ask_return(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DepositId(*id);
    let page = view(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            deposits::ask_return(tx, actor, now, id)?;
            Ok(format!("/deposits/{id}?done=deposit_asked"))
        })
        .await;
    ctx.outcome(done, form, |form| DepositView { form, ..page })
}

/// `POST /deposits/{id}/keep`
pub(crate) async fn keep(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DepositId(*id);
    let page = view(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            deposits::keep(tx, actor, now, id)?;
            Ok(format!("/deposits/{id}?done=saved"))
        })
        .await;
    ctx.outcome(done, form, |form| DepositView { form, ..page })
}

/// `POST /deposits/{id}/give-back`
pub(crate) async fn give_back(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DepositId(*id);
    let page = view(&ctx, id).await?;
    let mut form = posted.form(FORM);
    let read = form.choice::<Method>("method").zip(form.maybe("note", 200));
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (method, note)| {
            let note = note.as_deref().unwrap_or_default();
            deposits::give_back(tx, actor, now, id, (*method, note))?;
            Ok(format!("/deposits/{id}?done=deposit_returned"))
        })
        .await;
    ctx.outcome(done, form, |form| DepositView { form, ..page })
}
