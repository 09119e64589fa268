//! `/knowledge/new`, `/knowledge/{id}/edit`: an article is written, of a good answer with one click, and changed.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow};
use domain::knowledge::{self, Category, State, Text};
use domain::{Error, cases, enquiries};
use serde::Deserialize;

use super::WORDS;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::enquiries::{categories, show::of_number};
use crate::pages::repairs::choices;
use crate::views::enquiries::WriteView;

/// Of which enquiry it is made.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Source {
    from: Option<String>,
}

fn view(ctx: &Ctx, id: Option<i64>, form: Form) -> WriteView {
    WriteView {
        id,
        categories: categories(ctx),
        states: choices(ctx, "article_state", State::ALL.iter().map(|state| state.as_str())),
        form,
    }
}

/// `GET /knowledge/new`: with `?from=` the question and the answer of an enquiry stand in it already.
pub(crate) async fn new(ctx: Ctx, from: Query<Source>) -> Reply {
    let community = ctx.community()?.id;
    let number = from.into_inner().from;
    let source = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::WriteKnowledge, Object::Community(community))?;
            let Some(number) = number else { return Ok(None) };
            let case = of_number(db, (actor, now), community, &number)?;
            Ok(Some((enquiries::of_case(db, case.id)?.answer, case)))
        })
        .await?;
    let mut form = Form::new(WORDS).with("state", State::Published);
    if let Some((answer, case)) = source {
        let title: String = case.text.lines().next().unwrap_or_default().chars().take(100).collect();
        form = form.with("from", case.number()).with("category", &case.category);
        form = form.with("title_zh", title).with("body_zh", answer);
    }
    ctx.page(&view(&ctx, None, form))
}

/// `POST /knowledge/new`
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let from = form.maybe("from", 40);
    let read = read(&mut form).zip(from);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (((category, state), text), from)| {
            let source = match from {
                Some(number) => Some(cases::read(tx, actor, now, community, number)?.id),
                None => None,
            };
            let id = knowledge::write(tx, actor, now, community, (*category, *state, source), text)?;
            Ok(format!("/knowledge/{id}?done=article_kept"))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, None, form))
}

/// `GET /knowledge/{id}/edit`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let (article, version) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::WriteKnowledge, Object::Community(community))?;
            knowledge::read(db, actor, now, community, id)
        })
        .await?;
    let form = Form::new(WORDS)
        .with("version", article.version)
        .with("category", article.category)
        .with("state", article.state)
        .with("title_zh", version.title_zh)
        .with("body_zh", version.body_zh)
        .with("title_en", version.title_en)
        .with("body_en", version.body_en);
    ctx.page(&view(&ctx, Some(id), form))
}

/// `POST /knowledge/{id}/edit`
pub(crate) async fn save(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let mut form = posted.form(WORDS);
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let read = read(&mut form).zip(version);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (((category, state), text), version)| {
            knowledge::edit(tx, actor, now, (community, id, *version), (*category, *state), text)
                .map_err(stale)?;
            Ok(format!("/knowledge/{id}?done=article_kept"))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, Some(id), form))
}

/// Who edits beside somebody else keeps what they typed, and is told.
fn stale(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::refused("article.changed", vec![]),
        other => other,
    }
}

fn read(form: &mut Form) -> Option<((Category, State), Text)> {
    let (category, state) = (form.choice("category"), form.choice("state"));
    let (title_zh, body_zh) = (form.text("title_zh", 100), form.text("body_zh", 10_000));
    let (title_en, body_en) = (form.maybe("title_en", 200), form.maybe("body_en", 20_000));
    let text = Text {
        title_zh: title_zh?,
        body_zh: body_zh?,
        title_en: title_en?.unwrap_or_default(),
        body_en: body_en?.unwrap_or_default(),
    };
    Some(((category?, state?), text))
}
