//! `/move-ins/form/{id}/{step}`: one thing a page, saved as one goes, the answers checked before they are sent;
//! also what was sent back.

use actix_web::web::{Path, Query};
use domain::move_in::{self, Act, Application, Kind, Paper};
use domain::{CaseId, Error, attachments, settings};
use serde::Deserialize;

use super::step::Step;
use super::{WORDS, code_of, filled, papers};
use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::pages::repairs::choices;
use crate::views::move_ins::{FileRow, FormView, PaperRow};

/// From where a page was opened.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    from: Option<String>,
}

/// An application that is being written.
pub(super) struct Writing {
    application: Application,
    home: String,
    pub(super) entered: move_in::Form,
    papers: Vec<(Paper, attachments::Attachment)>,
    identity_days: i64,
}

/// `GET /move-ins/form/{id}/{step}`
pub(crate) async fn show(ctx: Ctx, path: Path<(i64, Step)>, asked: Query<Asked>) -> Reply {
    let (id, step) = path.into_inner();
    let writing = match load(&ctx, CaseId(id)).await {
        Ok(writing) => writing,
        // It was sent meanwhile: its page says where it stands.
        Err(Error::Refused(_)) => {
            let (_, case) = ctx.read(move |db, actor, now| move_in::seen(db, actor, now, CaseId(id))).await?;
            return Ok(see_other(&format!("/move-ins/{}", case.number())));
        }
        Err(error) => return Err(error.into()),
    };
    let mut form = filled(&writing.entered);
    if asked.from.is_some() && step != Step::Check {
        form = form.with("from", "check");
    }
    ctx.page(&view(&ctx, &writing, step, form))
}

/// `POST /move-ins/form/{id}/{step}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(i64, Step)>, posted: Posted) -> Reply {
    let (id, step) = path.into_inner();
    let writing = load(&ctx, CaseId(id)).await?;
    let form = posted.form(WORDS);
    match step {
        Step::Papers => papers::submit(ctx, &writing, form).await,
        Step::Check => send(ctx, &writing, form).await,
        _ => enter(ctx, &writing, step, form).await,
    }
}

/// `POST /move-ins/form/{id}/discard`
pub(crate) async fn discard(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = CaseId(id.into_inner());
    let mut form = posted.form(WORDS);
    let work = move |tx: &mut domain::Db, actor: &domain::access::Actor, now, (): &()| {
        move_in::discard(tx, actor, now, id)?;
        Ok("/move-ins/new?done=move_in_discarded".to_owned())
    };
    Ok(ctx.submit(&mut form, Some(()), work).await?)
}

async fn enter(ctx: Ctx, writing: &Writing, step: Step, mut form: Form) -> Reply {
    let id = writing.id();
    let (from_check, back) = (form.ticked("from"), goes_back(&mut form));
    let read = step.read(&mut form, &writing.entered);
    if back {
        // Half an answer is kept as well; what is wrong with it is said when it is sent.
        if let Some(entered) = read {
            ctx.write(move |tx, actor, now| move_in::save(tx, actor, now, id, &entered)).await?;
        }
        return Ok(see_other(&step.before(writing.entered.kind).address(id)));
    }
    let kind = writing.entered.kind;
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, entered| {
            move_in::enter(tx, actor, now, id, (entered, step.fields()))?;
            // Another kind may ask for more.
            let goes_on = !from_check || entered.kind != kind;
            Ok(if goes_on { step.next(entered.kind) } else { Step::Check }.address(id))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, writing, step, form))
}

async fn send(ctx: Ctx, writing: &Writing, mut form: Form) -> Reply {
    let id = writing.id();
    if goes_back(&mut form) {
        return Ok(see_other(&Step::Check.before(writing.entered.kind).address(id)));
    }
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let done = ctx
        .submit(&mut form, version, move |tx, actor, now, version| {
            let application = move_in::seen(tx, actor, now, id)?;
            let entered = move_in::prefilled(tx, &application)?;
            let case = move_in::act(tx, actor, now, (id, *version), &Act::Submit(Some(entered)))?;
            Ok(format!("/move-ins/{}?done=move_in_sent", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| {
        view(&ctx, writing, Step::Check, filled(&writing.entered).with_faults_of(&form))
    })
}

/// Whether the button was the one that leads back.
pub(super) fn goes_back(form: &mut Form) -> bool {
    form.maybe("go", 40).flatten().as_deref() == Some("back")
}

impl Writing {
    pub(super) fn id(&self) -> CaseId {
        self.application.1.id
    }

    /// The papers that are asked for.
    pub(super) fn asked(&self) -> &'static [Paper] {
        self.entered.kind.map_or(&[], Kind::papers)
    }
}

/// The application, if who asks may change it now.
pub(super) async fn load(ctx: &Ctx, id: CaseId) -> domain::Result<Writing> {
    ctx.read(move |db, actor, now| {
        let application = move_in::seen(db, actor, now, id)?;
        move_in::writable(actor, &application.1)?;
        Ok(Writing {
            home: code_of(db, &application)?,
            entered: move_in::prefilled(db, &application)?,
            papers: move_in::papers(db, id)?,
            identity_days: settings::get(db, application.1.community_id, settings::IDENTITY_DAYS)?,
            application,
        })
    })
    .await
}

/// The page of a step.
pub(super) fn view(ctx: &Ctx, writing: &Writing, step: Step, form: Form) -> FormView {
    let (row, case) = &writing.application;
    let kind = writing.entered.kind;
    let (now, of) = step.place(kind);
    let files = |paper: Paper| {
        let theirs = writing.papers.iter().filter(move |(of, _)| *of == paper);
        theirs.map(|(_, one)| FileRow { id: one.id.0, name: one.name.clone() }).collect()
    };
    FormView {
        id: case.id.0,
        step: step.as_str(),
        now,
        of,
        home: writing.home.clone(),
        number: case.number.clone(),
        remarks: Some(row.remarks.clone()).filter(|remarks| case.number.is_some() && !remarks.is_empty()),
        kind: kind.map(Kind::as_str),
        leases: kind.is_some_and(Kind::leases),
        kinds: choices(ctx, "move_in_kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        papers: writing
            .asked()
            .iter()
            .map(|paper| PaperRow { name: paper.as_str(), files: files(*paper), opens: true })
            .collect(),
        identity_days: writing.identity_days,
        version: case.version,
        form,
    }
}
