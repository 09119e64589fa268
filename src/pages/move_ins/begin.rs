//! `/move-ins/new`: an application is begun for one of one's homes; what was begun before can be gone on with.

use domain::access::homes::{self as ties, Tie};
use domain::cases::Channel;
use domain::homes;
use domain::move_in::{self, Kind};

use super::WORDS;
use super::step::Step;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::repairs::choices;
use crate::views::cases::ChoiceView;
use crate::views::move_ins::BeginView;
use actix_web::web::Query;
use serde::Deserialize;

/// For which home, where a link says so.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    home: Option<String>,
}

/// `GET /move-ins/new`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let homes = own_homes(&ctx).await?;
    let asked = asked.into_inner().home;
    let chosen = homes.iter().find(|tie| Some(&tie.code) == asked.as_ref());
    let only = homes.first().filter(|_| homes.len() == 1);
    let form =
        chosen.or(only).map_or_else(|| Form::new(WORDS), |tie| Form::new(WORDS).with("home", &tie.code));
    let view = view(&ctx, &homes, form).await?;
    ctx.page(&view)
}

/// `POST /move-ins/new`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let homes = own_homes(&ctx).await?;
    let mut form = posted.form(WORDS);
    let (home, kind) = (form.text("home", 40), form.choice::<Kind>("kind"));
    if home.as_ref().is_some_and(|code| !homes.iter().any(|tie| tie.code == *code)) {
        form.wrong("home", "choice");
    }
    let done = ctx
        .submit(&mut form, home.zip(kind), move |tx, actor, now, (home, kind)| {
            let home = homes::find(tx, actor, now, community, home)?;
            let case = move_in::draft(tx, actor, now, (community, home), Channel::Portal)?;
            let entered = move_in::Form { kind: Some(*kind), ..move_in::Form::default() };
            move_in::enter(tx, actor, now, case.id, (&entered, Step::Kind.fields()))?;
            Ok(Step::Kind.next(Some(*kind)).address(case.id))
        })
        .await;
    let page = view(&ctx, &homes, Form::new(WORDS)).await?;
    ctx.outcome(done, form, |form| BeginView { form, ..page })
}

/// The homes that who asks is tied to today, each once.
async fn own_homes(ctx: &Ctx) -> domain::Result<Vec<Tie>> {
    let code = ctx.community()?.code.clone();
    let person = ctx.actor.person.ok_or(domain::Error::NotSignedIn)?;
    let mut found = ctx.read(move |db, _, now| ties::of(db, person, now)).await?;
    found.retain(|tie| tie.community == code);
    found.dedup_by_key(|tie| tie.home);
    Ok(found)
}

async fn view(ctx: &Ctx, homes: &[Tie], form: Form) -> domain::Result<BeginView> {
    let community = ctx.community()?.id;
    let drafts = ctx.read(move |db, actor, _| super::drafts(db, actor, community)).await?;
    let home = |tie: &Tie| ChoiceView { value: tie.code.clone(), text: tie.code.clone(), hint: None };
    Ok(BeginView {
        drafts,
        homes: homes.iter().map(home).collect(),
        kinds: choices(ctx, "move_in_kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        registers: ctx.roles().iter().any(|role| role.is_staff()),
        of: Step::of(None).len(),
        form,
    })
}
