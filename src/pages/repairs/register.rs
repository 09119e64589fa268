//! `/repairs/register`: the desk registers what a caller says, on one page.

use actix_web::web::Query;
use domain::cases::{Channel, Urgency};
use domain::repairs::{self, NewRepair, Similar};
use domain::{AttachmentId, PersonId, homes};
use serde::Deserialize;

use super::{categories, choices, similar_rows};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::pages::complaints::with_caller;
use crate::views::repairs::RegisterView;

/// What is known before anybody asks.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    home: Option<String>,
    channel: Option<Channel>,
    caller: Option<PersonId>,
}

/// `GET /repairs/register`: with `?home=` and `?channel=` for what a steward finds at a door or on the way.
pub(crate) async fn show(ctx: Ctx, known: Query<Known>) -> Reply {
    let known = known.into_inner();
    let form = Form::new("repairs.form").with("channel", known.channel.unwrap_or(Channel::Phone));
    let form = form.with("home", known.home.unwrap_or_default());
    let form = with_caller(&ctx, form, known.caller).await?;
    let view = view(&ctx, form, &[]).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form, photos: &[AttachmentId]) -> domain::Result<RegisterView> {
    let ways = Channel::ALL.iter().filter(|way| **way != Channel::Portal).map(|way| way.as_str());
    Ok(RegisterView {
        categories: categories(ctx).await?,
        channels: choices(ctx, "channel", ways),
        photos: photos.iter().map(|id| id.0).collect(),
        similar: vec![],
        form,
    })
}

/// `POST /repairs/register`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("repairs.form");
    let photos = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let seen = form.ticked("seen");
    let read = read(&mut form, community, photos.clone());
    let similar = match read.as_ref().filter(|_| !seen && !form.has_faults()) {
        Some((home, new)) => alike(&ctx, home.clone(), new.category.0.clone()).await?,
        None => vec![],
    };
    if !similar.is_empty() {
        let page = view(&ctx, form.plain(), &photos).await?;
        return ctx.page(&RegisterView { similar: similar_rows(&ctx, similar), ..page });
    }
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, (home, new)| {
            let find = |code: &String| homes::find(tx, actor, now, community, code);
            let home = home.as_ref().map(find).transpose().map_err(|error| match error {
                domain::Error::NotFound => domain::Error::field("home", "unknown_home"),
                other => other,
            })?;
            let phone = new.reporter_phone.as_deref();
            let reporter =
                phone.map(|phone| repairs::person_of_phone(tx, community, phone)).transpose()?.flatten();
            let reporter = new.reporter.or(reporter);
            let case = repairs::report(tx, actor, now, &NewRepair { home, reporter, ..new.clone() })?;
            let reachable = repairs::has_contact(tx, &case, now)?;
            let done = if reachable { "registered" } else { "registered_no_contact" };
            Ok(format!("/cases/{}?done={done}", case.number()))
        })
        .await;
    let page = view(&ctx, Form::new("repairs.form"), &photos).await?;
    ctx.outcome(done, form, |form| RegisterView { form, ..page })
}

/// Running repairs that may be the same thing; none where the home is none.
async fn alike(ctx: &Ctx, home: Option<String>, category: String) -> domain::Result<Vec<Similar>> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let home = match home.map(|code| homes::find(db, actor, now, community, &code)).transpose() {
            Ok(home) => home,
            Err(domain::Error::NotFound) => return Ok(vec![]),
            Err(other) => return Err(other),
        };
        repairs::similar(db, actor, now, (community, home), &category)
    })
    .await
}

fn read(
    form: &mut Form,
    community: domain::CommunityId,
    attachments: Vec<AttachmentId>,
) -> Option<(Option<String>, NewRepair)> {
    let home = form.maybe("home", 40);
    let (place, category, text) =
        (form.maybe("place", 200), form.choice("category"), form.text("text", 2_000));
    let (channel, urgency) = (form.choice("channel"), form.maybe_parsed::<Urgency>("urgency", "choice"));
    let (available, name) = (form.maybe("available", 200), form.maybe("reporter_name", 100));
    let phone = form.maybe("reporter_phone", 20);
    let reporter = form.maybe_parsed::<PersonId>("reporter", "choice");
    form.maybe("caller_name", 100)?;
    let new = NewRepair {
        community,
        home: None,
        place: place?,
        category: category?,
        text: text?,
        channel: channel?,
        urgency: urgency?,
        available: available?.unwrap_or_default(),
        call_part: None,
        reporter: reporter?,
        reporter_name: name?,
        reporter_phone: phone?,
        attachments,
    };
    Some((home?, new))
}
