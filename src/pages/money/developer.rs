//! `/billing/developer`: what was agreed with the developer for homes that are not handed over, and the months that
//! were billed to it.

use actix_web::web::Query;
use domain::access::{Action, Object, allow, may};
use domain::billing::developer::{self, NewTerms};
use domain::billing::{self, What};
use domain::{Error, Month};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::billing::PreviewView;
use crate::views::money::developer::{BilledRow, DeveloperView, TermsRow};

const FORM: &str = "developer.form";
/// How many months that were billed are shown.
const MONTHS: i64 = 36;

/// `GET /billing/developer`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let present = Month::of(ctx.community()?.today(ctx.now)?);
    let form =
        Form::new(FORM).with("period", present.prev()).with("from_month", present).with("percent", 100);
    let view = view(&ctx, form).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<DeveloperView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let here = Object::Community(community);
        allow(db, actor, now, Action::Bill, here)?;
        Ok(DeveloperView {
            form,
            sets: may(db, actor, now, Action::ChangeSettings, here)?,
            terms: developer::history(db, community)?.into_iter().map(TermsRow::from).collect(),
            billed: developer::charges(db, community, MONTHS)?.into_iter().map(BilledRow::from).collect(),
        })
    })
    .await
}

/// `POST /billing/developer`: what is to hold from a month on.
pub(crate) async fn set(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let read = read(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, new| {
            developer::set(tx, actor, now, community, new)?;
            Ok("/billing/developer?done=saved".to_owned())
        })
        .await;
    let page = view(&ctx, Form::new(FORM)).await?;
    ctx.outcome(done, form, |form| DeveloperView { form, ..page })
}

fn read(form: &mut Form) -> Option<NewTerms> {
    let (name, basis) = (form.text("name", 60), form.text("basis", 500));
    let (phone, email) = (form.maybe("phone", 30), form.maybe("email", 120));
    let (from_month, percent) = (form.month("from_month"), form.number("percent", 0, 100));
    Some(NewTerms {
        name: name?,
        phone: phone?,
        email: email?,
        from_month: from_month?,
        percent: percent?,
        basis: basis?,
    })
}

/// Which month.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    period: String,
}

/// `GET /billing/developer/preview?period=`
pub(crate) async fn preview(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (community, typed) = (ctx.community()?.id, asked.into_inner().period);
    let mut form = Form::new(FORM).with("period", &typed);
    let Ok(period) = typed.trim().parse::<Month>() else {
        form.wrong("period", "month");
        let view = view(&ctx, form).await?;
        return ctx.page(&view);
    };
    let which = (period, What::Developer);
    let seen = ctx.read(move |db, actor, now| billing::preview_of(db, actor, now, community, which)).await;
    match seen {
        Ok(preview) => ctx.page(&PreviewView::of(What::Developer, preview, ctx.lang.code())),
        Err(error @ Error::Refused(_)) => {
            form.note(error)?;
            let view = view(&ctx, form).await?;
            ctx.page(&view)
        }
        Err(error) => Err(error.into()),
    }
}
