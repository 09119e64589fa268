//! `GET /homes/{code}/statement`: the statement of account from a day to a day.

use actix_web::web::{Path, Query};
use domain::ledger::{self, Span, Statement};
use domain::{Fen, Instant, LocalDate, Month};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::Day;
use crate::ctx::{Ctx, Reply, community_of};

/// From which day to which.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The community's code; may be left out by who belongs to one only.
    community: Option<String>,
    /// The first day; that of the year where it is left out.
    #[schemars(with = "Option<String>")]
    from: Option<Day>,
    /// The last day: the balance is as of its end. Today where it is left out.
    #[schemars(with = "Option<String>")]
    to: Option<Day>,
}

/// A statement of account: a part for each payer and book.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatementJson {
    home: String,
    #[schemars(with = "String")]
    from: LocalDate,
    #[schemars(with = "String")]
    to: LocalDate,
    accounts: Vec<PartJson>,
}

/// An account's part.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartJson {
    payer: String,
    /// `fees`, `deposits`, `collected`.
    book: &'static str,
    /// The balance before the first day; positive is owed.
    opening_fen: i64,
    /// What moved, oldest first.
    entries: Vec<MoveJson>,
    /// The balance at the end of the last day: opening and entries.
    closing_fen: i64,
    /// What was open at the end of the last day.
    open_fen: i64,
    /// What was paid and covered nothing then.
    prepaid_fen: i64,
}

/// Something that moved.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MoveJson {
    #[schemars(with = "String")]
    at: Instant,
    /// `charge`, `reversal`, `payment`, `refund`, `waiver`.
    kind: &'static str,
    amount_fen: i64,
    item: Option<String>,
    subject: Option<String>,
    #[schemars(with = "Option<String>")]
    period: Option<Month>,
    receipt: Option<String>,
    note: String,
}

impl From<Statement> for PartJson {
    fn from(one: Statement) -> Self {
        let entries = one.lines.into_iter().map(|line| MoveJson {
            at: line.at,
            kind: line.kind.as_str(),
            amount_fen: line.amount_fen.0,
            item: line.matter.item,
            subject: line.matter.subject,
            period: line.matter.period,
            receipt: line.matter.receipt,
            note: line.note,
        });
        Self {
            payer: one.account.payer,
            book: one.account.book.as_str(),
            opening_fen: one.opening.0,
            entries: entries.collect(),
            closing_fen: one.closing.0,
            open_fen: one.open.iter().map(|charge| charge.open_fen).sum::<Fen>().0,
            prepaid_fen: one.ahead.0,
        }
    }
}

/// `GET /homes/{code}/statement`
pub(crate) async fn show(ctx: Ctx, code: Path<String>, asked: Query<Asked>) -> Reply {
    let (code, asked) = (code.into_inner(), asked.into_inner());
    let home = code.clone();
    let (span, parts) = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, asked.community.as_deref())?;
            let home = ledger::home(db, actor, now, community.id, &code)?;
            let (from, to) = (asked.from.map(|day| day.0), asked.to.map(|day| day.0));
            let span = Span::asked(from, to, community.today(now)?)?;
            Ok((span, ledger::statement(db, actor, community.id, home, span)?))
        })
        .await?;
    let accounts = parts.into_iter().map(PartJson::from).collect();
    ctx.json(200, &StatementJson { home, from: span.from, to: span.to, accounts })
}
