//! `/settings/letters`: what reminders and formal demands say, in the community's own words, with a preview.

use actix_web::web::Path;
use domain::Error;
use domain::access::{Action, Object, allow};
use domain::demands::rules::fill;
use domain::letters::{self, Letter, Own};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::lang::Lang;
use crate::views::settings::letters::{LetterView, LettersView, Preview};

const FORM: &str = "letters.form";

/// The most characters of a letter.
const MOST: usize = 3_000;

/// `GET /settings/letters`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let view = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
            let mut rows = Vec::new();
            for letter in Letter::ALL {
                rows.push((letter.as_str(), letters::own(db, community, *letter)?.is_some()));
            }
            Ok(LettersView { rows })
        })
        .await?;
    ctx.page(&view)
}

/// `GET /settings/letters/{letter}`
pub(crate) async fn show(ctx: Ctx, letter: Path<String>) -> Reply {
    let letter = named(&letter)?;
    let (own, texts) = stands(&ctx, letter).await?;
    let form = Form::new(FORM).with("zh", &texts.zh).with("en", &texts.en);
    ctx.page(&view(&ctx, letter, own, &texts, form))
}

fn named(letter: &str) -> domain::Result<Letter> {
    letter.parse().map_err(|_| Error::NotFound)
}

/// What holds now, and whether it is in the community's own words.
async fn stands(ctx: &Ctx, letter: Letter) -> domain::Result<(bool, Own)> {
    let community = ctx.community()?.id;
    let own = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
            letters::own(db, community, letter)
        })
        .await?;
    let portals = portals(ctx, letter)?;
    Ok((own.is_some(), own.unwrap_or(portals)))
}

/// What the portal says by itself.
fn portals(ctx: &Ctx, letter: Letter) -> domain::Result<Own> {
    let key = match letter {
        Letter::Demand => "demands.letter".to_owned(),
        other => format!("notify.reminder.{other}.text"),
    };
    let of = |lang: Lang| {
        let text = ctx.app.views.texts(lang).get(&key).map(str::to_owned);
        text.ok_or_else(|| Error::internal("no text for a letter"))
    };
    Ok(Own { zh: of(Lang::Zh)?, en: of(Lang::En)? })
}

fn view(ctx: &Ctx, letter: Letter, own: bool, texts: &Own, form: Form) -> LetterView {
    let preview = |lang: Lang, text: &str| {
        let example = |name: &str| ctx.app.views.texts(lang).say(&format!("letters.example.{name}"), &[]);
        let values: Vec<(&str, String)> =
            letter.names().1.iter().map(|name| (*name, example(name))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(text, &values)
    };
    LetterView {
        letter: letter.as_str(),
        own,
        names: letter.names().1.to_vec(),
        previews: vec![
            Preview { language: "zh", text: preview(Lang::Zh, &texts.zh) },
            Preview { language: "en", text: preview(Lang::En, &texts.en) },
        ],
        form,
    }
}

/// What was typed, with what is wrong with it noted beside its field.
fn read(form: &mut Form, letter: Letter) -> Option<Own> {
    let (zh, en) = (form.text("zh", MOST), form.text("en", MOST));
    let own = Own { zh: unified(zh?), en: unified(en?) };
    for (field, text) in [("zh", &own.zh), ("en", &own.en)] {
        if let Err(error) = letters::check(field, letter, text) {
            form.note(error).ok()?;
        }
    }
    Some(own)
}

/// Browsers send the end of a line in two characters.
fn unified(text: String) -> String {
    text.replace("\r\n", "\n")
}

/// `POST /settings/letters/{letter}/preview`: what was typed, with example values, kept nowhere.
pub(crate) async fn preview(ctx: Ctx, letter: Path<String>, posted: Posted) -> Reply {
    let letter = named(&letter)?;
    let mut form = posted.form(FORM);
    let (own, stands) = stands(&ctx, letter).await?;
    let typed = read(&mut form, letter).unwrap_or(stands);
    ctx.page(&view(&ctx, letter, own, &typed, form))
}

/// `POST /settings/letters/{letter}`
pub(crate) async fn save(ctx: Ctx, letter: Path<String>, posted: Posted) -> Reply {
    let letter = named(&letter)?;
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let typed = read(&mut form, letter);
    let (own, stands) = stands(&ctx, letter).await?;
    let shown = typed.clone().unwrap_or(stands);
    let portals = portals(&ctx, letter)?;
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let own = Some(typed).filter(|typed| **typed != portals);
            letters::set(tx, actor, now, community, letter, own)?;
            Ok("/settings/letters?done=letter_saved".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, letter, own, &shown, form))
}

/// `POST /settings/letters/{letter}/reset`: the portal's own words again.
pub(crate) async fn reset(ctx: Ctx, letter: Path<String>, posted: Posted) -> Reply {
    let letter = named(&letter)?;
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let (own, texts) = stands(&ctx, letter).await?;
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            letters::set(tx, actor, now, community, letter, None)?;
            Ok("/settings/letters?done=letter_saved".to_owned())
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, letter, own, &texts, form))
}
