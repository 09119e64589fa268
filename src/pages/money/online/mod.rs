//! People pay by themselves: the form that asks for an order, the order's page with its code, the cashier's list; and
//! what providers tell of payments.

pub(crate) mod list;
pub(crate) mod notifications;
pub(crate) mod order;
pub(crate) mod practice;

use actix_web::web::Path;
use domain::ledger::{self, Account, Book};
use domain::pay_orders::{self, Channel, NewOrder};
use domain::{Db, Error, Fen, HomeId, Instant, LedgerAccountId, access::Actor};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::online::{PayOnlineView, PayerRow};

const FORM: &str = "pay_orders.form";

/// `GET /homes/{code}/pay-online`
pub(crate) async fn form(ctx: Ctx, code: Path<String>) -> Reply {
    let view = view(&ctx, code.into_inner(), Form::new(FORM)).await?;
    let mut form = Form::new(FORM);
    if let Some(first) = view.payers.first() {
        form = form.with("account", first.account.0);
        if first.owed > Fen::ZERO {
            form = form.with("amount", first.owed);
        }
    }
    if let [only] = view.channels.as_slice() {
        form = form.with("channel", only);
    }
    ctx.page(&PayOnlineView { form, ..view })
}

async fn view(ctx: &Ctx, code: String, form: Form) -> domain::Result<PayOnlineView> {
    let channels = offered(ctx)?;
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let home = ledger::home(db, actor, now, community, &code)?;
        let payers = payers(db, actor, home)?;
        let waiting = waiting(db, &payers, now)?;
        Ok(PayOnlineView { home: code, payers, waiting, channels, form })
    })
    .await
}

/// With whom one can pay.
///
/// # Errors
/// Not found where nobody is set up.
fn offered(ctx: &Ctx) -> domain::Result<Vec<&'static str>> {
    let codes = ctx.app.channels.codes();
    if codes.is_empty() { Err(Error::NotFound) } else { Ok(codes) }
}

/// Whose account one can pay into: who owes most first.
fn payers(db: &mut Db, actor: &Actor, home: HomeId) -> domain::Result<Vec<PayerRow>> {
    let mut accounts: Vec<Account> = ledger::visible(db, actor, home, Book::Fees)?;
    accounts.sort_by_key(|account| std::cmp::Reverse(account.balance));
    let row = |account: Account| PayerRow {
        account: account.id,
        name: account.payer,
        owed: account.balance.max(Fen::ZERO),
    };
    Ok(accounts.into_iter().map(row).collect())
}

/// The number of an order that waits to be paid already.
fn waiting(db: &mut Db, payers: &[PayerRow], now: Instant) -> domain::Result<Option<String>> {
    let accounts: Vec<_> = payers.iter().map(|payer| payer.account).collect();
    let open = pay_orders::open_of(db, &accounts)?;
    Ok(open.into_iter().find(|order| order.expires_at > now).map(|order| order.number))
}

/// `POST /homes/{code}/pay-online`
pub(crate) async fn ask(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let code = code.into_inner();
    let mut form = posted.form(FORM);
    let read = (
        form.maybe_parsed::<LedgerAccountId>("account", "choice"),
        form.money("amount"),
        form.choice::<Channel>("channel"),
    );
    let offered = offered(&ctx)?;
    let asked = match read {
        (Some(account), Some(amount), Some(channel)) if offered.contains(&channel.as_str()) => {
            Some((account, amount, channel))
        }
        (_, _, Some(_)) => {
            form.wrong("channel", "choice");
            None
        }
        _ => None,
    };
    let (community, asked_of) = (ctx.community()?.id, code.clone());
    let done = ctx
        .submit(&mut form, asked, move |tx, actor, now, (account, amount, channel)| {
            let home = ledger::home(tx, actor, now, community, &asked_of)?;
            let new = NewOrder { home, account: *account, amount: *amount, channel: *channel };
            let id = pay_orders::ask(tx, actor, now, &new).map_err(renamed)?;
            Ok(format!("/pay-orders/{}", pay_orders::by_id(tx, id)?.number))
        })
        .await;
    let page = view(&ctx, code, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| PayOnlineView { form, ..page })
}

/// The form calls the amount by its own name.
fn renamed(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            fields.iter_mut().for_each(|field| "amount".clone_into(&mut field.field));
            Error::Invalid(fields)
        }
        other => other,
    }
}
