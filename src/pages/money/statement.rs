//! `GET /homes/{code}/statement`: the statement of account from a day to a day, to read and to print.

use actix_web::web::{Path, Query};
use domain::ledger::{self, Span};
use domain::{Error, LocalDate, clock};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::money::statement::{Part, StatementView};

/// From which day to which.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    from: Option<String>,
    to: Option<String>,
}

/// `GET /homes/{code}/statement`: of this year up to today, where no days are asked for.
pub(crate) async fn show(ctx: Ctx, code: Path<String>, asked: Query<Asked>) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.clone());
    let today = community.today(ctx.now)?;
    let span = span(asked.into_inner(), today)?;
    let view = ctx
        .read(move |db, actor, now| {
            let home = ledger::home(db, actor, now, community.id, &code)?;
            let parts = ledger::statement(db, actor, community.id, home, span)?;
            let parts = parts.into_iter().map(Part::from).collect();
            Ok(StatementView { home: code, from: span.from, to: span.to, made_on: today, parts })
        })
        .await?;
    ctx.page(&view)
}

fn span(asked: Asked, today: LocalDate) -> domain::Result<Span> {
    Span::asked(read("from", asked.from)?, read("to", asked.to)?, today)
}

fn read(field: &str, text: Option<String>) -> domain::Result<Option<LocalDate>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    clock::day(&text).map(Some).ok_or_else(|| Error::field(field, "date"))
}
