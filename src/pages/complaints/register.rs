//! `/complaints/register`: the desk writes down what somebody complains of, whichever way it came.

use actix_web::web::Query;
use domain::cases::{Channel, Voice};
use domain::complaints::{self, NewComplaint};
use domain::{AttachmentId, CommunityId, PersonId, Zone, repairs, staff};
use serde::Deserialize;

use super::{WORDS, categories, home_of, with_caller};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::lang::Lang;
use crate::pages::repairs::choices;
use crate::views::cases::ChoiceView;
use crate::views::complaints::RegisterView;

/// What is known before anybody asks.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Known {
    home: Option<String>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    channel: Option<Channel>,
    caller: Option<PersonId>,
}

/// `GET /complaints/register`
pub(crate) async fn show(ctx: Ctx, known: Query<Known>) -> Reply {
    let known = known.into_inner();
    let form = with_caller(&ctx, Form::new(WORDS), known.caller)
        .await?
        .with("channel", known.channel.unwrap_or(Channel::Phone))
        .with("home", known.home.unwrap_or_default())
        .with("reporter_name", known.reporter_name.unwrap_or_default())
        .with("reporter_phone", known.reporter_phone.unwrap_or_default());
    let view = view(&ctx, form, &[]).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form, photos: &[AttachmentId]) -> domain::Result<RegisterView> {
    let ways = Channel::ALL.iter().filter(|way| **way != Channel::Portal).map(|way| way.as_str());
    Ok(RegisterView {
        categories: categories(ctx),
        channels: choices(ctx, "channel", ways),
        staff: staff_choices(ctx).await?,
        photos: photos.iter().map(|id| id.0).collect(),
        form,
    })
}

/// Who works here now, by name and post.
pub(crate) async fn staff_choices(ctx: &Ctx) -> domain::Result<Vec<ChoiceView>> {
    let community = ctx.community()?.clone();
    let today = community.today(ctx.now)?;
    let all = ctx.read(move |db, actor, now| staff::list(db, actor, now, community.id)).await?;
    let here = all.into_iter().filter(|one| one.left_on.is_none_or(|last| last >= today));
    // A post is as the register writes it; who reads another language is told the role that it gives.
    let post = |post: String| match staff::role_of(&post).filter(|_| ctx.lang != Lang::Zh) {
        Some(role) => ctx.say(&format!("words.role.{role}"), &[]),
        None => post,
    };
    let choice = |one: staff::StaffLine| ChoiceView {
        value: one.person.to_string(),
        text: format!("{} · {}", one.name, post(one.post)),
        hint: None,
    };
    Ok(here.map(choice).collect())
}

/// `POST /complaints/register`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.clone();
    let mut form = posted.form(WORDS);
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let read = read(&mut form, community.id, community.zone()?, photos.clone());
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (home, new)| {
            let home = home_of(tx, (actor, now), community.id, home.as_ref())?;
            let phone = new.voice.reporter_phone.as_deref();
            let reporter =
                phone.map(|phone| repairs::person_of_phone(tx, community.id, phone)).transpose()?;
            let reporter = new.voice.reporter.or(reporter.flatten());
            let voice = Voice { home, reporter, ..new.voice.clone() };
            let case = complaints::register(tx, actor, now, &NewComplaint { voice, ..new.clone() })?;
            let done =
                if repairs::has_contact(tx, &case, now)? { "registered" } else { "registered_no_contact" };
            Ok(format!("/complaints/{}?done={done}", case.number()))
        })
        .await;
    let page = view(&ctx, Form::new(WORDS), &photos).await?;
    ctx.outcome(done, form, |form| RegisterView { form, ..page })
}

fn read(
    form: &mut Form,
    community: CommunityId,
    zone: Zone,
    attachments: Vec<AttachmentId>,
) -> Option<(Option<String>, NewComplaint)> {
    let (home, place) = (form.maybe("home", 40), form.maybe("place", 200));
    let (category, text, wish) =
        (form.choice("category"), form.text("text", 2_000), form.maybe("wish", 1_000));
    let (channel, happened_on) = (form.choice("channel"), form.maybe_date("happened_on"));
    let about = form.maybe_parsed::<PersonId>("about", "choice");
    let (name, phone) = (form.maybe("reporter_name", 100), form.maybe("reporter_phone", 20));
    let reporter = form.maybe_parsed::<PersonId>("reporter", "choice");
    form.maybe("caller_name", 100)?;
    let reference = form.maybe("reference", 60);
    let deadline = match form.maybe("deadline", 20).flatten() {
        Some(_) => form.moment("deadline").map(|at| Some(zone.at(at.date(), at.time()))),
        None => Some(None),
    };
    let voice = Voice {
        community,
        home: None,
        place: place?,
        channel: channel?,
        reporter: reporter?,
        reporter_name: name?,
        reporter_phone: phone?,
    };
    let new = NewComplaint {
        voice,
        category: category?,
        text: text?,
        wish: wish?.unwrap_or_default(),
        happened_on: happened_on?,
        about: about?,
        reference: reference?,
        deadline: deadline?,
        attachments,
    };
    Some((home?, new))
}
