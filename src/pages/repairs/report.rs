//! `/repairs/new`: a resident reports a repair, one thing a page, with the answers checked before they are
//! sent. What was typed travels with the form, so that nothing is lost and nothing is kept before its time.

use domain::access::homes::{self, Tie};
use domain::cases::{Channel, Urgency};
use domain::categories::{self as tree, Code};
use domain::repairs::{self, DayPart, NewRepair};
use domain::{AttachmentId, CommunityId, HomeId};

use super::categories;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::cases::ChoiceView;
use crate::views::repairs::ReportView;

/// The steps in their order.
const STEPS: [&str; 4] = ["what", "describe", "when", "check"];
/// The choice of a home that means none.
const PUBLIC: &str = "public";

/// `GET /repairs/new`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let homes = own_homes(&ctx).await?;
    let mut form = Form::new("repairs.form");
    if let Some(first) = homes.first() {
        form = form.with("home", &first.code);
    }
    let view = view(&ctx, form, 0, &homes, vec![], None).await?;
    ctx.page(&view)
}

/// What was answered so far.
struct Answers {
    home: Option<HomeId>,
    place: Option<String>,
    category: Option<Code>,
    emergency: bool,
    text: Option<String>,
    available: String,
    call_part: Option<DayPart>,
}

/// `POST /repairs/new`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let homes = own_homes(&ctx).await?;
    let mut form = posted.form("repairs.form");
    let step = form.maybe("step", 20).flatten().unwrap_or_default();
    let step = STEPS.iter().position(|name| *name == step).unwrap_or(0);
    let go = form.maybe("go", 20).flatten().unwrap_or_default();
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let back = go == "back";
    let answers = read(&mut form, if back { 0 } else { step + 1 }, &homes);
    if back {
        let view = view(&ctx, form.plain(), step.saturating_sub(1), &homes, photos, Some(answers)).await?;
        return ctx.page(&view);
    }
    let wrong = form.done(Some(())).is_err();
    if go != "send" || step + 1 < STEPS.len() || wrong {
        let next = if wrong { first_wrong(&form, step) } else { (step + 1).min(STEPS.len() - 1) };
        let mut page = ctx.page(&view(&ctx, form, next, &homes, photos, Some(answers)).await?)?;
        if wrong {
            *page.status_mut() = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
        }
        return Ok(page);
    }
    let new = new(community, &answers, photos.clone());
    let done = ctx
        .submit(&mut form, new, |tx, actor, now, new| {
            let case = repairs::report(tx, actor, now, new)?;
            Ok(format!("/cases/{}?done=reported", case.number()))
        })
        .await;
    let page = view(&ctx, Form::new("repairs.form"), 3, &homes, photos, Some(answers)).await?;
    ctx.outcome(done, form, |form| ReportView { form, ..page })
}

/// The step that asks for the first field that is wrong.
fn first_wrong(form: &Form, step: usize) -> usize {
    const FIELDS: [&[&str]; 2] = [&["home", "place", "category", "emergency"], &["text", "files", "photos"]];
    FIELDS.iter().position(|fields| fields.iter().any(|name| form.is_wrong(name))).unwrap_or(step)
}

/// Reads the answers; those of the first `asked` steps have to be there.
fn read(form: &mut Form, asked: usize, homes: &[Tie]) -> Answers {
    let choice = form.maybe("home", 40).flatten();
    let home = homes.iter().find(|tie| Some(&tie.code) == choice.as_ref()).map(|tie| tie.home);
    let place = form.maybe("place", 200).flatten();
    let category = form.maybe("category", 40).flatten().map(Code);
    let emergency = form.ticked("emergency");
    let text = form.maybe("text", 2_000).flatten();
    if asked > 0 {
        if home.is_none() && choice.as_deref() != Some(PUBLIC) {
            form.wrong("home", "choice");
        }
        if home.is_none() && choice.as_deref() == Some(PUBLIC) && place.is_none() {
            form.wrong("place", "required");
        }
        if category.is_none() {
            form.wrong("category", "required");
        }
    }
    if asked > 1 && text.is_none() {
        form.wrong("text", "required");
    }
    let available = form.maybe("available", 200).flatten().unwrap_or_default();
    let call_part = form.maybe_parsed("call_part", "choice").flatten();
    let place = place.filter(|_| home.is_none());
    Answers { home, place, category, emergency, text, available, call_part }
}

fn new(community: CommunityId, answers: &Answers, attachments: Vec<AttachmentId>) -> Option<NewRepair> {
    Some(NewRepair {
        community,
        home: answers.home,
        place: answers.place.clone(),
        category: answers.category.clone()?,
        text: answers.text.clone()?,
        channel: Channel::Portal,
        urgency: answers.emergency.then_some(Urgency::Emergency),
        available: answers.available.clone(),
        call_part: answers.call_part,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
        attachments,
    })
}

async fn own_homes(ctx: &Ctx) -> domain::Result<Vec<Tie>> {
    let code = ctx.community()?.code.clone();
    let person = ctx.actor.person.ok_or(domain::Error::NotSignedIn)?;
    let ties = ctx.read(move |db, _, now| homes::of(db, person, now)).await?;
    Ok(ties.into_iter().filter(|tie| tie.community == code).collect())
}

async fn view(
    ctx: &Ctx,
    form: Form,
    step: usize,
    homes: &[Tie],
    photos: Vec<AttachmentId>,
    answers: Option<Answers>,
) -> domain::Result<ReportView> {
    let community = ctx.community()?.id;
    let category = answers.as_ref().and_then(|answers| answers.category.clone());
    let (similar, papers) = match (answers, category.clone()) {
        (Some(answers), Some(category)) if step == 3 => {
            let place = (community, answers.home);
            ctx.read(move |db, actor, now| {
                let papers = tree::of(db, community, &category.0)?.papers;
                Ok((repairs::similar(db, actor, now, place, &category.0)?, papers))
            })
            .await?
        }
        _ => (vec![], String::new()),
    };
    let mut places: Vec<ChoiceView> = homes
        .iter()
        .map(|tie| ChoiceView { value: tie.code.clone(), text: tie.code.clone(), hint: None })
        .collect();
    places.push(ChoiceView { value: PUBLIC.to_owned(), text: ctx.say("repairs.public", &[]), hint: None });
    Ok(ReportView {
        step: STEPS.get(step).copied().unwrap_or("what"),
        number: u8::try_from(step + 1).unwrap_or(1),
        homes: places,
        categories: categories(ctx).await?,
        category: category.map(|code| ctx.category(&code.0)).unwrap_or_default(),
        photos: photos.into_iter().map(|id| id.0).collect(),
        similar: super::similar_rows(ctx, similar),
        papers,
        form,
    })
}
