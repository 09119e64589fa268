//! `GET /bank-lines`, `GET /bank-lines/{id}`, `POST /bank-lines/{id}/book`, `…/set-aside`, `…/take-up`: what came in
//! by the bank and waits for a cashier.

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::bank::{self, Booking, Line, State, Suggestion};
use domain::{BankLineId, Db, Error, Instant, ledger};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::word;
use super::{Body, List};
use crate::ctx::{Ctx, Reply};

/// A line of a bank's statement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BankLine {
    id: i64,
    statement: i64,
    /// The line of the file.
    line: i32,
    day: String,
    time: String,
    payer: String,
    payer_account: String,
    amount_fen: i64,
    text: String,
    serial: String,
    /// `certain` (about to be booked), `booked`, `queued`, `aside`, `debit`, `repeated`.
    state: &'static str,
    /// Why, as a stable word.
    why: &'static str,
    /// The home that it is booked to.
    home: Option<String>,
    receipt: Option<String>,
    decided_by: Option<String>,
    #[schemars(with = "Option<String>")]
    decided_at: Option<Instant>,
    /// Why it was set aside.
    note: String,
    version: i32,
    /// Homes that come into question.
    suggestions: Vec<Suggested>,
}

/// A home that a line may be booked to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suggested {
    home: String,
    payer: Option<String>,
    owed_fen: i64,
}

fn json(line: Line, suggestions: Vec<Suggestion>) -> BankLine {
    let suggested = |one: Suggestion| Suggested { home: one.home, payer: one.payer, owed_fen: one.owed.0 };
    BankLine {
        id: line.id.0,
        statement: line.statement_id.0,
        line: line.line,
        day: line.day.to_string(),
        time: line.time,
        payer: line.payer,
        payer_account: line.payer_account,
        amount_fen: line.amount_fen.0,
        text: line.text,
        serial: line.serial,
        state: line.state.as_str(),
        why: line.why.as_str(),
        home: line.home,
        receipt: line.receipt,
        decided_by: line.decider,
        decided_at: line.decided_at,
        note: line.note,
        version: line.version,
        suggestions: suggestions.into_iter().map(suggested).collect(),
    }
}

/// Which lines to list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    community: Option<String>,
    /// `queued` where none is named.
    state: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
    cursor: Option<String>,
}

/// `GET /bank-lines`
pub(crate) async fn list(ctx: Ctx, which: Query<Which>) -> Reply {
    let Which { community, state, limit, cursor } = which.into_inner();
    let state = word("state", state.as_deref())?.unwrap_or(State::Queued);
    List { community, limit, cursor }
        .answer(
            &ctx,
            move |db, actor, now, community, (after, limit)| {
                let found = bank::lines(db, actor, now, (community, state), (after.unwrap_or(0), limit))?;
                let mut suggested = match state {
                    State::Queued => bank::suggestions(db, community, &found)?,
                    _ => std::collections::HashMap::new(),
                };
                let row = |line: Line| {
                    let suggestions = suggested.remove(&line.id).unwrap_or_default();
                    json(line, suggestions)
                };
                Ok(found.into_iter().map(row).collect())
            },
            |row| row.id,
        )
        .await
}

fn shown(db: &mut Db, actor: &Actor, now: Instant, id: BankLineId) -> domain::Result<BankLine> {
    let line = bank::by_id(db, actor, now, id)?;
    let suggestions = match line.state {
        State::Queued => bank::suggestions(db, line.community_id, std::slice::from_ref(&line))?.remove(&id),
        _ => None,
    };
    Ok(json(line, suggestions.unwrap_or_default()))
}

/// `GET /bank-lines/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<BankLineId>) -> Reply {
    let id = *id;
    let line = ctx.read(move |db, actor, now| shown(db, actor, now, id)).await?;
    ctx.json(200, &line)
}

/// To which home a line is booked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    home: String,
    /// Recognise the payer at this home from now on.
    #[serde(default)]
    remember: bool,
    version: Option<i32>,
}

/// `POST /bank-lines/{id}/book`
pub(crate) async fn book(ctx: Ctx, id: Path<BankLineId>, body: Body<Book>) -> Reply {
    let id = *id;
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        let community = bank::by_id(tx, actor, now, id)?.community_id;
        let home = ledger::home(tx, actor, now, community, &asked.home).map_err(unknown_home)?;
        let booking = Booking { home, remember: asked.remember, version: asked.version };
        bank::book(tx, actor, now, id, &booking)?;
        shown(tx, actor, now, id)
    })
    .await
}

fn unknown_home(error: Error) -> Error {
    if matches!(error, Error::NotFound) { Error::field("home", "unknown_home") } else { error }
}

/// Why a line is set aside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetAside {
    reason: String,
    version: Option<i32>,
}

/// `POST /bank-lines/{id}/set-aside`
pub(crate) async fn set_aside(ctx: Ctx, id: Path<BankLineId>, body: Body<SetAside>) -> Reply {
    let id = *id;
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        bank::set_aside(tx, actor, now, id, &asked.reason, asked.version)?;
        shown(tx, actor, now, id)
    })
    .await
}

/// Which state of the line was seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeUp {
    version: Option<i32>,
}

/// `POST /bank-lines/{id}/take-up`
pub(crate) async fn take_up(ctx: Ctx, id: Path<BankLineId>, body: Body<TakeUp>) -> Reply {
    let id = *id;
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        bank::take_up(tx, actor, now, id, asked.version)?;
        shown(tx, actor, now, id)
    })
    .await
}
