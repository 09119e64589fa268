//! `GET /complaints/{number}`: a complaint with what was found and proposed, what can be done now, its story.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::access::{Actor, Role};
use domain::attachments::{self, Attachment, Subject};
use domain::cases::{self, Case, Event, Kind};
use domain::complaints::{self, Choice, Complaint};
use domain::knowledge::{Article, Version};
use domain::rectifications::{self, Notice};
use domain::{CommunityId, Db, Error, Instant, PersonId, audit};

use super::{WORDS, causes, department_choices};
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::pages::cases::{phone, row, story, word};
use crate::pages::knowledge::{self, common};
use crate::views::cases::{ActionView, AttachmentView, ChoiceView};
use crate::views::complaints::{ComplaintView, NoticeRow, OptionView};
use crate::views::filters::money;

/// `GET /complaints/{number}`
pub(crate) async fn show(ctx: Ctx, number: Path<String>) -> Reply {
    let view = view(&ctx, number.into_inner()).await?;
    ctx.page(&view)
}

/// What the page is made of.
struct Found {
    case: Case,
    row: Complaint,
    options: Vec<Choice>,
    home: Option<String>,
    staff: bool,
    phone: Option<String>,
    names: BTreeMap<PersonId, String>,
    events: Vec<Event>,
    attachments: Vec<Attachment>,
    actions: Vec<&'static str>,
    notices: Vec<Notice>,
    merged_into: Option<String>,
    common: Vec<(Article, Version)>,
}

/// The page of a complaint.
pub(super) async fn view(ctx: &Ctx, number: String) -> domain::Result<ComplaintView> {
    let community = ctx.community()?.id;
    let found = ctx.read(move |db, actor, now| find(db, (actor, now), community, &number)).await?;
    Ok(shown(ctx, found))
}

/// The complaint of a number, if who asks may see it.
pub(super) fn of_number(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Case> {
    let case = cases::read(db, actor, now, community, number)?;
    if case.kind == Kind::Complaint { Ok(case) } else { Err(Error::NotFound) }
}

fn find(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    number: &str,
) -> domain::Result<Found> {
    let case = of_number(db, (actor, now), community, number)?;
    let staff = actor.roles_in(community).any(Role::is_staff);
    let (row, options) = complaints::shown(db, &case, staff)?;
    let events = cases::timeline(db, case.id, staff)?;
    let notices = if staff { rectifications::of_case(db, case.id)? } else { vec![] };
    let ids: Vec<PersonId> = events
        .iter()
        .filter_map(|event| event.actor_id)
        .chain(case.accountable_id)
        .chain(case.reporter_id)
        .chain(row.about_id)
        .chain(row.responsible_id)
        .chain(notices.iter().map(|notice| notice.owed_by))
        .collect();
    let mut attachments = attachments::of(db, Subject::Case(case.id))?;
    attachments.retain(|one| staff || one.visible);
    let actions = complaints::actions(db, actor, now, &case)?;
    Ok(Found {
        home: case.home_id.map(|home| cases::home_code(db, home)).transpose()?,
        phone: phone(db, (actor, now), &case, staff)?,
        names: audit::names(db, &ids)?,
        common: if actions.contains(&"reply") { common(db, community)? } else { vec![] },
        actions,
        merged_into: case
            .merged_into
            .map(|id| cases::by_id(db, id))
            .transpose()?
            .and_then(|case| case.number),
        case,
        row,
        options,
        staff,
        events,
        attachments,
        notices,
    })
}

fn shown(ctx: &Ctx, found: Found) -> ComplaintView {
    let (case, complaint) = (&found.case, &found.row);
    let name = |id: Option<PersonId>| id.and_then(|id| found.names.get(&id).cloned());
    let attached = |one: &Attachment| AttachmentView {
        id: one.id.0,
        name: one.name.clone(),
        picture: one.thumbnail.is_some(),
    };
    let option = |one: &Choice| OptionView {
        number: one.number,
        text: one.text.clone(),
        money: one.money.0,
        chosen: complaint.chosen == Some(one.number),
    };
    let notice = |one: &Notice| NoticeRow {
        id: one.id,
        number: case.number().to_owned(),
        clock: word(ctx, "complaint_clock", &one.clock),
        who: name(Some(one.owed_by)).unwrap_or_default(),
        due_at: one.due_at,
        late: one.answered_at.is_none() && one.due_at < ctx.now,
        answered_at: one.answered_at,
    };
    let action = |name: &&'static str| ActionView { name, open: false, form: Form::new(WORDS) };
    ComplaintView {
        row: row(ctx, case, found.home.clone()),
        stands: case.state.clone(),
        text: case.text.clone(),
        wish: complaint.wish.clone(),
        happened_on: complaint.happened_on,
        channel: case.channel.as_str(),
        reference: complaint.reference.clone(),
        deadline: complaint.deadline,
        about: name(complaint.about_id),
        reporter: name(case.reporter_id).or_else(|| case.reporter_name.clone()),
        reporter_id: case.reporter_id.map(|id| id.0),
        phone: found.phone,
        accountable: name(case.accountable_id),
        department: complaint.department.map(|one| one.as_str()),
        responsible: name(complaint.responsible_id),
        founded: complaint.founded,
        verdict: complaint.verdict.clone(),
        cause: complaint.cause.map(|one| one.as_str()),
        findings: complaint.findings.clone(),
        options: found.options.iter().map(option).collect(),
        answer: complaint.done.clone(),
        said: complaint.said.clone(),
        lesson: complaint.lesson.clone(),
        notices: found.notices.iter().map(notice).collect(),
        version: case.version,
        staff: found.staff,
        own: case.reporter_id.is_some() && case.reporter_id == ctx.actor.person,
        merged_into: found.merged_into.clone(),
        events: story(ctx, "complaint_action", &found.events, &found.names),
        attachments: found.attachments.iter().map(attached).collect(),
        actions: found.actions.iter().map(action).collect(),
        departments: department_choices(ctx),
        causes: causes(ctx),
        choices: found.options.iter().map(|one| choice(ctx, one)).collect(),
        articles: found.common.iter().map(|one| knowledge::choice(ctx, one)).collect(),
        form: Form::new(WORDS),
    }
}

fn choice(ctx: &Ctx, one: &Choice) -> ChoiceView {
    let promises =
        (one.money.0 > 0).then(|| ctx.say("complaints.with_money", &[("sum", &money(one.money.0))]));
    ChoiceView { value: one.number.to_string(), text: one.text.clone(), hint: promises }
}
