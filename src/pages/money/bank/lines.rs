//! `/bank/queue`, `/bank/lines/{id}`: what waits for a cashier, line by line. One click books to a suggestion;
//! another home is found by its code or by a name.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, may};
use domain::bank::{self, Booking, State};
use domain::{BankLineId, Error, ledger};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::bank::{LineRow, LineView, QueueView, SuggestionRow};

const FORM: &str = "bank.line";

/// How many lines a page of the queue shows.
const LINES: i64 = 20;

/// Which part of the queue.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    after: Option<i64>,
}

/// `GET /bank/queue`
pub(crate) async fn queue(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (community, after) = (ctx.community()?.id, asked.after.unwrap_or(0));
    let view = ctx
        .read(move |db, actor, now| {
            let part = (after, LINES + 1);
            let mut lines = bank::lines(db, actor, now, (community, State::Queued), part)?;
            let more = i64::try_from(lines.len()).unwrap_or(i64::MAX) > LINES;
            lines.truncate(usize::try_from(LINES).unwrap_or(usize::MAX));
            let mut suggested = bank::suggestions(db, community, &lines)?;
            let next = lines.last().filter(|_| more).map(|line| format!("/bank/queue?after={}", line.id));
            let rows = lines.into_iter().map(|line| {
                let suggestions = suggested.remove(&line.id).unwrap_or_default();
                LineRow::of(line, suggestions)
            });
            Ok(QueueView {
                lines: rows.collect(),
                decides: may(db, actor, now, Action::TakePayment, Object::Community(community))?,
                next: next.unwrap_or_default(),
                first: if after > 0 { "/bank/queue".to_owned() } else { String::new() },
            })
        })
        .await?;
    ctx.page(&view)
}

/// Which home is looked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    q: Option<String>,
}

/// `GET /bank/lines/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<BankLineId>, wanted: Query<Wanted>) -> Reply {
    let wanted = wanted.into_inner().q.unwrap_or_default();
    let view = view(&ctx, *id, wanted, Form::new(FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: BankLineId, wanted: String, form: Form) -> domain::Result<LineView> {
    let wanted: String = wanted.trim().chars().take(50).collect();
    ctx.read(move |db, actor, now| {
        let line = bank::by_id(db, actor, now, id)?;
        let community = line.community_id;
        let suggestions = bank::suggestions(db, community, std::slice::from_ref(&line))?.remove(&id);
        let found = bank::find_homes(db, actor, now, community, &wanted)?;
        Ok(LineView {
            line: LineRow::of(line, suggestions.unwrap_or_default()),
            decides: may(db, actor, now, Action::TakePayment, Object::Community(community))?,
            found: found.into_iter().map(SuggestionRow::from).collect(),
            wanted,
            form,
        })
    })
    .await
}

/// What is decided about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Book,
    Aside,
    Again,
}

/// `POST /bank/lines/{id}/book`
pub(crate) async fn book(ctx: Ctx, id: Path<BankLineId>, posted: Posted) -> Reply {
    decide(ctx, *id, Act::Book, posted).await
}

/// `POST /bank/lines/{id}/aside`
pub(crate) async fn aside(ctx: Ctx, id: Path<BankLineId>, posted: Posted) -> Reply {
    decide(ctx, *id, Act::Aside, posted).await
}

/// `POST /bank/lines/{id}/again`
pub(crate) async fn again(ctx: Ctx, id: Path<BankLineId>, posted: Posted) -> Reply {
    decide(ctx, *id, Act::Again, posted).await
}

enum Typed {
    Book { home: String, remember: bool, version: i32 },
    Aside { reason: String, version: i32 },
    Again { version: i32 },
}

fn read(form: &mut Form, act: Act) -> Option<Typed> {
    let version = form.parsed("version", "number");
    match act {
        Act::Book => {
            let (home, remember) = (form.text("home", 40), form.ticked("remember"));
            Some(Typed::Book { home: home?, remember, version: version? })
        }
        Act::Aside => Some(Typed::Aside { reason: form.text("reason", 200)?, version: version? }),
        Act::Again => Some(Typed::Again { version: version? }),
    }
}

async fn decide(ctx: Ctx, id: BankLineId, act: Act, posted: Posted) -> Reply {
    let mut form = posted.form(FORM);
    let typed = read(&mut form, act);
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let community = bank::by_id(tx, actor, now, id)?.community_id;
            match typed {
                Typed::Book { home, remember, version } => {
                    let home = ledger::home(tx, actor, now, community, home).map_err(unknown_home)?;
                    let booking = Booking { home, remember: *remember, version: Some(*version) };
                    bank::book(tx, actor, now, id, &booking)?;
                    Ok("/bank/queue?done=bank_booked".to_owned())
                }
                Typed::Aside { reason, version } => {
                    bank::set_aside(tx, actor, now, id, reason, Some(*version))?;
                    Ok("/bank/queue?done=bank_aside".to_owned())
                }
                Typed::Again { version } => {
                    bank::take_up(tx, actor, now, id, Some(*version))?;
                    Ok(format!("/bank/lines/{id}?done=bank_again"))
                }
            }
        })
        .await;
    let page = view(&ctx, id, String::new(), Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| LineView { form, ..page })
}

fn unknown_home(error: Error) -> Error {
    if matches!(error, Error::NotFound) { Error::field("home", "unknown_home") } else { error }
}
