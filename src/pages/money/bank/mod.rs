//! `/bank`: a bank's statement is sent, looked at line by line, taken in, and gone through.

pub(crate) mod lines;
pub(crate) mod profiles;

use actix_web::web::{Path, Query};
use domain::bank::{self, State};
use domain::imports::{self, Options, Outcome};
use domain::{BankStatementId, CommunityId, Error};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::imports::ErrorRow;
use crate::views::money::bank::{BankView, DraftView, LineRow, PlannedRow, StatementRow, StatementView};

const FORM: &str = "bank.form";

/// How many statements the page shows.
const STATEMENTS: i64 = 60;

/// `GET /bank`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new(FORM)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<BankView> {
    let community = ctx.community()?.id;
    let (statements, waiting) = ctx
        .read(move |db, actor, now| {
            let statements = bank::list(db, actor, now, community, STATEMENTS)?;
            let waiting = bank::lines(db, actor, now, (community, State::Queued), (0, 1_000))?;
            Ok((statements, waiting))
        })
        .await?;
    Ok(BankView {
        form,
        waiting: waiting.len(),
        waiting_sum: waiting.iter().map(|line| line.amount_fen).sum(),
        statements: statements.into_iter().map(StatementRow::from).collect(),
    })
}

/// `POST /bank`: keeps the file as a draft, to be looked at.
pub(crate) async fn upload(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let file = form.files("file").into_iter().next();
    if file.is_none() {
        form.wrong("file", "required");
    }
    let done = ctx
        .submit(&mut form, file, move |tx, actor, now, file| {
            let id = bank::draft(tx, actor, now, community, (&file.name, &file.bytes))?;
            Ok(format!("/bank/drafts/{id}"))
        })
        .await;
    let page = view(&ctx, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| BankView { form, ..page })
}

/// `GET /bank/drafts/{id}`: what would be booked where, and why.
pub(crate) async fn draft(ctx: Ctx, id: Path<BankStatementId>) -> Reply {
    let view = draft_view(&ctx, *id, Form::new("bank.take_in")).await?;
    ctx.page(&view)
}

async fn draft_view(ctx: &Ctx, id: BankStatementId, form: Form) -> domain::Result<DraftView> {
    let (draft, codes) = ctx
        .read(move |db, actor, now| {
            let draft = bank::draft_of(db, actor, now, id)?;
            let homes: Vec<_> = draft.lines.iter().flat_map(|line| line.homes.iter().copied()).collect();
            let codes = bank::codes(db, &homes)?;
            Ok((draft, codes))
        })
        .await?;
    let texts = ctx.app.views.texts(ctx.lang);
    let rows = |state: State| -> Vec<PlannedRow> {
        let lines = draft.lines.iter().filter(|line| line.state == state);
        lines.map(|line| PlannedRow::of(line, &codes)).collect()
    };
    Ok(DraftView {
        id: draft.id.0,
        file_name: draft.file_name.clone(),
        profile: draft.profile.clone(),
        known: draft.known,
        tally: draft.tally,
        certain: rows(State::Certain),
        queued: rows(State::Queued),
        listed: [rows(State::Debit), rows(State::Repeated)].concat(),
        errors: draft.errors.iter().map(|error| ErrorRow::new(error, texts)).collect(),
        ignored: draft.ignored.join("、"),
        form,
    })
}

/// `POST /bank/drafts/{id}`: takes it in, and books what is certain.
pub(crate) async fn take_in(ctx: Ctx, id: Path<BankStatementId>, posted: Posted) -> Reply {
    let (id, community) = (*id, ctx.community()?.id);
    let mut form = posted.form("bank.take_in");
    let skip_bad = form.ticked("skip_bad");
    let done = ctx
        .submit(&mut form, Some(skip_bad), move |tx, actor, now, skip_bad| {
            let options = Options { dry_run: false, skip_bad: *skip_bad, month: None };
            let import = imports::run(tx, actor, now, community, &imports::from_draft(id), options)?;
            if import.outcome == Outcome::Refused {
                return Err(Error::field("skip_bad", "bad_rows_left"));
            }
            bank::drop_draft(tx, actor, now, id)?;
            let statement = import.report.bank.and_then(|bank| bank.statement);
            Ok(match statement {
                Some(statement) => format!("/bank/{statement}?done=bank_imported"),
                None => "/bank?done=bank_nothing_new".to_owned(),
            })
        })
        .await;
    let done = match done {
        Ok(response) => {
            book_certain(&ctx, community).await?;
            return Ok(response);
        }
        refused => refused,
    };
    let page = draft_view(&ctx, id, Form::new("bank.take_in")).await?;
    ctx.outcome(done, form, |form| DraftView { form, ..page })
}

/// Books what is certain, as much as one can wait for; the worker does the rest.
pub(crate) async fn book_certain(ctx: &Ctx, community: CommunityId) -> domain::Result<()> {
    let now = ctx.now;
    for _ in 0..bank::AT_ONCE {
        if !ctx.app.store.write(move |tx| bank::book_next(tx, now, community)).await? {
            break;
        }
    }
    Ok(())
}

/// `POST /bank/drafts/{id}/discard`
pub(crate) async fn discard(ctx: Ctx, id: Path<BankStatementId>, posted: Posted) -> Reply {
    let id = *id;
    let mut form = posted.form(FORM);
    form.done(Some(()))?;
    ctx.write(move |tx, actor, now| bank::drop_draft(tx, actor, now, id)).await?;
    Ok(see_other("/bank?done=bank_discarded"))
}

/// Which lines of a statement.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    state: Option<String>,
    after: Option<i32>,
}

/// How many lines a page of a statement shows.
const LINES: i64 = 100;

/// `GET /bank/{id}`: a statement with its lines in one state.
pub(crate) async fn show(ctx: Ctx, id: Path<BankStatementId>, asked: Query<Asked>) -> Reply {
    let (id, asked) = (*id, asked.into_inner());
    let state = asked.state.as_deref().map(str::parse).transpose();
    let state = state.map_err(|_| Error::field("state", "choice"))?;
    let after = asked.after.unwrap_or(0);
    let (statement, state, mut lines) = ctx
        .read(move |db, actor, now| {
            let statement = bank::statement(db, actor, now, id)?;
            let state = state.unwrap_or(State::Booked);
            let lines = bank::of_statement(db, actor, now, (id, state), (after, LINES + 1))?;
            Ok((statement, state, lines))
        })
        .await?;
    let more = i64::try_from(lines.len()).unwrap_or(i64::MAX) > LINES;
    lines.truncate(usize::try_from(LINES).unwrap_or(usize::MAX));
    let next =
        lines.last().filter(|_| more).map(|line| format!("/bank/{id}?state={state}&after={}", line.line));
    ctx.page(&StatementView {
        statement: StatementRow::from(statement),
        state: state.as_str(),
        lines: lines.into_iter().map(|line| LineRow::of(line, vec![])).collect(),
        next: next.unwrap_or_default(),
        first: if after > 0 { format!("/bank/{id}?state={state}") } else { String::new() },
    })
}
