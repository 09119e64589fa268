//! `/service-checks`: the supervisor's daily look at the service and the weekly review of complaints: what is owed,
//! what the portal shows, what was found and arranged.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::duties::Kind;
use domain::service_checks::{self, Check, Seen, rules};
use domain::{CommunityId, Db, DutyId, LocalDate, PersonId, Result, audit, community, complaints};

use super::complaints::figures;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::service_checks::{CheckRow, CheckView, ChecksView};

const WORDS: &str = "service_checks.form";

/// `GET /service-checks`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let (checks, names) = ctx
        .read(move |db, actor, now| {
            let checks = service_checks::list(db, actor, now, community)?;
            let names = names(db, &checks)?;
            Ok((checks, names))
        })
        .await?;
    let row = |check: &Check| row(&ctx, check, &names);
    let (owed, past): (Vec<_>, Vec<_>) = checks.iter().map(row).partition(|row| row.state == "open");
    ctx.page(&ChecksView { owed, past })
}

/// Who owes each, and who took it.
fn names(db: &mut Db, checks: &[Check]) -> Result<BTreeMap<PersonId, String>> {
    let takers = checks.iter().filter_map(|check| check.look.as_ref()).map(|look| look.person_id);
    audit::names(db, &checks.iter().map(|check| check.duty.owner_id).chain(takers).collect::<Vec<_>>())
}

fn row(ctx: &Ctx, check: &Check, names: &BTreeMap<PersonId, String>) -> CheckRow {
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    CheckRow {
        id: check.duty.id.0,
        kind: check.duty.kind.as_str(),
        day: day(check),
        owner: name(check.duty.owner_id),
        due_at: check.duty.due_at,
        state: check.duty.state.as_str(),
        late: check.duty.due_at < ctx.now,
        taken_at: check.look.as_ref().map(|look| look.at),
        taken_by: check.look.as_ref().map(|look| name(look.person_id)).unwrap_or_default(),
        found: check.look.as_ref().map(|look| look.found.clone()).unwrap_or_default(),
        arranged: check.look.as_ref().map(|look| look.arranged.clone()).unwrap_or_default(),
    }
}

/// The day of the look, or the Monday of the week.
fn day(check: &Check) -> LocalDate {
    check.duty.occurrence.parse().unwrap_or_default()
}

/// `GET /service-checks/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = view(&ctx, DutyId(*id)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, id: DutyId) -> Result<CheckView> {
    let community = ctx.community()?.id;
    let (check, names, seen, entries) = ctx
        .read(move |db, actor, now| {
            let check = service_checks::read(db, actor, now, community, id)?;
            let names = names(db, std::slice::from_ref(&check))?;
            let seen = match &check.look {
                Some(look) => look.seen(),
                None => service_checks::seen(db, community, now)?,
            };
            let span = span(db, community, &check)?;
            let entries =
                span.map(|span| complaints::entries(db, actor, now, community, span)).transpose()?;
            Ok((check, names, seen, entries.unwrap_or_default()))
        })
        .await?;
    let reviewed = (check.duty.kind == Kind::ComplaintReview).then(|| rules::reviewed(day(&check)));
    let Seen { late, notices, visits, complaints } = seen;
    Ok(CheckView {
        row: row(ctx, &check, &names),
        late,
        notices,
        visits,
        complaints,
        reviewed_from: reviewed.map(|days| days.0),
        reviewed_to: reviewed.map(|days| days.1),
        entries: entries.iter().map(|one| figures::row(ctx, one)).collect(),
        form: Form::new(WORDS),
    })
}

/// The span of the complaints that a review goes through; none of a daily look.
fn span(
    db: &mut Db,
    community: CommunityId,
    check: &Check,
) -> Result<Option<(domain::Instant, domain::Instant)>> {
    if check.duty.kind != Kind::ComplaintReview {
        return Ok(None);
    }
    let zone = community::by_id(db, community)?.zone()?;
    let monday = day(check);
    Ok(Some((zone.start_of(rules::reviewed(monday).0), zone.start_of(monday))))
}

/// `POST /service-checks/{id}`
pub(crate) async fn submit(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, DutyId(*id));
    let mut form = posted.form(WORDS);
    let (found, arranged) = (form.text("found", 2_000), form.maybe("arranged", 2_000));
    let done = ctx
        .submit(&mut form, found.zip(arranged), move |tx, actor, now, (found, arranged)| {
            let words = (found.as_str(), arranged.as_deref().unwrap_or_default());
            service_checks::record(tx, actor, now, (community, id), words)?;
            Ok("/service-checks?done=service_checked".to_owned())
        })
        .await;
    let page = view(&ctx, id).await?;
    ctx.outcome(done, form, |form| CheckView { form, ..page })
}
