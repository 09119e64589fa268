//! `/enquiries/register`: the desk writes down what a caller asks.

use actix_web::web::Query;
use domain::cases::{Channel, Voice};
use domain::enquiries::{self, NewEnquiry};
use domain::{CommunityId, PersonId, repairs};
use serde::Deserialize;

use super::{WORDS, categories};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::complaints::{home_of, with_caller};
use crate::pages::repairs::choices;
use crate::views::enquiries::RegisterView;

/// What is known before anybody asks.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Known {
    home: Option<String>,
    reporter_name: Option<String>,
    reporter_phone: Option<String>,
    channel: Option<Channel>,
    caller: Option<PersonId>,
}

/// `GET /enquiries/register`
pub(crate) async fn show(ctx: Ctx, known: Query<Known>) -> Reply {
    let known = known.into_inner();
    let form = with_caller(&ctx, Form::new(WORDS), known.caller)
        .await?
        .with("channel", known.channel.unwrap_or(Channel::Phone))
        .with("home", known.home.unwrap_or_default())
        .with("reporter_name", known.reporter_name.unwrap_or_default())
        .with("reporter_phone", known.reporter_phone.unwrap_or_default());
    ctx.page(&view(&ctx, form))
}

fn view(ctx: &Ctx, form: Form) -> RegisterView {
    let ways = Channel::ALL.iter().filter(|way| **way != Channel::Portal).map(|way| way.as_str());
    RegisterView { categories: categories(ctx), channels: choices(ctx, "channel", ways), form }
}

/// `POST /enquiries/register`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let read = read(&mut form, community);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (home, new)| {
            let home = home_of(tx, (actor, now), community, home.as_ref())?;
            let phone = new.voice.reporter_phone.as_deref();
            let reporter = phone.map(|phone| repairs::person_of_phone(tx, community, phone)).transpose()?;
            let reporter = new.voice.reporter.or(reporter.flatten());
            let voice = Voice { home, reporter, ..new.voice.clone() };
            let case = enquiries::ask(tx, actor, now, &NewEnquiry { voice, ..new.clone() })?;
            Ok(format!("/enquiries/{}?done=registered", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, form))
}

fn read(form: &mut Form, community: CommunityId) -> Option<(Option<String>, NewEnquiry)> {
    let home = form.maybe("home", 40);
    let (text, category, channel) =
        (form.text("text", 2_000), form.choice("category"), form.choice("channel"));
    let (name, phone) = (form.maybe("reporter_name", 100), form.maybe("reporter_phone", 20));
    let reporter = form.maybe_parsed::<PersonId>("reporter", "choice");
    form.maybe("caller_name", 100)?;
    let voice = Voice {
        community,
        home: None,
        place: None,
        channel: channel?,
        reporter: reporter?,
        reporter_name: name?,
        reporter_phone: phone?,
    };
    Some((home?, NewEnquiry { voice, category: category?, text: text?, attachments: vec![] }))
}
