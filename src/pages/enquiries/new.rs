//! `/enquiries/new`: a resident asks. Articles that may answer it are offered while the question is typed, or,
//! without scripts, on the same page once more before it is sent.

use domain::access::homes::{self as ties, Tie};
use domain::cases::{Channel, Voice};
use domain::enquiries::{self, NewEnquiry};
use domain::{CommunityId, knowledge};

use super::{WORDS, categories};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::knowledge::rows;
use crate::views::cases::ChoiceView;
use crate::views::enquiries::AskView;

/// How many articles are offered.
const OFFERS: i64 = 4;
/// The choice of a home that means none.
const NONE: &str = "none";

/// `GET /enquiries/new`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let homes = own_homes(&ctx).await?;
    let mut form = Form::new(WORDS);
    if let Some(first) = homes.first() {
        form = form.with("home", &first.code);
    }
    let view = view(&ctx, form, &homes, "").await?;
    ctx.page(&view)
}

async fn own_homes(ctx: &Ctx) -> domain::Result<Vec<Tie>> {
    let code = ctx.community()?.code.clone();
    let person = ctx.actor.person.ok_or(domain::Error::NotSignedIn)?;
    let ties = ctx.read(move |db, _, now| ties::of(db, person, now)).await?;
    Ok(ties.into_iter().filter(|tie| tie.community == code).collect())
}

async fn view(ctx: &Ctx, form: Form, homes: &[Tie], question: &str) -> domain::Result<AskView> {
    let (community, question) = (ctx.community()?.id, question.to_owned());
    let found = ctx
        .read(move |db, actor, now| knowledge::find(db, actor, now, community, (&question, None), OFFERS))
        .await?;
    let own =
        homes.iter().map(|tie| ChoiceView { value: tie.code.clone(), text: tie.code.clone(), hint: None });
    let none = ChoiceView { value: NONE.to_owned(), text: ctx.say("enquiries.no_home", &[]), hint: None };
    Ok(AskView {
        homes: own.chain([none]).collect(),
        categories: categories(ctx),
        offers: rows(ctx, found),
        form,
    })
}

/// `POST /enquiries/new`
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let homes = own_homes(&ctx).await?;
    let mut form = posted.form(WORDS);
    let seen = form.maybe("seen", 3).flatten().is_some();
    let question = form.text("question", 100);
    let new = read(&mut form, community, &homes, question.clone());
    let page = view(&ctx, Form::new(WORDS), &homes, question.as_deref().unwrap_or_default()).await?;
    if new.is_some() && !seen && !page.offers.is_empty() && !form.has_faults() {
        return ctx.page(&AskView { form, ..page });
    }
    let done = ctx
        .submit(&mut form, new, |tx, actor, now, new| {
            let case = enquiries::ask(tx, actor, now, new)?;
            Ok(format!("/enquiries/{}?done=asked", case.number()))
        })
        .await;
    ctx.outcome(done, form, |form| AskView { form, ..page })
}

fn read(
    form: &mut Form,
    community: CommunityId,
    homes: &[Tie],
    question: Option<String>,
) -> Option<NewEnquiry> {
    let choice = form.text("home", 40);
    let home = homes.iter().find(|tie| Some(&tie.code) == choice.as_ref()).map(|tie| tie.home);
    if home.is_none() && choice.as_deref().is_some_and(|choice| choice != NONE) {
        form.wrong("home", "choice");
    }
    let (category, more) = (form.choice("category"), form.maybe("text", 1_500));
    let voice = Voice {
        community,
        home,
        place: None,
        channel: Channel::Portal,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
    };
    let text = match more? {
        Some(more) => format!("{}\n{more}", question?),
        None => question?,
    };
    Some(NewEnquiry { voice, category: category?, text, attachments: vec![] })
}
