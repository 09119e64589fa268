//! `/departments`: who heads each department; the manager names them.

use domain::PersonId;
use domain::access::{Action, Object, allow};
use domain::complaints::{Department, departments};

use super::register::staff_choices;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::complaints::DepartmentsView;

const FORM: &str = "words.department";

/// `GET /departments`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<DepartmentsView> {
    let community = ctx.community()?.id;
    let heads = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
            departments::heads(db, community)
        })
        .await?;
    let mut form = Form::new(FORM);
    for (department, head) in heads {
        form = form.with(department.as_str(), head);
    }
    Ok(DepartmentsView {
        departments: Department::ALL.iter().map(|one| one.as_str()).collect(),
        staff: staff_choices(ctx).await?,
        form,
    })
}

/// `POST /departments`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let mut named = Vec::new();
    let mut read = true;
    for department in Department::ALL {
        match form.maybe_parsed::<PersonId>(department.as_str(), "choice") {
            Some(Some(person)) => named.push((*department, person)),
            Some(None) => {}
            None => read = false,
        }
    }
    let done = ctx
        .submit(&mut form, read.then_some(named), move |tx, actor, now, named| {
            let before = departments::heads(tx, community)?;
            for one in named.iter().filter(|one| !before.contains(one)) {
                departments::name_head(tx, actor, now, community, *one)?;
            }
            Ok("/departments?done=heads_named".to_owned())
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| DepartmentsView { form, ..page })
}
