//! `/visits/new`: pick a household, then the interview record.

use actix_web::web::{Path, Query};
use domain::visits::{self, NewVisit};
use domain::{DutyId, Error, homes};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::views::visits::{PickView, PromiseRow, RecordView, TOPICS};

/// A home's code that was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Picked {
    home: Option<String>,
}

/// `GET /visits/new`
pub(crate) async fn pick(ctx: Ctx, picked: Query<Picked>) -> Reply {
    let community = ctx.community()?.id;
    let mut form = Form::new("visits.form");
    if let Some(code) =
        picked.into_inner().home.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty())
    {
        let asked = code.clone();
        match ctx.read(move |db, actor, now| homes::find(db, actor, now, community, &asked)).await {
            Ok(_) => return Ok(see_other(&format!("/visits/new/{code}"))),
            Err(Error::NotFound) => {
                form = form.with("home", &code);
                form.wrong("home", "unknown");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let next = ctx
        .read(move |db, actor, now| {
            let person = actor.person.ok_or(Error::NotSignedIn)?;
            visits::next_visits(db, community, person, now, 40)
        })
        .await?;
    ctx.page(&PickView { next: next.into_iter().map(Into::into).collect(), form })
}

/// `GET /visits/new/{home}`
pub(crate) async fn form(ctx: Ctx, home: Path<String>) -> Reply {
    let zone = ctx.community()?.zone()?;
    let form = Form::new("visits.form").with("started_at", zone.local(ctx.now).format("%Y-%m-%dT%H:%M"));
    let view = view(&ctx, home.into_inner(), form).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, code: String, form: Form) -> domain::Result<RecordView> {
    let community = ctx.community()?.id;
    let asked = code.clone();
    let door = ctx
        .read(move |db, actor, now| {
            let home = homes::find(db, actor, now, community, &asked)?;
            visits::doorstep(db, actor, now, community, home)
        })
        .await?;
    let promises = door.promises.into_iter();
    Ok(RecordView {
        code,
        people: door.people.into_iter().filter(|one| one.lives_there).map(|one| one.name).collect(),
        topics: TOPICS,
        promises: promises
            .map(|(duty, words)| PromiseRow { id: duty.id.0, words, due_at: duty.due_at })
            .collect(),
        form,
    })
}

/// `POST /visits/new/{home}`
pub(crate) async fn submit(ctx: Ctx, home: Path<String>, posted: Posted) -> Reply {
    let code = home.into_inner();
    let community = ctx.community()?.clone();
    let zone = community.zone()?;
    let mut form = posted.form("visits.form");
    let started_at = form.moment("started_at").map(|at| zone.at(at.date(), at.time()));
    let (spoken_to, topics) = (form.text("spoken_to", 200), form.many::<String>("topics", "choice"));
    let (more, said) = (form.maybe("more_topics", 500), form.text("said", 2_000));
    let satisfaction = form.number("satisfaction", 1, 5);
    let (follow_up, kept) = (form.maybe("follow_up", 2_000), form.many::<i64>("kept", "choice"));
    let input = (|| {
        let mut topics = topics?;
        topics.extend(more?);
        Some(NewVisit {
            home: domain::HomeId(0),
            started_at: started_at?,
            spoken_to: spoken_to?,
            topics,
            said: said?,
            satisfaction: i32::try_from(satisfaction?).ok()?,
            follow_up: follow_up?,
            kept: kept?.into_iter().map(DutyId).collect(),
        })
    })();
    let asked = code.clone();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, new| {
            let home = homes::find(tx, actor, now, community.id, &asked)?;
            let visit = visits::log(tx, actor, now, community.id, &NewVisit { home, ..new.clone() })?;
            let done = if visit.row.late { "visit_late" } else { "visit_logged" };
            Ok(format!("/today?done={done}"))
        })
        .await;
    let page = view(&ctx, code, Form::new("visits.form")).await?;
    ctx.outcome(done, form, |form| RecordView { form, ..page })
}
