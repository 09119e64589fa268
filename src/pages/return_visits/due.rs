//! `/return-visits`: the visits that are open, the next attempt on top, each with the form for what is heard.

use actix_web::web::Path;
use domain::access::{Action, Actor, Object, allow, may, policy};
use domain::cases::{self, Case};
use domain::duties::{self, Duty, Filter, Kind, State};
use domain::return_visits::{self, Heard, LOOK, Outcome};
use domain::{CaseId, CommunityId, Db, DutyId, Instant, PersonId, audit};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::return_visits::{Caller, DueRow, DueView};

/// A visit with what its row tells.
struct Found {
    duty: Duty,
    case: Case,
    home: Option<String>,
    work: String,
    people: Vec<Caller>,
    owner: String,
}

/// `GET /return-visits`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<DueView> {
    let community = ctx.community()?.id;
    let found = ctx.read(move |db, actor, now| find(db, actor, now, community)).await?;
    let figures = ctx.roles().iter().any(|role| policy::ever(Action::ReadFigures, *role));
    let rows = found.into_iter().map(|one| row(ctx, one)).collect();
    Ok(DueView { rows, figures, form: Form::new("return_visits.form") })
}

fn find(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> domain::Result<Vec<Found>> {
    allow(db, actor, now, Action::ReadDuties, Object::Community(community))?;
    let everybodys = may(db, actor, now, Action::ReadDuties, Object::Work(community, PersonId(0)))?;
    let filter = Filter {
        owner: if everybodys { None } else { actor.person },
        kind: Some(Kind::ReturnVisit),
        state: Some(State::Open),
        ..Filter::default()
    };
    let mut open = duties::list(db, community, &filter, 500)?;
    open.sort_by_key(|duty| duty.next_at);
    open.into_iter().map(|duty| of(db, duty)).collect()
}

fn of(db: &mut Db, duty: Duty) -> domain::Result<Found> {
    let case = cases::by_id(db, CaseId(duty.subject_id))?;
    let finish = cases::finishes(db, case.id)?.pop();
    let mut people: Vec<Caller> =
        cases::contacts(db, &case)?.into_iter().map(|(name, phone)| Caller { name, phone }).collect();
    if let Some(phone) = &case.reporter_phone {
        people.push(Caller {
            name: case.reporter_name.clone().unwrap_or_default(),
            phone: Some(phone.clone()),
        });
    }
    Ok(Found {
        home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
        work: finish.map(|finish| finish.work).unwrap_or_default(),
        people,
        owner: audit::names(db, &[duty.owner_id])?.remove(&duty.owner_id).unwrap_or_default(),
        duty,
        case,
    })
}

fn row(ctx: &Ctx, found: Found) -> DueRow {
    DueRow {
        id: found.duty.id.0,
        number: found.case.number().to_owned(),
        what: ctx.category(&found.case.category),
        place: found.home.or(found.case.place).unwrap_or_default(),
        work: found.work,
        people: found.people,
        owner: found.owner,
        look: found.duty.rule == LOOK,
        next_at: found.duty.next_at,
        due_at: found.duty.due_at,
        late: found.duty.due_at < ctx.now,
        attempts: found.duty.attempts,
        open: false,
        form: Form::new("return_visits.form"),
    }
}

/// `POST /return-visits/{id}`
pub(crate) async fn submit(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = DutyId(*id);
    let zone = ctx.community()?.zone()?;
    let mut form = posted.form("return_visits.form");
    let (outcome, note) = (form.choice::<Outcome>("outcome"), form.maybe("note", 2_000));
    let agreed_at = if form.maybe("agreed_at", 20).flatten().is_some() {
        form.moment("agreed_at").map(|at| Some(zone.at(at.date(), at.time())))
    } else {
        Some(None)
    };
    let read = match (outcome, note, agreed_at) {
        (Some(outcome), Some(note), Some(agreed_at)) => {
            Some(Heard { outcome, words: note.unwrap_or_default(), agreed_at })
        }
        _ => None,
    };
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, heard| {
            return_visits::record(tx, actor, now, id, heard)?;
            Ok("/return-visits?done=visit_recorded".to_owned())
        })
        .await;
    let mut page = view(&ctx).await?;
    ctx.outcome(done, form, |form| {
        page.form = form.summary();
        if let Some(row) = page.rows.iter_mut().find(|row| row.id == id.0) {
            row.open = true;
            row.form = form;
        }
        page
    })
}
