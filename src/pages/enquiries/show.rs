//! `GET /enquiries/{number}`: a question with its answer, the articles that may answer it, and its story.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::access::{Actor, Role};
use domain::cases::{self, Case, Event, Kind};
use domain::enquiries::{self, Enquiry};
use domain::knowledge::{self, Article, Version};
use domain::{CommunityId, Db, Error, Instant, PersonId, audit};

use super::WORDS;
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::pages::cases::{phone, row, story};
use crate::pages::knowledge::{choice, common, rows};
use crate::views::cases::ActionView;
use crate::views::enquiries::EnquiryView;

/// `GET /enquiries/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let view = view(&ctx, number.into_inner()).await?;
    ctx.page(&view)
}

/// What the page is made of.
struct Found {
    case: Case,
    row: Enquiry,
    article: Option<(Article, Version)>,
    home: Option<String>,
    staff: bool,
    writes: bool,
    phone: Option<String>,
    names: BTreeMap<PersonId, String>,
    events: Vec<Event>,
    actions: Vec<&'static str>,
    offers: Vec<(Article, Version)>,
    common: Vec<(Article, Version)>,
}

/// The page of an enquiry.
pub(super) async fn view(ctx: &Ctx, number: String) -> domain::Result<EnquiryView> {
    let community = ctx.community()?.id;
    let found = ctx.read(move |db, actor, now| find(db, (actor, now), community, &number)).await?;
    Ok(shown(ctx, found))
}

/// The enquiry of a number, if who asks may see it.
pub(crate) fn of_number(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Case> {
    let case = cases::read(db, actor, now, community, number)?;
    if case.kind == Kind::Enquiry { Ok(case) } else { Err(Error::NotFound) }
}

fn find(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Found> {
    let case = of_number(db, (actor, now), community, number)?;
    let staff = actor.roles_in(community).any(Role::is_staff);
    let row = enquiries::of_case(db, case.id)?;
    let events = cases::timeline(db, case.id, staff)?;
    let ids: Vec<PersonId> = events
        .iter()
        .filter_map(|event| event.actor_id)
        .chain(case.accountable_id)
        .chain(case.reporter_id)
        .collect();
    // One that was taken down since, or is staff's own, is not linked for who asked.
    let article = match row.article_id.map(|id| knowledge::read(db, actor, now, community, id)) {
        None | Some(Err(Error::NotFound)) => None,
        Some(found) => Some(found?),
    };
    let actions = enquiries::actions(db, actor, now, &case)?;
    let answers = actions.iter().any(|action| matches!(*action, "answer" | "add"));
    Ok(Found {
        home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
        phone: phone(db, (actor, now), &case, staff)?,
        names: audit::names(db, &ids)?,
        offers: if answers {
            knowledge::find(db, actor, now, community, (&case.text, None), 6)?
        } else {
            vec![]
        },
        common: if answers { common(db, community)? } else { vec![] },
        writes: knowledge::may_write(actor, community),
        case,
        row,
        article,
        staff,
        events,
        actions,
    })
}

fn shown(ctx: &Ctx, found: Found) -> EnquiryView {
    let case = &found.case;
    let name = |id: Option<PersonId>| id.and_then(|id| found.names.get(&id).cloned());
    let action = |name: &&'static str| ActionView { name, open: *name == "answer", form: Form::new(WORDS) };
    let choice = |one: &(Article, Version)| choice(ctx, one);
    let is_offered = |id: i64| found.offers.iter().any(|(article, _)| article.id == id);
    let common = found.common.iter().filter(|(article, _)| !is_offered(article.id));
    EnquiryView {
        row: row(ctx, case, found.home.clone()),
        stands: case.state.clone(),
        text: case.text.clone(),
        channel: case.channel.as_str(),
        reporter: name(case.reporter_id).or_else(|| case.reporter_name.clone()),
        reporter_id: case.reporter_id.map(|id| id.0),
        phone: found.phone,
        accountable: name(case.accountable_id),
        answer: found.row.answer.clone(),
        helped: found.row.helped == Some(true),
        article: rows(ctx, found.article.into_iter().collect()).pop(),
        writes: found.writes && !found.row.answer.is_empty(),
        version: case.version,
        staff: found.staff,
        events: story(ctx, "enquiry_action", &found.events, &found.names),
        actions: found.actions.iter().map(action).collect(),
        articles: found.offers.iter().chain(common).map(choice).collect(),
        offers: rows(ctx, found.offers),
        form: Form::new(WORDS),
    }
}
