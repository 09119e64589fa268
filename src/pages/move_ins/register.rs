//! `/move-ins/register`: the desk writes an application down for who stands before it.

use domain::cases::Channel;
use domain::move_in::{self, Form as Entered, Kind};
use domain::{AttachmentId, homes};

use super::WORDS;
use super::step::day;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};
use crate::pages::repairs::choices;
use crate::views::move_ins::RegisterView;

/// `GET /move-ins/register`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    ctx.page(&view(&ctx, Form::new(WORDS).with("channel", Channel::WalkIn), &[]))
}

fn view(ctx: &Ctx, form: Form, scans: &[AttachmentId]) -> RegisterView {
    let ways = Channel::ALL.iter().filter(|way| **way != Channel::Portal).map(|way| way.as_str());
    RegisterView {
        kinds: choices(ctx, "move_in_kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        channels: choices(ctx, "channel", ways),
        photos: scans.iter().map(|id| id.0).collect(),
        form,
    }
}

/// `POST /move-ins/register`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let scans = files::gather(&ctx, &mut form, ("photos", "files")).await?;
    let read = read(&mut form);
    let documents = scans.clone();
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            let home = homes::find(tx, actor, now, community, &new.home).map_err(|error| match error {
                domain::Error::NotFound => domain::Error::field("home", "unknown_home"),
                other => other,
            })?;
            let what = (&new.entered, new.channel, new.text.as_str(), documents.as_slice());
            let case = move_in::apply(tx, actor, now, (community, home), what)?;
            Ok(format!("/move-ins/{}?done=move_in_registered", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| view(&ctx, form, &scans))
}

/// What the desk wrote down.
struct New {
    home: String,
    entered: Entered,
    channel: Channel,
    text: String,
}

fn read(form: &mut Form) -> Option<New> {
    let (home, kind, channel) = (form.text("home", 40), form.choice("kind"), form.choice("channel"));
    let (name, id_last4) = (form.text("name", 100), form.maybe("id_last4", 18));
    let (phone, email) = (form.text("phone", 30), form.maybe("email", 200));
    let (lease_from, lease_to) = (day(form, "lease_from"), day(form, "lease_to"));
    let (pays, wished_on, text) = (form.ticked("pays"), day(form, "wished_on"), form.maybe("text", 2_000));
    let entered = Entered {
        kind: Some(kind?),
        name: name?,
        phone: Some(phone?),
        email: email?,
        id_last4: id_last4?,
        lease_from: lease_from?,
        lease_to: lease_to?,
        pays,
        wished_on: wished_on?,
    };
    Some(New { home: home?, entered, channel: channel?, text: text?.unwrap_or_default() })
}
