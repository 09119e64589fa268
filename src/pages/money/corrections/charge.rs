//! `/homes/{code}/charges/{id}/{act}`: what can be done to a charge that is wrong. The page names what will
//! happen and asks once; what was paid or waived meanwhile is looked at again first.

use actix_web::web::Path;
use domain::access::{Action, Actor, Object, allow};
use domain::corrections::{self, State};
use domain::ledger::{self, ChargeLine};
use domain::{ChargeId, CommunityId, Db, Error, Fen, Instant, billing, settings};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::bills::BillLine;
use crate::views::money::correct::{Again, CorrectView, Freed};

const FORM: &str = "correct.form";

/// What is done to a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Act {
    Reverse,
    Again,
    Waive,
    Refund,
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Self::Reverse => "reverse",
            Self::Again => "again",
            Self::Waive => "waive",
            Self::Refund => "refund",
        }
    }
}

type Which = Path<(String, i64, Act)>;

/// `GET /homes/{code}/charges/{id}/{act}`
pub(crate) async fn confirm(ctx: Ctx, which: Which) -> Reply {
    let (code, id, act) = which.into_inner();
    let view = view(&ctx, code, ChargeId(id), act).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, code: String, id: ChargeId, act: Act) -> domain::Result<CorrectView> {
    let (community, language) = (ctx.community()?.id, ctx.lang.code());
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::Bill, Object::Community(community))?;
        let home = ledger::home(db, actor, now, community, &code)?;
        let line = ledger::line_of(db, home, id)?;
        let (stop, again) = outlook(db, actor, now, act, &line)?;
        let charge = &line.charge;
        let year = ledger::waived_in_year(db, charge.payer_id, now)?;
        let limit = Fen(settings::get(db, community, settings::WAIVER_LIMIT_FEN)?);
        let freed = ledger::receipts_of(db, id)?;
        Ok(CorrectView {
            act: act.name(),
            seen: again.as_ref().map_or_else(|| charge.seen(), |again| again.amount.0.to_string()),
            again: again.as_ref().map(|again| Again::of(again, language)),
            free_limit: if limit > year { limit - year } else { Fen::ZERO },
            freed: freed.into_iter().map(|(receipt, amount)| Freed { receipt, amount }).collect(),
            paid: charge.paid,
            home: code,
            line: BillLine::of(line, language),
            stop,
            form: Form::new(FORM),
        })
    })
    .await
}

type Outlook = (Option<&'static str>, Option<billing::Anew>);

/// Why it cannot be done as things stand, and what charging anew would make.
fn outlook(db: &mut Db, actor: &Actor, now: Instant, act: Act, line: &ChargeLine) -> domain::Result<Outlook> {
    let charge = &line.charge;
    let waits = corrections::of_accounts(db, &[charge.account_id])?;
    let waits = waits.iter().any(|one| one.charge_id == Some(charge.id));
    let stop = match act {
        Act::Again => match billing::anew(db, actor, now, charge.id) {
            Ok(again) => return Ok((None, Some(again))),
            Err(Error::Refused(refusal)) => Some(refusal.rule),
            Err(error) => return Err(error),
        },
        _ if charge.reversed => Some("charge.reversed"),
        Act::Reverse => None,
        _ if waits => Some("correction.asked"),
        Act::Waive => (charge.open() <= Fen::ZERO).then_some("waiver.nothing_open"),
        Act::Refund => (charge.paid <= Fen::ZERO).then_some("refund.unpaid"),
    };
    Ok((stop, None))
}

/// What somebody typed.
enum Typed {
    Reverse { reason: String, seen: String },
    Again { seen: Fen },
    Waive { amount: Fen, reason: String, seen: String },
    Refund { reason: String, seen: String },
}

fn read(form: &mut Form, act: Act) -> Option<Typed> {
    match act {
        Act::Reverse => {
            let (reason, seen) = (form.text("reason", 200), form.text("seen", 80));
            Some(Typed::Reverse { reason: reason?, seen: seen? })
        }
        Act::Again => Some(Typed::Again { seen: Fen(form.number("seen", 0, i64::MAX)?) }),
        Act::Waive => {
            let (amount, reason) = (form.money("amount"), form.text("reason", 200));
            let seen = form.text("seen", 80);
            Some(Typed::Waive { amount: amount?, reason: reason?, seen: seen? })
        }
        Act::Refund => {
            let (reason, seen) = (form.text("reason", 200), form.text("seen", 80));
            Some(Typed::Refund { reason: reason?, seen: seen? })
        }
    }
}

/// `POST /homes/{code}/charges/{id}/{act}`
pub(crate) async fn submit(ctx: Ctx, which: Which, posted: Posted) -> Reply {
    let (code, id, act) = which.into_inner();
    let (community, id) = (ctx.community()?.id, ChargeId(id));
    let mut form = posted.form(FORM);
    let typed = read(&mut form, act);
    let home = code.clone();
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let done = correct(tx, actor, now, (community, &home, id), typed)?;
            Ok(format!("/homes/{home}/bills?done={done}"))
        })
        .await;
    let page = view(&ctx, code, id, act).await?;
    ctx.outcome(done, form, |form| CorrectView { form, ..page })
}

/// Does it, and gives the name of the words that say what was done.
fn correct(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, code, id): (CommunityId, &str, ChargeId),
    typed: &Typed,
) -> domain::Result<&'static str> {
    let home = ledger::home(tx, actor, now, community, code)?;
    ledger::line_of(tx, home, id)?;
    match typed {
        Typed::Reverse { reason, seen } => {
            corrections::reverse(tx, actor, now, id, reason, seen)?;
            Ok("charge_reversed")
        }
        Typed::Again { seen } => {
            corrections::charge_again(tx, actor, now, id, *seen)?;
            Ok("charged_again")
        }
        Typed::Waive { amount, reason, seen } => {
            ledger::as_seen(tx, id, seen)?;
            let asked = corrections::ask_waiver(tx, actor, now, id, *amount, reason)?;
            Ok(if asked.state == State::Made { "waived" } else { "waiver_asked" })
        }
        Typed::Refund { reason, seen } => {
            ledger::as_seen(tx, id, seen)?;
            corrections::ask_charge_refund(tx, actor, now, id, reason)?;
            Ok("refund_asked")
        }
    }
}
