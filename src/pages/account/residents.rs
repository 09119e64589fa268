//! `/account/residents`: who lives in the homes that one owns, whom one has invited, and the form that
//! invites. The code of an invitation is shown once, on the page that answers the form.

use actix_web::web::Path;
use domain::access::homes as ties;
use domain::invitations::{self, Guest, Invited, Kind};
use domain::{CommunityId, Db, Error, HomeId, InvitationId, community};

use super::second_factor::qr;
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::residents::{InvitedView, ResidentsView};

const TEXTS: &str = "residents.form";

/// `GET /account/residents`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let zone = ctx.community()?.zone()?;
    let view = view(&ctx, Form::new(TEXTS).with("starts_on", zone.date(ctx.now))).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<ResidentsView> {
    let residences = ctx.read(invitations::residences).await?;
    Ok(ResidentsView { residences, form })
}

/// `POST /account/residents`
pub(crate) async fn invite(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form(TEXTS);
    let read = read(&mut form);
    let done = match form.done(read) {
        Ok((home, guest)) => make(&ctx, home, guest).await,
        Err(error) => Err(error),
    };
    match done {
        Ok((invited, name)) => {
            let url = format!("{}/activate?code={}", ctx.app.config.web.base_url, invited.code);
            let qr = qr(&url)?;
            ctx.page(&InvitedView { name, code: invited.code, url, qr, expires: invited.expires_at })
        }
        Err(error) => {
            let page = view(&ctx, Form::default()).await?;
            ctx.outcome(Err(error), form, |form| ResidentsView { form, ..page })
        }
    }
}

fn read(form: &mut Form) -> Option<(String, Guest)> {
    let home = form.text("home", 32);
    let (kind, name) = (form.choice::<Kind>("kind"), form.text("name", 40));
    let (phone, email) = (form.maybe("phone", 40), form.maybe("email", 200));
    let (starts_on, ends_on) = (form.date("starts_on"), form.maybe_date("ends_on"));
    let guest = Guest {
        name: name?,
        phone: phone?,
        email: email?,
        kind: kind?,
        starts_on: starts_on?,
        ends_on: ends_on?,
    };
    Some((home?, guest))
}

async fn make(ctx: &Ctx, home: String, guest: Guest) -> domain::Result<(Invited, String)> {
    let (vault, name) = (ctx.app.vault.clone(), guest.name.clone());
    let invited = ctx
        .write(move |tx, actor, now| {
            let person = actor.person.ok_or(Error::NotSignedIn)?;
            let place = place(tx, person, &home, now)?;
            invitations::invite(tx, &vault, actor, now, place, &guest)
        })
        .await?;
    Ok((invited, name))
}

/// The home of that code that the asker is tied to.
fn place(
    db: &mut Db,
    person: domain::PersonId,
    code: &str,
    now: domain::Instant,
) -> domain::Result<(CommunityId, HomeId)> {
    let tie = ties::of(db, person, now)?.into_iter().find(|tie| tie.code == code);
    let tie = tie.ok_or_else(|| Error::field("home", "unknown_home"))?;
    Ok((community::by_code(db, &tie.community)?.id, tie.home))
}

/// `POST /account/residents/{id}/revoke`
pub(crate) async fn revoke(ctx: Ctx, id: Path<InvitationId>, posted: Posted) -> Reply {
    let mut form = posted.form(TEXTS);
    let id = *id;
    let done = ctx.submit(&mut form, Some(()), move |tx, actor, now, ()| {
        invitations::revoke(tx, actor, now, id)?;
        Ok("/account/residents?done=invitation_revoked".to_owned())
    });
    let done = done.await;
    let page = view(&ctx, Form::default()).await?;
    ctx.outcome(done, form, |form| ResidentsView { form, ..page })
}
