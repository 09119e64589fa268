//! `GET /return-visits/{id}`: the record of a return visit 《回访记录表》 on paper: what was done, every attempt, what
//! was heard.

use actix_web::web::Path;
use domain::access::{Action, Object, allow};
use domain::duties::{self, Kind};
use domain::roster::had_before;
use domain::{CaseId, DutyId, Error, audit, cases, return_visits};

use crate::ctx::{Ctx, Reply};
use crate::pages::account::second_factor::qr;
use crate::pages::cases::word;
use crate::views::return_visits::{PaperView, TryRow};

/// `GET /return-visits/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DutyId(*id);
    let (mut view, category) = ctx
        .read(move |db, actor, now| {
            let duty = duties::by_id(db, id)?;
            allow(db, actor, now, Action::ReadDuties, Object::Work(duty.community_id, duty.owner_id))?;
            if duty.kind != Kind::ReturnVisit {
                return Err(Error::NotFound);
            }
            let case = cases::by_id(db, CaseId(duty.subject_id))?;
            let finish = cases::finishes(db, case.id)?
                .into_iter()
                .find(|one| one.number.to_string() == duty.occurrence)
                .ok_or_else(|| Error::internal("a return visit without its finish"))?;
            let attempts = return_visits::attempts(db, duty.id)?;
            let before = had_before(db, duty.id)?;
            let mut people: Vec<_> = attempts.iter().map(|one| one.person_id).collect();
            people.extend([Some(duty.owner_id), finish.by_id, before].into_iter().flatten());
            let names = audit::names(db, &people)?;
            let name = |person| names.get(&person).cloned().unwrap_or_default();
            let asked = cases::contacts(db, &case)?.into_iter().map(|(name, _)| name);
            let view = PaperView {
                number: case.number().to_owned(),
                home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
                place: case.place.clone(),
                asked: asked.chain(case.reporter_name.clone()).collect(),
                reported: case.text.clone(),
                reported_at: case.submitted_at,
                worker: finish.by_id.map(name),
                work: finish.work,
                cause: finish.cause,
                finished_at: finish.at,
                owner: name(duty.owner_id),
                before: before.map(name),
                due_at: duty.due_at,
                state: duty.state.as_str(),
                tries: attempts
                    .iter()
                    .map(|one| TryRow {
                        at: one.at,
                        by: name(one.person_id),
                        outcome: one.outcome.as_str(),
                        words: one.words.clone(),
                        agreed_at: one.agreed_at,
                    })
                    .collect(),
                what: String::new(),
                qr: String::new(),
            };
            Ok((view, case.category))
        })
        .await?;
    view.what = word(&ctx, "category", &category);
    view.qr = qr(&format!("{}/cases/{}", ctx.app.config.web.base_url, view.number))?;
    ctx.page(&view)
}
