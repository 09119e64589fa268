//! `/people`: the desk's search, a caller's page, the phone without its mask, the letter that lets them in.

use actix_web::web::{Path, Query};
use domain::access::{Action, activation, policy};
use domain::{Instant, PersonId, people, staff};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::pages::account::second_factor::qr;
use crate::pages::desk;
use crate::views::register::{FoundRow, LetterView, PeopleView, PersonView, StaffView};

/// What is searched for.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    /// Said by the box on top of every page: what is found alone is opened at once.
    go: Option<String>,
}

/// `GET /people`
pub(crate) async fn search(ctx: Ctx, search: Query<Search>) -> Reply {
    let community = ctx.community()?.id;
    let Search { q: words, go } = search.into_inner();
    let asked = words.clone();
    let found = ctx.read(move |db, actor, now| people::find(db, actor, now, community, &asked)).await?;
    let takes_calls = ctx.roles().into_iter().any(|role| policy::ever(Action::RegisterCase, role));
    if go.is_some() {
        if let Some(address) = desk::straight_to(&ctx, &words).await? {
            return Ok(see_other(&address));
        }
        if let [(only, _)] = found.as_slice() {
            let folder = if takes_calls { "desk/callers" } else { "people" };
            return Ok(see_other(&format!("/{folder}/{}", only.id)));
        }
    }
    let found = found.into_iter().map(|(person, homes)| FoundRow { person, homes }).collect();
    ctx.page(&PeopleView { words, found, takes_calls })
}

/// `GET /people/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<PersonId>) -> Reply {
    let view = view(&ctx, *id).await?;
    ctx.page(&view)
}

/// `POST /people/{id}/phone`
pub(crate) async fn phone(ctx: Ctx, id: Path<PersonId>, posted: Posted) -> Reply {
    posted.form("register").done(Some(()))?;
    let (community, id) = (ctx.community()?.id, *id);
    let phone = ctx.write(move |tx, actor, now| people::unmask_phone(tx, actor, now, community, id)).await?;
    let view = view(&ctx, id).await?;
    ctx.page(&PersonView { phone: Some(phone), ..view })
}

async fn view(ctx: &Ctx, id: PersonId) -> domain::Result<PersonView> {
    let community = ctx.community()?.id;
    let page = ctx.read(move |db, actor, now| people::open(db, actor, now, community, id)).await?;
    let ever = |action| ctx.roles().into_iter().any(|role| policy::ever(action, role));
    Ok(PersonView {
        may_unmask: page.person.phone.is_some() && ever(Action::UnmaskPhone),
        may_issue: ever(Action::IssueActivation),
        may_anonymise: ever(Action::Anonymise) && !page.person.anonymised,
        form: Form::default(),
        person: page.person,
        homes: page.homes,
        phone: None,
    })
}

/// `POST /people/{id}/activation`: a fresh code; an earlier one of theirs is void from now on.
pub(crate) async fn letter(ctx: Ctx, id: Path<PersonId>, posted: Posted) -> Reply {
    posted.form("register").done(Some(()))?;
    let (community, id) = (ctx.community()?.id, *id);
    let (person, made) = ctx
        .write(move |tx, actor, now| {
            let page = people::open(tx, actor, now, community, id)?;
            Ok((page.person, activation::issue(tx, actor, now, id, None)?))
        })
        .await?;
    print_letter(&ctx, (format!("/people/{id}"), person.name), made)
}

/// The letter with a code that was just made, for somebody by name; it leads back to `back`.
pub(crate) fn print_letter(
    ctx: &Ctx,
    (back, name): (String, String),
    (code, expires): (String, Instant),
) -> Reply {
    let plain: String = code.split_whitespace().collect();
    let url = format!("{}/activate?code={plain}", ctx.app.config.web.base_url);
    ctx.page(&LetterView { back, name, qr: qr(&url)?, code, url, expires })
}

/// `POST /people/{id}/anonymise`
pub(crate) async fn anonymise(ctx: Ctx, id: Path<PersonId>, posted: Posted) -> Reply {
    let mut form = posted.form("register");
    let (community, id) = (ctx.community()?.id, *id);
    let page = view(&ctx, id).await?;
    let done = ctx.submit(&mut form, Some(()), move |tx, actor, now, ()| {
        people::anonymise::anonymise(tx, actor, now, community, id)?;
        Ok(format!("/people/{id}?done=anonymised"))
    });
    ctx.outcome(done.await, form, |form| PersonView { form, ..page })
}

/// `GET /staff`
pub(crate) async fn staff(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let staff = ctx.read(move |db, actor, now| staff::list(db, actor, now, community)).await?;
    ctx.page(&StaffView { staff })
}
