//! `/complaints/new`: a resident complains, on one short page; what was sent can be withdrawn until it is
//! answered.

use domain::access::homes::{self as ties, Tie};
use domain::cases::{Channel, Voice};
use domain::complaints::{self, NewComplaint};
use domain::{AttachmentId, CommunityId, PersonId, homes};

use super::{WORDS, categories};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::views::cases::ChoiceView;
use crate::views::complaints::ComplainView;

/// The choice of a home that means none.
const PUBLIC: &str = "public";

/// What the page needs of who complains: their homes, and who looks after the first.
struct Known {
    homes: Vec<Tie>,
    steward: Option<(PersonId, String)>,
}

/// `GET /complaints/new`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let known = known(&ctx).await?;
    let mut form = Form::new(WORDS);
    if let Some(first) = known.homes.first() {
        form = form.with("home", &first.code);
    }
    ctx.page(&view(&ctx, form, &known, &[]))
}

async fn known(ctx: &Ctx) -> domain::Result<Known> {
    let community = ctx.community()?.clone();
    let person = ctx.actor.person.ok_or(domain::Error::NotSignedIn)?;
    ctx.read(move |db, _, now| {
        let mut homes = ties::of(db, person, now)?;
        homes.retain(|tie| tie.community == community.code);
        let today = community.today(now)?;
        let steward = homes.first().map(|tie| homes::steward(db, tie.home, today)).transpose()?.flatten();
        Ok(Known { homes, steward: steward.map(|(person, name, _)| (person, name)) })
    })
    .await
}

fn view(ctx: &Ctx, form: Form, known: &Known, photos: &[AttachmentId]) -> ComplainView {
    let own = known.homes.iter().map(|tie| ChoiceView {
        value: tie.code.clone(),
        text: tie.code.clone(),
        hint: None,
    });
    let public = ChoiceView { value: PUBLIC.to_owned(), text: ctx.say("repairs.public", &[]), hint: None };
    ComplainView {
        homes: own.chain([public]).collect(),
        categories: categories(ctx),
        steward: known.steward.as_ref().map(|(_, name)| name.clone()),
        photos: photos.iter().map(|id| id.0).collect(),
        form,
    }
}

/// `POST /complaints/new`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let known = known(&ctx).await?;
    let mut form = posted.form(WORDS);
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let new = read(&mut form, community, &known, photos.clone());
    let done = ctx
        .submit(&mut form, new, |tx, actor, now, new| {
            let case = complaints::register(tx, actor, now, new)?;
            Ok(format!("/complaints/{}?done=complained", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, form, &known, &photos))
}

fn read(
    form: &mut Form,
    community: CommunityId,
    known: &Known,
    attachments: Vec<AttachmentId>,
) -> Option<NewComplaint> {
    let (text, category) = (form.text("text", 2_000), form.choice("category"));
    let wish = form.maybe("wish", 1_000);
    let choice = form.text("home", 40);
    let home = known.homes.iter().find(|tie| Some(&tie.code) == choice.as_ref()).map(|tie| tie.home);
    let place = form.maybe("place", 200);
    if home.is_none() && choice.as_deref() == Some(PUBLIC) && place == Some(None) {
        form.wrong("place", "required");
    } else if home.is_none() && choice.as_deref().is_some_and(|choice| choice != PUBLIC) {
        form.wrong("home", "choice");
    }
    let happened_on = form.maybe_date("happened_on");
    let about_steward = form.ticked("about_steward");
    let voice = Voice {
        community,
        home,
        place: place?,
        channel: Channel::Portal,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
    };
    Some(NewComplaint {
        voice,
        category: category?,
        text: text?,
        wish: wish?.unwrap_or_default(),
        happened_on: happened_on?,
        about: known.steward.as_ref().filter(|_| about_steward).map(|(person, _)| *person),
        reference: None,
        deadline: None,
        attachments,
    })
}
