//! `/return-visits/coverage`: the supervisor's figure of a month with the rows that make it, and the clocks
//! that ran out.

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::cases::{self, Breach, Case};
use domain::duties::{self, Compliance, Duty, Filter, Kind};
use domain::{CaseId, CommunityId, Db, Instant, Month, PersonId, audit};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::pages::cases::{row, word};
use crate::views::figures::Kept;
use crate::views::return_visits::{BreachRow, CoverageView, KeptRow};

/// The other duties of the service, beside the return visits.
const OTHERS: [Kind; 4] =
    [Kind::ServiceCheck, Kind::ComplaintReview, Kind::FirstVisit, Kind::RenovationInspection];

/// Which month.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    month: Option<String>,
}

struct Found {
    figure: Compliance,
    rows: Vec<KeptRow>,
    breaches: Vec<(Breach, Case)>,
    others: Vec<Kept>,
}

/// `GET /return-visits/coverage`
pub(crate) async fn show(ctx: Ctx, which: Query<Which>) -> Reply {
    let community = ctx.community()?;
    let (id, zone) = (community.id, community.zone()?);
    let wanted = which.month.as_deref().and_then(|month| month.parse().ok());
    let month: Month = wanted.unwrap_or_else(|| Month::of(zone.date(ctx.now)));
    let span = (zone.start_of(month.first_day()), zone.start_of(month.next().first_day()));
    let found = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadFigures, Object::Community(id))?;
            find(db, now, id, span)
        })
        .await?;
    ctx.page(&view(&ctx, month, found))
}

fn find(
    db: &mut Db,
    now: Instant,
    community: CommunityId,
    span: (Instant, Instant),
) -> domain::Result<Found> {
    let figure = duties::compliance(db, community, Kind::ReturnVisit, span, now)?;
    let filter = Filter {
        kind: Some(Kind::ReturnVisit),
        from: Some(span.0),
        to: Some(span.1.min(now)),
        ..Filter::default()
    };
    let due = duties::list(db, community, &filter, 2_000)?;
    let owners: Vec<PersonId> = due.iter().map(|duty| duty.owner_id).collect();
    let names = audit::names(db, &owners)?;
    let kept = |db: &mut Db, duty: &Duty| {
        Ok(KeptRow {
            id: duty.id.0,
            number: cases::by_id(db, CaseId(duty.subject_id))?.number().to_owned(),
            owner: names.get(&duty.owner_id).cloned().unwrap_or_default(),
            due_at: duty.due_at,
            state: duty.state.as_str(),
            attempts: duty.attempts,
        })
    };
    let rows = due.iter().map(|duty| kept(db, duty)).collect::<domain::Result<_>>()?;
    let other = |kind| Ok(Kept::new(kind, duties::compliance(db, community, kind, span, now)?));
    let others = OTHERS.into_iter().map(other).collect::<domain::Result<_>>()?;
    Ok(Found { figure, rows, others, breaches: cases::breaches(db, community, span, 500)? })
}

fn view(ctx: &Ctx, month: Month, found: Found) -> CoverageView {
    let breach = |(breach, case): (Breach, Case)| BreachRow {
        case: row(ctx, &case, None),
        clock: word(ctx, "clock", &breach.clock),
        due_at: breach.due_at,
    };
    let figure = found.figure;
    CoverageView {
        month: month.to_string(),
        previous: month.prev().to_string(),
        next: month.next().to_string(),
        rate: figure.rate().map(|rate| format!("{}.{:02}%", rate / 100, rate % 100)),
        due: figure.due,
        in_time: figure.in_time,
        late: figure.late,
        missed: figure.missed,
        unreachable: figure.unreachable,
        by_person: figure.cancelled_by_person,
        by_rule: figure.cancelled_by_rule,
        rows: found.rows,
        others: found.others,
        breaches: found.breaches.into_iter().map(breach).collect(),
    }
}
