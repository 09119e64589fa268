//! `/incidents`: reports that may be one thing, made into one incident in one act; and what became of the others.

use domain::repairs::{self, Cluster, Incident};
use domain::{cases::Case, homes};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::cases;
use crate::views::incidents::{ClusterRow, IncidentRow, IncidentsView};

/// How many reports of a group are shown one by one; all of them are merged.
const SHOWN: usize = 20;

/// `GET /incidents`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new("incidents.form")).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<IncidentsView> {
    let community = ctx.community()?.id;
    let (clusters, all, codes) = ctx
        .read(move |db, actor, now| {
            let clusters = repairs::clusters(db, actor, now, community)?;
            let shown = clusters.iter().flat_map(|one| one.cases.iter().take(SHOWN));
            let about: Vec<_> = shown.filter_map(|case| case.home_id).collect();
            let codes = homes::codes(db, &about)?;
            let all = repairs::incidents_of(db, community)?;
            let count = |(incident, case): (Incident, Case)| {
                let reports = repairs::reports_in(db, case.id)?;
                Ok((incident, case, reports))
            };
            let all = all.into_iter().map(count).collect::<domain::Result<Vec<_>>>()?;
            Ok((clusters, all, codes))
        })
        .await?;
    let row = |case: &Case| cases::row(ctx, case, case.home_id.and_then(|home| codes.get(&home).cloned()));
    let cluster = |one: &Cluster| ClusterRow {
        what: ctx.category(&one.group),
        building: one.building.clone(),
        count: one.cases.len(),
        into: one
            .known
            .as_ref()
            .or(one.cases.first())
            .map(|case| case.number().to_owned())
            .unwrap_or_default(),
        known: one.known.is_some(),
        notice: one.notice.clone().unwrap_or_default(),
        rows: one.cases.iter().take(SHOWN).map(row).collect(),
        numbers: one.cases.iter().map(|case| case.number().to_owned()).collect::<Vec<_>>().join(" "),
    };
    let incident = |(incident, case, reports): &(Incident, Case, i64)| IncidentRow {
        number: case.number().to_owned(),
        what: ctx.category(&case.category),
        state: cases::word(ctx, case.kind.as_str(), &case.state),
        notice: incident.notice.clone(),
        opened_at: incident.opened_at,
        ended_at: incident.ended_at.or(case.closed_at),
        reports: *reports,
    };
    Ok(IncidentsView {
        clusters: clusters.iter().map(cluster).collect(),
        incidents: all.iter().map(incident).collect(),
        form,
    })
}

/// `POST /incidents`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("incidents.form");
    let (into, numbers) = (form.text("into", 40), form.text("cases", 50_000));
    let notice = form.text("notice", 500);
    let read = into.zip(numbers).zip(notice);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, ((into, numbers), notice)| {
            let numbers: Vec<String> = numbers.split_whitespace().map(str::to_owned).collect();
            let case = repairs::make_incident(tx, actor, now, community, (into, &numbers, notice))?;
            Ok(format!("/cases/{}?done=incident", case.number()))
        })
        .await;
    let page = view(&ctx, Form::new("incidents.form")).await?;
    ctx.outcome(done, form, |form| IncidentsView { form, ..page })
}
